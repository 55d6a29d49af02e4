"""Faults around the documents: one that kills the daemon, a missing archive or inbox, a locked ledger."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable

import pytest
from tests.e2e import papers
from tests.e2e.house import SOURCES, House, sha256

from expensed.ledger.runs import ALONE_AFTER, GIVEN_UP_AFTER

QUICK = papers.pdf(papers.receipt_lines(2))


@pytest.mark.timeout(180)
def test_a_document_that_takes_the_daemon_down_again_and_again_is_failed(house: House) -> None:
    house.drop("killer.pdf", QUICK)
    extra = {"PYTHONPATH": SOURCES, "CRASH_AT": "extract.started:1"}
    for _ in range(ALONE_AFTER + GIVEN_UP_AFTER):
        house.start("-m", "tests.e2e.crash_entry", ready=False, extra=extra)
        assert house.process is not None
        house.process.wait(30)
    house.start("-m", "tests.e2e.crash_entry", extra=extra)
    house.wait_quiet(1)
    assert house.states() == {"killer.pdf": "failed"}
    assert "ended uncleanly" in (house.archive / "_failed/killer.pdf.why.txt").read_text()


def test_an_archive_that_is_away_is_waited_for_and_not_made_anew(house: House) -> None:
    house.start()
    away = house.root / "away"
    house.archive.rename(away)
    house.drop("a.pdf", QUICK)
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE error LIKE '%away%'"), 20, "the reason is kept")
    assert not house.archive.exists()
    away.rename(house.archive)
    house.wait_quiet(1)
    assert house.states() == {"a.pdf": "filed"}
    assert house.rows("SELECT 1 FROM tasks WHERE error IS NOT NULL") == []


def test_an_inbox_that_is_away_for_a_moment_loses_nothing(house: House) -> None:
    house.start()
    files = {f"{number}.jpg": papers.picture(papers.receipt_lines(number)) for number in range(6)}
    for name, content in files.items():
        house.drop(name, content)
    house.wait_known(6)
    away = house.root / "away"
    house.inbox.rename(away)
    house.wait(lambda: "is not there" in house.log.read_text(), 20, "it is noticed")
    away.rename(house.inbox)
    house.wait_quiet(6, 90)
    assert set(house.archived()) == {sha256(content) for content in files.values()}
    assert "failed" not in house.states().values()


def test_an_inbox_that_goes_away_just_before_a_reading_is_waited_for(make_house: Callable[..., House]) -> None:
    house = make_house(reading__workers=1)
    house.start()
    house.drop("warm.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_quiet(1)
    (child,) = house.processes_named("expensed.readers.child")
    os.kill(child, signal.SIGSTOP)
    house.drop("a.pdf", papers.pdf(papers.receipt_lines(2)))
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE state = 'PROCESSING'"), 20, "it is to be read")
    away = house.root / "away"
    house.inbox.rename(away)
    os.kill(child, signal.SIGCONT)
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE error LIKE '%away%'"), 20, "it is told")
    away.rename(house.inbox)
    house.wait_quiet(2, 90)
    assert set(house.states().values()) == {"filed"}
    assert house.check().returncode == 0


def test_a_reviewed_file_taken_away_is_gone_and_back_when_it_is_back(house: House) -> None:
    house.start()
    house.drop("letter.pdf", papers.pdf(["Dear all,", "see you soon."]))
    house.wait_quiet(1)
    path, away = house.archive / "_review/letter.pdf", house.root / "letter.pdf"
    path.rename(away)
    house.wait(lambda: house.states() == {"letter.pdf": "gone"}, 20, "it is gone")
    assert house.check().returncode == 0
    away.rename(path)
    house.wait(lambda: house.states() == {"letter.pdf": "review"}, 20, "it is back")


def test_a_ledger_held_by_another_program_delays_and_harms_nothing(house: House) -> None:
    house.start()
    for number in range(4):
        house.drop(f"{number}.jpg", papers.picture(papers.receipt_lines(number)))
    house.wait(lambda: house.rows("SELECT 1 FROM tasks WHERE state = 'PROCESSING'"), 20, "something is being read")
    other = sqlite3.connect(house.state / "ledger.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    house.wait(lambda: "does not answer" in house.log.read_text(), 60, "it is noticed")
    other.execute("ROLLBACK")
    other.close()
    house.wait_quiet(4, 90)
    assert not {"failed", "gone"} & set(house.states().values())
    assert house.check().returncode == 0


def test_a_source_that_cannot_be_removed_keeps_nobody_waiting(house: House) -> None:
    house.start()
    house.drop("held.pdf", QUICK)
    (claim,) = house.wait(lambda: [p for p in house.claimed() if p.name == "held.pdf"], 20, "it is claimed")
    subprocess.run(["chattr", "+i", str(claim)], check=False)
    house.drop("other.pdf", papers.pdf(papers.receipt_lines(3)))
    house.wait(lambda: house.states().get("other.pdf") == "filed", 30, "the other one is filed")
    subprocess.run(["chattr", "-i", str(claim)], check=False)
    house.wait_quiet(2)
    assert sorted(house.states().values()) == ["filed", "filed"]
    assert len(house.archived()) == 2
    assert all(len(paths) == 1 for paths in house.archived().values())


def test_wrong_settings_are_all_told_at_once(house: House) -> None:
    house.settings |= {"web__port": "many", "inbox__settle_s": -1}
    told = run(house)
    assert told.returncode == 78
    assert "web.port" in told.stderr
    assert "inbox.settle_s" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("command", [("file", "x"), ("retry", "x")])
def test_commands_say_so_when_there_is_no_daemon(house: House, command: tuple[str, ...]) -> None:
    house.settings["web__port"] = 9
    told = run(house, *command)
    assert told.returncode == 75
    assert "expensed run" in told.stderr


def test_check_says_so_when_bytes_are_not_what_was_filed(house: House) -> None:
    house.start()
    house.drop("a.pdf", QUICK)
    house.wait_quiet(1)
    house.stop()
    ((path,),) = house.archived().values()
    (house.archive / path).write_bytes(b"something else")
    checked = house.check()
    assert checked.returncode == 1
    assert "no longer has the bytes" in checked.stdout


def test_a_document_in_review_is_filed_by_a_command_and_a_failed_one_retried(house: House) -> None:
    house.start()
    house.drop("letter.pdf", papers.pdf(["Dear all,", "see you soon."]))
    house.drop("broken.pdf", b"%PDF-1.4\nnothing\nstartxref\n9\n%%EOF\n")
    house.wait_quiet(2)
    ids = {row["file"]: row["id"] for row in house.rows("SELECT id, file FROM documents")}
    said = ("--vendor", "Post Office", "--amount", "3.20", "--date", "2024-02-03", "--currency", "EUR")
    filed = house.run("file", ids["letter.pdf"], *said)
    assert filed.returncode == 0, filed.stderr
    assert "2024-02-03_Post-Office_3.20-EUR.pdf" in filed.stdout
    assert not (house.archive / "_review/letter.pdf").exists()
    again = house.run("file", ids["letter.pdf"])
    assert again.returncode != 0
    assert "already filed" in again.stderr
    assert "2024-02-03_Another_3.20-EUR.pdf" in house.run("file", ids["letter.pdf"], "--vendor", "Another").stdout
    retried = house.run("retry", ids["broken.pdf"])
    assert retried.returncode == 0, retried.stderr
    tries = "SELECT 1 FROM attempts WHERE step = 'process_document' AND outcome = 'failed'"
    house.wait(lambda: len(house.rows(tries)) == 2, 20, "it was tried again")
    house.wait_quiet(2)
    assert (house.archive / "_failed/broken.pdf").exists()
    assert house.check().returncode == 0


def run(house: House, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "expensed", *(command or ("run",))],
        cwd=house.root, env=house.environment, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
