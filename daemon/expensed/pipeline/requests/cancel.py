"""Cancel a task: FAILURE with the code `cancelled`; a dropped file then goes to `_failed`, an upload stays."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

from expensed.archive.naming import name_temporary
from expensed.boundaries import boundary
from expensed.errors import Cancelled, Conflict, Fault
from expensed.ledger.documents import update_document
from expensed.ledger.filings import drop_intent, find_intent
from expensed.ledger.rows import Task
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import end_task
from expensed.ledger.tasks import get_task
from expensed.model.states import Standing, TaskOrigin, TaskState
from expensed.pipeline.context import Context
from expensed.pipeline.extract import fail_document
from expensed.pipeline.filing.endings import restore_former


def refuse_ended(task: Task) -> Conflict:
    """Return the Conflict for a task that has ended and so cannot be cancelled."""
    return Conflict(
        f"The task has already ended: {task.state.value}.",
        code="ended",
        hint=f"GET /api/task/{task.id} shows how it ended.",
    )


async def cancel(context: Context, task: Task) -> Task:
    """Cancel a task whose reading, if any, has been stopped; a dropped file is then due to be filed in `_failed`.

    Conflict if the task has ended, or if its document is just being filed.
    """
    async with context.hand.hold(task.hold_id):
        async with context.ledger.transaction() as tx:
            current = await get_task(tx, task.number)
            if current.standing is Standing.ENDED:
                raise refuse_ended(current)
            if current.origin is TaskOrigin.EXTRACT:
                await end_task(tx, current, TaskState.FAILURE, _describe())
            elif current.origin is not TaskOrigin.DROP:
                await _withdraw_intent(context, tx, current)
                await restore_former(tx, current, _describe())
            else:
                await _withdraw_intent(context, tx, current)
                await update_document(tx, current.document, first=None)
                await fail_document(tx, current, _describe())
        boundary("cancel.recorded")
        return await get_task(context.ledger, task.number)


def _describe() -> Fault:
    return Cancelled("It was cancelled.").fault


async def _withdraw_intent(context: Context, tx: Transaction, task: Task) -> None:
    """Release the name reserved in the archive; Conflict if the document already has it."""
    intent = await find_intent(tx, task.document)
    if intent is None:
        return
    if await asyncio.to_thread(_is_taken, context, intent.path, task.document_id):
        raise Conflict(
            f"{task.document_id} is just being filed.",
            code="filing",
            hint=f"GET /api/task/{task.id} shows how it ends.",
        )
    await drop_intent(tx, intent)


def _is_taken(context: Context, path: str, document_id: str) -> bool:
    """Whether anything lies at a destination; if not, remove the temporary copy made for it, if possible. PlaceAway."""
    with context.places.archive.opened() as archive:
        if os.path.lexists(archive / path):
            return True
        with suppress(OSError):  # not a folder, or a disk that is broken: the copy is hidden and may stay
            name_temporary(archive / path, document_id).unlink(missing_ok=True)
    return False
