"""Disks mounted below the archive: one that is unmounted leaves an empty folder, and no document there is gone.

Which folders were found to be on a disk of their own is noted in the archive, so that it is known after a restart, too.
Blocking code.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from expensed.disk.marked_folder import HIDDEN
from expensed.model.json_text import decode, encode_text

NOTED = f"{HIDDEN}/mounts"
"""One JSON text a line, each the path of a folder in the archive."""
LARGEST_NOTE = 100_000


def note_mount(archive: Path, folder: str) -> None:
    """Note that a folder of the archive is on a disk of its own; OSError."""
    if folder in _list_noted(archive) or os.fsencode(folder).decode(errors="replace") != folder:
        return
    with (archive / NOTED).open("ab") as note:
        note.write(encode_text(folder).encode() + b"\n")
        note.flush()
        os.fsync(note.fileno())


def list_unmounted(archive: Path) -> list[str]:
    """Return the folders whose disk is not mounted now: they are empty, and on the disk of the folder they are in."""
    return [folder for folder in _list_noted(archive) if _is_unmounted(archive / folder)]


def is_unmounted(archive: Path, path: str) -> bool:
    """Whether a path of the archive is on a disk that is not mounted now, or behind a link that leads nowhere."""
    if any(lies_in(path, folder) for folder in list_unmounted(archive)):
        return True
    above = [archive / folder for folder in PurePosixPath(path).parents if folder != PurePosixPath()]
    return any(folder.is_symlink() and not folder.exists() for folder in above)


def lies_in(path: str, folder: str) -> bool:
    """Whether a path of the archive lies below one of its folders."""
    return path.startswith(f"{folder}/")


def _list_noted(archive: Path) -> list[str]:
    try:
        with (archive / NOTED).open("rb") as note:
            lines = note.read(LARGEST_NOTE).splitlines()
    except FileNotFoundError:
        return []
    return list(dict.fromkeys(filter(None, map(_read_line, lines))))


def _read_line(line: bytes) -> str | None:
    try:
        folder = decode(line.decode(), str)
    except ValueError:
        return None  # the end of it was not written before a crash
    parts = PurePosixPath(folder).parts
    return folder if parts and ".." not in parts and not folder.startswith("/") else None


def _is_unmounted(folder: Path) -> bool:
    try:
        is_own = folder.stat().st_dev != folder.parent.stat().st_dev
        with os.scandir(folder) as entries:
            return not is_own and next(entries, None) is None
    except (FileNotFoundError, NotADirectoryError):
        return False
