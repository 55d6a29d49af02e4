"""Remove a source once its document lies in the archive: the last effect of a filing, and the most careful.

Bytes are removed only here, and only after the archive's copy has been written, synced and recorded.
"""

from __future__ import annotations

import asyncio
import logging
import os
from enum import Enum, auto
from functools import partial
from pathlib import Path

from expensed.archive.clearing import remove_companions, remove_empty_folders, sync_if_there
from expensed.boundaries import boundary
from expensed.disk.claims import CLAIMS
from expensed.disk.files import has_bytes, hash_file, sync_folder
from expensed.disk.marked_folder import MarkedFolder
from expensed.disk.open_writers import path_has_writer
from expensed.ledger.filings import current_filing, find_note, leave_earlier_filings, set_filing_state
from expensed.ledger.rows import Document, Filing
from expensed.ledger.store import Transaction
from expensed.model.admission import Stamp
from expensed.model.place import Place
from expensed.model.states import FilingState, Outcome, Root
from expensed.pipeline.admit import clear_claim, new_claim
from expensed.pipeline.context import Context

log = logging.getLogger("expensed.pipeline")


class Source(Enum):
    """The state of a source after its document was filed."""

    ABSENT = auto()
    SAME = auto()
    OTHER = auto()
    WRITTEN_TO = auto()


async def remove_source(context: Context, document: Document, filing: Filing, stamp: Stamp | None) -> None:
    """Remove the source of a filing; `stamp` is the source's stamp when it was copied, None if no longer known.

    Bytes that came later become a new document. A source that is being written to is left for the next recovery, and
    so is everything if a folder is away (PlaceAway) or the archive's copy cannot be seen. Every removal is durable
    before the ledger records it.
    """
    asks = context.ask_writer and filing.source.root is Root.INBOX
    found = await asyncio.to_thread(_remove, context, document, filing, stamp, asks)
    if found is Source.WRITTEN_TO:
        return
    boundary("sources.unlinked")
    if filing.source.root is Root.INBOX:
        await _clear_claim(context, filing.source, is_new=found is Source.OTHER)
    else:
        await leave_companions(context, document, filing.source)
        await _remove_empty_folders(context, filing)
    boundary("sources.cleared")
    await context.ledger.change(partial(_close, filing=filing))


async def leave_companions(context: Context, document: Document, place: Place) -> None:
    """Remove the sidecar and the note beside a place that a document has left; a note a person wrote in stays."""
    note = await find_note(context.ledger, document.number, place.path)

    def remove() -> None:
        with context.places.opened(place) as path:
            remove_companions(path, document.id, note)

    await asyncio.to_thread(remove)


async def _remove_empty_folders(context: Context, filing: Filing) -> None:
    """Remove the category's folder, and those around it, if this was the last document in them.

    Only folders in which the ledger knows an earlier filing of the document: those were made by expensed.
    """
    earlier = await current_filing(context.ledger, filing.document, FilingState.CLOSED)
    if earlier is None or earlier.kind is not Outcome.FILED or earlier.path != filing.source.path:
        return

    def remove(path: str) -> None:
        with context.places.archive.opened() as archive:
            remove_empty_folders(archive, path)

    await asyncio.to_thread(remove, earlier.path)


def _remove(context: Context, document: Document, filing: Filing, stamp: Stamp | None, asks: bool) -> Source:
    """Remove the source durably if it is what was filed, and return what was found."""
    with context.places.opened(filing.source) as path:
        found = _look(path, filing.sha256, stamp, asks)
        if found is Source.ABSENT:
            sync_if_there(path.parent)  # a run that ended after the removal may not have got that far
        if found is not Source.SAME:
            return found
        if stamp is None and not _is_kept(context, document, filing):
            log.error("%s: %s is not what was filed there; its source stays", document.id, filing.path)
            return Source.WRITTEN_TO
        path.unlink()
        sync_folder(path.parent)
        return found


def _is_kept(context: Context, document: Document, filing: Filing) -> bool:
    """Whether the bytes lie where this filing, or a later one, put them."""
    places = {Place(Root.ARCHIVE, filing.path)}
    if document.place.root is Root.ARCHIVE:
        places.add(document.place)
    with context.places.archive.opened() as archive:
        return any(has_bytes(archive / place.path, filing.sha256) for place in places - {filing.source})


def _look(path: Path, sha256: str, stamp: Stamp | None, ask_writer: bool) -> Source:
    if not os.path.lexists(path):
        return Source.ABSENT
    if ask_writer and path_has_writer(path):
        return Source.WRITTEN_TO
    try:
        if stamp is not None and Stamp.of(path.lstat()) == stamp:
            return Source.SAME
        return Source.SAME if hash_file(path)[0] == sha256 else Source.OTHER
    except OSError:
        return Source.WRITTEN_TO  # it cannot be told now, so look again later


async def _clear_claim(context: Context, source: Place, *, is_new: bool) -> None:
    home, path = context.places.locate(source)
    if is_new:
        await _keep_as_new(context, home, path)
    await clear_claim(home, Path(path).parent.name)


async def _keep_as_new(context: Context, home: MarkedFolder, path: str) -> None:
    """Move bytes other than those filed into a new claim folder, where they settle and are admitted."""
    former, name = Path(path).parent.name, Path(path).name

    def move(document_id: str) -> None:
        with home.opened() as root:
            (root / path).rename(root / CLAIMS / document_id / name)
            sync_folder(root / CLAIMS / document_id)
            sync_folder(root / CLAIMS / former)

    async with new_claim(context, home, name) as document_id:
        await asyncio.to_thread(move, document_id)
        log.warning("%s: written to after it was filed; the later bytes become %s", former, document_id)


async def _close(tx: Transaction, filing: Filing) -> None:
    await set_filing_state(tx, filing, FilingState.CLOSED)
    if filing.source.root is Root.ARCHIVE:
        await leave_earlier_filings(tx, filing.document, filing.number)
