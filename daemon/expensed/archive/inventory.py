"""List what lies in the archive: documents with their companions, and files that expensed did not put there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

JSON = ".json"
WHY = ".why.txt"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the archive that is neither a sidecar nor a note, or that would lie beside a sidecar found alone.

    `path` is relative to the archive.
    """

    path: str
    is_there: bool
    has_sidecar: bool


def list_archive(archive: Path) -> Iterator[Item]:
    """Yield every item, folder by folder in the order of their names.

    Hidden files and folders, links and special files are passed over. A `.json` beside no file counts as a sidecar
    found alone, as does one beside a file; whether expensed wrote it must still be asked. OSError if the root cannot be
    listed.
    """
    folders = [""]
    while folders:
        folder = folders.pop()
        names, below = _list_folder(archive, folder)
        folders += reversed(below)
        yield from _pair(folder, names)


def _list_folder(archive: Path, folder: str) -> tuple[set[str], list[str]]:
    names, below = set(), []
    try:
        with os.scandir(archive / folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    below.append(f"{folder}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    names.add(entry.name)
    except FileNotFoundError:
        if not folder:
            raise
    return names, sorted(below)


def _pair(folder: str, names: set[str]) -> Iterator[Item]:
    for name in sorted(names):
        has_sidecar = f"{name}{JSON}" in names
        beside = name.removesuffix(JSON).removesuffix(WHY) if not has_sidecar else name
        if beside == name or (beside not in names and not name.endswith(JSON)):
            yield Item(folder + name, True, has_sidecar)
        elif name.endswith(JSON) and name.removesuffix(JSON) not in names:
            yield Item(folder + name.removesuffix(JSON), False, True)
