"""Admission: a complete file becomes a document. Claim by rename, hash, one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from expensed.archive.naming import display_name
from expensed.boundaries import boundary
from expensed.disk.files import hash_file
from expensed.errors import BackendUnavailable, DocumentError
from expensed.ledger.documents import NewDocument, find_document, find_first, insert_document, update_document
from expensed.ledger.rows import Document, Place
from expensed.ledger.store import Transaction
from expensed.ledger.tasks import direct_task, find_unfinished_task, has_backlog, insert_task
from expensed.model.dropped_files import Admission, Judged, Stamp
from expensed.model.states import DocumentState, Step
from expensed.pipeline.claims import (
    CannotClaim,
    Unsettled,
    candidate_ids,
    check_settled,
    claim,
    make_claim_folder,
    remove_claim_folder,
)
from expensed.pipeline.context import CLAIMS, Context

log = logging.getLogger("expensed.pipeline")


async def admit(context: Context, path: Path, judged: Judged) -> Admission:
    """Take a complete file from the inbox, or one that has settled in its claim folder, into the ledger."""
    if path.parent.parent == context.claims:
        return await _admit_claimed(context, path, judged)
    if await has_backlog(context.ledger, context.settings.queue.backlog_max):
        return Admission("waits", reason="Too many documents are in work; it is taken when there are fewer.")
    async with AsyncExitStack() as stack:
        try:
            folder = await stack.enter_async_context(new_claim(context, path.name))
        except OSError as error:
            return Admission("waits", reason=f"The inbox cannot be written: {error.strerror}.")
        boundary("admit.folder_made")
        try:
            target = await asyncio.to_thread(claim, path, folder, judged, ask_writer=context.ask_writer)
            return await _record(context, folder.name, target, judged)
        except CannotClaim as error:
            await asyncio.to_thread(remove_claim_folder, folder)
            return Admission("waits", reason=str(error))
        except Unsettled as error:
            await asyncio.to_thread(remove_claim_folder, folder)
            return Admission("unsettled", path=error.path)
        except (BackendUnavailable, DocumentError) as error:  # claimed, and admitted as soon as that is possible
            log.warning("%s: %s", folder.name, error)
            return Admission("unsettled", path=folder / path.name)


@asynccontextmanager
async def new_claim(context: Context, name: str) -> AsyncIterator[Path]:
    """An empty claim folder under a new document id, in hand for the block; OSError if there can be none."""
    for document_id in candidate_ids(context.now(), name):
        with context.hand.take_if_free(document_id) as taken:  # first of all, or recovery might clear it away
            if not taken or await find_document(context.ledger, document_id) is not None:
                continue
            folder = await asyncio.to_thread(make_claim_folder, context.claims, document_id)
            if folder is None:
                continue
            yield folder
            return
    raise OSError("ten thousand documents of one name in one second")


async def _admit_claimed(context: Context, path: Path, judged: Judged) -> Admission:
    document_id = path.parent.name
    with context.hand.take_if_free(document_id) as taken:
        if not taken:
            return Admission("unsettled", path=path)
        try:
            await asyncio.to_thread(check_settled, path, judged, ask_writer=context.ask_writer)
            return await _record(context, document_id, path, judged)
        except Unsettled as error:
            return Admission("unsettled", path=error.path)
        except (BackendUnavailable, DocumentError) as error:
            log.warning("%s: %s", document_id, error)
            return Admission("unsettled", path=path)


async def _record(context: Context, document_id: str, target: Path, judged: Judged) -> Admission:
    try:
        sha256, stamp = await asyncio.to_thread(hash_file, target)
    except OSError as error:
        raise Unsettled(target) from error
    boundary("admit.hashed")
    if (stamp.size, stamp.mtime_ns) != (judged.size, judged.mtime_ns):
        raise Unsettled(target)
    async with context.ledger.transaction() as tx:
        existing = await find_document(tx, document_id)
        if existing is None:
            await _insert(context, tx, document_id, target, judged, sha256)
        else:
            await _readmit(context, tx, existing, judged, sha256, stamp)
    boundary("admit.recorded")
    return Admission("admitted", document_id=document_id)


async def _insert(
    context: Context, tx: Transaction, document_id: str, target: Path, judged: Judged, sha256: str
) -> None:
    number = await insert_document(
        tx,
        NewDocument(
            id=document_id,
            origin="drop",
            name=target.name,
            file=display_name(target.name),
            sha256=sha256,
            size=judged.size,
            mtime_ns=judged.mtime_ns,
            place=Place("inbox", f"{CLAIMS}/{document_id}/{target.name}"),
            cut_off=judged.cut_off,
        ),
        DocumentState.ADMITTED,
    )
    if number is None:
        raise LookupError(f"{document_id} appeared in the middle of its own admission")
    first = await find_first(tx, number, sha256, context.is_there)
    step, standing = await join_first(tx, number, first)
    await insert_task(tx, number, origin="drop", step=step, standing=standing)


async def _readmit(
    context: Context, tx: Transaction, document: Document, judged: Judged, sha256: str, stamp: Stamp
) -> None:
    """A document whose bytes changed after its admission: the same id and task, read anew."""
    task = await find_unfinished_task(tx, document.number)
    if task is None or task.standing != "unsettled":
        return  # an admission run twice
    await update_document(
        tx, document.number, sha256=sha256, size=stamp.size, mtime_ns=stamp.mtime_ns, cut_off=judged.cut_off
    )
    first = await find_first(tx, document.number, sha256, context.is_there)
    step, standing = await join_first(tx, document.number, first, task.origin)
    await direct_task(tx, task, step, standing)


async def join_first(tx: Transaction, number: int, first: Document | None, origin: str = "drop") -> tuple[Step, str]:
    """Tie a document to the first of the same bytes, if there is one; the step that its task needs, and its standing.

    With the first at rest the twin goes straight to `_duplicates`; until then it waits unread. Without a first it is
    to be read, or, where `origin` is `process`, filed with what a person has said.
    """
    is_decided = origin == "process"
    otherwise = "filed" if is_decided else None
    await update_document(
        tx, number, first=first.number if first else None, outcome="duplicate" if first else otherwise
    )
    if first is None:
        return Step.PROCESS if is_decided else Step.EXTRACT, "due"
    if first.state in (DocumentState.FILED, DocumentState.REVIEW):
        return Step.PROCESS, "due"
    return Step.PROCESS, "waiting"
