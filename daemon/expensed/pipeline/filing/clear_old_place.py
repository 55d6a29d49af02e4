"""Remove a source once its document lies in the archive: the last effect of a filing, and the most careful.

Bytes are removed only here, and only after the archive's copy has been written, synced and recorded.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import suppress
from enum import Enum, auto
from functools import partial
from pathlib import Path

from expensed.archive.empty_folders import remove_empty_folders
from expensed.archive.sidecar import note_path, read_note, read_owner, sidecar_path
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
        note = await find_note(context.ledger, document.number, filing.source.path)
        await asyncio.to_thread(_remove_companions, context, filing.source, document.id, note)
        await _remove_empty_folders(context, filing)
    boundary("sources.cleared")
    await context.ledger.change(partial(_close, filing=filing))


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
            _sync_names(path.parent)  # a run that ended after the removal may not have got that far
        if found is not Source.SAME:
            return found
        if stamp is None and not _is_kept(context, document, filing):
            log.error("%s: %s is not what was filed there; its source stays", document.id, filing.path)
            return Source.WRITTEN_TO
        path.unlink()
        sync_folder(path.parent)
        return found


def _sync_names(folder: Path) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        sync_folder(folder)


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


def _remove_companions(context: Context, source: Place, document_id: str, note: str | None) -> None:
    """Remove the sidecar and the note of a place that a document has left; a note a person wrote in stays."""
    with context.places.opened(source) as path:
        if os.path.lexists(path):
            return  # a person put other bytes there, and may own the companions too
        owner = read_owner(path)
        if owner is None or owner.id != document_id:
            _sync_names(path.parent)
            return
        if note is not None and read_note(path) == note:
            note_path(path).unlink()
        sidecar_path(path).unlink(missing_ok=True)
        sync_folder(path.parent)


async def _close(tx: Transaction, filing: Filing) -> None:
    await set_filing_state(tx, filing, FilingState.CLOSED)
    if filing.source.root is Root.ARCHIVE:
        await leave_earlier_filings(tx, filing)
