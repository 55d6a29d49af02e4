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
"""Dropped again it is a twin: recorded and put into the archive without being read, which would take longer."""
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
    house.drop("second.pdf", FIRST)
    assert house.process is not None
    assert house.process.wait(20) == 75
    assert house.archived() == before


def test_a_ledger_deleted_while_it_runs_ends_the_daemon_and_the_next_start_names_the_command(filled: House) -> None:
    filled.start()
    upload = filled.upload("up.pdf", FIRST)["file_id"]
    lose_ledger(filled)
    drop_in_vain(filled)
    assert "is no longer there: it was deleted" in filled.log.read_text()
    code, said = end_code(filled)
    assert (code, "is missing" in said, "expensed rebuild" in said) == (69, True, True), said
    rebuilt = filled.run("rebuild")
    assert "2 files that were taken from the inbox are admitted again" in rebuilt.stdout, rebuilt.stderr
    filled.start()
    filled.wait_quiet(3)
    assert filled.states() == {"first.pdf": "filed", "second.pdf": "duplicate", "up.pdf": "duplicate"}
    assert filled.get(f"/api/documents/{upload}")["state"] == "duplicate"


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
        filled.drop(f"later{number}.pdf", FIRST)
    filled.wait_quiet(4)
    filled.stop()
    lose_ledger(filled)
    copy.rename(filled.state / "ledger.sqlite3")
    filled.drop("again.pdf", FIRST)
    before = filled.archived()
    code, said = end_code(filled)
    assert (code, "is older than the archive" in said, "expensed rebuild" in said) == (69, True, True), said
    assert filled.archived() == before
    away = filled.root / "away"
    filled.archive.rename(away)
    filled.start()
    away.rename(filled.archive)
    assert filled.process is not None
    assert filled.process.wait(20) == 75
    assert filled.archived() == before
    rebuilt = filled.run("rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert list(filled.state.glob("ledger.sqlite3.before-*")), "the older one is kept"
    filled.start()
    filled.wait_quiet(5)
    assert filled.states()["again.pdf"] == "duplicate"


def add_missing(house: House, count: int) -> None:
    """Add documents to the ledger that were never in the archive."""
    ledger = sqlite3.connect(house.state / "ledger.sqlite3", isolation_level=None)
    ledger.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " INSERT INTO documents (id, origin, name, file, state, sha256, size, mtime_ns, place, path, created_at,"
        " updated_at) SELECT 'm' || i, 'drop', name, file, state, sha256, size, mtime_ns, place,"
        " CAST('2024/missing' || i AS BLOB), created_at, updated_at FROM n, documents WHERE number = 1",
        [count],
    )
    ledger.close()


def test_a_copy_restored_beside_a_foreign_log_is_told_with_what_to_remove(filled: House) -> None:
    copy = filled.root / "copy.sqlite3"
    copy_ledger(filled, copy)
    add_missing(filled, 2000)
    filled.start()
    filled.drop("second.pdf", FIRST)
    filled.wait(lambda: filled.states().get("second.pdf") == "duplicate", 20, "it is recorded")
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
    before = filled.archived()
    code, said = end_code(filled)
    assert (code, "is damaged" in said, "expensed rebuild" in said) == (69, True, True), said
    assert filled.archived() == before
    assert filled.run("rebuild").returncode == 0
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
        filled.drop("second.pdf", FIRST)
        filled.drop("third.pdf", FIRST)
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
    refused = filled.run("rebuild", "--force")
    assert (refused.returncode, "in use" in refused.stderr) == (69, True), "no ledger is made again beside a daemon"
    filled.wait_quiet(3)
    assert filled.states() == {"first.pdf": "filed", "second.pdf": "duplicate", "third.pdf": "duplicate"}


def test_a_whole_ledger_is_not_made_again_unless_told(filled: House) -> None:
    refused = filled.run("rebuild")
    assert refused.returncode == 69
    assert "--force" in refused.stderr
    assert filled.run("rebuild", "--force").returncode == 0
    assert len(list(filled.state.glob("ledger.sqlite3.before-*[0-9]"))) == 1, "the former one is kept"


def test_a_ledger_is_not_made_from_a_bare_mount_point(house: House) -> None:
    refused = house.run("rebuild")
    assert (refused.returncode, "holds nothing that expensed has filed" in refused.stderr) == (69, True)
    assert not list(house.root.glob("*/.expensed")), "nothing is marked"


def test_check_tells_what_lies_in_the_archive_and_is_not_in_the_ledger(filled: House) -> None:
    (path,) = (filled.archive / paths[0] for paths in filled.archived().values())
    for name, ending in (("twice.pdf", ""), ("twice.pdf", ".json"), ("alone.pdf", ".json"), ("copy.pdf", "")):
        shutil.copy(f"{path}{ending}", path.with_name(f"{name}{ending}"))
    unknown = path.with_name("unknown.pdf")
    unknown.write_bytes(SECOND)
    sidecar = path.with_name(f"{path.name}.json").read_text()
    (document,) = (row["id"] for row in filled.rows("SELECT id FROM documents"))
    unknown.with_name("unknown.pdf.json").write_text(sidecar.replace(document, "20240101_000000_lost.pdf"))
    (filled.archive / "holiday.jpg").write_bytes(b"mine")
    checked = filled.check()
    assert checked.returncode == 1
    wrong = [line for line in checked.stdout.splitlines() if line.startswith("WRONG")]
    assert len(wrong) == 2
    assert f"{document} lies twice" in checked.stdout
    assert "20240101_000000_lost.pdf is not in the ledger, but lies in the archive" in checked.stdout
    for said in ("alone.pdf, and its .json still lies there", "copy.pdf has the same bytes", "holiday.jpg was not put"):
        assert said in checked.stdout


def test_check_takes_no_longer_for_many_missing_files_than_for_one(filled: House) -> None:
    add_missing(filled, 300)
    began = time.monotonic()
    checked = filled.check()
    assert time.monotonic() - began < 15
    assert checked.stdout.count("is missing. Put it back") == 300
