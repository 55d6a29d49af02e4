"""The mark in the archive's hidden folder by which a ledger older than the archive is recognised.

It is the reach of the ledger when the archive was last written to. The ledger had committed that before, so one that
has not come as far does not know what the archive holds.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from expensed.disk.marked_folder import HIDDEN
from expensed.model.reach import Reach

HIGH_WATER = f"{HIDDEN}/high-water"
_WIDTH = 20
"""Digits of a number: the same bytes are overwritten each time, within one block of the disk."""
_LONGEST = 200
_raising = threading.Lock()


class ArchiveIsNewer(Exception):
    """The archive was written to by a ledger that knows more than this one."""

    def __init__(self, found: Reach, known: Reach) -> None:
        super().__init__(
            f"it ends with filing {known.filing} and event {known.event}, the archive was last written to after"
            f" filing {found.filing} and event {found.event}"
        )


def raise_high_water(archive: Path, ledger_id: str, reach: Callable[[], Reach]) -> None:
    """Raise the mark to the ledger's reach before anything is written into the archive; ArchiveIsNewer.

    It is not synced: if the machine loses power, a lower mark proves nothing wrong. A mark of another ledger, to which
    the archive belonged before, counts as none. Without a hidden folder, nothing is done.
    """
    try:
        descriptor = os.open(archive / HIGH_WATER, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    except FileNotFoundError:
        return
    try:
        with _raising:
            found, known = _parse(os.pread(descriptor, _LONGEST, 0), ledger_id), reach()
            if found > known:
                raise ArchiveIsNewer(found, known)
            if known > found:
                content = f"{known.filing:0{_WIDTH}} {known.event:0{_WIDTH}} {ledger_id}\n".encode()
                os.pwrite(descriptor, content, 0)
                os.ftruncate(descriptor, len(content))
    finally:
        os.close(descriptor)


def read_high_water(archive: Path, ledger_id: str) -> Reach:
    """Return this ledger's mark; nothing if there is none or it cannot be read."""
    try:
        with (archive / HIGH_WATER).open("rb") as file:
            return _parse(file.read(_LONGEST), ledger_id)
    except OSError:
        return Reach()


def _parse(content: bytes, ledger_id: str) -> Reach:
    filing, _, rest = content.partition(b" ")
    event, _, owner = rest.partition(b" ")
    if owner != f"{ledger_id}\n".encode() or not (filing.isdigit() and event.isdigit()):
        return Reach()
    return Reach(int(filing), int(event))
