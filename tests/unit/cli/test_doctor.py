from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from expensed.cli.commands.doctor import describe_finding, examine
from expensed.cli.doctor import folders, machine
from expensed.cli.doctor.findings import OK, WARNING, WRONG, Finding, wrong
from expensed.config.load import load_settings
from expensed.config.schema import Settings
from expensed.disk.marked_folder import Mark, PlaceName, write_mark
from expensed.disk.trial import try_claiming, try_filing

NO_SUCH_PROGRAM = "nowhere/at/all"


def settings(tmp_path: Path, **sections) -> Settings:
    return Settings.at(tmp_path, **sections)


def judge(finding: Finding) -> tuple[str, str]:
    return finding.state, finding.message


def test_a_finding_says_what_to_do_on_a_line_of_its_own():
    assert describe_finding(wrong("redis", "It is not there.", "Install it.")).splitlines() == [
        "✗ redis      It is not there.",
        "             Install it.",
    ]


def test_a_check_that_fails_itself_does_not_take_the_rest_down(tmp_path, monkeypatch):
    def fail():
        raise OSError("the disk is gone")

    monkeypatch.setattr(machine, "check_python", fail)
    monkeypatch.setattr(machine, "check_reading", lambda settings: [])  # takes a second
    findings = list(examine(load_settings(None, {}, tmp_path, system_file=tmp_path / "none")))
    assert judge(findings[0]) == (WRONG, "This could not be checked: the disk is gone.")
    assert {"redis", "inbox", "archive", "state", "disk", "clock", "address"} <= {finding.name for finding in findings}


def test_a_clock_that_was_never_set_is_wrong():
    assert machine.check_clock(datetime(1970, 1, 1, tzinfo=UTC)).state == WRONG
    assert machine.check_clock(datetime(2026, 1, 1, tzinfo=UTC)).state == OK


def test_a_folder_that_can_be_written_is_fine_and_left_as_it_was(tmp_path):
    (tmp_path / ".expensed").mkdir()
    assert folders.check_folder("inbox", tmp_path, try_claiming).state == OK
    assert folders.check_folder("archive", tmp_path, partial(try_filing, mode=0o640)).state == OK
    assert sorted(path.name for path in tmp_path.rglob("*")) == [".expensed"]


def test_a_folder_that_is_not_there_yet_is_made_by_the_daemon(tmp_path):
    assert folders.check_folder("inbox", tmp_path / "a/b", try_claiming).state == OK
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("place", ["file", "file/inbox"])
def test_a_file_where_a_folder_should_be_is_wrong_and_says_which_setting(tmp_path, place):
    (tmp_path / "file").touch()
    finding = folders.check_folder("inbox", tmp_path / place, try_claiming)
    assert finding.state == WRONG
    assert "inbox.path" in finding.hint


def test_a_folder_of_claims_on_another_disk_is_wrong(tmp_path):
    other = Path("/dev/shm")
    if other.stat().st_dev == tmp_path.stat().st_dev:
        other = Path("/dev")
    (tmp_path / ".expensed").symlink_to(other)
    finding = folders.check_folder("inbox", tmp_path, try_claiming)
    assert finding.state == WRONG
    assert "renamed" in finding.message
    assert [path.name for path in tmp_path.iterdir()] == [".expensed"]


def test_folders_of_two_ledgers_are_wrong_and_one_without_a_mark_is_told(tmp_path):
    given = settings(tmp_path)
    for name in PlaceName:
        (tmp_path / name).mkdir(exist_ok=True)
    write_mark(given.state.path, Mark(place=PlaceName.STATE, ledger="a"))
    write_mark(given.inbox.path, Mark(place=PlaceName.INBOX, ledger="b"))
    marks = {finding.name: finding.state for finding in folders.check_marks(given)}
    assert marks == {"inbox": WRONG, "archive": WRONG}
    said = {finding.name: finding.state for finding in folders.check_folders(given) if finding.name != "ledger"}
    assert said == {"inbox": WRONG, "archive": WRONG, "state": OK}
    assert not list(given.archive.path.iterdir())


@pytest.mark.parametrize(
    ("free", "has_inodes", "state"),
    [(49 << 20, True, WRONG), (51 << 20, True, WARNING), (2 << 30, True, OK), (2 << 30, False, WRONG)],
)
def test_a_disk_is_judged_by_bytes_and_inodes(tmp_path, monkeypatch, free, has_inodes, state):
    inodes = 5 if has_inodes else 0
    status = os.statvfs_result((4096, 4096, 4 << 20, free // 4096, free // 4096, 9000, inodes, inodes, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda folder: status)  # of the kernel's answers, the one about room
    (finding,) = folders.check_space(settings(tmp_path))
    assert finding.state == state


def test_the_inbox_is_really_watched(tmp_path):
    (tmp_path / "inbox").mkdir()
    assert folders.check_watching(settings(tmp_path)).message.startswith("inotify")
    assert "polled" in folders.check_watching(settings(tmp_path, inbox={"watch": "poll"})).message


def test_a_language_that_tesseract_lacks_is_wrong_only_where_it_reads(tmp_path):
    for engine, state in (("tesseract", WRONG), ("paddle", WARNING)):
        finding = machine.check_languages(settings(tmp_path, reading={"engine": engine, "languages": ["eng", "xx_y"]}))
        assert finding.state == state
        assert "tesseract-ocr-xx-y" in finding.hint


@pytest.fixture
def english_tesseract(tmp_path, monkeypatch):
    """A tesseract that knows no model but the English one."""
    models = tmp_path / "tessdata"
    models.mkdir()
    monkeypatch.setenv("TESSDATA_PREFIX", str(models))
    (models / "eng.traineddata").touch()


@pytest.mark.usefixtures("english_tesseract")
def test_scripts_that_cannot_be_read_are_named_with_their_packages(tmp_path):
    finding = machine.check_languages(settings(tmp_path))
    assert finding.state == WARNING
    assert "Cyrillic" in finding.message
    assert "tesseract-ocr-script-cyrl" in finding.hint


def test_a_machine_that_knows_every_script_says_so(tmp_path):
    assert machine.check_languages(settings(tmp_path)).message.endswith("10 scripts besides Latin")


@pytest.mark.usefixtures("english_tesseract")
def test_tesseract_as_the_first_engine_reads_english_and_needs_no_scripts(tmp_path):
    for languages in (["auto"], ["auto", "eng"]):
        reading = {"engine": "tesseract", "languages": languages}
        assert machine.check_languages(settings(tmp_path, reading=reading)).message.endswith("knows eng")


def test_a_machine_without_redis_is_told_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", NO_SUCH_PROGRAM)
    finding = machine.check_redis("")
    assert finding.state == WRONG
    assert "apt install redis-server" in finding.hint


def test_a_redis_that_is_named_is_asked(tmp_path):
    path = tmp_path / "r.sock"
    url = f"unix://{path}"
    assert machine.check_redis(url).state == WRONG
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", path, "--save", ""], cwd=tmp_path, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 10
        with socket.socket(socket.AF_UNIX) as asking:  # the file is there before the server listens
            while asking.connect_ex(str(path)) and time.monotonic() < deadline:
                time.sleep(0.01)
        assert judge(machine.check_redis(url)) == (OK, f"the server at {path} answers")
    finally:
        server.kill()
        server.wait()


def test_a_password_is_not_shown(tmp_path):
    finding = machine.check_redis("redis://user:hush@127.0.0.1:1/0")
    assert finding.state == WRONG
    assert "hush" not in f"{finding.message}{finding.hint}"


def test_an_address_is_free_ours_or_taken(tmp_path):
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, args=(0.01,)).start()
        port = other.server_address[1]
        finding = machine.check_address(settings(tmp_path, web={"port": port}))
        other.shutdown()
    assert judge(finding) == (WRONG, f"127.0.0.1:{port} is in use by another program.")
    assert machine.check_address(settings(tmp_path, web={"port": port})).state == OK
    assert machine.check_address(settings(tmp_path, web={"port": 0})).state == OK
    elsewhere = settings(tmp_path, web={"host": "192.0.2.1", "token": "t", "port": port})
    assert machine.check_address(elsewhere).state == WRONG


def test_a_name_that_is_no_host_is_wrong(tmp_path):
    assert machine.check_address(settings(tmp_path, web={"host": "no-such-host.invalid", "token": "t"})).state == WRONG
