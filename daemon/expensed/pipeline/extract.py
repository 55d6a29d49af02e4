"""The step `extract_document`: read the file in a child process, understand it, decide where filing will put it."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from expensed.boundaries import boundary
from expensed.errors import BackendUnavailable, DocumentError, Gone, InternalError, Interrupted, SourceUnreadable
from expensed.ledger.documents import find_first, get_document, update_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Transaction
from expensed.ledger.tasks import (
    PRIORITY_BULK,
    Stale,
    count_tries,
    hand_back,
    pass_on,
    set_priority,
    set_status,
)
from expensed.logs import about
from expensed.model.expense import Examination
from expensed.model.states import Status
from expensed.pipeline.admit import join_first
from expensed.pipeline.context import Context, begin_attempt, describe_error, retry_delay_s
from expensed.pipeline.duplicates.same_expense import note_likeness
from expensed.pipeline.reading_cache import examine, reading_turn
from expensed.pipeline.teach import enhance
from expensed.readers.pool import OnStage

log = logging.getLogger("expensed.pipeline")

GiveUp = Callable[[Transaction, Task, dict[str, Any], str | None], Awaitable[None]]
_STAGES = {"extraction": Status.ENHANCING, "currency": Status.CURRENCY}


async def extract(context: Context, task: Task) -> None:
    """Run the step for a due task; every outcome is in the ledger afterwards. Interrupted if it did not begin."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(context.hand.hold(task.document_id))
        document = await get_document(context.ledger, task.document)
        await stack.enter_async_context(reading_turn(context, task, document.sha256))
        if not await begin_attempt(context, task, Status.READING):
            return
        boundary("extract.started")
        with about(document=task.document_id):
            await _run(context, task)


async def _run(context: Context, task: Task) -> None:
    started = time.monotonic()
    log.info("reading")
    try:
        document = await get_document(context.ledger, task.document)
        examination = await _examine(context, task, document)
        await _conclude(context, task, document, examination)
    except DocumentError as error:
        await settle_failure(context, task, error, fail_document)
    except (BackendUnavailable, Stale) as error:
        log.warning("%s Recovery goes on with it.", error)
    except Exception as error:
        log.exception("an error of expensed's own")
        await settle_failure(context, task, describe_unexpected(error), fail_document)
    else:
        log.info("read in %.2f s", time.monotonic() - started)


async def _examine(context: Context, task: Task, document: Document) -> Examination:
    if not await context.is_there(document.place):
        raise Gone(f"{document.file} was removed before it could be read.")
    path = context.locate(document.place)
    try:
        examination, _ = await examine(context, path, document.sha256, tell_stages(context, task))
    except Gone:
        if not await context.is_there(document.place):  # SourceUnreadable where its disk is away
            raise
        raise SourceUnreadable(f"{document.file} was away for a moment.") from None
    boundary("extract.examined")
    return examination


def tell_stages(context: Context, task: Task) -> OnStage:
    """What tells clients how far the reading of a task has come."""

    async def on_stage(stage: str) -> None:
        if status := _STAGES.get(stage):
            try:
                await context.ledger.change(partial(set_status, task=task.number, status=status))
            except BackendUnavailable as error:
                log.warning("%s", error)  # a progress sentence is not worth a reading

    return on_stage


async def _conclude(context: Context, task: Task, document: Document, examination: Examination) -> None:
    await context.ledger.change(partial(set_status, task=task.number, status=Status.DUPLICATES))
    boundary("extract.compared")
    result = judge(document, await enhance(context.ledger, examination))
    async with context.ledger.transaction() as tx:
        first = await find_first(tx, document.number, document.sha256, context.is_there)
        if first is None:
            result = await note_likeness(tx, document.number, result, examination.text)
        await _store(tx, document, examination, result)
        if first is None:
            await pass_on(tx, task)
        else:
            step, standing = await join_first(tx, document.number, first)
            await hand_back(tx, task, outcome="done", step=step, standing=standing)
        await set_priority(tx, task.number, min(task.priority, PRIORITY_BULK))
    boundary("extract.recorded")


def judge(document: Document, examination: Examination) -> dict[str, Any]:
    """The result as clients see it, with what is known of the file itself taken into account."""
    result = examination.expense.to_json()
    reasons = [*([document.cut_off] if document.cut_off else []), *examination.warnings, *result["reasons"]]
    result["reasons"] = list(dict.fromkeys(reasons))
    result["needs_review"] = bool(result["needs_review"] or document.cut_off or examination.warnings)
    return result


async def _store(tx: Transaction, document: Document, examination: Examination, result: dict[str, Any]) -> None:
    await update_document(
        tx,
        document.number,
        result=result,
        text=examination.text,
        kind=examination.kind,
        engine=examination.engine,
        turns=examination.turns,
        outcome="review" if result["needs_review"] else "filed",
        failure=None,
        unclean_ends=0,
        unclean_alone=0,
    )


def describe_unexpected(error: Exception) -> InternalError:
    """An error of expensed's own that is being handled, with where it happened."""
    found = InternalError(f"expensed met an error of its own ({type(error).__name__}).")
    found.trace = traceback.format_exc()
    return found


async def settle_failure(context: Context, task: Task, error: DocumentError, give_up: GiveUp) -> None:
    """Hand the task back to be tried later, or, if that was the last try, have `give_up` end it."""
    found = describe_error(error)
    is_last = not error.transient or (error.allowed is not None and task.failures >= error.allowed)
    delay_s = 0.0
    async with context.ledger.transaction() as tx:
        if isinstance(error, Interrupted):
            await hand_back(tx, task, outcome="interrupted")
            return
        if is_last:
            await give_up(tx, task, found, getattr(error, "trace", None))
        else:
            delay_s = retry_delay_s(await count_tries(tx, task, "failed") + 1)
            counts = error.allowed is not None
            await hand_back(tx, task, outcome="failed", delay_s=delay_s, error=found, counts=counts)
    log.warning("%s %s", error.message, "It is given up." if is_last else f"Trying again in {delay_s:g} s.")
    if is_last:
        boundary("extract.failed")


async def fail_document(tx: Transaction, task: Task, error: dict[str, Any], trace: str | None = None) -> None:
    """Decide that filing will put this task's document into `_failed`."""
    await update_document(tx, task.document, outcome="failed", failure=error)
    await pass_on(tx, task, error=error, trace=trace)
    await set_priority(tx, task.number, min(task.priority, PRIORITY_BULK))
