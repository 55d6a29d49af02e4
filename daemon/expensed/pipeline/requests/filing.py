"""File an upload, or a document in review, with a person's data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from expensed.boundaries import boundary
from expensed.config.schema import Settings
from expensed.errors import Backlog, Busy, Conflict, Gone, Incomplete, NotFound
from expensed.ledger.documents import find_document, find_first, update_document
from expensed.ledger.rows import Document, Former, Task, TaskInput
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import insert_task
from expensed.ledger.tasks import (
    PRIORITY_AWAITED,
    find_unfinished_task,
    get_task,
    has_backlog,
    last_process_task,
)
from expensed.model.expense import Expense, Said, list_lacking
from expensed.model.states import DocumentOrigin, DocumentState, TaskOrigin
from expensed.pipeline.context import Context
from expensed.pipeline.duplicates.same_bytes import join_first
from expensed.pipeline.requests.merge import confirm, merge_said, note_corrections
from expensed.shown_commands import filing_command

_DONE = (DocumentState.FILED, DocumentState.DUPLICATE)
_FILEABLE = (DocumentState.UPLOADED, DocumentState.READ, DocumentState.REVIEW)


async def file_reviewed(context: Context, document_id: str, said: Said, original: Said | None) -> Task:
    """Return a process task that files an upload, or a document in review; an equal request gets the same task.

    `said` is a person's validated data; fields it leaves out stay as they were read. Raises NotFound, Busy, Gone,
    Backlog, Conflict (already filed with other data, or cannot be filed), Incomplete (a field neither read nor said).
    """
    async with context.ledger.transaction() as tx:
        document = await find_document(tx, document_id)
        if document is None:
            raise NotFound(f"There is no document {document_id}.")
        unfinished = await find_unfinished_task(tx, document.number)
        before = unfinished or await last_process_task(tx, document.number)
        if before is not None and says_the_same(before, said) and (unfinished or document.state in _DONE):
            return before
        await _check_can_be_filed(context, document, unfinished)
        await check_backlog(tx, context.settings)
        number = await _accept(context, tx, document, said, original)
    boundary("review.accepted")
    return await get_task(context.ledger, number)


def _complete(context: Context, document: Document, said: Said) -> Expense:
    """Return what was read, with the default currency if none is known; Incomplete if a required field is missing.

    An upload may lack a currency: clients written to the original HTTP specification do not send one.
    """
    read = document.result or Expense(confidence=0)
    if not (said.currency or read.currency):
        read = replace(read, currency=context.settings.extraction.default_currency or None)
    lacking = list_lacking(said.applied_to(read), said.names())
    if document.origin is DocumentOrigin.UPLOAD:
        lacking = [name for name in lacking if name != "currency"]
    if lacking:
        words, are = _list_words(lacking), "is" if len(lacking) == 1 else "are"
        raise Incomplete(
            f"{document.file} cannot be filed: {words} {are} missing, neither read nor given.",
            hint=f"Give {words}, as in: {filing_command(document.id, lacking)} (over HTTP in `expense_data`).",
        )
    return read


def _list_words(words: Sequence[str]) -> str:
    *first, last = (f"the {word}" for word in words)
    return f"{', '.join(first)} and {last}" if first else last


def says_the_same(task: Task, said: Said) -> bool:
    """Whether a task was made with exactly this data."""
    return task.origin is TaskOrigin.PROCESS and task.input is not None and task.input.expense_data == said


async def _accept(context: Context, tx: Transaction, document: Document, said: Said, original: Said | None) -> int:
    """Give the document a person's data and a task that files it; an upload is compared with the known documents."""
    is_upload = document.state in (DocumentState.UPLOADED, DocumentState.READ)
    first = await find_first(tx, document.number, document.sha256, context.is_there) if is_upload else None
    read = _complete(context, document, said)  # a twin needs it too: it may take its first's place
    step, standing = await join_first(tx, document.number, first, TaskOrigin.PROCESS)
    await update_document(
        tx,
        document.number,
        result=confirm(merge_said(read, said), said),
        corrections=note_corrections(read, said, original, tx.now),
    )
    former = Former(document.outcome, document.result, document.corrections, document.updated_at)
    return await insert_task(
        tx,
        document.number,
        origin=TaskOrigin.PROCESS,
        step=step,
        standing=standing,
        priority=PRIORITY_AWAITED,
        input=TaskInput(said, original, former),
    )


async def check_backlog(tx: Transaction, settings: Settings) -> None:
    """Raise Backlog if there is too much unfinished work."""
    if await has_backlog(tx, settings.queue.backlog_max):
        raise Backlog(f"There are already {settings.queue.backlog_max} unfinished tasks.")


async def _check_can_be_filed(context: Context, document: Document, unfinished: Task | None) -> None:
    if unfinished is not None:
        raise Busy(f"{document.id} is still being worked on.")
    if document.state in _DONE:
        raise Conflict(
            f"{document.id} is already {document.state.value}, as {document.place.path}.",
            code=f"already-{document.state.value}",
            hint=f"To correct it, send PATCH /api/documents/{document.id}.",
        )
    if document.state is DocumentState.GONE:
        raise Gone(f"{document.file} was removed by someone.")
    if document.state not in _FILEABLE:
        raise Conflict(
            f"{document.id} is {document.state.value}; only an upload or a document in review can be filed.",
            code=f"is-{document.state.value}",
            hint="Retry a failed one, or drop the file into the inbox again.",
        )
    await check_is_there(context, document)


async def check_is_there(context: Context, document: Document) -> None:
    """Raise Gone if nothing lies where the ledger says."""
    if not await context.is_there(document.place):
        raise Gone(f"{document.file} is no longer there.")
