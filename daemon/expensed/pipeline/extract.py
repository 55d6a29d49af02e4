"""The step `extract_document`: read and understand the file in a child process, decide where it will be filed."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial

from expensed.boundaries import boundary
from expensed.config.schema import Settings
from expensed.errors import (
    BackendUnavailable,
    DocumentError,
    Fault,
    Gone,
    InternalError,
    Interrupted,
    MachineTrouble,
    PlaceAway,
    SourceUnreadable,
    is_shortage,
)
from expensed.extraction.by_folder import follow_folder
from expensed.extraction.category.own_categories import categorise_learnt
from expensed.ledger.documents import find_first, get_document, update_document
from expensed.ledger.duplicates.fingerprints import add_keys
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import Stale, hand_back, pass_on, set_priority, set_status
from expensed.ledger.tasks import PRIORITY_BULK, count_tries
from expensed.logs import about
from expensed.model.expense import Examination, Expense
from expensed.model.states import AttemptOutcome, Outcome, Stage, Status
from expensed.pipeline.context import Context, begin_attempt
from expensed.pipeline.duplicates.known_before import compare_with_known
from expensed.pipeline.duplicates.same_bytes import join_first
from expensed.pipeline.duplicates.same_picture import look_at_pictures
from expensed.pipeline.gate import Turn
from expensed.pipeline.reading_cache import examine, reading_turn
from expensed.pipeline.requests.merge import keep_said
from expensed.pipeline.retry_policy import decide_retry
from expensed.pipeline.teach import enhance
from expensed.readers.pool import OnStage

log = logging.getLogger("expensed.pipeline")

Conclude = Callable[[Context, Task, Document, Examination], Awaitable[None]]
GiveUp = Callable[[Transaction, Task, Fault, str | None], Awaitable[None]]
_STAGES = {Stage.EXTRACTION: Status.ENHANCING, Stage.CURRENCY: Status.CURRENCY}


async def extract(context: Context, task: Task) -> None:
    """Run the step for a due task and record its outcome in the ledger; Interrupted if it did not begin."""
    await read_document(context, task, _conclude, fail_document)


async def read_document(context: Context, task: Task, conclude: Conclude, give_up: GiveUp) -> None:
    """Have a task's document read, and have `conclude` record what was found, or `give_up` that nothing could be."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(context.hand.hold(task.document_id))
        document = await get_document(context.ledger, task.document)
        turn = await stack.enter_async_context(reading_turn(context, task, document.sha256))
        if not await begin_attempt(context, task, Status.READING):
            return
        boundary("extract.started")
        with about(document=task.document_id):
            await _run(context, task, turn, conclude, give_up)


async def _run(context: Context, task: Task, turn: Turn, conclude: Conclude, give_up: GiveUp) -> None:
    started = time.monotonic()
    log.debug("reading")
    try:
        document = await get_document(context.ledger, task.document)
        examination = await _examine(context, task, document, turn)
        await conclude(context, task, document, examination)
    except DocumentError as error:
        await settle_failure(context, task, error, give_up)
    except (BackendUnavailable, Stale) as error:
        log.warning("%s Recovery will continue it.", error)
    except Exception as error:
        log.exception("an internal error")
        await settle_failure(context, task, describe_unexpected(error), give_up)
    else:
        log.debug("read in %.2f s", time.monotonic() - started)


async def _examine(context: Context, task: Task, document: Document, turn: Turn) -> Examination:
    if not await context.is_there(document.place):
        raise Gone(f"{document.file} was removed before it could be read.")
    path = context.locate(document.place)
    try:
        examination, _ = await examine(context, path, document.sha256, tell_stages(context, task), turn)
    except Gone:
        if not await context.is_there(document.place):  # SourceUnreadable if its disk is away
            raise
        raise SourceUnreadable(f"{document.file} was unavailable for a moment.") from None
    boundary("extract.examined")
    return examination


def tell_stages(context: Context, task: Task) -> OnStage:
    """Return the callback that tells clients how far the reading of a task has come."""

    async def on_stage(stage: Stage) -> None:
        try:
            await context.ledger.change(partial(set_status, task=task.number, status=_STAGES[stage]))
        except BackendUnavailable as error:
            log.warning("%s", error)  # a progress sentence is not worth a reading

    return on_stage


async def _conclude(context: Context, task: Task, document: Document, examination: Examination) -> None:
    await context.ledger.change(partial(set_status, task=task.number, status=Status.DUPLICATES))
    boundary("extract.compared")
    expense = keep_said(document, judge(document, await understand(context, examination), context.settings))
    seen = await look_at_pictures(context, task, document, expense, examination)

    async def record(tx: Transaction) -> None:
        first = await find_first(tx, document.number, document.sha256, context.is_there)
        found = expense
        if first is None:
            found, first = await compare_with_known(tx, document, expense, examination, context.is_there, seen=seen)
        await store_reading(tx, document, examination, found)
        if first is None:
            await pass_on(tx, task)
        else:
            step, standing = await join_first(tx, document.number, first)
            await hand_back(tx, task, outcome=AttemptOutcome.DONE, step=step, standing=standing)
        await set_priority(tx, task.number, min(task.priority, PRIORITY_BULK))

    await context.ledger.change_or_wait(record)
    boundary("extract.recorded")


async def understand(context: Context, examination: Examination) -> Examination:
    """Return a child's reading with what was learnt of its seller, in a category that is in force."""
    learnt = await enhance(context.ledger, examination, context.settings.extraction.review_below)
    expense = categorise_learnt(learnt.expense, examination.expense, context.settings.categories.known)
    return replace(learnt, expense=expense)


def judge(document: Document, examination: Examination, settings: Settings) -> Expense:
    """Return the expense, adjusted by what is known about the file itself."""
    known = settings.categories.known
    expense = follow_folder(examination.expense, document.folder, settings.inbox.subfolders, known)
    reasons = [*([document.cut_off] if document.cut_off else []), *examination.warnings, *expense.reasons]
    needs_review = bool(expense.needs_review or document.cut_off or examination.warnings)
    return replace(expense, reasons=tuple(dict.fromkeys(reasons)), needs_review=needs_review)


async def store_reading(tx: Transaction, document: Document, examination: Examination, expense: Expense) -> None:
    """Store what was read of a document, and where it is therefore to be filed."""
    await update_document(
        tx,
        document.number,
        result=expense,
        text=examination.text,
        kind=examination.kind,
        engine=examination.engine,
        turns=examination.turns,
        traits=examination.traits,
        outcome=Outcome.REVIEW if expense.needs_review else Outcome.FILED,
        failure=None,
        unclean_ends=0,
        unclean_alone=0,
    )
    await add_keys(tx, document.number, examination.fingerprint + examination.picture_keys)


def describe_unexpected(error: Exception) -> DocumentError:
    """Return the machine's fault or an InternalError for the exception being handled, with the place of the latter."""
    if is_shortage(error):
        return MachineTrouble(f"The machine is short of something: {error}.")
    found = InternalError(f"expensed hit an internal error ({type(error).__name__}).")
    found.trace = traceback.format_exc()
    return found


async def settle_failure(context: Context, task: Task, error: DocumentError, give_up: GiveUp) -> None:
    """Hand the task back for a later try or, if that was the last one, have `give_up` end it."""
    async with context.ledger.transaction() as tx:
        if isinstance(error, Interrupted):
            await hand_back(tx, task, outcome=AttemptOutcome.INTERRUPTED)
            return
        retry = decide_retry(error, task.failures, await count_tries(tx, task, AttemptOutcome.FAILED) + 1)
        if retry is None:
            await give_up(tx, task, error.fault, error.trace if isinstance(error, InternalError) else None)
        else:
            await hand_back(
                tx, task, outcome=AttemptOutcome.FAILED, delay_s=retry.delay_s, error=error.fault, counts=retry.counts
            )
    level = logging.DEBUG if isinstance(error, PlaceAway) else logging.WARNING  # said once, for the whole place
    log.log(level, "%s %s", error.message, f"Trying again in {retry.delay_s:g} s." if retry else "Giving up.")
    if retry is None:
        boundary("extract.failed")


async def fail_document(tx: Transaction, task: Task, error: Fault, trace: str | None = None) -> None:
    """Direct this task's document to `_failed`."""
    await update_document(tx, task.document, outcome=Outcome.FAILED, failure=error)
    await pass_on(tx, task, error=error, trace=trace)
    await set_priority(tx, task.number, min(task.priority, PRIORITY_BULK))
