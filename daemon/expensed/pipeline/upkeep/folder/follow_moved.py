"""Follow a document to the place in the archive where a person has put it.

Its sidecar and note are written there before those at its old place are removed, and only then does the ledger follow:
after a crash anywhere in between the document is found there again, as it was found the first time.
"""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import replace

from expensed.archive.clearing import remove_companions, remove_empty_folders
from expensed.archive.sidecar import note_path, read_owner, sidecar_path
from expensed.boundaries import boundary
from expensed.disk.files import sync_folder
from expensed.ledger.documents import find_document, find_first, get_document, update_document
from expensed.ledger.filings import NewFiling, find_note, has_open_filing, insert_move, last_kind
from expensed.ledger.lessons import find_lesson
from expensed.ledger.queries.moved import Placed, find_placed, note_move
from expensed.ledger.rows import Document
from expensed.ledger.store import timestamp
from expensed.ledger.tasks import find_unfinished_task
from expensed.model.archive_looks import Remark
from expensed.model.place import Place
from expensed.model.states import DocumentState, Outcome, Root
from expensed.model.text import display_name
from expensed.pipeline.context import Context
from expensed.pipeline.duplicates.same_bytes import AT_REST
from expensed.pipeline.filing.companions import renew_companions

log = logging.getLogger("expensed.folder")

_NO_TEXT = Remark(
    "Its name is not valid text, so expensed cannot follow it there.", "Give it a name in ordinary letters (UTF-8)."
)
_TAKEN = Remark(
    "Another file has the name of its .json beside it, so expensed cannot follow it there.",
    "Move that .json file elsewhere, or give the document another name.",
)


class Unsettled(Exception):
    """The document is in hand, or has just come back: look again later."""


async def follow_moved(context: Context, found: Placed, path: str) -> Remark | None:
    """Have the ledger and the sidecar follow a document to this path; a remark if they cannot.

    Unsettled if it must be looked at again later; PlaceAway, ArchiveFull, OSError.
    """
    if os.fsencode(path).decode(errors="replace") != path:
        return _NO_TEXT
    with context.hand.take_if_free((await get_document(context.ledger, found.number)).id) as is_free:
        document = await get_document(context.ledger, found.number)
        if not is_free or await _is_in_progress(context, document):
            raise Unsettled
        if await context.is_there(document.place):
            return None
        kind = await _find_kind(context, document)
        if kind is None or not await _counts(context, document, kind):
            return None
        if not await _make_way(context, document, path):
            return _TAKEN
        await _follow(context, document, kind, path)
        return None


async def _is_in_progress(context: Context, document: Document) -> bool:
    return (
        await find_unfinished_task(context.ledger, document.number) is not None
        or await has_open_filing(context.ledger, document.number)
        or document.place.root is not Root.ARCHIVE
    )


async def _find_kind(context: Context, document: Document) -> Outcome | None:
    """Return as what a document lies in the archive, or lay there before it was gone."""
    if document.state is DocumentState.GONE:
        return await last_kind(context.ledger, document.number)
    return next((kind for kind in Outcome if kind.value == document.state.value), None)


async def _counts(context: Context, document: Document, kind: Outcome) -> bool:
    """Whether no other document has taken the place of one that was gone."""
    if document.state is not DocumentState.GONE or kind not in (Outcome.FILED, Outcome.REVIEW):
        return True
    async with context.ledger.transaction() as tx:
        first = await find_first(tx, document.number, document.sha256, context.is_there)
    return first is None or first.state not in AT_REST


async def _make_way(context: Context, document: Document, path: str) -> bool:
    """Have the document that lay at this path before count as gone; whether nothing of another one lies there now."""
    other = await find_placed(context.ledger, path)
    if other is not None:
        async with context.ledger.transaction() as tx:
            is_free = other.state is not DocumentState.FILED and await find_unfinished_task(tx, other.number) is None
            if is_free:
                await update_document(tx, other.number, state=DocumentState.GONE)
        if not is_free:
            raise Unsettled
        boundary("moved.displaced")
    owner = await asyncio.to_thread(_read_owner, context, path)
    if owner is None or owner == document.id:
        return owner is not None or not await asyncio.to_thread(_has_sidecar, context, path)
    left = await find_document(context.ledger, owner)
    if left is None or left.state is not DocumentState.GONE:
        return False
    await asyncio.to_thread(_clear, context, path)
    return True


def _read_owner(context: Context, path: str) -> str | None:
    with context.places.archive.opened() as archive:
        owner = read_owner(archive / path)
        return None if owner is None else owner.id


def _has_sidecar(context: Context, path: str) -> bool:
    with context.places.archive.opened() as archive:
        return os.path.lexists(sidecar_path(archive / path))


def _clear(context: Context, path: str) -> None:
    """Remove what a document that is gone has left beside its place."""
    with context.places.archive.opened() as archive:
        note_path(archive / path).unlink(missing_ok=True)
        sidecar_path(archive / path).unlink(missing_ok=True)
        sync_folder((archive / path).parent)


async def _follow(context: Context, document: Document, kind: Outcome, path: str) -> None:
    old, at = document.place, timestamp()
    moved = replace(document, place=Place(Root.ARCHIVE, path), state=DocumentState(kind))
    lesson = await find_lesson(context.ledger, document.number)
    former_note = await find_note(context.ledger, document.number, old.path)
    note = await renew_companions(context, moved, kind, lesson, at, former_path=old.path)
    boundary("moved.accompanied")
    await asyncio.to_thread(_leave, context, document, former_note)
    boundary("moved.left")
    async with context.ledger.transaction() as tx:
        tx.now = at
        await insert_move(tx, NewFiling(document.number, kind, path, document.sha256, "", note, old))
        await note_move(tx, document.number, old.path, path)
        await update_document(tx, document.number, place=moved.place, state=moved.state, updated_at=at)
    boundary("moved.recorded")
    log.info("%s: someone moved it to %s", document.id, display_name(path))


def _leave(context: Context, document: Document, note: str | None) -> None:
    """Remove what lies beside the old place, and its folder if that was left empty."""
    with context.places.archive.opened() as archive:
        remove_companions(archive / document.place.path, document.id, note)
        if document.state is DocumentState.FILED:
            remove_empty_folders(archive, document.place.path)
