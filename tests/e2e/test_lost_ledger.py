"""A ledger that is deleted, damaged, replaced, older than the archive or locked: it is told, and nothing is filed."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e import papers
from tests.e2e.house import House
from tests.e2e.test_rebuild import end_code, lose_ledger

FIRST = papers.pdf(papers.receipt_lines(1))
SECOND = papers.pdf(papers.receipt_lines(2))
QUICK = {"inbox__rescan_s": 1, "inbox__settle_s": 0.1}


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of a house with one filed document."""
    house = House(tmp_path_factory.mktemp("filled") / "house", **QUICK)
    try:
        house.start()
        house.drop("first.pdf", FIRST)
        house.wait_quiet(1)
        house.stop()
    finally:
        house.clear()
    return house.root


@pytest.fixture
def filled(filled_once: Path, make_house: Callable[..., House]) -> House:
    """A house with one filed document, not running."""
    house = make_house(**QUICK)
    shutil.copytree(filled_once, house.root, dirs_exist_ok=True)
    return house


def copy_ledger(house: House, to: Path) -> None:
    """Copy the ledger's file, as a person would who makes a backup."""
    shutil.copy(house.state / "ledger.sqlite3", to)


def drop_in_vain(house: House) -> None:
    """Drop a file and see that it is not filed while the daemon ends."""
    before = house.archived()
    house.drop("second.pdf", SECOND)
    assert house.process is not None
    assert house.process.wait(20) == 75
    assert house.archived() == before


def test_a_ledger_deleted_while_it_runs_ends_the_daemon_and_the_next_start_names_the_command(filled: House) -> None:
    filled.start()
    lose_ledger(filled)
    drop_in_vain(filled)
    assert "is no longer there: it was deleted" in filled.log.read_text()
    code, said = end_code(filled)
    assert (code, "is missing" in said, "expensed rebuild" in said) == (69, True, True), said
    rebuilt = filled.run("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    filled.start()
    filled.drop("known.pdf", FIRST)
    filled.wait_quiet(3)
    assert filled.states() == {"first.pdf": "filed", "second.pdf": "filed", "known.pdf": "duplicate"}


def test_a_ledger_replaced_while_it_runs_ends_the_daemon(filled: House) -> None:
    copy = filled.root / "copy.sqlite3"
    copy_ledger(filled, copy)
    filled.start()
    copy.rename(filled.state / "ledger.sqlite3")
    drop_in_vain(filled)
    assert "was replaced by another file" in filled.log.read_text()


def test_a_ledger_older_than_the_archive_is_told_at_the_start_and_files_nothing(filled: House) -> None:
    copy = filled.root / "copy.sqlite3"
    copy_ledger(filled, copy)
    filled.start()
    for number in range(3):
        filled.drop(f"later{number}.pdf", papers.pdf(papers.receipt_lines(10 + number)))
    filled.wait_quiet(4)
    filled.stop()
    lose_ledger(filled)
    copy.rename(filled.state / "ledger.sqlite3")
    filled.drop("again.pdf", papers.pdf(papers.receipt_lines(10)))
    before = filled.archived()
    code, said = end_code(filled)
    assert (code, "is older than the archive" in said, "expensed rebuild" in said) == (69, True, True), said
    assert filled.archived() == before
    rebuilt = filled.run("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert list(filled.state.glob("ledger.sqlite3.before-*")), "the older one is kept"
    filled.start()
    filled.wait_quiet(5)
    assert filled.states()["again.pdf"] == "duplicate"


def test_a_copy_restored_beside_a_foreign_log_is_told_with_what_to_remove(filled: House) -> None:
    copy = filled.root / "copy.sqlite3"
    filled.start()
    for number in range(20):
        filled.drop(f"more{number}.pdf", papers.pdf(papers.receipt_lines(20 + number)))
    filled.wait_quiet(21)
    filled.stop()
    copy_ledger(filled, copy)
    filled.start()
    for number in range(20):
        filled.drop(f"later{number}.pdf", papers.pdf(papers.receipt_lines(50 + number)))
    filled.wait_quiet(41)
    filled.kill(everything=True)
    assert (filled.state / "ledger.sqlite3-wal").stat().st_size > 0
    shutil.copy(copy, filled.state / "ledger.sqlite3")
    code, said = end_code(filled)
    assert code == 69, said
    assert "ledger.sqlite3-wal and ledger.sqlite3-shm" in said
    for ending in ("-wal", "-shm"):
        (filled.state / f"ledger.sqlite3{ending}").unlink()
    code, said = end_code(filled)
    assert (code, "is older than the archive" in said) == (69, True), said


def break_page(house: House) -> None:
    """Overwrite the page at which the table of documents begins."""
    path = house.state / "ledger.sqlite3"
    connection = sqlite3.connect(path)
    ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'documents'").fetchall()
    ((size,),) = connection.execute("PRAGMA page_size").fetchall()
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def test_a_broken_page_is_told_at_the_start(filled: House) -> None:
    break_page(filled)
    filled.drop("second.pdf", SECOND)
    before = filled.archived()
    code, said = end_code(filled)
    assert (code, "is damaged" in said, "expensed rebuild" in said) == (69, True, True), said
    assert filled.archived() == before
    assert filled.run("rebuild").returncode == 0
    filled.start()
    filled.wait_quiet(2)
    assert filled.check().returncode == 0


def test_a_page_that_breaks_while_it_runs_ends_the_daemon(filled: House) -> None:
    filled.start()
    break_page(filled)
    drop_in_vain(filled)
    assert "is damaged" in filled.log.read_text()


def test_a_ledger_locked_by_another_program_is_told_within_a_moment_and_uploads_are_refused_soon(filled: House) -> None:
    filled.start()
    other = sqlite3.connect(filled.state / "ledger.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        filled.drop("second.pdf", SECOND)
        filled.drop("third.pdf", papers.pdf(papers.receipt_lines(3)))
        began = time.monotonic()
        ready = filled.get("/readyz")
        assert time.monotonic() - began < 3
        assert (ready["http"], ready["checks"]["ledger"]["ok"]) == (503, False)
        assert "locked" in ready["error"]
        assert "locked" in filled.run("status").stdout
        began = time.monotonic()
        assert filled.upload("up.pdf", papers.pdf(papers.receipt_lines(4)))["http"] == 503
        assert time.monotonic() - began < 5
    finally:
        other.close()
    filled.wait(lambda: filled.get("/readyz")["http"] == 200, 10, "it is ready again")
    filled.wait_quiet(3)
    assert set(filled.states().values()) == {"filed"}


def test_a_whole_ledger_is_not_made_again_unless_told_and_not_beside_a_daemon(filled: House) -> None:
    refused = filled.run("rebuild")
    assert refused.returncode == 69
    assert "--force" in refused.stderr
    filled.start()
    refused = filled.run("rebuild", "--force")
    assert (refused.returncode, "in use" in refused.stderr) == (69, True)
    filled.stop()
    assert filled.run("rebuild", "--force").returncode == 0
    assert len(list(filled.state.glob("ledger.sqlite3.before-*"))) == 1


def test_files_claimed_when_the_ledger_was_lost_are_admitted_again(filled: House) -> None:
    filled.start()
    document = filled.upload("up.pdf", SECOND)["file_id"]
    filled.stop()
    lose_ledger(filled)
    rebuilt = filled.run("rebuild")
    assert "1 files that were taken from the inbox are admitted again" in rebuilt.stdout
    filled.start()
    filled.wait_quiet(2)
    assert filled.get(f"/api/documents/{document}")["state"] == "filed"
