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
_raising = threading.Lock()


class ArchiveIsNewer(Exception):
    """The archive was written to by a ledger that knows more than this one."""

    def __init__(self, found: int, newest: int) -> None:
        super().__init__(f"it ends with event {newest}, the archive was last written to after event {found}")
        self.found = found
        self.newest = newest


def raise_high_water(archive: Path, newest: Callable[[], int]) -> None:
    """Raise the mark to the ledger's newest event before anything is written into the archive; ArchiveIsNewer.

    It is not synced: if the machine loses power, a lower mark proves nothing wrong. Without a hidden folder, nothing is
    done.
    """
    try:
        descriptor = os.open(archive / HIGH_WATER, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    except FileNotFoundError:
        return
    try:
        with _raising:
            found, known = _parse(os.pread(descriptor, _WIDTH, 0)), newest()
            if found > known:
                raise ArchiveIsNewer(found, known)
            if known > found:
                os.pwrite(descriptor, f"{known:0{_WIDTH}}\n".encode(), 0)
    finally:
        os.close(descriptor)


def read_high_water(archive: Path) -> int:
    """Return the mark; 0 if there is none or it cannot be read."""
    try:
        return _parse((archive / HIGH_WATER).read_bytes()[:_WIDTH])
    except OSError:
        return 0


def _parse(content: bytes) -> int:
    return int(content) if content.isdigit() else 0
