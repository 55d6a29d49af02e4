"""The archive's folders answer back, with the whole daemon: what a person renames, moves and deletes there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e import papers
from tests.e2e.house import House

RECEIPT = papers.pdf(papers.receipt_lines(1))
FILED = "2024/Groceries/2024-03-14_Bakery-Lindgren_7.53-GBP.pdf"
ODD = papers.pdf(["Thank you for your visit", "Please come again"])
FULL = "2024-05-06_The Odd Shop_4,5-EUR.pdf"
BROKEN = b"%PDF-1.4\nthis is no document at all\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def filed(house: House) -> House:
    """A house with one filed document."""
    house.start()
    house.drop("plain.pdf", RECEIPT)
    house.wait_quiet(1)
    assert (house.archive / FILED).exists()
    return house


def wait_at(house: House, path: str, state: str = "filed", *, file: str = "plain.pdf") -> None:
    """Wait until the document lies there, with its sidecar, and the ledger says so."""

    def is_there() -> bool:
        return (
            house.is_quiet()
            and house.states().get(file) == state
            and house.find_path(file) == path
            and (house.archive / path).exists()
            and (house.archive / f"{path}.json").exists()
        )

    house.wait(is_there, 20, f"{file} is {state} as {path}")


def move(house: House, old: str, new: str) -> None:
    (house.archive / new).parent.mkdir(parents=True, exist_ok=True)
    (house.archive / old).rename(house.archive / new)


def check(house: House) -> None:
    checked = house.check()
    assert checked.returncode == 0, checked.stdout


def test_a_document_in_review_is_filed_by_its_name_within_seconds(house: House) -> None:
    house.settings["inbox__rescan_s"] = 600  # so that it is the event that counts
    house.start()
    house.drop("odd.pdf", ODD)
    house.wait_for(odd="review")
    move(house, "_review/odd.pdf", "_review/odd one.pdf")
    house.wait(lambda: house.find_path("odd.pdf") == "_review/odd one.pdf", 20, "its new name is known")
    assert "review" in house.run("show", "odd one.pdf").stdout
    move(house, "_review/odd one.pdf", f"_review/{FULL}")
    house.wait(lambda: house.is_quiet() and house.states()["odd.pdf"] == "filed", 20, "it is filed")
    assert Path(house.find_path("odd.pdf")).name == "2024-05-06_The-Odd-Shop_4.50-EUR.pdf"
    wait_at(house, house.find_path("odd.pdf"), file="odd.pdf")
    assert list((house.archive / "_review").iterdir()) == []
    data = house.get(f"/api/documents/{house.find_id('odd.pdf')}")["data"]
    assert (data["vendor"], data["amount"], data["currency"]) == ("The Odd Shop", 4.5, "EUR")
    check(house)


def test_moving_and_renaming_corrects_within_seconds_and_new_folders_are_watched(filed: House) -> None:
    move(filed, FILED, "2024/Meals & Entertainment/2024-03-14_Bakery-Lindgren_7.53-GBP.pdf")
    wait_at(filed, "2024/Meals & Entertainment/2024-03-14_Bakery-Lindgren_7.53-GBP.pdf")
    assert not (filed.archive / FILED).parent.exists()
    move(filed, filed.find_path("plain.pdf"), f"{Path(filed.find_path('plain.pdf')).parent}/2024-03-14_Baker_8-GBP.pdf")
    wait_at(filed, "2024/Meals & Entertainment/2024-03-14_Baker_8.00-GBP.pdf")
    move(filed, filed.find_path("plain.pdf"), "_discarded/not mine.pdf")
    wait_at(filed, "_discarded/not mine.pdf", "discarded")
    move(filed, "_discarded/not mine.pdf", "2024/Meals & Entertainment/2024-03-14_Baker_9.00-GBP.pdf")
    wait_at(filed, "2024/Meals & Entertainment/2024-03-14_Baker_9.00-GBP.pdf")
    check(filed)


def test_a_failed_document_dropped_again_is_tried_again_as_the_same_document(house: House) -> None:
    house.start()
    house.drop("broken.pdf", BROKEN)
    house.wait_for(broken="failed")
    document_id = house.find_id("broken.pdf")
    (house.archive / "_failed/broken.pdf").rename(house.inbox / "again.pdf")
    attempts = "SELECT 1 FROM attempts WHERE step = 'extract_document' AND outcome = 'failed'"
    house.wait(lambda: len(house.rows(attempts)) == 2, 20, "it was tried twice")
    house.wait_quiet(1)
    assert house.rows("SELECT id, state, path FROM documents") == [
        {"id": document_id, "state": "failed", "path": b"_failed/broken.pdf"}
    ]
    assert sorted(path.name for path in (house.archive / "_failed").iterdir()) == [
        "broken.pdf", "broken.pdf.json", "broken.pdf.why.txt"
    ]  # fmt: skip
    assert house.claimed() == []
    check(house)


def test_what_is_dropped_into_the_inbox_again_stays_the_same_document_with_what_was_said_of_it(filed: House) -> None:
    document_id = filed.find_id("plain.pdf")
    assert filed.patch(f"/api/documents/{document_id}", {"vendor": "Lindgren"})["state"] == "filed"
    path = filed.find_path("plain.pdf")
    (filed.archive / path).rename(filed.inbox / Path(path).name)
    filed.wait(lambda: not (filed.archive / path).exists() and filed.is_quiet(1), 20, "it was taken")
    wait_at(filed, path)
    assert [row["id"] for row in filed.rows("SELECT id FROM documents")] == [document_id]
    check(filed)


def test_a_document_in_review_dropped_into_the_inbox_is_judged_again(house: House) -> None:
    house.start()
    house.drop("odd.pdf", ODD)
    house.wait_for(odd="review")
    (house.archive / "_review/odd.pdf").rename(house.inbox / "odd.pdf")
    readings = "SELECT 1 FROM attempts WHERE step = 'extract_document' AND outcome = 'done'"
    house.wait(lambda: len(house.rows(readings)) == 2 and house.is_quiet(1), 20, "it was read twice")
    wait_at(house, "_review/odd.pdf", "review", file="odd.pdf")
    check(house)


def test_what_makes_no_sense_is_named_in_the_status_until_it_is_mended(filed: House) -> None:
    move(filed, FILED, FILED.replace("Groceries", "Food"))
    wait_at(filed, FILED.replace("Groceries", "Food"))
    filed.wait(lambda: "“Food” is not a category." in filed.run("status").stdout, 10, "it is named")
    assert "Left alone in the archive (1):" in filed.run("status").stdout
    filed.stop()
    filed.start()
    assert "“Food” is not a category." in filed.run("status").stdout
    move(filed, FILED.replace("Groceries", "Food"), FILED)
    wait_at(filed, FILED)
    filed.wait(lambda: "Left alone" not in filed.run("status").stdout, 10, "it is named no longer")
    check(filed)


def edit_by_replacing(path: Path, content: bytes) -> None:
    """Save as most editors do: write a new file beside the old one, and rename it."""
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    os.replace(new, path)


def test_an_editor_that_writes_a_new_file_corrects_nothing_and_is_named_if_bytes_differ(filed: House) -> None:
    path = filed.archive / FILED
    kept = filed.root / "kept.pdf"
    shutil.copy2(path, kept)
    edit_by_replacing(path, RECEIPT)
    edit_by_replacing(path, RECEIPT + b"%")
    filed.wait(lambda: "Its bytes are not those" in filed.run("status").stdout, 20, "it is named")
    assert filed.find_path("plain.pdf") == FILED
    shutil.copy2(kept, path)
    filed.wait(lambda: "Its bytes" not in filed.run("status").stdout, 20, "it is named no longer")
    assert filed.states() == {"plain.pdf": "filed"}
    check(filed)


def move_as_sync_tools_do(house: House, old: str, new: str) -> None:
    """Write a hidden copy in the new folder, delete the old file, and give the copy its name."""
    (house.archive / new).parent.mkdir(parents=True, exist_ok=True)
    hidden = (house.archive / new).with_name(f".{Path(new).name}.x8Zk2p")
    hidden.write_bytes((house.archive / old).read_bytes())
    (house.archive / old).unlink()
    os.replace(hidden, house.archive / new)


@pytest.mark.parametrize("move_it", [move, move_as_sync_tools_do])
def test_what_is_moved_while_no_daemon_runs_is_understood_at_the_next_start(
    filed: House, move_it: Callable[[House, str, str], None]
) -> None:
    filed.kill(everything=True)
    move_it(filed, FILED, FILED.replace("Groceries", "Other"))
    filed.start()
    wait_at(filed, FILED.replace("Groceries", "Other"))
    check(filed)


def test_a_document_that_is_deleted_is_gone_with_its_record_and_back_when_it_is_back(filed: House) -> None:
    kept = filed.root / "kept.pdf"
    (filed.archive / FILED).rename(kept)
    filed.wait(lambda: filed.states() == {"plain.pdf": "gone"}, 20, "it is gone")
    assert filed.get(f"/api/documents/{filed.find_id('plain.pdf')}")["data"]["vendor"] == "Bakery Lindgren"
    kept.rename(filed.archive / FILED)
    wait_at(filed, FILED)
    check(filed)
