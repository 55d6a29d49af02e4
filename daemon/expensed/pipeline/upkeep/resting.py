"""Find the documents at rest that a person has taken away or brought back, without a look at each of them.

A folder is listed only if it, or one of its documents, has changed since it was last listed, or if that was long ago.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from expensed.disk.listed_folders import FolderStamp, stamp_folder
from expensed.ledger.resting import Resting, RestingPath, list_changed_folders, list_in_folder, list_resting
from expensed.model.states import DocumentState, Root
from expensed.pipeline.context import Context


async def find_changed(context: Context) -> dict[str, FolderStamp | None]:
    """Return the folders of the archive to list now, with their stamps; PlaceAway."""
    folders = context.resting
    folders.begin_round()
    recent = await list_changed_folders(context.ledger, folders.known_until)
    changed = {each for each, at in recent.items() if at > folders.known_until or each not in folders.stamps}
    stamps = await context.look(
        Root.ARCHIVE, lambda archive: {each: stamp_folder(archive / each) for each in {*folders.stamps, *changed}}
    )
    folders.forget(changed)
    folders.known_until = max((folders.known_until, *recent.values()))
    return {folder: stamp for folder, stamp in stamps.items() if folders.has_changed(folder, stamp)}


async def list_differing(context: Context, folder: str) -> list[Resting]:
    """Return the documents of a folder that are there although the ledger says gone, or the other way round; PlaceAway.

    Only names are compared; whoever acts on it looks at the document itself.
    """
    known = await list_in_folder(context.ledger, folder)
    differing = await asyncio.to_thread(_compare, context, folder, known)
    return await list_resting(context.ledger, differing) if differing else []


def _compare(context: Context, folder: str, known: Sequence[RestingPath]) -> list[int]:
    try:
        with context.places.archive.opened() as archive, os.scandir(archive / folder) as entries:
            present = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
    except (FileNotFoundError, NotADirectoryError):
        present = set()
    return [each.number for each in known if (each.name in present) == (each.state is DocumentState.GONE)]
