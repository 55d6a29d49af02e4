"""Remove a source once its document lies in the archive: the last effect of a filing, and the most careful.

Bytes are removed only here, and only after the archive's copy has been written, synced and recorded.
"""

from __future__ import annotations

import asyncio
import logging
import os
from enum import Enum, auto
from pathlib import Path

from expensed.archive.empty_folders import remove_empty_folders
from expensed.archive.sidecar import note_path, read_owner, sidecar_path
from expensed.boundaries import boundary
from expensed.disk.claims import candidate_ids, make_claim_folder, remove_claim_folder
from expensed.disk.files import has_bytes, hash_file
from expensed.disk.open_writers import path_has_writer
from expensed.ledger.documents import find_document
from expensed.ledger.filings import current_filing, leave_earlier_filings, set_filing_state
from expensed.ledger.rows import Document, Filing
from expensed.ledger.store import Transaction
from expensed.model.admission import Stamp
from expensed.model.states import FilingState, Outcome, Root
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
    so is everything if the archive's copy cannot be seen.
    """
    path = context.locate(filing.source)
    asks = context.ask_writer and filing.source.root is Root.INBOX
    found = await asyncio.to_thread(_look, path, filing.sha256, stamp, asks)
    if found is Source.WRITTEN_TO:
        return
    if found is Source.SAME:
        if stamp is None and not await asyncio.to_thread(_is_kept, context, document, filing):
            log.error("%s: %s is not what was filed there; its source stays", document.id, filing.path)
            return
        await asyncio.to_thread(path.unlink)
        boundary("sources.unlinked")
    if filing.source.root is Root.INBOX:
        await _clear_claim(context, path, is_new=found is Source.OTHER)
    else:
        await asyncio.to_thread(_remove_companions, path, document.id)
        await _remove_empty_folders(context, filing)
    boundary("sources.cleared")
    async with context.ledger.transaction() as tx:
        await _close(tx, filing)


async def _remove_empty_folders(context: Context, filing: Filing) -> None:
    """Remove the category's folder, and those around it, if this was the last document in them.

    Only folders in which the ledger knows an earlier filing of the document: those were made by expensed.
    """
    earlier = await current_filing(context.ledger, filing.document, FilingState.CLOSED)
    if earlier is not None and earlier.kind is Outcome.FILED and earlier.path == filing.source.path:
        await asyncio.to_thread(remove_empty_folders, context.archive, earlier.path)


def _is_kept(context: Context, document: Document, filing: Filing) -> bool:
    """Whether the bytes lie where this filing, or a later one, put them."""
    places = {context.archive / filing.path}
    if document.place.root is Root.ARCHIVE:
        places.add(context.locate(document.place))
    return any(has_bytes(path, filing.sha256) for path in places - {context.locate(filing.source)})


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


async def _clear_claim(context: Context, path: Path, *, is_new: bool) -> None:
    if is_new:
        await _keep_as_new(context, path)
    await asyncio.to_thread(remove_claim_folder, path.parent)


async def _keep_as_new(context: Context, path: Path) -> None:
    """Move bytes other than those filed into a new claim folder, where they settle and are admitted."""
    for document_id in candidate_ids(context.now(), path.name):
        if await find_document(context.ledger, document_id) is not None:
            continue
        folder = await asyncio.to_thread(make_claim_folder, context.claims, document_id)
        if folder is not None:
            await asyncio.to_thread(path.rename, folder / path.name)
            log.warning("%s: written to after it was filed; the later bytes become %s", path.parent.name, document_id)
            return


def _remove_companions(path: Path, document_id: str) -> None:
    if os.path.lexists(path):
        return  # a person put other bytes there, and may own the companions too
    owner = read_owner(path)
    if owner is not None and owner.id == document_id:
        note_path(path).unlink(missing_ok=True)
        sidecar_path(path).unlink(missing_ok=True)


async def _close(tx: Transaction, filing: Filing) -> None:
    await set_filing_state(tx, filing, FilingState.CLOSED)
    if filing.source.root is Root.ARCHIVE:
        await leave_earlier_filings(tx, filing)
