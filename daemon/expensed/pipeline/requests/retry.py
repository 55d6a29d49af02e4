"""Retry what failed: a dropped document, or an extraction over HTTP."""

from __future__ import annotations

import asyncio

from expensed.boundaries import boundary
from expensed.errors import Busy, Conflict, Gone, NotFound
from expensed.ledger.documents import Changes, find_first, get_document, update_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import put_back
from expensed.ledger.tasks import drop_task, find_task, find_unfinished_task, get_task
from expensed.model.states import DocumentState, Standing, Step, TaskOrigin, TaskState
from expensed.pipeline.context import Context, hash_place
from expensed.pipeline.duplicates.same_bytes import join_first
from expensed.pipeline.requests.filing import check_is_there
from expensed.shown_commands import rereading_command


async def retry(context: Context, task_id: str) -> Task:
    """Put the failed task of a dropped document or of an extraction back to PENDING, and return it.

    If the document has had other tasks since it failed, any of them stands for the one that failed. Raises NotFound,
    Gone, Busy, or Conflict if it has not failed, or is a filing, which must be submitted again.
    """
    seen = await find_task(context.ledger, task_id)
    repaired = await _hash_repaired(context, seen) if seen is not None else None
    async with context.ledger.transaction() as tx:
        task = await find_task(tx, task_id)
        if task is None:
            raise NotFound(f"There is no task {task_id}.")
        document = await get_document(tx, task.document)
        if repaired is not None and document.state is DocumentState.FAILED:
            await update_document(tx, document.number, **repaired)
            document = await get_document(tx, task.document)
        if task.origin is TaskOrigin.EXTRACT:
            await _retry_extraction(context, tx, task, document)
            number = task.number
        else:
            number = await _retry_document(context, tx, task, document)
    boundary("review.retried")
    return await get_task(context.ledger, number)


async def _hash_repaired(context: Context, task: Task) -> Changes | None:
    """Return hash, size and time of a failed document's present bytes, which a person may have repaired in place."""
    document = await get_document(context.ledger, task.document)
    if document.state is not DocumentState.FAILED:
        return None
    try:
        sha256, stamp = await asyncio.to_thread(hash_place, context, document.place)
    except OSError:
        return None  # the checks that follow report a file that is missing or unreadable
    return {"sha256": sha256, "size": stamp.size, "mtime_ns": stamp.mtime_ns}


async def _retry_extraction(context: Context, tx: Transaction, task: Task, document: Document) -> None:
    if task.standing is not Standing.ENDED:
        raise Busy("The task has not ended yet.")
    if task.state is not TaskState.FAILURE:
        raise Conflict(
            "The extraction has not failed.",
            code="not-failed",
            hint=f"Its result is at /api/task/{task.id}; POST /api/extract/{document.id} asks for another.",
        )
    await check_is_there(context, document)
    await put_back(tx, task, Step.EXTRACT, Standing.DUE)


async def _retry_document(context: Context, tx: Transaction, task: Task, document: Document) -> int:
    """Put the task by which a failed document arrived back to PENDING; return its number."""
    if await find_unfinished_task(tx, document.number) is not None:
        raise Busy(f"{document.id} is still being worked on.")
    if document.state is DocumentState.GONE:
        raise Gone(f"{document.file} is no longer there.")
    if task.origin is TaskOrigin.PROCESS and task.state is TaskState.FAILURE:
        raise Conflict(
            "A failed filing cannot be retried; submit it again.",
            code="ask-anew",
            hint="Send POST /api/process again.",
        )
    own = await drop_task(tx, document.number)  # a person may have asked for something else since it failed
    if document.state is not DocumentState.FAILED or own is None:
        raise Conflict(
            f"{document.id} is {document.state.value}; only a failed document can be tried again.",
            code="not-failed",
            hint=f"To have it read again all the same: {rereading_command(document.id)}",
        )
    await check_is_there(context, document)
    first = await find_first(tx, document.number, document.sha256, context.is_there)
    step, standing = await join_first(tx, document.number, first)
    await update_document(
        tx, document.number, state=DocumentState.ADMITTED, failure=None, unclean_ends=0, unclean_alone=0
    )
    await put_back(tx, own, step, standing)
    return own.number
