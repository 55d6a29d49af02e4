"""Find what lies in the archive and is not in the ledger there: lost documents, doubles, sidecars left alone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from expensed.archive.inventory import Item, list_archive
from expensed.archive.sidecar import read_owner
from expensed.disk.files import hash_file
from expensed.ledger.documents import find_archived, find_document, list_archived_paths
from expensed.ledger.filings import has_open_filing
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import find_unfinished_task
from expensed.model.states import DocumentState
from expensed.model.text import display_name
from expensed.shown_commands import command

MOST_FOREIGN = 20
"""How many files that expensed did not put there are named; more are only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation, `subject` and `sentence`; `is_wrong` says whether it makes the check fail."""

    subject: str
    sentence: str
    is_wrong: bool = True


async def find_strays(archive: Path, ledger: Ledger) -> AsyncIterator[Finding]:
    """Yield what is worth saying about files that are not where the ledger has a document."""
    known = await list_archived_paths(ledger)
    foreign = 0
    try:
        items = await asyncio.to_thread(lambda: [item for item in list_archive(archive) if not _is_known(item, known)])
    except OSError as error:
        yield Finding("The archive", f"cannot be listed: {error.strerror} ({display_name(error.filename or '')}).")
        return
    for item in items:
        owner = await asyncio.to_thread(read_owner, archive / item.path)
        if owner is not None:
            finding = await _explain(item, owner.id, ledger)
        else:
            finding = await _explain_foreign(archive, item, ledger)
            foreign += finding is not None
            if foreign > MOST_FOREIGN:
                continue
        if finding is not None:
            yield finding
    if foreign > MOST_FOREIGN:
        yield Finding(f"{foreign - MOST_FOREIGN} more files", "were not put there by expensed.", is_wrong=False)


def _is_known(item: Item, known: frozenset[bytes]) -> bool:
    return os.fsencode(item.path) in known


async def _explain(item: Item, document_id: str, ledger: Ledger) -> Finding | None:
    """Explain a sidecar of expensed's where the ledger has no document, and what lies beside it."""
    shown = display_name(item.path)
    document = await find_document(ledger, document_id)
    if document is None:
        if not item.is_there:
            return Finding(document_id, f"is not known, and {shown}.json lies without its document.", is_wrong=False)
        return Finding(document_id, f"is not in the ledger, but lies in the archive as {shown}. {_advise()}")
    if document.place.path == item.path or await _is_moving(document, ledger):
        return None
    if not item.is_there:
        return Finding(document_id, f"has left {shown}, and its .json still lies there.", is_wrong=False)
    if document.state is DocumentState.GONE:
        return Finding(document_id, f"is gone from its place, and lies at {shown}.", is_wrong=False)
    place = display_name(document.place.path)
    return Finding(document_id, f"lies twice: the ledger has it as {place}, and it lies as {shown}, too.")


async def _is_moving(document: Document, ledger: Ledger) -> bool:
    """Whether the daemon is about to move a document, or to remove it from where it was."""
    return (
        await has_open_filing(ledger, document.number)
        or await find_unfinished_task(ledger, document.number) is not None
    )


def _advise() -> str:
    return f"If there are many, the ledger is lost or an older copy: `{command()} rebuild --force` makes it again."


async def _explain_foreign(archive: Path, item: Item, ledger: Ledger) -> Finding | None:
    """Explain a file without a sidecar of expensed's."""
    path = item.path if item.is_there else f"{item.path}.json"
    try:
        sha256, _ = await asyncio.to_thread(hash_file, archive / path)
    except OSError:
        return None  # it has just gone, or cannot be read
    document = await find_archived(ledger, sha256)
    if document is None:
        return Finding(display_name(path), "was not put there by expensed.", is_wrong=False)
    if document.place.path == path:
        return None  # it has just been filed
    return Finding(
        display_name(path), f"has the same bytes as {document.id}, which lies as {document.place.path}.", is_wrong=False
    )
