"""Read documents again and judge them with today's settings; what a person entered stays.

A document in review is then filed, or stays in review with its new reasons; an upload is only read. One that is filed
is compared, and changed only if the request says so. One that failed is tried again (`retry`).
"""

from __future__ import annotations

from dataclasses import replace

from msgspec import UNSET

from expensed.boundaries import boundary
from expensed.errors import Altered, Busy, Fault
from expensed.ledger.documents import find_document, seek_document
from expensed.ledger.rows import Document, Extraction, Former, Task, TaskInput
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import end_task, insert_task, pass_on
from expensed.ledger.tasks import PRIORITY_BULK, drop_task, find_unfinished_task, get_task
from expensed.model.expense import Examination, Expense, Said
from expensed.model.states import DocumentState, Step, TaskOrigin, TaskState
from expensed.pipeline.context import Context
from expensed.pipeline.duplicates.known_before import compare_with_known
from expensed.pipeline.duplicates.same_paper import doubt_paper
from expensed.pipeline.duplicates.same_picture import look_at_pictures
from expensed.pipeline.extract import judge, read_document, store_reading, understand
from expensed.pipeline.requests.discard import NEVER_FILED
from expensed.pipeline.requests.extraction import store_upload
from expensed.pipeline.requests.filing import check_backlog, check_is_there, check_state
from expensed.pipeline.requests.merge import keep_said
from expensed.pipeline.requests.retry import READABLE, retry


async def request_reread(context: Context, document_id: str, *, apply: bool) -> Task:
    """Return a task that reads a document again; `apply`: change it even if it is filed.

    Raises NotFound, Busy, Gone, Backlog, or Conflict if its state does not allow it.
    """
    failed = await _find_failed_task(context, document_id)
    if failed is not None:
        return await retry(context, failed.id)
    async with context.ledger.transaction() as tx:
        document = await seek_document(tx, document_id)
        if await find_unfinished_task(tx, document.number) is not None:
            raise Busy(f"{document.id} is still being worked on.")
        await check_backlog(tx, context.settings)
        await check_state(tx, document, READABLE, "it is not read again")
        await check_is_there(context, document)
        number = await insert_task(
            tx,
            document.number,
            origin=TaskOrigin.REREAD,
            step=Step.EXTRACT,
            priority=PRIORITY_BULK,
            input=TaskInput(Said(), None, Former.of(document), apply=apply),
        )
    boundary("reread.accepted")
    return await get_task(context.ledger, number)


async def _find_failed_task(context: Context, document_id: str) -> Task | None:
    """Return the task to be tried again if the document has failed; None if it has not."""
    document = await find_document(context.ledger, document_id)
    if document is None or document.state is not DocumentState.FAILED:
        return None
    return await drop_task(context.ledger, document.number)


async def read_again(context: Context, task: Task) -> None:
    """Run the step for a due task; a document that cannot be read this time stays as it is."""
    await read_document(context, task, _conclude, _give_up)


async def _give_up(tx: Transaction, task: Task, error: Fault, trace: str | None) -> None:
    await end_task(tx, task, TaskState.FAILURE, error, trace=trace)


async def _conclude(context: Context, task: Task, document: Document, examination: Examination) -> None:
    if examination.sha256 not in ("", document.sha256):
        raise Altered(f"{document.place.path} is not read again: its bytes are not those that were put there.")
    found = judge(document, await understand(context, examination), context.settings)
    applies = task.input is not None and task.input.apply
    is_compared = document.state is not DocumentState.FILED
    seen = await look_at_pictures(context, task, document, found, examination) if is_compared else None
    async with context.ledger.transaction() as tx:
        if is_compared:
            found, first = await compare_with_known(tx, document, found, examination, context.is_there, seen=seen)
            if first is not None and found.same_paper is not UNSET:  # it waits for a person, who shall decide
                found = doubt_paper(replace(found, same_paper=UNSET), first, found.same_paper.reason)
        elif document.result is not None:
            found = replace(found, same_purchase=document.result.same_purchase)
        found = _keep_doubt(document, keep_said(document, found))
        if document.state is DocumentState.FILED and not applies:
            await end_task(tx, task, TaskState.SUCCESS, result=Extraction(found, cached=False))
        elif document.state in (DocumentState.REVIEW, DocumentState.FILED):
            await store_reading(tx, document, examination, found)
            await pass_on(tx, task)
        else:
            await store_upload(tx, document, examination, found)
            await end_task(tx, task, TaskState.SUCCESS)
    boundary("reread.recorded")


def _keep_doubt(document: Document, found: Expense) -> Expense:
    """Return a new reading that still waits for a person if the document is an upload that nobody has filed."""
    before = document.result.reasons if document.result is not None else ()
    if document.state is not DocumentState.REVIEW or NEVER_FILED not in before:
        return found
    return replace(found, needs_review=True, reasons=(*found.reasons, NEVER_FILED))
