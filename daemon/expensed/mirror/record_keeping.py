"""Write into the archive's records what no sidecar tells. SQLite is the truth: it knows what is still to be written.

A crash between the write and the ledger's note of it has a line written twice, which changes nothing.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from expensed.archive.records import GoneRecord, PresentRecord, Record, VendorRecord, append_records
from expensed.boundaries import boundary
from expensed.ledger.documents import get_document
from expensed.ledger.filings import last_kind
from expensed.ledger.lessons import find_lesson
from expensed.ledger.mirrored.unrecorded import list_unrecorded, set_recorded
from expensed.ledger.mirrored.vendor_names import list_unrecorded_names, set_names_recorded
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.mirror.description import describe_document
from expensed.model.place import Place
from expensed.model.states import DocumentState, Outcome, Root
from expensed.model.text import display_name

AT_ONCE = 200
AT_MOST = 1000
"""After an upgrade every document is to be told of, and recovery has other things to do."""


async def keep_records(ledger: Ledger, open_archive: Callable[[], AbstractContextManager[Path]]) -> None:
    """Write what is still to be written, at most `AT_MOST` lines; the rest is for the next time.

    OSError, or what `open_archive` raises if the archive is away.
    """
    names = await list_unrecorded_names(ledger, AT_MOST)
    if names:
        await asyncio.to_thread(_append, open_archive, [VendorRecord(said=each) for each in names.values()])
        async with ledger.transaction() as tx:
            await set_names_recorded(tx, names)
    for _ in range(AT_MOST // AT_ONCE):
        documents = await list_unrecorded(ledger, AT_ONCE)
        if not documents:
            return
        found = [await _record(ledger, document) for document in documents]
        records = [record for record in found if record is not None]
        if records:
            await asyncio.to_thread(_append, open_archive, records)
            boundary("records.written")
        async with ledger.transaction() as tx:
            await set_recorded(tx, documents)


def _append(open_archive: Callable[[], AbstractContextManager[Path]], records: Sequence[Record]) -> None:
    with open_archive() as archive:
        append_records(archive, records)


async def _record(ledger: Ledger, document: Document) -> Record | None:
    """Return the line about a document; None if its file is in the inbox, since it has not got anywhere yet."""
    lesson = await find_lesson(ledger, document.number)
    if document.state is DocumentState.GONE:
        kind = await last_kind(ledger, document.number) or document.outcome or Outcome.REVIEW
        first = await get_document(ledger, document.first) if document.first is not None else None
        described = describe_document(
            document,
            kind,
            display_name(document.place.path),
            first.id if first is not None else None,
            note=None,
            lesson=lesson,
            at=document.updated_at,
        )
        return GoneRecord(root=document.place.root, path_hex=_as_hex(document.place), document=described)
    if document.place.root is Root.INBOX:
        return None
    return PresentRecord(
        id=document.id,
        updated_at=document.updated_at,
        number=document.number,
        origin=document.origin,
        cut_off=document.cut_off,
        turns=document.turns,
        lessons=() if lesson is None else (lesson,),
    )


def _as_hex(place: Place) -> str:
    return os.fsencode(place.path).hex()
