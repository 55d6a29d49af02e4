"""Write sidecar and note again beside a document that stays in its place in the archive."""

from __future__ import annotations

import asyncio

from expensed.archive.apply import Order, renew_sidecar
from expensed.ledger.documents import get_document
from expensed.ledger.filings import find_note
from expensed.ledger.rows import Document
from expensed.model.lesson import Lesson
from expensed.model.states import Outcome
from expensed.pipeline.context import Context, note_archive_written
from expensed.pipeline.filing.choose_place import show_place
from expensed.pipeline.filing.sidecar_and_note import write_note, write_sidecar


async def renew_companions(
    context: Context,
    document: Document,
    kind: Outcome,
    lesson: Lesson | None,
    at: str,
    *,
    former_path: str | None = None,
) -> str | None:
    """Write sidecar and note again beside a document where it lies, and return the note; PlaceAway.

    `former_path`: where it lay before, if a person has moved it. A note in which a person wrote stays; then the one
    that expensed wrote before is returned.
    """
    first = await get_document(context.ledger, document.first) if document.first is not None else None
    note = write_note(document, kind, first, show_place(context, document))
    sidecar = write_sidecar(document, kind, document.place.path, first, note, lesson, at)
    former_note = await find_note(context.ledger, document.number, former_path or document.place.path)
    is_note_ours = await asyncio.to_thread(_renew_sidecar, context, document, sidecar, note, former_note)
    return note if is_note_ours else former_note


def _renew_sidecar(
    context: Context, document: Document, sidecar: str, note: str | None, former_note: str | None
) -> bool:
    """Renew sidecar and note where the document lies; return False if a person wrote in the note, which then stays."""
    with context.places.archive.opened() as archive:
        note_archive_written(context, archive)
        path = document.place.path
        order = Order(document.id, archive, path, archive / path, document.sha256, sidecar, note, context.modes)
        return renew_sidecar(order, former_note)
