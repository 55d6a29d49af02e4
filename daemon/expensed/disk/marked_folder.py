"""Folders known by the mark of the ledger they belong to, not by their path alone.

An unmounted disk leaves an empty folder, and another folder may be put in its place. Whatever is written, claimed or
removed therefore goes through a descriptor of the folder whose mark was read through that same descriptor: if the disk
goes away in between, the work still reaches the marked folder, or fails. Blocking code, for a worker thread.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from expensed.boundaries import boundary
from expensed.disk.files import sync_folder
from expensed.errors import PlaceAway
from expensed.model.json_text import decode, encode_text

HIDDEN = ".expensed"
"""The folder in inbox and archive that holds what is expensed's own."""
LARGEST_MARK = 1000


class PlaceName(StrEnum):
    """The places that bear a mark."""

    INBOX = "inbox"
    ARCHIVE = "archive"
    STATE = "state"

    @property
    def mark_path(self) -> str:
        """Where the mark lies, relative to the place."""
        return "mark" if self is PlaceName.STATE else f"{HIDDEN}/mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a mark says: which place of which ledger this folder is."""

    expensed: int = 1
    place: PlaceName
    ledger: str


class MarkedFolder:
    """One place of one ledger. Its sentences go to clients, so they do not name its path."""

    def __init__(self, path: Path, name: PlaceName, ledger: str) -> None:
        self.path = path
        self.name = name
        self.ledger = ledger

    @contextlib.contextmanager
    def opened(self) -> Iterator[Path]:
        """Yield the folder as a path through a descriptor, once its mark is found to be right; PlaceAway otherwise.

        The path stays that of this very folder, even if something else is mounted or renamed in its place.
        """
        try:
            descriptor = os.open(self.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise PlaceAway(f"The {self.name} folder is not there: {error.strerror}.") from error
        try:
            self._check(descriptor)
            boundary("place.opened")
            yield Path(f"/proc/self/fd/{descriptor}")
        finally:
            os.close(descriptor)

    def _check(self, descriptor: int) -> None:
        try:
            mark = _read_mark(descriptor, self.name)
        except OSError as error:
            raise PlaceAway(f"The mark of the {self.name} folder cannot be read: {error.strerror}.") from error
        if mark is None:
            raise PlaceAway(
                f"The {self.name} folder is not the one that belongs to this ledger: it bears no mark."
                f" Mount its disk or, if you replaced the folder on purpose, run `expensed adopt {self.name}`."
            )
        if (mark.place, mark.ledger) != (self.name, self.ledger):
            raise PlaceAway(
                f"The {self.name} folder belongs to another ledger: it is marked as the {mark.place} of {mark.ledger}."
            )

    def check(self) -> None:
        """Raise PlaceAway if the folder is away."""
        with self.opened():
            return

    def find_trouble(self) -> str | None:
        """Return why the folder is away, as a sentence; None if it is there."""
        try:
            self.check()
        except PlaceAway as error:
            return error.message
        return None


def read_mark(folder: Path, name: PlaceName) -> Mark | None:
    """Return the mark that a folder bears as this place; None if there is none, or no such folder. OSError."""
    try:
        descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return _read_mark(descriptor, name)
    finally:
        os.close(descriptor)


def _read_mark(folder: int, name: PlaceName) -> Mark | None:
    try:
        descriptor = os.open(name.mark_path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
            return None
        raise
    try:
        return decode(os.read(descriptor, LARGEST_MARK), Mark)
    except ValueError:
        return None
    finally:
        os.close(descriptor)


def write_mark(folder: Path, mark: Mark) -> None:
    """Mark an existing folder durably, in place of any former mark; OSError."""
    path = folder / mark.place.mark_path
    if path.parent != folder:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder)
    temporary = path.with_name(f".mark-{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(encode_text(mark).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
