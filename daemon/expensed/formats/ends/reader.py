"""Bounded random access to an open file, and the verdicts that formats reach with it.

Never mmap: a file truncated while it is mapped kills the process with SIGBUS.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

BYTES_MAX = 128 << 20
STEPS_MAX = 400_000
_AHEAD = 4096


class Ending(StrEnum):
    """The state of a file's end according to its structure."""

    COMPLETE = "complete"
    CUT_OFF = "cut off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether all of a file is there; `why` completes the sentence "It looks cut off: ..."."""

    ending: Ending
    why: str = ""


class OverBudget(Exception):
    """The file needs more reading than one look may cost; its end stays unknown."""


class Reader:
    """Reads `size` bytes of `fd` by position, at most `bytes_max` of them in at most `steps_max` steps."""

    def __init__(self, fd: int, size: int, *, bytes_max: int = BYTES_MAX, steps_max: int = STEPS_MAX) -> None:
        self.size = size
        self._fd = fd
        self._bytes_left = bytes_max
        self._steps_left = steps_max
        self._start = 0
        self._window = b""

    def at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`, fewer at the end of the file; raises OverBudget, OSError."""
        length = min(length, max(0, self.size - offset))
        self.spend(1, length)
        begin = offset - self._start
        if begin < 0 or begin + length > len(self._window):
            self._fill(offset, length)
            begin = 0
        return self._window[begin : begin + length]

    def spend(self, steps: int, size: int = 0) -> None:
        """Charge work to the budget; bytes looked at again cost as much as bytes read."""
        self._steps_left -= steps
        self._bytes_left -= size
        if self._steps_left < 0 or self._bytes_left < 0:
            raise OverBudget

    def _fill(self, offset: int, length: int) -> None:
        wanted = min(max(length, _AHEAD), max(0, self.size - offset))
        self.spend(0, wanted)
        self._start = offset
        self._window = os.pread(self._fd, wanted, offset) if wanted else b""


COMPLETE = Verdict(Ending.COMPLETE)


def cut_off(why: str) -> Verdict:
    """Return the verdict that some of the file is missing; `why` completes "It looks cut off: ..."."""
    return Verdict(Ending.CUT_OFF, why)
