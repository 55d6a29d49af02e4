"""The commands that a person types, with and without a running daemon."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.e2e import papers
from tests.e2e.house import House

FILED = "2024/Groceries/2024-03-14_Bakery-Lindgren_7.53-GBP.pdf"


@pytest.fixture
def port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def alone(house: House, port: int) -> House:
    """A house whose daemon is not running, and whose commands look for it on a free port."""
    house.address = f"http://127.0.0.1:{port}"
    return house


@contextmanager
def watching(house: House, port: int, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run `expensed watch` during the block; end it with Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-m", "expensed", "watch", *arguments],
        cwd=house.root, env=house.environment | {"EXPENSED_WEB__PORT": str(port)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)


def read_until(process: subprocess.Popen[str], wanted: str) -> list[str]:
    """Return the lines up to the first that contains `wanted`."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if wanted in line:
            return lines
    raise AssertionError("".join(lines))


def test_status_tells_what_was_filed_and_what_waits(make_house: Callable[..., House]) -> None:
    house = make_house(inbox__patience_s=600)
    house.start()
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(1)))
    house.drop("cut.jpg", papers.picture(papers.receipt_lines(2))[:-100])
    house.wait_quiet(1)
    done = house.run("status", fresh=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("expensed ")
    assert lines[0].endswith(": ready")
    assert lines[1] == "nothing in progress, 1 filed"
    assert any("cut.jpg" in line and "looks cut off" in line for line in lines)
    assert lines[-1].endswith(f"filed      scan.pdf -> {FILED}")
    standing = json.loads(house.run("status", "--json").stdout)
    assert (standing["ready"], standing["documents"], standing["inbox"][0]["file"]) == (True, {"filed": 1}, "cut.jpg")


def test_status_says_why_a_daemon_is_not_ready(house: House) -> None:
    house.start()
    house.archive.rename(house.root / "away")
    done = house.run("status", fresh=True)
    assert done.returncode == 1
    assert "NOT READY" in done.stdout
    assert "The archive folder is not there" in done.stdout


def test_show_tells_everything_by_file_document_task_or_place(house: House) -> None:
    house.start()
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_quiet(1)
    found = json.loads(house.run("show", "--json", "scan.pdf").stdout)
    assert found["tasks"][0]["result"]["path"] == FILED
    shown = {
        house.run("show", name).stdout
        for name in ("scan.pdf", found["document_id"], found["tasks"][0]["task_id"], FILED)
    }
    assert len(shown) == 1
    text = shown.pop()
    assert str(house.archive / FILED) in text
    assert "7.53" in text
    assert "cash 12.53 − change 5.00" in text


def test_show_says_what_is_wrong_where_it_lies_and_what_to_do(make_house: Callable[..., House]) -> None:
    house = make_house(inbox__patience_s=600)
    house.start()
    house.drop("notes.pdf", b"no receipt at all\n")
    house.drop("cut.jpg", papers.picture(papers.receipt_lines(2))[:-100])
    house.wait_quiet(1)
    text = house.run("show", "notes.pdf").stdout
    assert str(house.archive / "_failed/notes.pdf") in text
    assert "looks like plain text" in text
    assert "expensed retry" not in text
    assert "expensed discard" in text
    waiting = house.run("show", "cut.jpg")
    assert waiting.returncode == 1
    assert "is waiting in the inbox" in waiting.stderr
    assert "looks cut off" in waiting.stderr


def test_watch_follows_all_documents_across_a_restart_of_the_daemon(
    make_house: Callable[..., House], port: int
) -> None:
    house = make_house(web__port=port)
    house.start()
    with watching(house, port) as watch:
        read_until(watch, "nothing in progress")
        house.drop("first.pdf", papers.pdf(papers.receipt_lines(1)))
        first = read_until(watch, "filed ")
        assert ["first.pdf" in line for line in first] == [*[False] * (len(first) - 1), True]
        assert "Bakery Lindgren, 7.53 GBP, 2024-03-14 -> " in first[-1]
        assert FILED in first[-1]
        house.stop()
        read_until(watch, "The daemon is away")
        house.start()
        house.drop("second.pdf", papers.pdf(papers.receipt_lines(2)))
        second = read_until(watch, "filed ")
        assert sum("The daemon is back" in line for line in second) == 1
        assert sum("second.pdf" in line for line in second) == 1
        assert not any("first.pdf" in line for line in second)
        watch.send_signal(signal.SIGINT)
        assert watch.wait(10) == 130
        assert watch.stdout is not None
        assert watch.stdout.read().strip() == ""


def test_watch_of_one_document_ends_with_it(house: House) -> None:
    house.start()
    house.drop("notes.pdf", b"no receipt at all\n")
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_quiet(2)
    filed, failed = house.run("watch", "scan.pdf"), house.run("watch", "notes.pdf")
    assert (filed.returncode, failed.returncode) == (0, 1)
    assert FILED in filed.stdout
    assert "looks like plain text" in failed.stdout


def test_without_a_daemon_they_say_so(alone: House) -> None:
    words = "status, watch, show x, watch x, retry x, tasks, search x, export, inspect active"
    for arguments in map(str.split, words.split(",")):
        done = alone.run(*arguments, fresh=True)
        assert done.returncode == 75
        assert "expensed run" in done.stderr
        assert "Traceback" not in done.stderr
    kept = alone.root / "kept.csv"
    kept.write_text("kept")
    assert alone.run("export", "-o", str(kept)).returncode == 75
    assert kept.read_text() == "kept"


def test_the_doctor_needs_no_daemon_and_finds_a_running_one(alone: House) -> None:
    done = alone.run("doctor", fresh=True)
    assert done.returncode == 0, done.stdout
    assert "✓ reading    a drawn receipt was read correctly" in done.stdout
    assert "✓ inbox" in done.stdout
    assert " is free" in done.stdout
    alone.start()
    findings = json.loads(alone.run("doctor", "--json").stdout)
    assert findings["success"]
    assert "answers at" in next(check["message"] for check in findings["checks"] if check["name"] == "address")
    assert alone.get("/api/inbox")["inbox"] == []


def test_the_doctor_says_what_is_wrong_and_what_to_do(alone: House) -> None:
    alone.settings |= {"queue__url": "redis://127.0.0.1:1/0"}
    alone.archive.rmdir()
    alone.archive.write_bytes(b"")
    done = alone.run("doctor")
    assert done.returncode == 69
    assert "✗ archive" in done.stdout
    assert "✗ redis" in done.stdout
    assert "set archive.path to another" in done.stdout
    assert "2 wrong" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("fly",), 2),
        (("status", "--no-such-option"), 2),
        (("show",), 2),
        (("completion", "tcsh"), 2),
        (("config", "-c", "missing.toml"), 78),
        (("config", "-c", "."), 2),
        (("run", "-c", "daemon.log"), 78),
        (("extract", "missing.jpg"), 1),
        (("extract", "."), 1),
    ],
)
def test_a_mistake_is_a_sentence_and_never_a_traceback(alone: House, arguments: tuple[str, ...], code: int) -> None:
    alone.log.write_text("no settings\n")
    done = alone.run(*arguments, fresh=True)
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    assert said.strip()


def test_signs_that_a_terminal_does_not_know_are_no_reason_to_fail(alone: House) -> None:
    alone.settings["inbox__path"] = "\u6536\u64da"
    done = subprocess.run(
        [sys.executable, "-m", "expensed", "config"],
        cwd=alone.root, env=alone.environment | {"PYTHONIOENCODING": "latin-1"}, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\u6536" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_is_told_how_to_complete(alone: House, shell: str) -> None:
    done = alone.run("completion", shell)
    assert done.returncode == 0
    assert "_EXPENSED_COMPLETE" in done.stdout


def test_a_command_is_completed(alone: House) -> None:
    words = {"_EXPENSED_COMPLETE": "bash_complete", "COMP_WORDS": "expensed st", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "expensed"],
        cwd=alone.root, env=alone.environment | words, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["plain,status"]


def test_documents_are_listed_found_and_exported(house: House) -> None:
    house.start()
    for number in (1, 2):  # one after the other: the lists below tell them apart by when they came
        house.drop(f"{number}.pdf", papers.pdf(papers.receipt_lines(number)))
        house.wait_quiet(number)
    house.drop("notes.pdf", b"no receipt at all\n")
    house.wait_quiet(3)
    listed = house.run("tasks", "--state", "success").stdout.splitlines()
    assert len(listed) == 2
    assert all("SUCCESS" in line and "Completed" in line for line in listed)
    assert len(json.loads(house.run("tasks", "--limit", "1", "--json").stdout)["tasks"]) == 1
    found = house.run("search", "lindgren")
    document_id = house.rows("SELECT id FROM documents ORDER BY number")[0]["id"]
    assert (found.returncode, found.stdout.strip()) == (
        0, f"2024-03-14        7.53 GBP  Bakery Lindgren  (filed: {FILED})  {document_id}"
    )  # fmt: skip
    assert house.run("search", "nothing", "like", "this").returncode == 1
    assert json.loads(house.run("search", "--from", "2024-03-14", "--json").stdout)["documents"][0]["amount"] == 7.56
    lines = house.run("export").stdout.splitlines()
    assert len(lines) == 3
    assert "2024-03-14,Bakery Lindgren,7.53,GBP,Groceries" in lines[1]
    assert len(house.run("export", "--json", "--to", "2024-03-13").stdout.splitlines()) == 0
    entries = house.run("export", "--format", "beancount").stdout
    assert '2024-03-14 * "Bakery Lindgren" "" ^' in entries
    assert "  Expenses:Groceries  7.53 GBP" in entries
    assert f'  document: "{house.archive / FILED}"' in entries
    assert "Expenses:Groceries  7.53 GBP" in house.run("export", "--format", "ledger").stdout
    failed = house.run("export", "--format", "ledger", "--state", "failed")
    assert "notes.pdf" in failed.stdout
    assert "1 of 1 documents were left out" in failed.stderr


def test_the_worker_is_inspected_as_celery_does_it(house: House) -> None:
    house.start()
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(1)))
    house.wait_quiet(1)
    head, *rest = house.run("inspect", "active").stdout.splitlines()
    assert head == f"-> expensed@{house.address.removeprefix('http://')}: OK"
    assert rest == ["    - empty -"]
    assert house.run("inspect", "registered").stdout.splitlines()[1:] == [
        "    * extract_document", "    * process_document"
    ]  # fmt: skip
    assert json.loads(house.run("inspect", "stats", "--json").stdout)["documents"]["filed"] == 1
    assert '"filed": 1' in house.run("inspect", "stats").stdout


def test_the_shell_is_offered_ids_and_categories(house: House) -> None:
    house.start()
    house.drop("scan.pdf", papers.pdf(papers.receipt_lines(1)))
    house.drop("notes.pdf", b"no receipt at all\n")
    house.wait_quiet(2)
    ids = {row["file"]: row["id"] for row in house.rows("SELECT file, id FROM documents")}

    def offer(*typed: str) -> str:
        words = " ".join(["expensed", *typed])
        asked = {"_EXPENSED_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(typed))}
        done = house.run(extra=asked)
        assert done.stderr == ""
        return done.stdout

    assert offer("file", ids["scan.pdf"][:8]).split() == [f"plain,{ids['scan.pdf']}"]
    assert offer("retry", "2").split() == [f"plain,{ids['notes.pdf']}"]
    assert sorted(offer("show", "2").split()) == sorted(f"plain,{each}" for each in ids.values())
    assert offer("show", "x").strip() == ""
    assert offer("file", "x", "--category", "cl") == "plain,Clothing\n"
    house.stop()
    assert offer("show", "2").strip() == ""
