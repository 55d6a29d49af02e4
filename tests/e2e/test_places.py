"""Inbox, archive and state folder that go away, come back, or are another ledger's.

A folder that is renamed away, with an empty one in its stead, is what an unmounted disk leaves; tests/faults.sh does
the same with real mounts.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from tests.e2e import papers
from tests.e2e.house import House, sha256

ONE, TWO = (papers.pdf(papers.receipt_lines(number)) for number in (1, 2))


@pytest.fixture
def make_house(make_house: Callable[..., House]) -> Callable[..., House]:
    """Make houses that soon see what goes away and what comes back."""
    return partial(make_house, inbox__rescan_s=0.5)


@contextmanager
def taken_away(folder: Path) -> Iterator[Path]:
    """Put an empty folder in the place of one for the block, and yield it; nothing may be in it afterwards."""
    away = folder.with_name(f"{folder.name} away")
    folder.rename(away)
    folder.mkdir()
    yield folder
    assert not list(folder.iterdir()), "something was written outside the marked folder"
    folder.rmdir()
    away.rename(folder)


def says(house: House, sentence: str) -> Callable[[], bool]:
    """Whether the daemon is not ready, for this reason."""
    return lambda: sentence in house.get("/readyz").get("error", "")


def test_nothing_is_filed_into_the_empty_mount_point_of_the_archive(house: House) -> None:
    house.start()
    house.drop("one.pdf", ONE)
    house.wait_quiet(1)
    (path,) = house.archived()[sha256(ONE)]
    with taken_away(house.archive):
        house.drop("two.pdf", TWO)
        house.wait(says(house, "bears no mark"), 10, "the archive is told to be away")
        house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE error LIKE '%away%'"), 20, "the second one waits")
        assert "bears no mark" in house.run("status").stdout
        assert house.get(f"/api/documents/{house.id_of('one.pdf')}/file")["http"] == 503
    house.wait_quiet(2)
    assert house.states() == {"one.pdf": "filed", "two.pdf": "filed"}
    assert house.archived()[sha256(ONE)] == [path]
    assert house.check().returncode == 0


def test_a_start_without_the_archive_files_nothing_twice_and_calls_nothing_gone(house: House) -> None:
    house.start()
    house.drop("one.pdf", ONE)
    house.wait_quiet(1)
    house.stop()
    with taken_away(house.archive):
        house.start()
        house.drop("again.pdf", ONE)
        house.drop("two.pdf", TWO)
        house.wait(lambda: house.states().get("two.pdf"), 20, "the new one is known")
        house.wait(says(house, "archive folder"), 10, "the archive is told to be away")
        assert house.states()["one.pdf"] == "filed"
    house.wait_quiet(3)
    assert house.states() == {"one.pdf": "filed", "two.pdf": "filed", "again.pdf": "duplicate"}


def test_a_start_without_the_inbox_calls_nothing_gone_and_goes_on_when_it_is_back(house: House) -> None:
    house.start()
    with taken_away(house.archive):
        house.drop("one.pdf", ONE)
        house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE error LIKE '%away%'"), 20, "it waits in its claim")
        house.kill()
    with taken_away(house.inbox):
        house.start()
        house.wait(says(house, "inbox folder"), 10, "the inbox is told to be away")
        assert house.get("/api/tasks")["tasks"][0]["state"] in ("PENDING", "PROCESSING")
        assert house.states() == {"one.pdf": "admitted"}
    house.wait_quiet(1)
    assert house.states() == {"one.pdf": "filed"}
    assert house.check().returncode == 0


def test_a_claims_folder_that_is_renamed_away_is_told(house: House) -> None:
    house.start()
    (house.inbox / ".expensed").rename(house.root / "renamed")
    house.wait(says(house, "inbox folder"), 10, "it is told")
    (house.root / "renamed").rename(house.inbox / ".expensed")
    house.wait(lambda: house.get("/readyz")["http"] == 200, 10, "it is back")


def test_a_state_folder_that_is_away_ends_the_daemon_and_a_start_waits_for_it(house: House) -> None:
    house.start()
    assert house.process is not None
    with taken_away(house.state):
        assert house.process.wait(20) == 75
        house.start(ready=False)
        house.wait(lambda: "It says so at" in house.log.read_text(), 10, "the start says what it waits for")
        house.address = house.log.read_text().rpartition("It says so at ")[2].partition(", too")[0]
        assert "holds no ledger" in house.get("/readyz")["error"]
        status = house.run("status")
        assert status.returncode == 1
        assert "holds no ledger" in status.stderr
        house.drop("one.pdf", ONE)
    house.wait(lambda: house.log.read_text().count(" is ready: ") == 2, 20, "it is ready")
    house.wait_quiet(1)


def test_the_state_folder_of_another_ledger_is_waited_at_and_not_written_to(make_house: Callable[..., House]) -> None:
    ours, theirs = make_house("ours"), make_house("theirs")
    for house in (ours, theirs):
        house.start()
        house.stop()
    before = {path: path.read_bytes() for path in theirs.state.rglob("*") if path.is_file()}
    away = ours.root / "away"
    ours.state.rename(away)
    ours.state.symlink_to(theirs.state)
    ours.start(ready=False)
    ours.wait(lambda: "It says so at" in ours.log.read_text(), 20, "it waits")
    assert f"The state folder {ours.state} belongs to another ledger" in ours.log.read_text()
    assert {path: path.read_bytes() for path in theirs.state.rglob("*") if path.is_file()} == before
    ours.state.unlink()
    away.rename(ours.state)
    ours.wait(lambda: ours.log.read_text().count(" is ready: ") == 2, 20, "it is ready")


def test_an_archive_of_another_ledger_is_not_written_to_unless_it_is_adopted(make_house: Callable[..., House]) -> None:
    ours, theirs = make_house("ours"), make_house("theirs")
    for house in (ours, theirs):
        house.start()
        house.drop("one.pdf", ONE)
        house.wait_quiet(1)
        house.stop()
    before = theirs.archived()
    ours.archive.rename(ours.root / "away")
    ours.archive.symlink_to(theirs.archive)
    ours.start()
    ours.drop("two.pdf", TWO)
    ours.wait(says(ours, "belongs to another ledger"), 10, "it is told")
    ours.wait(lambda: ours.rows("SELECT 1 FROM tasks WHERE error LIKE '%away%'"), 20, "the new one waits")
    assert theirs.archived() == before
    refused = ours.run("adopt", "archive")
    assert refused.returncode == 1
    assert "it holds 1 documents" in refused.stdout
    assert "--force" in refused.stderr
    assert ours.run("adopt", "archive", "--force").returncode == 0
    ours.wait_quiet(2)
    assert set(theirs.archived()) == {sha256(ONE), sha256(TWO)}


class Former:
    """A house as a daemon without marks left it: one document filed, none waiting."""

    def __init__(self, house: House) -> None:
        house.start()
        house.drop("one.pdf", ONE)
        house.wait_quiet(1)
        house.stop()
        shutil.rmtree(house.archive / ".expensed", ignore_errors=True)
        (house.inbox / ".expensed/mark").unlink(missing_ok=True)
        (house.state / "mark").unlink(missing_ok=True)
        with closing(sqlite3.connect(house.state / "ledger.sqlite3", isolation_level=None)) as ledger:
            ledger.execute("DELETE FROM facts WHERE name LIKE 'marked_%'")


def test_the_first_start_after_an_upgrade_marks_what_is_known_to_be_ours(house: House) -> None:
    Former(house)
    house.start()
    house.wait(lambda: house.get("/readyz")["http"] == 200, 10, "it is ready to work")
    assert (house.archive / ".expensed/mark").read_text() == (house.inbox / ".expensed/mark").read_text().replace(
        "inbox", "archive"
    )


def test_the_first_start_after_an_upgrade_does_not_mark_the_mount_point_of_the_archive(house: House) -> None:
    Former(house)
    with taken_away(house.archive):
        house.start()
        house.drop("again.pdf", ONE)
        house.wait(says(house, "archive folder"), 10, "the archive is told to be away")
        assert house.states()["one.pdf"] == "filed"
        house.stop()
    house.start()
    house.wait_quiet(2)
    assert house.states() == {"one.pdf": "filed", "again.pdf": "duplicate"}


def test_the_first_start_after_an_upgrade_does_not_mark_the_mount_point_of_the_inbox(house: House) -> None:
    Former(house)
    with taken_away(house.inbox):
        house.start()
        dropped = house.drop("two.pdf", TWO)
        house.wait(says(house, "inbox folder"), 10, "the inbox is told to be away")
        assert dropped.exists()
        dropped.unlink()
        house.stop()
    house.start()
    house.wait(lambda: house.get("/readyz")["http"] == 200, 10, "it is ready to work")


@pytest.mark.parametrize("name", ["archive", "inbox"])
def test_a_place_that_comes_back_after_the_first_start_after_an_upgrade_is_marked(house: House, name: str) -> None:
    Former(house)
    with taken_away(getattr(house, name)):
        house.start()
        house.wait(says(house, f"{name} folder"), 10, "it is told to be away")
    house.wait(lambda: house.get("/readyz")["http"] == 200, 20, "it goes on by itself")
    house.drop("two.pdf", TWO)
    house.wait_quiet(2)


@pytest.mark.parametrize("name", ["archive", "inbox"])
def test_an_empty_folder_in_the_place_of_a_marked_one_is_not_marked_before_the_first_document(
    house: House, name: str
) -> None:
    house.start()
    house.stop()
    with taken_away(getattr(house, name)):
        house.start()
        house.wait(says(house, f"{name} folder"), 10, "it is told to be away")
        house.stop()


def test_the_first_start_after_an_upgrade_does_not_begin_a_new_ledger_beside_documents(house: House) -> None:
    Former(house)
    for path in house.state.glob("ledger*"):
        path.unlink()
    house.start(ready=False)
    house.wait(lambda: "expensed rebuild" in house.log.read_text(), 10, "it says what helps")
    dropped = house.drop("again.pdf", ONE)
    assert not list(house.state.glob("ledger*"))
    assert dropped.exists()


def test_the_modes_in_the_archive_follow_the_settings(make_house: Callable[..., House]) -> None:
    house = make_house(archive__file_mode="664", archive__folder_mode="2775")
    house.start()
    house.drop("one.pdf", ONE)
    house.wait_quiet(1)
    modes = {path.is_dir(): oct(path.stat().st_mode & 0o7777) for path in house.archive.glob("[!.]*/**/*")}
    assert modes == {True: "0o2775", False: "0o664"}


def test_nothing_is_filed_through_a_link_in_the_archive(house: House) -> None:
    elsewhere = house.root / "elsewhere"
    elsewhere.mkdir()
    (house.archive / "2024").symlink_to(elsewhere)
    house.start()
    house.drop("one.pdf", ONE)
    house.wait(lambda: "is a link" in str(house.rows("SELECT error FROM tasks")), 20, "it is told")
    assert not list(elsewhere.iterdir())
    (house.archive / "2024").unlink()
    house.wait_quiet(1)
    assert house.states() == {"one.pdf": "filed"}


def test_a_persons_words_in_a_note_stay_when_its_document_is_filed(house: House) -> None:
    house.start()
    for name in ("odd.pdf", "plain.pdf"):
        house.drop(name, papers.pdf([f"a page of {name}", "with nothing to be read from it"]))
    house.wait_quiet(2)
    note = house.archive / "_review/odd.pdf.why.txt"
    with note.open("a") as file:
        file.write("Ask Kim about this one.\n")
    for name in ("odd.pdf", "plain.pdf"):
        said = ("--vendor", "Kim", "--amount", "5", "--date", "2024-05-01", "--currency", "EUR", "--category", "Other")
        assert house.run("file", house.id_of(name), *said).returncode == 0
    house.wait_quiet(2)
    assert "Ask Kim" in note.read_text()
    assert [path.name for path in (house.archive / "_review").iterdir()] == ["odd.pdf.why.txt"]
    assert house.check().returncode == 0


def test_a_filed_document_replaced_by_a_link_is_gone_for_a_correction(house: House) -> None:
    house.start()
    house.drop("one.pdf", ONE)
    house.wait_quiet(1)
    path = house.archive / house.archived()[sha256(ONE)][0]
    path.rename(house.root / "elsewhere.pdf")
    path.symlink_to(house.root / "elsewhere.pdf")
    answer = house.patch(f"/api/documents/{house.id_of('one.pdf')}", {"amount": 9.99})
    assert (answer["http"], answer["code"]) == (410, "gone")
    assert os.readlink(path) == str(house.root / "elsewhere.pdf")


def test_an_archive_that_cannot_be_written_is_waited_for_and_sends_nothing_to_review(house: House) -> None:
    house.start()
    house.drop("one.pdf", ONE)
    house.wait_quiet(1)
    (mark,) = house.archive.glob(".expensed/high-water*")
    content = mark.read_bytes()
    mark.unlink()
    mark.mkdir()
    house.drop("two.pdf", TWO)
    house.wait(says(house, "The archive cannot be written to"), 20, "it is told")
    mark.rmdir()
    mark.write_bytes(content)
    house.wait_quiet(2)
    assert house.states() == {"one.pdf": "filed", "two.pdf": "filed"}
