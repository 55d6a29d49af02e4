"""The power goes in the middle of mixed work, again and again: nothing is lost, nothing is there twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest
from tests.e2e import papers
from tests.e2e.house import House
from tests.faults.disks import Disk, cut_power
from tests.faults.work import Work, make_letter, pause

DROPS, CHANGES = (12, 16), (8, 11)
"""What is done before each loss, at least: drops; corrections and filings from review together."""
JUST_AFTER_S = 0.1
HEAD = ("loss", "drops", "corrections", "filings from review", "uploads", "lost with the power", "faults", "seconds")


def lose_power(house: House, disks: list[Disk], work: Work | None = None) -> None:
    """Cut the disks off, kill everything, and mount what the media hold."""
    cut_power(disks, house.processes())
    house.kill(everything=True)
    house.wait(lambda: not house.processes(), 15, "no process is left")
    if work is not None:
        work.end()  # before its next drop would go where no disk is
    for disk in disks:
        disk.unplug()
        disk.plug_in()


@pytest.mark.timeout(3600)
def test_no_loss_of_power_loses_or_doubles_anything(
    house: House, pytestconfig: pytest.Config, seed: int, table
) -> None:
    disks = [Disk(folder) for folder in (house.inbox, house.archive, house.state)]
    work, chance = Work(house, seed), random.Random(seed)
    faults: list[str] = []
    losses = int(pytestconfig.getoption("losses"))
    for loss in range(1, losses + 2):
        began = time.monotonic()
        house.start()
        house.wait(work.is_quiet, 120, "all is at rest")
        new = [fault for fault in work.find_faults() if fault not in faults]
        faults += new
        lost = sum((work.attempted - work.acknowledged).values())
        table(
            f"Losses of power, seed {seed} (all is counted from the first)", HEAD,
            (loss - 1, *count(work.done), lost, len(new), round(time.monotonic() - began, 1)),
        )  # fmt: skip
        if loss > losses:
            break
        work.begin()
        work.wait_until_done("drops", chance.randint(*DROPS))
        goal = changes(work.done) + chance.randint(*CHANGES)
        house.wait(lambda: changes(work.done) >= goal, 60, "enough is changed")  # noqa: B023 - called in this turn only
        pause(chance, JUST_AFTER_S)
        lose_power(house, disks, work)
    assert not faults, "\n".join(faults)
    assert work.done["drops"] >= 10 * losses
    assert work.done["corrections"] >= 3 * losses


def count(done: Counter[str]) -> tuple[int, int, int, int]:
    return done["drops"], done["corrections"], done["filings from review"], done["uploads"]


def changes(done: Counter[str]) -> int:
    return done["corrections"] + done["filings from review"]


@pytest.fixture
def disks(house: House) -> list[Disk]:
    """Inbox, archive and state folder of the house, on disks of their own."""
    return [Disk(folder) for folder in (house.inbox, house.archive, house.state)]


def change_and_lose_power(house: House, disks: list[Disk], change: Callable[[str], dict[str, object]]) -> None:
    (document,) = house.rows("SELECT id FROM documents")
    answer = change(document["id"])
    assert answer["http"] == 200, answer
    house.wait(lambda: house.is_quiet(1), 20, "the ledger calls it done")
    lose_power(house, disks)
    house.start()
    house.wait_quiet(1)
    assert [len(paths) for paths in house.archived().values()] == [1], house.archived()
    assert len(list(house.archive.rglob("*.json"))) == 1
    checked = house.check()
    assert checked.returncode == 0, checked.stdout


def test_what_was_corrected_just_before_a_loss_of_power_is_there_once(house: House, disks: list[Disk]) -> None:
    house.start()
    house.drop("a.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_quiet(1)
    change_and_lose_power(house, disks, lambda document: house.patch(f"/api/documents/{document}", {"amount": 7.35}))


def test_what_was_filed_from_review_just_before_a_loss_of_power_is_there_once(house: House, disks: list[Disk]) -> None:
    house.start()
    house.drop("a.pdf", make_letter(1))
    house.wait_quiet(1)
    said = {"vendor": "Post Office", "amount": 3.2, "date": "2024-02-03", "currency": "EUR", "category": "Other"}
    change_and_lose_power(
        house, disks, lambda document: house.post("/api/process", {"file_id": document, "expense_data": said})
    )
