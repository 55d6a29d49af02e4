"""How log records become lines on standard error: text or JSON, one record a line, whatever a file is called.

`about` names the document or task that the records of a piece of work belong to; every line carries it.
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

PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
"""What the systemd journal calls our levels (sd-daemon(3)): a line may begin with `<6>`."""
FRAMES_SHOWN = 8

# Controls (C0, DEL, C1), line and paragraph separators, what turns the direction of text, and lone surrogates,
# which stand for the bytes of a name that is not UTF-8.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "about", "taskName"}

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed in place


@contextmanager
def about(*, document: str | None = None, task: str | None = None) -> Iterator[None]:
    """Put the document's and the task's id on every line logged inside the block, in threads made there too."""
    given = {"document": document, "task": task}
    token = _about.set({**_about.get(), **{name: value for name, value in given.items() if value}})
    try:
        yield
    finally:
        _about.reset(token)


def one_line(text: str) -> str:
    """The text with everything escaped that could break a line, move the cursor or turn the text round."""
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(match[0]) or (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    )


def configure_logging(format: str = "auto", level: str = "info", stream: TextIO | None = None) -> None:
    """Send all log records to `stream` (standard error); may be called again, the last call counts.

    `format`: json; text, each line with its time; auto: text, with the clock on a terminal, without a time where
    the systemd journal adds one. `level` counts for expensed; libraries are heard from `warning` on.
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
    logging.raiseExceptions = False  # a closed standard error must not become a traceback on it


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def _stamp(format: str, stream: TextIO) -> str:
    if format == "auto" and stream.isatty():
        return "clock"
    return "journal" if format == "auto" and _is_journal(stream) else "iso"


def _is_journal(stream: TextIO) -> bool:
    """Whether systemd connected this very stream to its journal; JOURNAL_STREAM alone is inherited by redirections."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _attach_about(record: logging.LogRecord) -> bool:
    record.about = _about.get()
    return True


def _extras(record: logging.LogRecord) -> dict[str, object]:
    """The ids of `about` and what the caller gave as `extra`."""
    given = {name: value for name, value in vars(record).items() if name not in _OWN_ATTRIBUTES}
    return {**getattr(record, "about", {}), **given}


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - a slip in a log call must neither be lost nor stop the work
        return f"{record.msg} {record.args!r}"


class TextFormatter(logging.Formatter):
    """`TIME LEVEL room: message [key=value ...]`; an exception follows on the same line, innermost frame first."""

    def __init__(self, stamp: str) -> None:
        super().__init__()
        self._stamp = stamp

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
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
    """An exception with its causes and where each was raised, on one line: `OSError: full at apply.py:12 in copy`."""
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
    """One JSON object a line: time, level, logger, message, the ids and extras, exception and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of ASCII."""
        line: dict[str, object] = {
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
