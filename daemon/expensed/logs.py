"""Writes log records to standard error as text or JSON, one record per line, whatever a file is called.

`about` sets the document or task that the records of a piece of work belong to; every line carries its id.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from expensed.model.text import one_line

PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
"""The systemd journal's numbers for the levels (sd-daemon(3)): a line may begin with `<6>`."""
FRAMES_SHOWN = 8

_OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "about", "taskName"}

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed in place


@contextmanager
def about(*, document: str | None = None, task: str | None = None) -> Iterator[None]:
    """Put the document's and the task's id on every line logged in the block, also in threads started there."""
    given = {"document": document, "task": task}
    token = _about.set({**_about.get(), **{name: value for name, value in given.items() if value}})
    try:
        yield
    finally:
        _about.reset(token)


def configure_logging(format: str = "auto", level: str = "info", stream: TextIO | None = None) -> None:
    """Send all log records to `stream` (standard error); if called again, the last call counts.

    `format`: json; text, each line with its time; auto: text, with the time of day on a terminal, without a time if
    the systemd journal adds one. `level` applies to expensed; libraries log from `warning` on.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.addFilter(_attach_about)
    handler.setFormatter(JsonFormatter() if format == "json" else TextFormatter(_stamp(format, stream)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, _number(level)))
    logging.getLogger("expensed").setLevel(_number(level))
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a closed standard error must not cause a traceback on it


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def _stamp(format: str, stream: TextIO) -> str:
    if format == "auto" and stream.isatty():
        return "clock"
    return "journal" if format == "auto" and _is_journal(stream) else "iso"


def _is_journal(stream: TextIO) -> bool:
    """Whether systemd connected this stream to its journal; redirected processes inherit JOURNAL_STREAM too."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _attach_about(record: logging.LogRecord) -> bool:
    record.about = _about.get()
    return True


def _extras(record: logging.LogRecord) -> dict[str, object]:  # callers may add anything to a record
    """Return the ids of `about` and what the caller gave as `extra`."""
    given = {name: value for name, value in vars(record).items() if name not in _OWN_ATTRIBUTES}
    return {**getattr(record, "about", {}), **given}


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - a mistake in a log call must neither be lost nor stop the work
        return f"{record.msg} {record.args!r}"


class TextFormatter(logging.Formatter):
    """`TIME LEVEL room: message [key=value ...]`; an exception follows on the same line, innermost frame first."""

    def __init__(self, stamp: str) -> None:
        super().__init__()
        self._stamp = stamp

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        room = record.name.removeprefix("expensed.")
        extras = " ".join(f"{name}={_quoted(value)}" for name, value in _extras(record).items())
        parts = [f"{record.levelname.lower():<7} {room}: {_message(record)}"]
        if extras:
            parts.append(f"[{extras}]")
        if record.exc_info and record.exc_info[1]:
            parts.append(f"({outline(record.exc_info[1])})")
        return self._prefix(record) + one_line(" ".join(parts))

    def _prefix(self, record: logging.LogRecord) -> str:
        if self._stamp == "journal":
            return f"<{PRIORITIES.get(record.levelno, 6)}>"
        at = _local_time(record)
        return f"{at:%H:%M:%S} " if self._stamp == "clock" else f"{at.isoformat(timespec='milliseconds')} "


def _local_time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC).astimezone()


def _quoted(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or re.search(r'[\s"\]=]', text) else text


def outline(error: BaseException) -> str:
    """Return an exception with its causes and places on one line: `OSError: full at apply.py:12 in copy`."""
    causes: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = reversed(traceback.extract_tb(current.__traceback__)[-FRAMES_SHOWN:])
        places = " < ".join(f"{os.path.basename(at.filename)}:{at.lineno} in {at.name}" for at in frames)
        causes.append(f"{type(current).__name__}: {current}" + (f" at {places}" if places else ""))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "; after ".join(causes)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time, level, logger, message, the ids and extras, exception and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of ASCII."""
        line: dict[str, object] = {  # one line of JSON
            "time": _local_time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        line |= {name: value for name, value in _extras(record).items() if name not in line}
        if record.exc_info and record.exc_info[1]:
            line["exception"] = outline(record.exc_info[1])
            line["traceback"] = "".join(traceback.format_exception(record.exc_info[1]))
        return json.dumps(line, default=str)
