"""File an upload, or a document in review, with a person's data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from msgspec import UNSET

from expensed.boundaries import boundary
from expensed.config.schema import Settings
from expensed.errors import Backlog, Busy, Conflict, Gone, Incomplete
from expensed.ledger.documents import find_first, get_document, seek_document, update_document
from expensed.ledger.queries.moved import former_of
from expensed.ledger.rows import Document, Task, TaskInput
from expensed.ledger.store import Ledger, Transaction
from expensed.ledger.task_moves import insert_task
from expensed.ledger.tasks import (
    PRIORITY_AWAITED,
    find_unfinished_task,
    get_task,
    has_backlog,
    last_process_task,
)
from expensed.model.expense import LISTS, Expense, Said, list_lacking
from expensed.model.states import DocumentState, TaskOrigin
from expensed.pipeline.context import Context
from expensed.pipeline.duplicates.same_bytes import join_first
from expensed.pipeline.requests.breakdown import settle_breakdown, without_known
from expensed.pipeline.requests.merge import confirm, merge_said, note_corrections
from expensed.shown_commands import NAME, discarding_command, filing_command, retrying_command

_DONE = (DocumentState.FILED, DocumentState.DUPLICATE)
_UPLOADS = (DocumentState.UPLOADED, DocumentState.READ)
_FILEABLE = (*_UPLOADS, DocumentState.REVIEW)


async def file_reviewed(context: Context, document_id: str, said: Said, original: Said | None) -> Task:
    """Return a process task that files an upload, or a document in review; an equal request gets the same task.

    Also another scan of a paper that is filed already, which a person takes for a purchase of its own.

    `said` is a person's validated data; fields it leaves out stay as they were read. Raises NotFound, Busy, Gone,
    Backlog, Conflict (already filed with other data, or cannot be filed), Incomplete (a field neither read nor said).
    """
    async with context.ledger.transaction() as tx:
        document = await seek_document(tx, document_id)
        unfinished = await find_unfinished_task(tx, document.number)
        before = unfinished or await last_process_task(tx, document.number)
        asked = settle_breakdown(document.result, said)
        said = without_known(document.result, asked)
        if before is not None and says_the_same(before, asked, said) and (unfinished or document.state in _DONE):
            return before
        await _check_can_be_filed(context, tx, document, unfinished)
        await check_backlog(tx, context.settings)
        number = await _accept(context, tx, document, said, original)
    boundary("review.accepted")
    return await get_task(context.ledger, number)


def _complete(context: Context, document: Document, said: Said) -> Expense:
    """Return what was read, with the default currency if none is known; Incomplete if a required field is missing.

    An upload that is filed for the first time may lack a currency: clients written to the original HTTP specification
    do not send one.
    """
    read = document.result or Expense(confidence=0)
    if not (said.currency or read.currency):
        read = replace(read, currency=context.settings.extraction.default_currency or None)
    lacking = list_lacking(said.applied_to(read), said.names())
    if document.state in _UPLOADS:
        lacking = [name for name in lacking if name != "currency"]
    if lacking:
        words, are = _list_words(lacking), "is" if len(lacking) == 1 else "are"
        raise Incomplete(
            f"{document.file} cannot be filed: {words} {are} missing, neither read nor given.",
            hint=f"Give {words}, as in: {filing_command(document.id, lacking, program=NAME)} "
            "(over HTTP in `expense_data`).",
        )
    return read


def _list_words(words: Sequence[str]) -> str:
    *first, last = (f"the {word}" for word in words)
    return f"{', '.join(first)} and {last}" if first else last


def says_the_same(task: Task, asked: Said, said: Said) -> bool:
    """Whether a task was made with exactly this data; `said` is the same without the lists that are known by now."""
    if task.origin is not TaskOrigin.PROCESS or task.input is None:
        return False
    made = task.input.expense_data
    return asked.only(made.names().intersection(LISTS)).over(said) == made


async def _accept(context: Context, tx: Transaction, document: Document, said: Said, original: Said | None) -> int:
    """Give the document a person's data and a task that files it; an upload is compared with the known documents."""
    is_upload = document.state in _UPLOADS
    first = await find_first(tx, document.number, document.sha256, context.is_there) if is_upload else None
    read = _complete(context, document, said)  # a twin needs it too: it may take its first's place
    step, standing = await join_first(tx, document.number, first, TaskOrigin.PROCESS)
    merged = confirm(merge_said(read, said), said)
    await update_document(
        tx,
        document.number,
        result=merged if first is None else replace(merged, same_paper=read.same_paper),
        corrections=note_corrections(read, said, original, tx.now),
    )
    return await insert_task(
        tx,
        document.number,
        origin=TaskOrigin.PROCESS,
        step=step,
        standing=standing,
        priority=PRIORITY_AWAITED,
        input=TaskInput(said, original, await former_of(tx, document)),
    )


async def check_backlog(source: Ledger | Transaction, settings: Settings) -> None:
    """Raise Backlog if there is too much unfinished work."""
    if await has_backlog(source, settings.queue.backlog_max):
        raise Backlog(f"There are already {settings.queue.backlog_max} unfinished tasks.")


async def _check_can_be_filed(context: Context, tx: Transaction, document: Document, unfinished: Task | None) -> None:
    if unfinished is not None:
        raise Busy(f"{document.id} is still being worked on.")
    if document.state is DocumentState.FILED:
        raise Conflict(
            f"{document.id} is already filed, as {document.place.path}.",
            code="already-filed",
            hint=f"To correct it, send PATCH /api/documents/{document.id}.",
        )
    fileable = (*_FILEABLE, DocumentState.DUPLICATE) if is_other_scan(document) else _FILEABLE
    await check_state(tx, document, fileable, "only an upload or a document in review can be filed")
    await check_is_there(context, document)


async def check_state(tx: Transaction, document: Document, allowed: Collection[DocumentState], otherwise: str) -> None:
    """Raise Gone, or Conflict, if the state is not among these; `otherwise` is what its message ends with."""
    if document.state in allowed:
        return
    if document.state is DocumentState.DUPLICATE:
        raise await refuse_duplicate(tx, document)
    if document.state is DocumentState.GONE:
        raise Gone(f"{document.file} was removed by someone.")
    raise Conflict(
        f"{document.id} is {document.state.value}; {otherwise}.",
        code=f"is-{document.state.value}",
        hint=advise(document),
    )


def is_other_scan(document: Document) -> bool:
    """Whether a document shows the same paper as its first in other bytes."""
    return document.result is not None and document.result.same_paper is not UNSET


async def refuse_duplicate(tx: Transaction, document: Document) -> Conflict:
    """Return the Conflict for a duplicate, which is neither filed nor corrected: its first is."""
    first = await get_document(tx, document.first) if document.first is not None else None
    if first is None:
        return Conflict(f"{document.id} is a duplicate, and is not filed.", code="already-duplicate")
    is_twin = document.sha256 == first.sha256
    has_the_same = "has the same bytes as" if is_twin else "shows the same paper as"
    return Conflict(
        f"{document.id} is a duplicate: it {has_the_same} {first.id}, by which the expense is counted.",
        code="already-duplicate",
        hint=f"To correct it: {filing_command(first.id, ('amount',), program=NAME)} "
        f"(over HTTP: PATCH /api/documents/{first.id})",
    )


def advise(document: Document) -> str:
    """Return what to do with a document that can be neither filed nor corrected as it is."""
    if document.state is DocumentState.DISCARDED:
        undoing = discarding_command(document.id, "--undo", program=NAME)
        return f"Put it back first: {undoing} (over HTTP: POST /api/documents/{document.id}/undiscard)"
    if document.state in (DocumentState.UPLOADED, DocumentState.READ):
        return f"File it first: {filing_command(document.id, program=NAME)} (over HTTP: POST /api/process)"
    retrying = retrying_command(document.id, program=NAME)
    return f"Have it read again first: {retrying} (over HTTP: POST /api/documents/{document.id}/reread)"


async def check_is_there(context: Context, document: Document) -> None:
    """Raise Gone if nothing lies where the ledger says."""
    if not await context.is_there(document.place):
        raise Gone(f"{document.file} is no longer there.")
