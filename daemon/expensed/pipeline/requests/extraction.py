"""Run extractions requested over HTTP: they report what a document says and never file anything.

An extraction changes a document's state only from `uploaded` to `read`, does not keep anyone from filing the document
meanwhile (it holds the file open, so the file may be moved), and keeps its result with its own task.
"""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from dataclasses import replace

from expensed.boundaries import boundary
from expensed.errors import BackendUnavailable, DocumentError, Fault, Gone
from expensed.ledger.documents import find_first, get_document, seek_document, update_document
from expensed.ledger.duplicates.fingerprints import add_keys
from expensed.ledger.rows import Document, Extraction, Task
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import Stale, end_task, insert_task, set_status
from expensed.ledger.tasks import PRIORITY_AWAITED, PRIORITY_PRESENT, find_unfinished_task, get_task
from expensed.logs import about
from expensed.model.expense import Examination, Expense
from expensed.model.states import DocumentState, Status, Step, TaskOrigin, TaskState
from expensed.pipeline.context import Context, begin_attempt, held_open
from expensed.pipeline.duplicates.known_before import compare_with_known
from expensed.pipeline.duplicates.same_picture import look_at_pictures
from expensed.pipeline.extract import describe_unexpected, judge, settle_failure, tell_stages, understand
from expensed.pipeline.gate import Turn
from expensed.pipeline.reading_cache import examine, reading_turn
from expensed.pipeline.requests.filing import check_backlog

log = logging.getLogger("expensed.pipeline")


async def request_extraction(context: Context, document_id: str, *, is_present: bool) -> Task:
    """Return a task that reads a document; `is_present` means that a client is waiting. NotFound, Gone, Backlog."""

    async def accept(tx: Transaction) -> Task:
        document = await seek_document(tx, document_id)
        if document.state is DocumentState.GONE:
            raise Gone(f"{document.file} was removed by someone.")
        await check_backlog(tx, context.settings)
        priority = PRIORITY_PRESENT if is_present else PRIORITY_AWAITED
        number = await insert_task(tx, document.number, origin=TaskOrigin.EXTRACT, step=Step.EXTRACT, priority=priority)
        return await get_task(tx, number)

    task = await context.ledger.change(accept)
    boundary("inquiry.accepted")
    return task


async def extract_for_client(context: Context, task: Task) -> None:
    """Run the step for an extraction task and record its outcome in the ledger."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(context.hand.hold(task.hold_id))
        document = await get_document(context.ledger, task.document)
        turn = await stack.enter_async_context(reading_turn(context, task, document.sha256))
        if not await begin_attempt(context, task, Status.READING):
            return
        boundary("inquiry.started")
        with about(document=task.document_id):
            await _run(context, task, turn)


async def _run(context: Context, task: Task, turn: Turn) -> None:
    try:
        async with held_open(context, task.document) as (path, document):
            examination, is_cached = await examine(context, path, document.sha256, tell_stages(context, task), turn)
        boundary("inquiry.examined")
        await _conclude(context, task, await understand(context, examination), is_cached=is_cached)
    except DocumentError as error:
        await settle_failure(context, task, error, _give_up)
    except (BackendUnavailable, Stale) as error:
        log.warning("%s Recovery will continue it.", error)
    except Exception as error:
        log.exception("an internal error")
        await settle_failure(context, task, describe_unexpected(error), _give_up)


async def _give_up(tx: Transaction, task: Task, error: Fault, trace: str | None) -> None:
    await end_task(tx, task, TaskState.FAILURE, error, trace=trace)


async def _conclude(context: Context, task: Task, examination: Examination, *, is_cached: bool) -> None:
    async with context.ledger.transaction() as tx:
        await set_status(tx, task.number, Status.DUPLICATES)
        document = await get_document(tx, task.document)
        first = await find_first(tx, document.number, document.sha256, context.is_there)
    boundary("inquiry.compared")
    seen = None
    if first is None:
        seen = await look_at_pictures(
            context, task, document, judge(document, examination, context.settings), examination
        )
    async with context.ledger.transaction() as tx:
        await set_status(tx, task.number, Status.FINALIZING)
        document = await get_document(tx, task.document)
        found = judge(document, examination, context.settings)
        is_new = document.state is DocumentState.UPLOADED and await find_unfinished_task(tx, document.number) is None
        if first is None:
            found, first = await compare_with_known(
                tx, document, found, examination, context.is_there, seen=seen, links=is_new
            )
        if is_new:
            await store_upload(tx, document, examination, found)
        data = replace(found, duplicate_of=first.id if first else None)
        await end_task(tx, task, TaskState.SUCCESS, result=Extraction(data, is_cached))
    boundary("inquiry.recorded")


async def store_upload(tx: Transaction, document: Document, examination: Examination, found: Expense) -> None:
    """Store what was read from an upload; whether and where it is filed is for a person to decide."""
    await update_document(
        tx,
        document.number,
        state=DocumentState.READ,
        result=found,
        text=examination.text,
        kind=examination.kind,
        engine=examination.engine,
        turns=examination.turns,
        traits=examination.traits,
        unclean_ends=0,
        unclean_alone=0,
    )
    await add_keys(tx, document.number, examination.fingerprint + examination.picture_keys)
