"""Whether all of a file is there, by its own structure. The kind is found by content, never by name.

Bounded in bytes and steps whatever the file holds; runs in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from expensed.formats.ends.reader import Ending, OverBudget, Reader, Verdict, cut_off
from expensed.formats.sniff import find_format
from expensed.formats.table import ROWS, TABLE, Format

_SHORTEST_HEAD = 12
"""A file of fewer bytes may not show yet what it is."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The format found by content (None: not one that is known here), and whether all of it is there.

    `why` completes the sentence "It looks cut off: ..."; empty unless `ending` is CUT_OFF.
    """

    kind: Format | None
    ending: Ending
    why: str = ""


def judge_completeness(fd: int, size: int) -> Structure:
    """The verdict on the open file `fd` of `size` bytes; raises OSError where it cannot be read."""
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
    """A file of no kind known here: it may be one whose first bytes have not all been written."""
    if size < _SHORTEST_HEAD and any(start.startswith(head) for row in TABLE for start in row.starts):
        return cut_off("it ends inside its first bytes")
    if not head.strip(b"\0"):
        return cut_off("it starts with nothing but zero bytes, as a file does whose content is still to come")
    return Verdict(Ending.UNKNOWN)
