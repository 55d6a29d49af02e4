"""Subfolders of the inbox that say the category, the payer or the project of what is dropped into them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.e2e import papers
from tests.e2e.house import SOURCES, House
from tests.e2e.test_crash import ENTRY

PAPER = papers.pdf(papers.receipt_lines(1, "Bakery Lindgren"))
OTHER = papers.pdf(papers.receipt_lines(2, "Harbour Books"))


def drop_into(house: House, folder: str, name: str, content: bytes = PAPER) -> None:
    (house.inbox / folder).mkdir(parents=True, exist_ok=True)
    house.drop(f"{folder}/{name}", content)


def data_of(house: House, file: str) -> dict[str, Any]:
    found: dict[str, Any] = house.get(f"/api/documents/{house.find_id(file)}")["data"]
    return found


def test_a_folder_means_nothing_unless_the_settings_say_so(house: House) -> None:
    house.start()
    drop_into(house, "Hobby", "a.pdf")
    house.wait_for(a="filed")
    assert data_of(house, "a.pdf")["category"] == "Groceries"


def test_a_folder_says_the_category_as_a_person_would(make_house: Callable[..., House]) -> None:
    house = make_house(inbox__subfolders="category")
    house.start()
    drop_into(house, "Hobby/2024/March", "a.pdf")
    drop_into(house, "travel", "b.pdf", OTHER)
    house.wait_for(a="filed", b="filed")
    assert house.find_path("a.pdf").startswith("2024/Hobby/")
    assert data_of(house, "b.pdf")["category"] == "Travel & Lodging"
    field = data_of(house, "a.pdf")["fields"]["category"]
    assert (field["value"], field["confidence"], field["proof"], field["read_as"]) == (
        "Hobby", 1.0, "the folder it was dropped into", "Groceries"
    )  # fmt: skip
    assert (house.inbox / "Hobby/2024/March").is_dir(), "the empty folder stays"

    # it is remembered, and a person's word still comes first
    house.run("reread", "--apply", house.find_id("a.pdf"))
    house.wait_quiet(2)
    assert data_of(house, "a.pdf")["category"] == "Hobby"
    house.patch(f"/api/documents/{house.find_id('b.pdf')}", {"category": "Hobby"})
    house.patch(f"/api/documents/{house.find_id('a.pdf')}", {"category": "Groceries"})
    house.run("reread", "--apply", house.find_id("a.pdf"))
    house.wait_quiet(2)
    assert house.find_path("a.pdf").startswith("2024/Groceries/")
    assert house.find_path("b.pdf").startswith("2024/Hobby/"), "one that a document has can be given"
    assert house.check().returncode == 0


@pytest.mark.parametrize(("meaning", "other"), [("payer", "project"), ("project", "payer")])
def test_payer_and_project_are_shown_found_corrected_and_exported(
    make_house: Callable[..., House], meaning: str, other: str
) -> None:
    house = make_house(inbox__subfolders=meaning)
    house.start()
    drop_into(house, "Anna Müller", "a.pdf")
    house.wait_for(a="filed")
    document_id = house.find_id("a.pdf")
    assert (data_of(house, "a.pdf")[meaning], data_of(house, "a.pdf")[other]) == ("Anna Müller", None)
    assert "Anna Müller" in house.run("show", document_id).stdout
    assert document_id in house.run("search", "muller").stdout
    done = house.run("file", document_id, f"--{other}", "Roof")
    assert done.returncode == 0, done.stderr
    assert data_of(house, "a.pdf")[other] == "Roof"
    head, row = house.run("export", "--format", "csv").stdout.splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert (cells[meaning], cells[other]) == ("Anna Müller", "Roof")
    assert f'  {meaning}: "Anna Müller"' in house.run("export", "--format", "beancount").stdout
    assert f"    ; {other}: Roof" in house.run("export", "--format", "ledger").stdout
    assert house.check().returncode == 0


@pytest.mark.parametrize("boundary", ["admit.folder_noted", "admit.claimed", "admit.hashed", "admit.recorded"])
def test_the_folder_survives_a_crash_and_the_loss_of_the_ledger(
    make_house: Callable[..., House], boundary: str
) -> None:
    house = make_house(inbox__subfolders="project", reading__workers=1)
    drop_into(house, "Roof", "a.pdf")
    house.start(*ENTRY, ready=False, extra={"CRASH_AT": f"{boundary}:1", "PYTHONPATH": SOURCES})
    house.wait(lambda: house.process is not None and house.process.poll() is not None, 30, "it has crashed")
    house.wait(lambda: not house.processes(), 10, "nothing of it is left")
    house.start()
    house.wait_for(a="filed")
    assert data_of(house, "a.pdf")["project"] == "Roof"
    assert list(house.inbox.glob(".expensed/*/*")) == [], "nothing is left in the inbox"
    house.stop()
    for file in house.state.glob("ledger.sqlite3*"):
        file.unlink()
    assert house.run("rebuild").returncode == 0
    assert house.rows("SELECT folder FROM documents") == [{"folder": "Roof"}]
