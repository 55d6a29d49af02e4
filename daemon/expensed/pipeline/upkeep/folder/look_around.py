"""Look at the archive's folders for what a person has renamed, moved or deleted there.

A scan is the truth, hints only say where to look first. Folders that have changed are listed and compared with the
ledger by name; no file is read that lies where the ledger has it and looks as it was filed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from expensed.boundaries import boundary
from expensed.disk.archive_folders import Listing, list_folder
from expensed.disk.archive_mounts import lies_in, list_unmounted, note_mount
from expensed.disk.listed_folders import stamp_folder
from expensed.errors import BackendUnavailable, DocumentError, PlaceAway, SourceUnreadable
from expensed.ledger.documents import get_document, update_document
from expensed.ledger.queries.moved import (
    Placed,
    find_placed,
    list_placed,
    list_unread_moves,
    list_with_bytes,
)
from expensed.ledger.tasks import find_unfinished_task
from expensed.model.archive_looks import Hints, Odd, Remark, Seen
from expensed.model.states import DocumentState, Root
from expensed.pipeline.context import Context
from expensed.pipeline.upkeep.folder.find_moved import Found, find_moved, hash_seen, leave_foreign, stat_file
from expensed.pipeline.upkeep.folder.follow_moved import Unsettled, follow_moved
from expensed.pipeline.upkeep.folder.understand import Follow, understand_move

log = logging.getLogger("expensed.folder")

LONGEST_LISTING_S = 0.1
"""How long one look lists folders; the others wait for the next one."""
LONGEST_LOOK_S = 1.0
"""How long one look examines unknown files; a person may keep very many of their own in the archive."""
LOOKS_UNTIL_GONE = 2
"""How many looks must miss a filed document before it is gone: sync tools may move a file in two steps."""
FORGET_S = 3600.0
MOST_UNKNOWN = 1000
MOST_ODD = 1000
EXACT_NS = 2_500_000_000
"""How coarsely a disk may keep the time of a file."""
FILING_S = 120.0
"""On a disk that keeps no times, a file is as young as its filing."""
COMPANIONS = (".json", ".why.txt")


async def look_around(context: Context, follow: Follow, hints: Hints | None = None) -> bool:
    """Look where something seems to have changed and act on it: at the hints or, without any, all around.

    Return whether it is worth looking again soon, because a file has only just changed.
    """
    async with context.memory.turn:
        context.memory.is_young = False
        try:
            await _read_names(context, follow)  # of what was moved before the last crash, or had to wait
            unknown = await (_look_all_around(context) if hints is None else _look_at(context, hints))
            await _look_at_all_unknown(context, unknown)
            await _read_names(context, follow)
            if hints is None:
                await _look_for_missing(context)
                await _look_at_odd(context)
        except PlaceAway as error:
            log.debug("The archive cannot be looked at: %s", error)  # said once, for the whole place
        except (DocumentError, BackendUnavailable, OSError) as error:
            log.warning("The archive cannot be looked at: %s", error)
        return context.memory.is_young


async def _read_names(context: Context, follow: Follow) -> None:
    for number in await list_unread_moves(context.ledger):
        try:
            await understand_move(context, number, follow)
        except (DocumentError, OSError) as error:
            log.warning("document %d was moved, which is looked at again later: %s", number, error)


async def _look_all_around(context: Context) -> list[str]:
    """List the folders that are due, for a limited time; return the unknown files, with those from before."""
    memory, interval_s = context.memory, context.settings.inbox.rescan_s
    everywhere = bool(memory.missing)  # what is missing may be there
    due = await context.look(
        Root.ARCHIVE, lambda archive: context.folders.find_due(archive, interval_s, everywhere=everywhere)
    )
    return [*memory.unknown, *await _list_all(context, due, LONGEST_LISTING_S)]


async def _look_at(context: Context, hints: Hints) -> list[str]:
    """Look where the hints say, and return the unknown files."""
    unknown = list(context.memory.unknown)
    if hints.everything:
        context.folders.forget_all()
    for path in sorted(hints.files):
        placed = await find_placed(context.ledger, path)
        if placed is None or placed.state is not DocumentState.FILED:
            unknown.append(path)
        else:
            with suppress(PermissionError):  # its folder cannot be entered now
                await _look_at_filed(context, [placed], is_hinted=True)
    return unknown + await _list_all(context, hints.folders, LONGEST_LISTING_S)


async def _list_all(context: Context, folders: Iterable[str], longest_s: float) -> list[str]:
    """List folders, and those that are found to be new in them; return the unknown files.

    After `longest_s` the rest is left for the next look.
    """
    todo, unknown, began = sorted(folders, reverse=True), list[str](), time.monotonic()
    while todo and time.monotonic() - began < longest_s and len(context.memory.backlog) + len(unknown) < MOST_UNKNOWN:
        new, files = await _list(context, todo.pop())
        todo += new
        unknown += files
    return unknown


async def _list(context: Context, folder: str) -> tuple[list[str], list[str]]:
    """List a folder, note what is missing or altered there, and return new folders and unknown files."""
    folders, began = context.folders, time.monotonic()
    try:
        listing = await asyncio.to_thread(_list_folder, context, folder)
    except PermissionError as error:  # a `lost+found`, say
        log.info("The folder %s of the archive cannot be looked into: %s", folder, error.strerror)
        folders.pass_over(folder, await context.look(Root.ARCHIVE, lambda archive: stamp_folder(archive / folder)))
        return [], []
    if listing is None:
        folders.remove(folder)
        return [], []
    placed = await list_placed(context.ledger, folder, listing.folders)
    start = f"{folder}/" if folder else ""
    present = [each for each in placed if each.path[len(start) :] in listing.files]
    filed = [each for each in placed if each.state is DocumentState.FILED]
    await _look_at_filed(context, filed, is_hinted=False)
    others = [each for each in present if each.state not in (DocumentState.FILED, DocumentState.GONE)]
    replaced = await _list_replaced(context, others)
    new = folders.keep(folder, listing, time.monotonic() - began)
    known = {each.path[len(start) :] for each in present if each.state is not DocumentState.GONE}
    unknown = [start + name for name in sorted(listing.files - known) if not name.endswith(COMPANIONS)]
    return new, unknown + replaced


def _list_folder(context: Context, folder: str) -> Listing | None:
    with context.places.archive.opened() as archive:
        listing = list_folder(archive, folder)
        if listing is not None and listing.is_mount:
            note_mount(archive, folder)
        return listing


async def _look_at_filed(context: Context, placed: Sequence[Placed], *, is_hinted: bool) -> None:
    """Note those of these filed documents that are missing or whose bytes are others now; few of them are read."""
    found = await asyncio.to_thread(_stat_all, context, placed)
    for each in placed:
        seen = found.get(each.path)
        if seen is None:
            context.memory.missing.setdefault(each.number, 0)
        remark = await _find_altered(context, each, seen, is_hinted) if seen is not None else None
        if remark is not None and seen is not None:
            _note_odd(context, each.path, remark, seen)
        else:
            context.memory.odd.pop(each.path, None)


async def _list_replaced(context: Context, placed: Sequence[Placed]) -> list[str]:
    """Return the paths of these documents at which something else may lie now."""
    found = await asyncio.to_thread(_stat_all, context, placed)
    return [each.path for each in placed if each.path in found and not _looks_as_filed(each, found[each.path])]


def _stat_all(context: Context, placed: Sequence[Placed]) -> Mapping[str, Seen]:
    with context.places.archive.opened() as archive:
        found = {each.path: stat_file(f"{archive}/{each.path}") for each in placed}
    return {
        path: (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        for path, status in found.items()
        if status is not None
    }


def _looks_as_filed(placed: Placed, seen: Seen) -> bool:
    return seen[0] == placed.size and abs(seen[1] - placed.mtime_ns) <= EXACT_NS


async def _find_altered(context: Context, placed: Placed, seen: Seen, is_hinted: bool) -> Remark | None:
    """Return what there is to say of a filed document that has other bytes now; it is read only if it looks so."""
    if _looks_as_filed(placed, seen):
        return None
    document = await get_document(context.ledger, placed.number)
    filed_s = datetime.fromisoformat(document.updated_at).timestamp()
    if seen[0] == placed.size and not is_hinted and seen[1] / 1e9 <= filed_s + FILING_S:
        return None
    sha256 = await hash_seen(context, placed.path, seen)
    if sha256 in (None, document.sha256):
        return None
    others = [each for each in await list_with_bytes(context.ledger, sha256 or "") if each.number != placed.number]
    other = f", but those of {(await get_document(context.ledger, others[0].number)).id}" if others else ""
    return Remark(
        f"Its bytes are not those that were filed there as {document.id}{other}; nothing was corrected.",
        "Put the filed version back from a backup, and drop the new one into the inbox.",
    )


def _note_odd(context: Context, path: str, remark: Remark, seen: Seen) -> None:
    odd = context.memory.odd
    if path not in odd and len(odd) < MOST_ODD:
        log.warning("%s: %s", path, remark.sentence)
    if path in odd or len(odd) < MOST_ODD:
        odd[path] = Odd(remark, seen)


async def _look_at_all_unknown(context: Context, paths: Sequence[str]) -> None:
    """Find out what unknown files are; after a while the rest is left for the next look."""
    memory, began = context.memory, time.monotonic()
    fit = await leave_foreign(context, list(dict.fromkeys(paths)))
    for path in set(paths).difference(fit):
        memory.unknown.pop(path, None)
        memory.odd.pop(path, None)
    memory.backlog |= dict.fromkeys(fit)
    while memory.backlog and time.monotonic() - began < LONGEST_LOOK_S:
        path = next(iter(memory.backlog))
        del memory.backlog[path]
        await _look_at_unknown(context, path)


async def _look_at_unknown(context: Context, path: str) -> None:
    """Find out what an unknown file is; a document that was moved there is followed."""
    memory = context.memory
    since = memory.unknown.setdefault(path, time.monotonic())
    placed = await find_placed(context.ledger, path)
    if placed is not None and placed.state is DocumentState.FILED:
        del memory.unknown[path]
        return
    remark: Remark | None = None
    try:
        found = await find_moved(context, path)
        if found.moved is not None:
            remark = await follow_moved(context, found.moved, path)
    except Unsettled:
        found = Found(is_settled=False, is_young=True)
    except PlaceAway:
        raise
    except (DocumentError, OSError) as error:
        log.warning("%s cannot be looked at yet: %s", path, error)
        found = Found(is_settled=False)
    memory.is_young |= found.is_young
    is_old = time.monotonic() - since > FORGET_S or len(memory.unknown) > MOST_UNKNOWN
    if found.is_settled or is_old or placed is not None:
        memory.unknown.pop(path, None)
    if found.copied is not None and placed is None:  # should its original be deleted, this is where it was moved to
        memory.unknown[path] = since
        remark = await _describe_copy(context, found.copied, path)
    if remark is not None:
        _note_odd(context, path, remark, found.seen)
    else:
        memory.odd.pop(path, None)


async def _describe_copy(context: Context, placed: Placed, path: str) -> Remark:
    document = await get_document(context.ledger, placed.number)
    return Remark(
        f"It is a copy of {document.id}, which still lies as {placed.path}; nothing was changed.",
        "Move or rename that one instead, and delete this copy.",
    )


async def _look_for_missing(context: Context) -> None:
    """Count the looks that have not found a filed document; after two, it is gone."""
    memory = context.memory
    if not memory.missing:
        return
    unmounted = await context.look(Root.ARCHIVE, list_unmounted)
    for number in list(memory.missing):
        document = await get_document(context.ledger, number)
        if any(lies_in(document.place.path, folder) for folder in unmounted):
            del memory.missing[number]  # its folder will have changed once the disk is there again
            continue
        with context.hand.take_if_free(document.id) as is_free:
            if not is_free:
                continue
            is_here = document.state is not DocumentState.FILED or document.place.root is not Root.ARCHIVE
            try:
                is_missing = not is_here and not await context.is_there(document.place)
            except (PlaceAway, SourceUnreadable) as error:
                log.info("It cannot be told whether %s is there: %s", document.id, error)
                is_missing = False
            if not is_missing:
                del memory.missing[number]
                continue
            memory.missing[number] += 1
            if memory.missing[number] >= LOOKS_UNTIL_GONE:
                await _lose(context, number)
                del memory.missing[number]


async def _lose(context: Context, number: int) -> None:
    async with context.ledger.transaction() as tx:
        document = await get_document(tx, number)
        if document.state is not DocumentState.FILED or await find_unfinished_task(tx, number) is not None:
            return
        if await context.is_there(document.place):
            return
        await update_document(tx, number, state=DocumentState.GONE)
    boundary("moved.lost")
    log.info("%s: someone removed it", document.id)


async def _look_at_odd(context: Context) -> None:
    """Look again at what was left alone, and forget what has been mended."""
    memory = context.memory
    paths = list(memory.odd)
    found = await context.look(Root.ARCHIVE, lambda archive: {path: stat_file(f"{archive}/{path}") for path in paths})
    for path, status in found.items():
        seen = None if status is None else (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        if seen == memory.odd[path].seen and await find_placed(context.ledger, path) is not None:
            continue
        if seen is None:
            del memory.odd[path]
        elif (placed := await find_placed(context.ledger, path)) is not None:
            await _look_at_filed(context, [placed], is_hinted=True)
        else:
            memory.unknown.setdefault(path, time.monotonic())
