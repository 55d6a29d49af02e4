"""Cancelling a task: FAILURE with the code `cancelled`. A dropped file then goes to `_failed`; an upload stays."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path

from expensed.boundaries import boundary
from expensed.errors import Cancelled, Conflict
from expensed.ledger.documents import update_document
from expensed.ledger.filings import drop_intent, find_intent
from expensed.ledger.rows import Task
from expensed.ledger.store import Transaction
from expensed.ledger.tasks import end_task, get_task
from expensed.model.states import TaskState
from expensed.pipeline.context import Context, describe_error
from expensed.pipeline.extract import fail_document
from expensed.pipeline.in_hand import hand_key
from expensed.pipeline.process import restore_former


def refuse_ended(task: Task) -> Conflict:
    """What is said of a task that cannot be cancelled any more."""
    return Conflict(
        f"The task has ended already: {task.state.value}.",
        code="ended",
        hint=f"GET /api/task/{task.id} shows what came of it.",
    )


async def cancel(context: Context, task: Task) -> Task:
    """Cancel a task whose reading, if any, has been stopped; a dropped file's is then due to be filed in `_failed`.

    Conflict if it has ended, or if its document is just getting its place in the archive.
    """
    async with context.hand.hold(hand_key(task)):
        async with context.ledger.transaction() as tx:
            current = await get_task(tx, task.number)
            if current.standing == "ended":
                raise refuse_ended(current)
            if current.origin == "extract":
                await end_task(tx, current, TaskState.FAILURE, _describe())
            elif current.origin == "process":
                await _withdraw_intent(context, tx, current)
                await restore_former(tx, current, _describe())
            else:
                await _withdraw_intent(context, tx, current)
                await update_document(tx, current.document, first=None)
                await fail_document(tx, current, _describe())
        boundary("cancel.recorded")
        return await get_task(context.ledger, task.number)


def _describe() -> dict[str, str]:
    return describe_error(Cancelled("It was cancelled."))


async def _withdraw_intent(context: Context, tx: Transaction, task: Task) -> None:
    """Give back the name that was to be taken in the archive, unless it has been taken."""
    intent = await find_intent(tx, task.document)
    if intent is None:
        return
    if await asyncio.to_thread(_is_taken, context.archive / intent.path, task.document_id):
        raise Conflict(
            f"{task.document_id} is just being filed.",
            code="filing",
            hint=f"GET /api/task/{task.id} shows what comes of it.",
        )
    await drop_intent(tx, intent)


def _is_taken(destination: Path, document_id: str) -> bool:
    """Does anything lie at a destination? If not, what was copied for it is removed, if that can be done."""
    if os.path.lexists(destination):
        return True
    with suppress(OSError):  # its folder is none, its disk away or broken: hidden, it may stay
        destination.with_name(f".{document_id}.tmp").unlink(missing_ok=True)
    return False
