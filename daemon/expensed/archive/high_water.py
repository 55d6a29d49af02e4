"""The mark in the archive's hidden folder by which a ledger older than the archive is told.

It is the number of the ledger's newest event, which only rises, when the archive was last written to. The ledger has
committed that number before, so a ledger whose newest event has a lower one does not know what the archive holds.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from expensed.disk.marked_folder import HIDDEN

HIGH_WATER = f"{HIDDEN}/newest-event"
_WIDTH = 20
"""Digits; always the same number of bytes is overwritten in place, within one block of the disk."""
_LONGEST = 200
_raising = threading.Lock()


class ArchiveIsNewer(Exception):
    """The archive was written to by a ledger that knows more than this one."""

    def __init__(self, found: int, newest: int) -> None:
        super().__init__(f"it ends with event {newest}, the archive was last written to after event {found}")
        self.found = found
        self.newest = newest


def raise_high_water(archive: Path, ledger_id: str, newest: Callable[[], int]) -> None:
    """Raise the mark to the ledger's newest event before anything is written into the archive; ArchiveIsNewer.

    It is not synced: if the machine loses power, a lower mark proves nothing wrong. A mark of another ledger, to which
    the archive belonged before, counts as none. Without a hidden folder, nothing is done.
    """
    try:
        descriptor = os.open(archive / HIGH_WATER, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    except FileNotFoundError:
        return
    try:
        with _raising:
            found, known = _parse(os.pread(descriptor, _LONGEST, 0), ledger_id), newest()
            if found > known:
                raise ArchiveIsNewer(found, known)
            if known > found:
                content = f"{known:0{_WIDTH}} {ledger_id}\n".encode()
                os.pwrite(descriptor, content, 0)
                os.ftruncate(descriptor, len(content))
    finally:
        os.close(descriptor)


def read_high_water(archive: Path, ledger_id: str) -> int:
    """Return this ledger's mark; 0 if there is none or it cannot be read."""
    try:
        with (archive / HIGH_WATER).open("rb") as file:
            return _parse(file.read(_LONGEST), ledger_id)
    except OSError:
        return 0


def _parse(content: bytes, ledger_id: str) -> int:
    number, _, owner = content.partition(b" ")
    return int(number) if number.isdigit() and owner == f"{ledger_id}\n".encode() else 0
