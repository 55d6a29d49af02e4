"""Claim folders: `inbox/.expensed/<document id>/NAME`, where a file lies from its claim until it is filed.

A claim is a rename within a file system: atomic, and a scanner that writes the same name again cannot overwrite what
was taken. So a mount below the inbox has a `.expensed` folder of its own. Blocking code, for a worker thread; the paths
go through descriptors (see `disk.marked_folder`).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from expensed.boundaries import boundary
from expensed.disk.files import open_regular, sync_folder
from expensed.disk.marked_folder import HIDDEN
from expensed.disk.open_writers import has_writer
from expensed.model.admission import Judged

CLAIMS = HIDDEN
"""The folder in the inbox, or in a mount below it, that holds a claim folder for each document."""
PART = ".part"
FOLDER = ".folder"
"""Beside a claimed file: the name of the subfolder of the inbox that it was taken from, until the claim is over."""
LONGEST_ID_NAME = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class CannotClaim(Exception):
    """The file stays where it is; the message is a sentence that says why."""


class Unsettled(Exception):
    """The file changed since it was judged, or has a writer; it now lies at `path`."""

    def __init__(self, path: Path) -> None:
        super().__init__(os.fspath(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim folder as found: its document id and the names in it."""

    id: str
    names: tuple[str, ...]

    @property
    def file(self) -> str | None:
        """The name of the claimed file, if there is one."""
        return next((name for name in self.names if name not in (PART, FOLDER)), None)


def candidate_ids(now: datetime, name: str) -> Iterator[str]:
    """Yield ids to try for a file dropped `now` (local): `YYYYMMDD_HHMMSS_NAME`, then with `_2`, `_3` ..."""
    safe = _UNSAFE.sub("_", os.fsencode(name).decode("utf-8", "replace"))[-LONGEST_ID_NAME:]
    moment = f"{now:%Y%m%d_%H%M%S}"
    yield f"{moment}_{safe}"
    yield from (f"{moment}_{number}_{safe}" for number in range(2, 10_000))


def make_claims_folder(claims: Path) -> None:
    """Make the folder for claims; only the daemon's user may look into it."""
    claims.mkdir(mode=0o700, exist_ok=True)


def make_claim_folder(claims: Path, document_id: str) -> Path | None:
    """Make an empty claim folder; None if its id is taken."""
    folder = claims / document_id
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return None
    return folder


def note_folder(folder: Path, name: str) -> None:
    """Note in a claim folder which subfolder of the inbox its file will come from; OSError."""
    descriptor = os.open(folder / FOLDER, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as note:
        note.write(os.fsencode(name))
        note.flush()
        os.fsync(descriptor)


def read_folder(folder: Path) -> str | None:
    """Return the subfolder of the inbox that a claimed file comes from; None if it lay in the inbox itself. OSError."""
    try:
        return os.fsdecode((folder / FOLDER).read_bytes())
    except FileNotFoundError:
        return None


def claim(source: Path, folder: Path, judged: Judged, *, ask_writer: bool) -> Path:
    """Move a complete file into its claim folder and return its new path.

    `ask_writer`: whether the kernel can tell if someone writes to it (see `disk.writers`).
    CannotClaim: it stays where it is. Unsettled: it is not, or no longer, what was judged, or someone writes to it.
    """
    try:
        descriptor = open_regular(source)
    except FileNotFoundError as error:
        raise Unsettled(source) from error
    except OSError as error:
        raise CannotClaim(_explain(error, source)) from error
    target = folder / source.name
    try:
        source.rename(target)
    except FileNotFoundError as error:
        raise Unsettled(source) from error
    except OSError as error:
        raise CannotClaim(_explain(error, source)) from error
    finally:
        os.close(descriptor)
    try:
        sync_folder(folder)
        sync_folder(folder.parent)
        with contextlib.suppress(PermissionError):  # a folder that may be written to but not listed
            sync_folder(source.parent)
    except OSError as error:
        raise Unsettled(target) from error
    boundary("admit.claimed")
    check_settled(target, judged, ask_writer=ask_writer)
    return target


def check_settled(path: Path, judged: Judged, *, ask_writer: bool) -> None:
    """Raise Unsettled if the file is not the one that was judged, or a visible process has it open for writing."""
    try:
        descriptor = open_regular(path)
    except OSError as error:
        raise Unsettled(path) from error
    try:
        status = os.fstat(descriptor)
        seen = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        was_judged = seen == (judged.device, judged.inode, judged.size, judged.mtime_ns)
        if not was_judged or (ask_writer and has_writer(descriptor)):
            raise Unsettled(path)
    finally:
        os.close(descriptor)


def list_claims(claims: Path) -> list[Claim]:
    """Return every claim folder; files directly in the claims folder are ours and not claims."""
    found = []
    try:
        entries = sorted(os.scandir(claims), key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):  # its step has just ended
                found.append(Claim(entry.name, tuple(sorted(os.listdir(entry.path)))))
    return found


def split_claim(path: str) -> tuple[str, str]:
    """Split a claimed file's path, relative to the inbox, into that of its mount (`""`: the inbox's) and the rest."""
    mount, _, rest = f"/{path}".rpartition(f"/{CLAIMS}/")
    return mount.removeprefix("/"), f"{CLAIMS}/{rest}"


def remove_claim_folder(folder: Path) -> None:
    """Remove a claim folder if it is there and holds no more than the note of `note_folder`."""
    try:
        folder.rmdir()
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
            if os.listdir(folder) == [FOLDER]:
                (folder / FOLDER).unlink()
                remove_claim_folder(folder)
        elif error.errno != errno.ENOENT:
            raise


def _explain(error: OSError, source: Path) -> str:
    if error.errno in {errno.EACCES, errno.EPERM}:
        try:
            status = source.lstat()
        except OSError:
            return "It may not be read or moved."
        return (
            f"It may not be read or moved: it belongs to user {status.st_uid} with mode {status.st_mode & 0o7777:04o}."
            " Give expensed's user access to it and to its folder."
        )
    return f"It cannot be taken: {error.strerror}."
