"""Remove the folders of the archive that a document has left empty; only ever empty ones, and never the archive."""

from __future__ import annotations

from pathlib import Path, PurePosixPath


def remove_empty_folders(archive: Path, path: str) -> None:
    """Remove the folders of a path in the archive, innermost first, as far as they are empty.

    What cannot be removed stays: it is not empty, is a link, or somebody has just put something into it.
    """
    for folder in PurePosixPath(path).parents:
        if folder == PurePosixPath():
            return
        try:
            (archive / folder).rmdir()
        except OSError:
            return
