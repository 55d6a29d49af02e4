"""Clear away what a document has left in the archive: its sidecar and note, and folders that are empty then."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path, PurePosixPath

from expensed.archive.sidecar import note_path, read_note, read_owner, sidecar_path
from expensed.disk.files import sync_folder


def remove_companions(path: Path, document_id: str, note: str | None) -> None:
    """Remove the sidecar and the note beside a path that a document has left, durably.

    `note` is what expensed wrote there: one that a person wrote in stays, and so does everything if a file lies there.
    """
    if os.path.lexists(path):
        return  # a person put other bytes there, and may own the companions too
    owner = read_owner(path)
    if owner is None or owner.id != document_id:
        sync_if_there(path.parent)
        return
    if note is not None and read_note(path) == note:
        note_path(path).unlink()
    sidecar_path(path).unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_if_there(folder: Path) -> None:
    """Make the names in a folder durable if it is there: a run that ended after a removal may not have got that far."""
    with suppress(FileNotFoundError, NotADirectoryError):
        sync_folder(folder)


def remove_empty_folders(archive: Path, path: str) -> None:
    """Remove the folders of a path in the archive, innermost first, as far as they are empty; never the archive.

    What cannot be removed stays: it is not empty, is a link, or somebody has just put something into it.
    """
    for folder in PurePosixPath(path).parents:
        if folder == PurePosixPath():
            return
        try:
            (archive / folder).rmdir()
        except OSError:
            return
