"""Admit complete files as documents: claim by rename, hash, record in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from expensed.boundaries import boundary
from expensed.disk.claims import (
    CLAIMS,
    CannotClaim,
    Unsettled,
    candidate_ids,
    check_settled,
    claim,
    make_claim_folder,
    note_folder,
    read_folder,
    remove_claim_folder,
)
from expensed.disk.files import hash_file
from expensed.disk.marked_folder import MarkedFolder
from expensed.errors import BackendUnavailable, DocumentError, ExpensedError, PlaceAway
from expensed.ledger.documents import NewDocument, find_document, find_first, insert_document, update_document
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import direct_task, insert_task
from expensed.ledger.tasks import find_unfinished_task, has_backlog
from expensed.model.admission import Admission, Judged, Stamp
from expensed.model.states import (
    AdmissionOutcome,
    DocumentOrigin,
    DocumentState,
    Standing,
    TaskOrigin,
)
from expensed.model.text import display_name
from expensed.pipeline.context import Context, place_in_inbox
from expensed.pipeline.duplicates.same_bytes import join_first

log = logging.getLogger("expensed.pipeline")


async def admit(context: Context, path: Path, judged: Judged) -> Admission:
    """Admit a complete file from the inbox, or one that has settled in its claim folder, to the ledger."""
    if is_claimed(path):
        return await _admit_claimed(context, path, judged)
    if await has_backlog(context.ledger, context.settings.queue.backlog_max):
        return Admission(
            AdmissionOutcome.WAITS, reason="Too many documents are in progress; it is taken when there are fewer."
        )
    async with AsyncExitStack() as stack:
        try:
            home = await asyncio.to_thread(context.places.home_of, path)
            document_id = await stack.enter_async_context(new_claim(context, home, path.name))
        except PlaceAway as error:
            return Admission(AdmissionOutcome.WAITS, reason=error.message)
        except OSError as error:
            return Admission(AdmissionOutcome.WAITS, reason=f"The inbox cannot be written: {error.strerror}.")
        boundary("admit.folder_made")
        folder = home.path / CLAIMS / document_id
        try:
            await asyncio.to_thread(_claim, context, home, path, document_id, judged)
            return await _record(context, document_id, folder / path.name, judged)
        except CannotClaim as error:
            await clear_claim(home, document_id)
            return Admission(AdmissionOutcome.WAITS, reason=str(error))
        except Unsettled as error:
            await clear_claim(home, document_id)
            return Admission(AdmissionOutcome.UNSETTLED, path=error.path)
        except (BackendUnavailable, DocumentError) as error:  # claimed; it is admitted as soon as possible
            log.warning("%s: %s", document_id, error)
            return Admission(AdmissionOutcome.UNSETTLED, path=folder / path.name, reason=explain(error))


def is_claimed(path: Path) -> bool:
    """Whether a file lies in a claim folder."""
    return path.parent.parent.name == CLAIMS


def _claim(context: Context, home: MarkedFolder, path: Path, document_id: str, judged: Judged) -> None:
    """Claim a file; Unsettled names the path by which the rest of the daemon knows it."""
    subfolders = path.relative_to(context.inbox).parts[:-1]
    try:
        with home.opened() as root:
            folder = root / CLAIMS / document_id
            if subfolders:
                note_folder(folder, subfolders[0])
                boundary("admit.folder_noted")
            try:
                claim(root / path.relative_to(home.path), folder, judged, ask_writer=context.ask_writer)
            except Unsettled as error:
                raise Unsettled(home.path / error.path.relative_to(root)) from error
    except PlaceAway as error:
        raise CannotClaim(error.message) from error
    except OSError as error:
        raise CannotClaim(f"It cannot be taken: {error.strerror}.") from error


@asynccontextmanager
async def new_claim(context: Context, home: MarkedFolder, name: str) -> AsyncIterator[str]:
    """Yield a new document id, held for the block, whose claim folder is empty; OSError if none can be made."""
    for document_id in candidate_ids(context.now(), name):
        with context.hand.take_if_free(document_id) as taken:  # first, or recovery might clear it away
            if not taken or await find_document(context.ledger, document_id) is not None:
                continue
            if not await asyncio.to_thread(_make_folder, home, document_id):
                continue
            yield document_id
            return
    raise OSError("ten thousand documents with one name in one second")


def _make_folder(home: MarkedFolder, document_id: str) -> bool:
    with home.opened() as root:
        return make_claim_folder(root / CLAIMS, document_id) is not None


async def clear_claim(home: MarkedFolder, document_id: str) -> None:
    """Remove a claim folder if it is empty; if that fails, recovery tries again."""

    def clear() -> None:
        with suppress(OSError, PlaceAway), home.opened() as root:
            remove_claim_folder(root / CLAIMS / document_id)

    await asyncio.to_thread(clear)


async def _admit_claimed(context: Context, path: Path, judged: Judged) -> Admission:
    document_id = path.parent.name
    with context.hand.take_if_free(document_id) as taken:
        if not taken:
            return Admission(AdmissionOutcome.UNSETTLED, path=path)
        try:
            await asyncio.to_thread(check_settled, path, judged, ask_writer=context.ask_writer)
            return await _record(context, document_id, path, judged)
        except Unsettled as error:
            return Admission(AdmissionOutcome.UNSETTLED, path=error.path)
        except (BackendUnavailable, DocumentError) as error:
            log.warning("%s: %s", document_id, error)
            return Admission(AdmissionOutcome.UNSETTLED, path=path, reason=explain(error))


def explain(error: ExpensedError) -> str:
    """Say of a claimed file why it is not in the ledger yet."""
    return f"It is complete, but cannot be recorded yet: {error.message} It will be tried again."


async def _record(context: Context, document_id: str, target: Path, judged: Judged) -> Admission:
    try:
        sha256, stamp = await asyncio.to_thread(hash_file, target)
        folder = await asyncio.to_thread(read_folder, target.parent)
    except OSError as error:
        raise Unsettled(target) from error
    boundary("admit.hashed")
    if (stamp.size, stamp.mtime_ns) != (judged.size, judged.mtime_ns):
        raise Unsettled(target)

    async def admit(tx: Transaction) -> None:
        existing = await find_document(tx, document_id)
        if existing is None:
            await _insert(context, tx, document_id, target, judged, sha256, folder)
        else:
            await _readmit(context, tx, existing, judged, sha256, stamp)

    await context.ledger.change_or_wait(admit)
    boundary("admit.recorded")
    return Admission(AdmissionOutcome.ADMITTED, document_id=document_id)


async def _insert(
    context: Context,
    tx: Transaction,
    document_id: str,
    target: Path,
    judged: Judged,
    sha256: str,
    folder: str | None,
) -> None:
    number = await insert_document(
        tx,
        NewDocument(
            id=document_id,
            origin=DocumentOrigin.DROP,
            name=target.name,
            file=display_name(target.name),
            sha256=sha256,
            size=judged.size,
            mtime_ns=judged.mtime_ns,
            place=place_in_inbox(context, target),
            cut_off=judged.cut_off,
            folder=None if folder is None else display_name(folder),
        ),
        DocumentState.ADMITTED,
    )
    if number is None:
        raise LookupError(f"{document_id} appeared during its own admission")
    first = await find_first(tx, number, sha256, context.is_there)
    step, standing = await join_first(tx, number, first)
    await insert_task(tx, number, origin=TaskOrigin.DROP, step=step, standing=standing)


async def _readmit(
    context: Context, tx: Transaction, document: Document, judged: Judged, sha256: str, stamp: Stamp
) -> None:
    """Readmit a document whose bytes changed after its admission: same id, same task, read again."""
    task = await find_unfinished_task(tx, document.number)
    if task is None or task.standing is not Standing.UNSETTLED:
        return  # this admission already ran
    await update_document(
        tx, document.number, sha256=sha256, size=stamp.size, mtime_ns=stamp.mtime_ns, cut_off=judged.cut_off
    )
    first = await find_first(tx, document.number, sha256, context.is_there)
    step, standing = await join_first(tx, document.number, first, task.origin)
    await direct_task(tx, task, step, standing)
