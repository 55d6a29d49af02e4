"""Judge by its structure whether all of a file is there; its kind is found by content, never by name.

Bounded in bytes and steps whatever the file contains; runs in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from expensed.formats.ends.reader import Ending, OverBudget, Reader, Verdict, cut_off
from expensed.formats.known_formats import ROWS, TABLE, Format
from expensed.formats.sniff import find_format

_SHORTEST_HEAD = 12
"""A shorter file may not show yet what it is."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The format found by content (None if unknown), and whether all of the file is there.

    `why` completes the sentence "It looks cut off: ..."; empty unless `ending` is CUT_OFF.
    """

    kind: Format | None
    ending: Ending
    why: str = ""


def judge_completeness(fd: int, size: int) -> Structure:
    """Judge the open file `fd` of `size` bytes; OSError if it cannot be read."""
    reader = Reader(fd, size)
    head = reader.at(0, 4096)
    kind = find_format(head)
    verdict = _judge_head(head, size) if kind is None else _judge(kind, reader)
    return Structure(kind, verdict.ending, verdict.why)


def _judge(kind: Format, reader: Reader) -> Verdict:
    try:
        return ROWS[kind].judge(reader)
    except OverBudget:
        return Verdict(Ending.UNKNOWN)


def _judge_head(head: bytes, size: int) -> Verdict:
    """Judge a file of unknown kind, whose first bytes may not all have been written yet."""
    if size < _SHORTEST_HEAD and any(start.startswith(head) for row in TABLE for start in row.starts):
        return cut_off("it ends inside its first bytes")
    if not head.strip(b"\0"):
        return cut_off("it starts with nothing but zero bytes, like a file whose content has yet to be written")
    return Verdict(Ending.UNKNOWN)
