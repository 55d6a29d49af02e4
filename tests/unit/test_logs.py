"""One record, one line, whatever a file is called."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from expensed.logs import about, configure_logging
from expensed.model.text import one_line

log = logging.getLogger("expensed.pipeline.extract")


@pytest.fixture(autouse=True)
def root_logger() -> Iterator[None]:
    """Restore the loggers afterwards."""
    root = logging.getLogger()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    yield
    root.handlers[:], logging.raiseExceptions = handlers, raising
    root.setLevel(level)
    logging.getLogger("expensed").setLevel(logging.NOTSET)
    logging.captureWarnings(False)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(format: str = "text", level: str = "info", stream: io.StringIO | None = None) -> io.StringIO:
    stream = stream or io.StringIO()
    configure_logging(format, level, stream)
    return stream


def test_text_has_iso_time_level_room_and_message():
    stream = lines()
    log.info("started %s", "scan.pdf")
    time, rest = stream.getvalue().split(" ", 1)
    assert datetime.fromisoformat(time).tzinfo is not None
    assert rest == "info    pipeline.extract: started scan.pdf\n"


def test_on_a_terminal_the_time_is_a_clock():
    stream = lines("auto", stream=Terminal())
    log.info("started")
    assert re.fullmatch(r"\d\d:\d\d:\d\d info    pipeline.extract: started\n", stream.getvalue())


def test_in_the_journal_a_priority_stands_in_place_of_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with (tmp_path / "journal").open("w+") as stream:
        status = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{status.st_dev}:{status.st_ino}")
        configure_logging("auto", "info", stream)
        log.info("started")
        log.error("failed")
        stream.seek(0)
        assert stream.readlines() == [
            "<6>info    pipeline.extract: started\n",
            "<3>error   pipeline.extract: failed\n",
        ]


def test_a_journal_that_is_not_this_stream_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JOURNAL_STREAM", "1:2")
    with (tmp_path / "file").open("w+") as stream:
        configure_logging("auto", "info", stream)
        log.info("started")
        stream.seek(0)
        assert stream.read().startswith("20")


def test_json_is_one_object_a_line_with_extras():
    stream = lines("json")
    with about(document="20240115_1", task="t-1"):
        log.warning("took %d s", 3, extra={"elapsed_s": 3.25, "path": Path("a/b")})
    entry = json.loads(stream.getvalue())
    assert datetime.fromisoformat(entry.pop("time")).tzinfo is not None
    assert entry == {
        "level": "warning",
        "logger": "expensed.pipeline.extract",
        "message": "took 3 s",
        "document": "20240115_1",
        "task": "t-1",
        "elapsed_s": 3.25,
        "path": "a/b",
    }


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize(
    "name",
    ["a\nb", "a\r\nb", "\x1b[31mred", "a\x85b\u2028c", "turned\u202egnp.exe", "\udcff\udc80", "tab\there", "\x00"],
)
def test_no_file_name_can_break_a_line_or_reach_the_terminal(format: str, name: str):
    stream = lines(format)
    log.info("filed %s", name, extra={"file": name})
    text = stream.getvalue()
    text.encode("utf-8")
    assert len(text.splitlines()) == 1
    assert text.endswith("\n")
    assert one_line(text[:-1]) == text[:-1]


def test_what_is_escaped_can_still_be_read():
    assert one_line("a\nb\tc\x1bd\udcffe\u2028f") == "a\\nb\\tc\\x1bd\\xffe\\u2028f"
    assert one_line("Überweisung 株式会社 🧾.pdf") == "Überweisung 株式会社 🧾.pdf"


def test_extras_and_ids_stand_behind_the_message():
    stream = lines()
    with about(document="d-1"):
        log.info("read", extra={"pages": 2, "file": "two words.pdf"})
    assert stream.getvalue().endswith(': read [document=d-1 pages=2 file="two words.pdf"]\n')


def test_ids_hold_inside_their_block_only_and_are_nested():
    stream = lines()
    with about(document="d-1"):
        with about(task="t-1"):
            log.info("inner")
        log.info("outer")
    log.info("outside")
    inner, outer, outside = stream.getvalue().splitlines()
    assert inner.endswith("[document=d-1 task=t-1]")
    assert outer.endswith("[document=d-1]")
    assert outside.endswith("outside")


async def test_each_task_has_ids_of_its_own_and_takes_them_into_threads():
    stream = lines("json")

    async def work(document: str) -> None:
        with about(document=document):
            await asyncio.sleep(0)
            await asyncio.to_thread(log.info, document)

    await asyncio.gather(*(work(f"d-{number}") for number in range(20)))
    entries = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert len(entries) == 20
    assert all(entry["document"] == entry["message"] for entry in entries)


def fail() -> None:
    try:
        raise KeyError("inner\nname")
    except KeyError as error:
        raise OSError(28, "No space left") from error


def test_an_exception_is_told_on_the_same_line_with_its_cause_and_place():
    stream = lines()
    try:
        fail()
    except OSError:
        log.exception("could not file")
    text = stream.getvalue()
    assert len(text.splitlines()) == 1
    assert re.search(
        r"could not file \(OSError: \[Errno 28\] No space left at test_logs.py:\d+ in fail < test_logs", text
    )
    assert "; after KeyError: 'inner\\nname' at test_logs.py:" in text


def test_json_has_the_whole_traceback():
    stream = lines("json")
    try:
        fail()
    except OSError:
        log.exception("could not file")
    entry = json.loads(stream.getvalue())
    assert entry["exception"].startswith("OSError: [Errno 28] No space left at ")
    assert entry["traceback"].startswith("Traceback (most recent call last):\n")


def test_levels_count_for_expensed_and_libraries_are_heard_from_warning_on():
    stream = lines(level="debug")
    log.debug("ours")
    logging.getLogger("arq.worker").info("theirs")
    logging.getLogger("arq.worker").warning("their trouble")
    assert [line.rpartition(": ")[2] for line in stream.getvalue().splitlines()] == ["ours", "their trouble"]


def test_at_level_error_warnings_are_silent_everywhere():
    stream = lines(level="error")
    log.warning("ours")
    logging.getLogger("arq.worker").warning("theirs")
    assert stream.getvalue() == ""


def test_the_last_configuration_counts():
    first, second = lines(), lines()
    log.info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1


def test_a_slip_in_a_log_call_is_not_lost():
    stream = lines()
    log.info("%d files", "no number")
    assert stream.getvalue().endswith(": %d files ('no number',)\n")


def test_a_closed_stream_does_not_disturb_the_work(capsys: pytest.CaptureFixture[str]):
    lines().close()
    log.error("nobody hears it")
    assert capsys.readouterr().err == ""
