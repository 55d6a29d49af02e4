"""The way of one file, from the inbox to the archive, through a real daemon."""

from __future__ import annotations

import json

from tests.e2e import papers
from tests.e2e.house import House


def test_a_dropped_receipt_is_filed_with_its_sidecar(house: House) -> None:
    house.start()
    content = papers.pdf(papers.receipt_lines(1))
    house.drop("scan.pdf", content)
    house.wait_quiet(1)
    (paths,) = house.archived().values()
    assert paths == ["2024/Meals & Entertainment/2024-03-14_Bakery-Lindgren_7.53-GBP.pdf"]
    assert (house.archive / paths[0]).read_bytes() == content
    sidecar = json.loads((house.archive / f"{paths[0]}.json").read_text())
    assert sidecar["result"]["amount"] == 7.53
    assert house.check().returncode == 0
    assert not house.claimed()


def test_a_stop_is_quick_and_leaves_nothing_running(house: House) -> None:
    house.start()
    for number in range(6):
        house.drop(f"{number}.jpg", papers.picture(papers.receipt_lines(number)))
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE state = 'PROCESSING'"), 20, "something is being read")
    assert house.stop() < 5
    assert not house.processes()
    assert not house.rows("SELECT 1 FROM tasks WHERE standing = 'running'")
    house.start()
    house.wait_quiet(6)
    assert house.check().returncode == 0
