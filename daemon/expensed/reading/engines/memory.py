"""Keep a reading process small: a loaded model keeps the scratch memory of the largest picture that it has read.

It gives none of it back before it is dropped. To load one anew costs less than reading a receipt, and is only needed
where two models have both met large pictures.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Protocol

ROOM_MB = 410
"""What a process keeps within as far as it can, with the tesseract that it starts; a large picture may need more."""
_STATM = Path("/proc/self/statm")
"""Sizes of this process in pages; see proc(5)."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Holder(Protocol):
    """Something that holds memory."""

    def release(self) -> None:
        """Give it all back; what is needed again is loaded again."""


_holders: list[Holder] = []


def note_use(holder: Holder) -> None:
    """From now on ask this holder for its memory when there is too little room, after those used longer ago."""
    if holder in _holders:
        _holders.remove(holder)
    _holders.append(holder)


def make_room(needed_mb: float, *, keeping: Holder | None = None) -> None:
    """Give back memory, if so much more would not fit into the room: what was freed, then what was used longest ago."""
    if _fits(needed_mb):
        return
    give_back()
    for holder in _holders:
        if _fits(needed_mb):
            return
        if holder is not keeping:
            holder.release()
            give_back()


def give_back() -> None:
    """Return to the system what was freed; glibc keeps it, after loading the small model 40 MB."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
    if trim is not None:
        trim(0)


def resident_mb() -> float:
    """Return how much memory this process has; 0 if the system does not tell."""
    try:
        return int(_STATM.read_bytes().split()[1]) * _PAGE / 1e6
    except (OSError, ValueError, IndexError):
        return 0.0


def _fits(needed_mb: float) -> bool:
    return resident_mb() + needed_mb <= ROOM_MB
