"""The step `process_document`: plan, intend, apply, record, and only then remove the source.

Safe to run again from the top after a crash anywhere: an intent in the ledger is carried out, not planned again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from expensed.archive.apply import (
    NameTaken,
    Order,
    SourceChanged,
    SourceMissing,
    apply_filing,
    find_free,
)
from expensed.archive.plan import FOLDERS
from expensed.boundaries import boundary
from expensed.disk.archive_mounts import is_unmounted
from expensed.errors import (
    BackendUnavailable,
    Cancelled,
    DocumentError,
    InternalError,
    MachineTrouble,
    PlaceAway,
    SourceUnreadable,
    is_shortage,
)
from expensed.ledger.documents import find_first, get_document, update_document
from expensed.ledger.duplicates.purchases import lead_purchase
from expensed.ledger.filings import (
    NewFiling,
    drop_intent,
    find_intent,
    insert_filing,
    is_reserved,
    renew_filing,
    reservation,
    set_filing_state,
)
from expensed.ledger.rows import Document, Filing, Task
from expensed.ledger.store import Transaction, timestamp
from expensed.ledger.task_moves import Stale, end_task, hand_back
from expensed.ledger.tasks import count_tries, find_task
from expensed.logs import about
from expensed.model.admission import Stamp
from expensed.model.expense import Expense
from expensed.model.place import Place
from expensed.model.states import (
    AttemptOutcome,
    DocumentState,
    FilingState,
    Outcome,
    Root,
    Standing,
    Status,
    Step,
    TaskOrigin,
    TaskState,
)
from expensed.pipeline.context import Context, begin_attempt, hash_place, note_archive_written
from expensed.pipeline.duplicates.same_bytes import AT_REST, join_first, settle_twins
from expensed.pipeline.filing.choose_place import plan_place, show_place
from expensed.pipeline.filing.clear_old_place import remove_source
from expensed.pipeline.filing.companions import renew_companions
from expensed.pipeline.filing.endings import lose_document, refuse_altered
from expensed.pipeline.filing.journal import enter_in_journal
from expensed.pipeline.filing.sidecar_and_note import describe_filing, write_note, write_sidecar
from expensed.pipeline.filing.tell_again import tell_papers
from expensed.pipeline.retry_policy import TRIES_BEFORE_REVIEW, retry_delay_s
from expensed.pipeline.teach import plan_lesson, teach

log = logging.getLogger("expensed.pipeline")

_STATES = {
    Outcome.FILED: DocumentState.FILED,
    Outcome.REVIEW: DocumentState.REVIEW,
    Outcome.DUPLICATE: DocumentState.DUPLICATE,
    Outcome.FAILED: DocumentState.FAILED,
    Outcome.DISCARDED: DocumentState.DISCARDED,
}
_IN_PLACE = (Outcome.FILED, Outcome.REVIEW, Outcome.DISCARDED)
"""Outcomes for which a document that had them before need not move, if its name stays the same."""


async def process(context: Context, task_id: str, attempt: int) -> None:
    """Run the step for a task if `attempt` is still its current one, and record the outcome in the ledger."""
    task = await find_task(context.ledger, task_id)
    if task is None or not task.is_due_at(Step.PROCESS, attempt):
        return
    async with context.hand.hold(task.document_id):
        status = Status.FINALIZING if task.origin in (TaskOrigin.DROP, TaskOrigin.REREAD) else Status.FILING
        if not await begin_attempt(context, task, status):
            return
        boundary("process.started")
        with about(document=task.document_id):
            await _run(context, task)


async def _run(context: Context, task: Task) -> None:
    try:
        filed = await _file(context, task)
    except SourceMissing:
        await _miss_source(context, task)
    except DocumentError as error:
        await _try_later(context, task, error)
    except (BackendUnavailable, Stale) as error:
        log.warning("%s Recovery will continue it.", error)
    except Exception as error:
        log.exception("an internal error")
        await _survive(context, task, error)
    else:
        if filed is not None:
            await _let_go(context, *filed)
            if filed[0].result is not None and filed[0].result.same_purchase:
                await tell_papers(context, filed[0])


async def _miss_source(context: Context, task: Task) -> None:
    """Settle a source that was not there to copy: it is gone, unless its whole disk is away."""
    document = await get_document(context.ledger, task.document)
    try:
        is_there = await context.is_there(document.place)
    except DocumentError as error:
        await _try_later(context, task, error)
        return
    if is_there:
        await _try_later(context, task, SourceUnreadable(f"{document.file} was missing for a moment."))
    else:
        await lose_document(context, task)


async def _try_later(context: Context, task: Task, error: DocumentError) -> None:
    async with context.ledger.transaction() as tx:
        delay_s = retry_delay_s(await count_tries(tx, task, AttemptOutcome.FAILED) + 1)
        await hand_back(tx, task, outcome=AttemptOutcome.FAILED, delay_s=delay_s, error=error.fault)
    level = logging.DEBUG if isinstance(error, PlaceAway) else logging.WARNING  # said once, for the whole place
    log.log(level, "%s Trying again in %g s.", error.message, delay_s)


async def _survive(context: Context, task: Task, error: Exception) -> None:
    """Try again after an unexpected error; send the document to review if no name can be planned from its reading."""
    if is_shortage(error):
        await _try_later(context, task, MachineTrouble(f"The machine is short of something: {error}."))
        return
    fault = InternalError(f"expensed hit an internal error ({type(error).__name__}).").fault
    async with context.ledger.transaction() as tx:
        tries = await count_tries(tx, task, AttemptOutcome.INTERNAL) + 1
        document = await get_document(tx, task.document)
        is_planned = await find_intent(tx, document.number) is not None
        if tries >= TRIES_BEFORE_REVIEW and document.outcome is Outcome.FILED and not is_planned:
            reason = f"It could not be filed with what was read ({type(error).__name__}); the log says more."
            known = document.result or Expense(confidence=0)
            await update_document(tx, document.number, outcome=Outcome.REVIEW, result=replace(known, reasons=(reason,)))
        await hand_back(tx, task, outcome=AttemptOutcome.INTERNAL, delay_s=retry_delay_s(tries), error=fault)


async def _let_go(context: Context, document: Document, filing: Filing, stamp: Stamp | None) -> None:
    """Remove the source of a recorded filing; recovery repeats what fails here."""
    try:
        await remove_source(context, document, filing, stamp)
    except Exception as error:  # noqa: BLE001 - the document is filed, and nothing here may undo that
        log.warning("its source could not be removed yet: %s", error)


async def _file(context: Context, task: Task) -> tuple[Document, Filing, Stamp | None] | None:
    """Plan, intend, apply and record; None if there is no source to remove (the task was handed back)."""
    while True:
        document = await get_document(context.ledger, task.document)
        if await _stays(context, task, document):
            await _renew(context, task, document)
            return None
        filing = await find_intent(context.ledger, document.number) or await _intend(context, task, document)
        if filing is None:
            return None  # its first is gone, so it was handed back to be read
        boundary("process.intended")
        try:
            stamp = await asyncio.to_thread(_apply, context, document, filing)
        except NameTaken:
            async with context.ledger.transaction() as tx:
                await drop_intent(tx, filing)
            continue
        except SourceChanged:
            if await _settle_again(context, task, document, filing):
                return None
            continue
        break
    boundary("process.applied")
    await _record(context, task, document, filing)
    boundary("process.recorded")
    return document, filing, stamp


async def _stays(context: Context, task: Task, document: Document) -> bool:
    """Whether the document already lies where its present data puts it: as it was, or as a person has put it there.

    Then only its data has changed.
    """
    outcome = document.outcome or Outcome.REVIEW
    can_stay = outcome in _IN_PLACE or outcome is Outcome.FAILED
    if not can_stay or document.place.root is not Root.ARCHIVE:
        return False
    if await find_intent(context.ledger, document.number) is not None:
        return False
    is_as_before = outcome is Outcome.FILED and document.state is DocumentState.FILED
    if not is_as_before and not await context.is_there(document.place):
        return False
    if outcome is not Outcome.FILED and document.place.path.startswith(f"{FOLDERS[outcome]}/"):
        return True  # perhaps under a name that a person gave it
    plan = await plan_place(context, document, outcome, task.undoing)
    if plan.holds(document.place.path):
        return True
    return await asyncio.to_thread(_is_one_name, context, document, next(plan.paths()))


def _is_one_name(context: Context, document: Document, path: str) -> bool:
    """Whether two paths are one file to a disk that does not tell capitals from small letters."""
    if reservation(path) != reservation(document.place.path):
        return False
    with context.places.archive.opened() as archive:
        try:
            return (archive / path).samefile(archive / document.place.path)
        except OSError:
            return False


async def _renew(context: Context, task: Task, document: Document) -> None:
    """Update the sidecar to what the ledger knows; safe to run again after a crash at any point."""
    path, kind, at = document.place.path, document.outcome or Outcome.FILED, timestamp()
    lesson = await plan_lesson(context.ledger, document, task, at)
    note = await renew_companions(context, document, kind, lesson, at)
    boundary("process.renewed")
    async with context.ledger.transaction() as tx:
        discarded = document.discarded if kind is Outcome.DISCARDED else None
        await update_document(tx, document.number, state=_STATES[kind], discarded=discarded, updated_at=at)
        await renew_filing(tx, document.number, path, kind, note)
        await _conclude(tx, task, document, kind, path, at)
    log.info("still %s, and stays at %s" if _STATES[kind] is document.state else "%s, and stays at %s", kind, path)


def _apply(context: Context, document: Document, filing: Filing) -> Stamp | None:
    """Have the archive carry out a filing, through descriptors of the marked folders; see `apply_filing`, PlaceAway."""
    with context.places.archive.opened() as archive, context.places.opened(filing.source) as source:
        if is_unmounted(archive, filing.path):
            raise PlaceAway(f"The disk below the archive is not mounted to which {filing.path} belongs.")
        note_archive_written(context, archive)
        texts = filing.sidecar, filing.note
        return apply_filing(Order(document.id, archive, filing.path, source, filing.sha256, *texts, context.modes))


async def _intend(context: Context, task: Task, document: Document) -> Filing | None:
    """Choose a free name and reserve it for the document; None if a duplicate lost its first and must be read."""
    kind = document.outcome or Outcome.REVIEW
    first: Document | None = None
    if kind is Outcome.DUPLICATE:
        first = await _first_at_rest(context, task, document)
        if first is None:
            return None
    elif document.first is not None:  # a twin that a person discards
        first = await get_document(context.ledger, document.first)
    plan = await plan_place(context, document, kind, task.undoing)
    note = write_note(document, kind, first, show_place(context, document))
    paths = plan.paths()

    async def reserve(tx: Transaction, path: str) -> Filing | None:
        if await is_reserved(tx, path):
            return None
        lesson = await plan_lesson(tx, document, task, tx.now)
        sidecar = write_sidecar(document, kind, path, first, note, lesson, tx.now)
        new = NewFiling(document.number, kind, path, document.sha256, sidecar, note, document.place)
        await insert_filing(tx, new)
        return await find_intent(tx, document.number)

    while True:
        path = await asyncio.to_thread(_next_free, context, paths)
        if (filing := await context.ledger.change(partial(reserve, path=path))) is not None:
            return filing


def _next_free(context: Context, paths: Iterator[str]) -> str:
    with context.places.archive.opened() as archive:
        note_archive_written(context, archive)  # an older ledger must not even reserve a name
        return find_free(archive, paths)


async def _first_at_rest(context: Context, task: Task, document: Document) -> Document | None:
    async with context.ledger.transaction() as tx:
        first = await find_first(tx, document.number, document.sha256, context.is_there)
        if first is not None and first.state in AT_REST:
            return first
        step, standing = await join_first(tx, document.number, first, task.origin)
        await hand_back(tx, task, outcome=AttemptOutcome.HANDED_BACK, step=step, standing=standing)
        return None


async def _record(context: Context, task: Task, document: Document, filing: Filing) -> None:
    async def record(tx: Transaction) -> None:
        await set_filing_state(tx, filing, FilingState.FILED)
        await update_document(
            tx,
            document.number,
            state=_STATES[filing.kind],
            place=Place(Root.ARCHIVE, filing.path),
            discarded=document.discarded if filing.kind is Outcome.DISCARDED else None,
            updated_at=filing.created_at,  # as the sidecar says
        )
        await _conclude(tx, task, document, filing.kind, filing.path, filing.created_at)

    await context.ledger.change(record)
    log.info("%s as %s%s", filing.kind, filing.path, describe_filing(document, filing.kind))


async def _conclude(tx: Transaction, task: Task, document: Document, kind: Outcome, path: str, at: str) -> None:
    """End the task of a document that lies where it belongs, and settle what depends on it."""
    if kind is Outcome.FILED and document.result is not None and document.result.same_purchase:
        await lead_purchase(tx, document.number)
    if kind is Outcome.FAILED and task.origin not in (TaskOrigin.DISCARD, TaskOrigin.UNDO):
        await end_task(tx, task, TaskState.FAILURE, document.failure)
    else:
        await _succeed(tx, task, document, kind, path, at)
    await settle_twins(tx, document.number, at_rest=kind in (Outcome.FILED, Outcome.REVIEW))


async def _succeed(tx: Transaction, task: Task, document: Document, kind: Outcome, path: str, at: str) -> None:
    """End a task as a SUCCESS, enter in the journal what it has done, and learn from what a person said with it.

    `kind` and `path`: how its document lies in the archive now; `at`: the time that the sidecar tells.
    """
    await end_task(tx, task, TaskState.SUCCESS)
    await enter_in_journal(tx, task, document, kind, path)
    await teach(tx, document, task, at)


async def _settle_again(context: Context, task: Task, document: Document, filing: Filing) -> bool:
    """Handle bytes that changed after they were read; return whether this attempt is over.

    A dropped file settles again (True). For a filed document the request fails and none of the new bytes are taken
    over (True). Anything else, uploaded, cancelled or put into the archive by a person, is taken as it is now (False).
    """
    if document.state is DocumentState.FILED:
        await refuse_altered(context, task, document, filing)
        return True
    is_cancelled = document.failure is not None and document.failure.code == Cancelled.code
    if document.place.root is Root.INBOX and task.origin is TaskOrigin.DROP and not is_cancelled:
        async with context.ledger.transaction() as tx:
            await drop_intent(tx, filing)
            await update_document(tx, document.number, outcome=None, result=None, text=None)
            await hand_back(
                tx, task, outcome=AttemptOutcome.HANDED_BACK, step=Step.EXTRACT, standing=Standing.UNSETTLED
            )
        log.warning("it changed after it was read; reading it again")
        return True
    sha256, stamp = await asyncio.to_thread(hash_place, context, document.place)
    async with context.ledger.transaction() as tx:
        await drop_intent(tx, filing)
        await update_document(tx, document.number, sha256=sha256, size=stamp.size, mtime_ns=stamp.mtime_ns)
    return False
