"""How a filing ends that cannot be carried out: its document is gone, was altered, or becomes again what it was."""

from __future__ import annotations

import logging

from msgspec import UNSET

from expensed.boundaries import boundary
from expensed.errors import Altered, Fault, Gone
from expensed.ledger.documents import get_document, update_document
from expensed.ledger.filings import drop_intent, find_intent
from expensed.ledger.rows import Document, Filing, Former, Task
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import end_task
from expensed.ledger.tasks import get_task
from expensed.model.states import DocumentState, Root, TaskOrigin, TaskState
from expensed.pipeline.context import Context
from expensed.pipeline.duplicates.same_bytes import AT_REST, settle_twins

log = logging.getLogger("expensed.pipeline")

_COMING_BACK = (TaskOrigin.DISCARD, TaskOrigin.REREAD, TaskOrigin.UNDO)
"""The purposes of tasks whose document, if it is gone, is again what it was, as any is that lay in the archive."""


async def refuse_altered(context: Context, task: Task, document: Document, filing: Filing) -> None:
    """Fail the correction of a filed document whose bytes were changed, or went bad; its sha256 stays on record."""
    error = Altered(f"{document.place.path} stays as it is: its bytes are not those that were filed.")
    log.error("%s: %s", document.id, error.message)
    async with context.ledger.transaction() as tx:
        await drop_intent(tx, filing)
        await restore_former(tx, task, error.fault)


async def restore_former(tx: Transaction, task: Task, error: Fault) -> None:
    """End a filing or correction that a person asked for as a FAILURE, and restore its document to what it was."""
    former = task.former or Former(outcome=None, result=None, corrections=None)
    document = await get_document(tx, task.document)
    await _put_former(tx, document.number, former)
    await end_task(tx, task, TaskState.FAILURE, error)
    await settle_twins(tx, document.number, at_rest=document.state in AT_REST)


async def _put_former(tx: Transaction, number: int, former: Former) -> None:
    await update_document(
        tx,
        number,
        outcome=former.outcome,
        result=former.result,
        corrections=former.corrections,
        discarded=former.discarded,
        first=former.first,
        updated_at=tx.now if former.updated_at is UNSET else former.updated_at,
    )


async def lose_document(context: Context, task: Task) -> None:
    """Record a document whose source and destination are both missing as `gone`, and its task as a FAILURE."""
    error = Gone(f"{task.file} was removed before it could be filed.")
    log.warning("%s: %s", task.document_id, error.message)
    async with context.ledger.transaction() as tx:
        current, document = await get_task(tx, task.number), await get_document(tx, task.document)
        intent = await find_intent(tx, task.document)
        if intent is not None:
            await drop_intent(tx, intent)
        await update_document(tx, task.document, state=DocumentState.GONE)
        is_old = current.origin in _COMING_BACK or document.place.root is Root.ARCHIVE
        if is_old and current.former is not None:
            await _put_former(tx, task.document, current.former)  # it may come back
        await end_task(tx, current, TaskState.FAILURE, error.fault)
        await settle_twins(tx, task.document, at_rest=False)
    boundary("process.lost")
