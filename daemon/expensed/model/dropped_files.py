"""Dropped files: how one looked at a moment, what became of it, and why it waits."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file looked like at one moment; equal stamps mean that nobody wrote to it in between.

    `ctime_ns` too: it moves when `cp -p` puts the old mtime back.
    """

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """The stamp of a stat result."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Judged:
    """A file as it was when it was judged complete; compared again after the claim."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    cut_off: str | None = None
    """A sentence, if it still looked cut off when its patience ended; it is then read as it is and goes to review."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a complete file handed to `pipeline`.

    `admitted`: it is in the ledger (`document_id`). `unsettled`: it changed, or still has a writer; it now lies at
    `path` and must settle there again. `waits`: it stays where it is, for `reason`.
    """

    outcome: str
    document_id: str | None = None
    path: Path | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file in the watched folder that is not (yet) taken, and why, as a sentence."""

    file: str
    """Display path, relative to the inbox."""
    reason: str
    size: int
    since: dt.datetime
    refused: bool = False
    """True: it will not be taken as it is (hidden, a link, sync litter); false: it is waited for."""
