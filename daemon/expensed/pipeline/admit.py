"""Admit complete files as documents: claim by rename, hash, record in one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from expensed.archive.clearing import remove_companions
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
from expensed.disk.files import hash_file, sync_folder
from expensed.disk.marked_folder import MarkedFolder
from expensed.errors import BackendUnavailable, DocumentError, ExpensedError, PlaceAway
from expensed.ledger.documents import (
    NewDocument,
    find_document,
    find_first,
    get_document,
    insert_document,
    update_document,
)
from expensed.ledger.filings import find_note, last_kind, leave_all_filings
from expensed.ledger.queries.moved import Placed, list_with_bytes
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import direct_task, insert_task, put_back
from expensed.ledger.tasks import drop_task, find_unfinished_task, has_backlog
from expensed.model.admission import Admission, Judged, Stamp
from expensed.model.states import (
    AdmissionOutcome,
    DocumentOrigin,
    DocumentState,
    Outcome,
    Root,
    Standing,
    TaskOrigin,
)
from expensed.model.text import display_name
from expensed.pipeline.context import Context, place_in_inbox
from expensed.pipeline.duplicates.same_bytes import AT_REST, join_first

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
    async with AsyncExitStack() as stack:
        known = await _find_returning(context, document_id, target.name, sha256)
        if known is not None:
            if known.id != document_id and not stack.enter_context(context.hand.take_if_free(known.id)):
                raise Unsettled(target)
            if (moved := await _claim_as(context, target, known)) is not None:
                document_id, target = known.id, moved
        return await _record_in_ledger(context, document_id, target, judged, folder, sha256, stamp)


async def _record_in_ledger(
    context: Context, document_id: str, target: Path, judged: Judged, folder: str | None, sha256: str, stamp: Stamp
) -> Admission:
    async def admit(tx: Transaction) -> None:
        existing = await find_document(tx, document_id)
        if existing is None:
            await _insert(context, tx, document_id, target, judged, sha256, folder)
        else:
            await _readmit(context, tx, existing, target, judged, sha256, stamp)

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


async def _find_returning(context: Context, document_id: str, name: str, sha256: str) -> Document | None:
    """Return the document that a person has taken out of the archive and dropped into the inbox again.

    One that failed or waited in review by its bytes alone; one that was filed only under the name that it had there,
    since other files with the same bytes are documents of their own.
    """
    known = await list_with_bytes(context.ledger, sha256)
    if not known:
        return None
    own = await find_document(context.ledger, document_id)
    with suppress(DocumentError):  # the archive is away, which is no reason to take nothing
        if own is None:
            return await _choose_returning(context, known, name)
        if await _is_out_of_archive(context, own):  # it got its own id before a crash
            return own
    return None


async def _is_out_of_archive(context: Context, document: Document) -> bool:
    """Whether a document at rest in the archive is not there, and nothing is being done with it."""
    is_at_rest = document.place.root is Root.ARCHIVE and not await context.is_there(document.place)
    return is_at_rest and await find_unfinished_task(context.ledger, document.number) is None


async def _choose_returning(context: Context, known: Sequence[Placed], name: str) -> Document | None:
    for placed in known:
        document = await get_document(context.ledger, placed.number)
        if await _is_out_of_archive(context, document) and await _may_return(context, document, name):
            return document
        if document.state in AT_REST:
            return None  # what was dropped is a twin
    return None


async def _may_return(context: Context, document: Document, name: str) -> bool:
    kind = await last_kind(context.ledger, document.number) if document.state is DocumentState.GONE else None
    if await drop_task(context.ledger, document.number) is None:
        return False
    if Outcome.FILED in (document.state, kind):
        return Path(document.place.path).name == name
    return bool({Outcome.FAILED, Outcome.REVIEW} & {document.state, kind})


async def _claim_as(context: Context, target: Path, document: Document) -> Path | None:
    """Give a claim the id of a document that is back, clear away what it has left in the archive, return the new path.

    None if that id has a claim already.
    """
    moved = target.parent.with_name(document.id) / target.name
    is_claimed_so = moved == target
    home, path = context.places.locate(place_in_inbox(context, target))
    note = await find_note(context.ledger, document.number, document.place.path)

    def rename() -> None:
        with home.opened() as root:
            claims = (root / path).parent
            claims.rename(claims.with_name(document.id))
            sync_folder(claims.parent)

    def clear() -> None:
        with suppress(OSError, PlaceAway), context.places.opened(document.place) as left:
            remove_companions(left, document.id, note)

    try:
        if not is_claimed_so:
            await asyncio.to_thread(rename)
    except OSError:
        return None
    boundary("admit.returned")
    await asyncio.to_thread(clear)
    boundary("admit.cleared")
    log.info("%s: it was dropped again, and is tried again", document.id)
    return moved


async def _readmit(
    context: Context, tx: Transaction, document: Document, target: Path, judged: Judged, sha256: str, stamp: Stamp
) -> None:
    """Readmit a document whose bytes changed after its admission, or that is back: same id, same task, read again."""
    task = await find_unfinished_task(tx, document.number)
    is_back = task is None and document.place.root is Root.ARCHIVE and document.sha256 == sha256
    if is_back and not await context.is_there(document.place):
        await _take_back(context, tx, document, target, judged, stamp)
        return
    if task is None or task.standing is not Standing.UNSETTLED:
        return  # this admission already ran
    await update_document(
        tx, document.number, sha256=sha256, size=stamp.size, mtime_ns=stamp.mtime_ns, cut_off=judged.cut_off
    )
    first = await find_first(tx, document.number, sha256, context.is_there)
    step, standing = await join_first(tx, document.number, first, task.origin)
    await direct_task(tx, task, step, standing)


async def _take_back(
    context: Context, tx: Transaction, document: Document, target: Path, judged: Judged, stamp: Stamp
) -> None:
    """Have a document that a person has put into the inbox again read and judged again; what they said of it stays."""
    task = await drop_task(tx, document.number)
    if task is None:
        return
    await update_document(
        tx,
        document.number,
        state=DocumentState.ADMITTED,
        place=place_in_inbox(context, target),
        mtime_ns=stamp.mtime_ns,
        cut_off=judged.cut_off,
        failure=None,
        unclean_ends=0,
        unclean_alone=0,
    )
    await leave_all_filings(tx, document.number)
    first = await find_first(tx, document.number, document.sha256, context.is_there)
    step, standing = await join_first(tx, document.number, first, task.origin)
    await put_back(tx, task, step, standing)
