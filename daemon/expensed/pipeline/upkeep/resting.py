"""Find the documents at rest that a person has taken away or brought back, without a look at each of them.

A folder is listed only if it has changed since it was last listed, if one of its documents has, or if that was long
ago: a disk may keep times coarsely, or not at all.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from expensed.disk.listed_folders import MISSING, FolderStamp
from expensed.ledger.resting import Resting, RestingPath, list_changed_folders, list_in_folder, list_resting
from expensed.model.states import DocumentState
from expensed.pipeline.context import Context

FRESH_S = 3.0
"""How coarsely a disk may keep times; on FAT it is two seconds."""


async def find_changed(context: Context) -> dict[str, FolderStamp | None]:
    """Return the folders of the archive to list now, with their stamps; PlaceAway.

    A folder that has just changed has none: it may change again within the same time.
    """
    folders = context.resting
    folders.begin_round()
    changed, until = await list_changed_folders(context.ledger, folders.known_until)
    stamps = await context.look_into(
        context.places.archive, lambda archive: _stamp_all(archive, {*folders.listed, *changed})
    )
    folders.forget(changed)
    folders.known_until = until
    return {folder: stamp for folder, stamp in stamps.items() if stamp is None or folders.listed.get(folder) != stamp}


def _stamp_all(archive: Path, folders: Iterable[str]) -> dict[str, FolderStamp | None]:
    return {folder: _stamp(archive / folder) for folder in folders}


def _stamp(folder: Path) -> FolderStamp | None:
    try:
        found = folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        return MISSING
    if abs(time.time() - max(found.st_mtime, found.st_ctime)) < FRESH_S:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns


async def list_differing(context: Context, folder: str) -> list[Resting]:
    """Return the documents of a folder that are there although the ledger says gone, or the other way round.

    Only names are compared; whoever acts on it looks at the document itself.
    """
    known = await list_in_folder(context.ledger, folder)
    differing = await context.look_into(context.places.archive, lambda archive: _compare(archive / folder, known))
    return await list_resting(context.ledger, differing) if differing else []


def _compare(folder: Path, known: Sequence[RestingPath]) -> list[int]:
    try:
        with os.scandir(folder) as entries:
            present = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
    except (FileNotFoundError, NotADirectoryError):
        present = set()
    return [each.number for each in known if (each.name in present) == (each.state is DocumentState.GONE)]
