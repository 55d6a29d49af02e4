"""Correct a document with a person's data.

A document in review is filed by the correction; a filed one gets it in ledger and sidecar, and a new place if its name
derives from what was wrong.
"""

from __future__ import annotations

from expensed.boundaries import boundary
from expensed.errors import Busy, Gone
from expensed.ledger.documents import get_document, seek_document, update_document
from expensed.ledger.queries.moved import former_of
from expensed.ledger.rows import Document, Task, TaskInput
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import insert_task
from expensed.ledger.tasks import PRIORITY_AWAITED, find_unfinished_task, get_task, last_process_task
from expensed.model.expense import Said
from expensed.model.states import DocumentState, Outcome, Step, TaskOrigin
from expensed.pipeline.context import Context
from expensed.pipeline.requests.breakdown import settle_breakdown, without_known
from expensed.pipeline.requests.filing import check_state, file_reviewed, says_the_same
from expensed.pipeline.requests.merge import add_correction, merge_said


async def correct(context: Context, document_id: str, said: Said) -> Task:
    """Return a process task that brings a correction to ledger and archive; the earlier one if nothing in it is new.

    `said` as for `file_reviewed`. Raises NotFound, Busy, Gone, or Conflict if the document cannot be corrected.
    """
    document = await seek_document(context.ledger, document_id)
    if document.state is DocumentState.REVIEW:
        return await file_reviewed(context, document_id, said, None)
    asked = settle_breakdown(document.result, said)
    said = without_known(document.result, asked)
    before = await last_process_task(context.ledger, document.number)
    if (
        before is not None
        and document.state is DocumentState.FILED
        and (_is_known(document, asked) or _is_known(document, said))
    ):
        return before
    async with context.ledger.transaction() as tx:
        document = await get_document(tx, document.number)
        unfinished = await find_unfinished_task(tx, document.number)
        if unfinished is not None and says_the_same(unfinished, asked, said):
            return unfinished
        await _check_can_be_corrected(context, tx, document, unfinished)
        await update_document(
            tx,
            document.number,
            outcome=Outcome.FILED,
            result=merge_said(document.result, said),
            corrections=add_correction(document.corrections, document.result, said),
        )
        former = await former_of(tx, document)
        number = await insert_task(
            tx,
            document.number,
            origin=TaskOrigin.PROCESS,
            step=Step.PROCESS,
            priority=PRIORITY_AWAITED,
            input=TaskInput(said, None, former),
        )
    boundary("correct.accepted")
    return await get_task(context.ledger, number)


def _is_known(document: Document, said: Said) -> bool:
    known = document.corrections.said if document.corrections is not None else Said()
    return known.only(said.names()) == said


async def _check_can_be_corrected(
    context: Context, tx: Transaction, document: Document, unfinished: Task | None
) -> None:
    if unfinished is not None:
        raise Busy(f"{document.id} is still being worked on.")
    may = "only a document that is filed or in review can be corrected"
    await check_state(tx, document, (DocumentState.FILED,), may)
    if not await context.is_there(document.place):
        raise Gone(f"{document.place.path} is no longer in the archive.")
