"""Dropped files: how one looked at a moment, the outcome of its admission, and why it waits."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from expensed.model.states import AdmissionOutcome

FolderMeaning = Literal["nothing", "category", "payer", "project"]
"""What the name of a subfolder of the inbox says of the documents in it; the setting inbox.subfolders."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The look of a file at one moment; equal stamps mean that nobody wrote to it in between.

    Includes `ctime_ns` because it changes when `cp -p` restores the old mtime.
    """

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """Return the stamp of a stat result."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Judged:
    """A file as it was when it was judged complete; compared again after the claim."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    cut_off: str | None = None
    """Why it still looked cut off at the end of its patience, as a sentence; it is read as it is and goes to review."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The result of handing a complete file to `pipeline`.

    `admitted`: it is in the ledger (`document_id`). `unsettled`: it changed or still has a writer, now lies at `path`
    and must settle there again; `reason`, if given, is the trouble that kept it from being recorded. `waits`: it stays
    where it is, for `reason`.
    """

    outcome: AdmissionOutcome
    document_id: str | None = None
    path: Path | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file in the watched folder that has not been taken, with a sentence that says why."""

    file: str
    """Display path, relative to the inbox."""
    reason: str
    size: int
    since: dt.datetime
    refused: bool = False
    """Whether it will not be taken as it is (hidden, a link, sync litter); false if it is only waited for."""
