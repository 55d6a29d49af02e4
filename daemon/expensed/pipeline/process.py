"""The step `process_document`: plan, intent, apply, record, and only then let go of the source.

Safe to run again from the top after a crash anywhere: an intent in the ledger is carried out, not planned anew.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from expensed.archive.apply import (
    NameTaken,
    Order,
    SourceChanged,
    SourceMissing,
    apply_filing,
    renew_sidecar,
)
from expensed.archive.naming import write_amount
from expensed.archive.notes import duplicate_note, failure_note, review_note
from expensed.archive.plan import Facts, Plan, plan_filing
from expensed.archive.sidecar import render_sidecar, with_companions
from expensed.boundaries import boundary
from expensed.disk.files import hash_file
from expensed.errors import Altered, BackendUnavailable, Cancelled, DocumentError, Gone, InternalError, SourceUnreadable
from expensed.ledger.documents import find_first, get_document, list_twins, update_document
from expensed.ledger.filings import (
    NewFiling,
    drop_intent,
    find_intent,
    insert_filing,
    is_reserved,
    set_filing_state,
)
from expensed.ledger.rows import Document, Filing, Place, Task
from expensed.ledger.store import Transaction, timestamp
from expensed.ledger.tasks import (
    Stale,
    count_tries,
    direct_task,
    end_task,
    find_task,
    find_unfinished_task,
    get_task,
    hand_back,
)
from expensed.logs import about
from expensed.model.dropped_files import Stamp
from expensed.model.states import DocumentState, Status, Step, TaskState
from expensed.pipeline.admit import join_first
from expensed.pipeline.context import Context, begin_attempt, describe_error, retry_delay_s
from expensed.pipeline.remove_source import remove_source
from expensed.pipeline.teach import teach
from expensed.program import list_lacking

log = logging.getLogger("expensed.pipeline")

TRIES_BEFORE_REVIEW = 3
"""Errors of expensed's own while filing, after which a document goes to review instead."""

_STATES = {
    "filed": DocumentState.FILED,
    "review": DocumentState.REVIEW,
    "duplicate": DocumentState.DUPLICATE,
    "failed": DocumentState.FAILED,
}


async def process(context: Context, task_id: str, attempt: int) -> None:
    """Run the step for a task, if `attempt` is still its current one; every outcome is in the ledger afterwards."""
    task = await find_task(context.ledger, task_id)
    if task is None or task.attempt != attempt or task.standing != "due" or task.step is not Step.PROCESS:
        return
    async with context.hand.hold(task.document_id):
        status = Status.FILING if task.origin == "process" else Status.FINALIZING
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
        log.warning("%s Recovery goes on with it.", error)
    except Exception as error:
        log.exception("an error of expensed's own")
        await _survive(context, task, error)
    else:
        if filed is not None:
            await _let_go(context, *filed)


async def _miss_source(context: Context, task: Task) -> None:
    """The source was not there to copy: gone, unless its whole disk is away."""
    document = await get_document(context.ledger, task.document)
    try:
        is_there = await context.is_there(document.place)
    except DocumentError as error:
        await _try_later(context, task, error)
        return
    if is_there:
        await _try_later(context, task, SourceUnreadable(f"{document.file} was not there for a moment."))
    else:
        await lose_document(context, task)


async def _try_later(context: Context, task: Task, error: DocumentError) -> None:
    async with context.ledger.transaction() as tx:
        delay_s = retry_delay_s(await count_tries(tx, task, "failed") + 1)
        await hand_back(tx, task, outcome="failed", delay_s=delay_s, error=describe_error(error))
    log.warning("%s Trying again in %g s.", error.message, delay_s)


async def _survive(context: Context, task: Task, error: Exception) -> None:
    """Try again after an error that nobody expected; if no name can be planned from what was read, let a person see."""
    found = describe_error(InternalError(f"expensed met an error of its own ({type(error).__name__})."))
    async with context.ledger.transaction() as tx:
        tries = await count_tries(tx, task, "internal") + 1
        document = await get_document(tx, task.document)
        is_planned = await find_intent(tx, document.number) is not None
        if tries >= TRIES_BEFORE_REVIEW and document.outcome == "filed" and not is_planned:
            reasons = [f"It could not be filed by what was read ({type(error).__name__}); the log says more."]
            await update_document(
                tx, document.number, outcome="review", result=(document.result or {}) | {"reasons": reasons}
            )
        await hand_back(tx, task, outcome="internal", delay_s=retry_delay_s(tries), error=found)


async def _let_go(context: Context, document: Document, filing: Filing, stamp: Stamp | None) -> None:
    """Remove the source of a filing that the ledger knows of; whatever goes wrong, recovery comes back to it."""
    try:
        await remove_source(context, document, filing, stamp)
    except Exception as error:  # noqa: BLE001 - the document is filed; nothing here may undo that
        log.warning("its source could not be removed yet: %s", error)


async def _file(context: Context, task: Task) -> tuple[Document, Filing, Stamp | None] | None:
    """Plan, intend, apply and record; None if there is nothing to let go of (it was handed back)."""
    while True:
        document = await get_document(context.ledger, task.document)
        if await _stays(context, document):
            await _renew(context, task, document)
            return None
        filing = await find_intent(context.ledger, document.number) or await _intend(context, task, document)
        if filing is None:
            return None  # its first is gone: it was handed back to be read
        boundary("process.intended")
        try:
            stamp = await asyncio.to_thread(apply_filing, make_order(context, document, filing))
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


async def _stays(context: Context, document: Document) -> bool:
    """Does it lie, by what is known of it now, where it belongs: filed already, or failed again in `_failed`?

    Then only what is known has changed.
    """
    is_filed = document.state is DocumentState.FILED and document.outcome == "filed"
    has_failed_again = document.place.root == "archive" and document.outcome == "failed"
    if not (is_filed or has_failed_again) or await find_intent(context.ledger, document.number) is not None:
        return False
    if has_failed_again and not await context.is_there(document.place):
        return False
    return _plan(context, document, document.outcome or "").holds(document.place.path)


async def _renew(context: Context, task: Task, document: Document) -> None:
    """Bring the sidecar up to what the ledger knows; may be run again after a crash at any point."""
    path, kind = document.place.path, document.outcome or "filed"
    order = Order(
        document_id=document.id,
        archive=context.archive,
        path=path,
        source=context.locate(document.place),
        sha256=document.sha256,
        sidecar=_write_sidecar(document, kind, path, None),
        note=_write_note(document, kind, None),
    )
    await asyncio.to_thread(renew_sidecar, order)
    boundary("process.renewed")
    async with context.ledger.transaction() as tx:
        await update_document(tx, document.number, state=_STATES[kind])
        if kind == "failed":
            await end_task(tx, task, TaskState.FAILURE, document.failure)
            await settle_twins(tx, document.number, at_rest=False)
        else:
            await _succeed(tx, task)
    log.info("%s still, and stays at %s", kind, path)


def _plan(context: Context, document: Document, kind: str) -> Plan:
    return plan_filing(kind, document.name, document.kind, facts_of(document.result), context.settings.archive.template)


def make_order(context: Context, document: Document, filing: Filing) -> Order:
    """A filing as the archive carries it out."""
    return Order(
        document_id=document.id,
        archive=context.archive,
        path=filing.path,
        source=context.locate(filing.source),
        sha256=filing.sha256,
        sidecar=filing.sidecar,
        note=filing.note,
    )


async def _intend(context: Context, task: Task, document: Document) -> Filing | None:
    """Choose a free name and promise it to the document; None if a duplicate lost its first and must be read."""
    kind = document.outcome or "review"
    first: Document | None = None
    if kind == "duplicate":
        first = await _first_at_rest(context, task, document)
        if first is None:
            return None
    plan = _plan(context, document, kind)
    note = _write_note(document, kind, first)
    paths = plan.paths()
    while True:
        path = await asyncio.to_thread(_next_free, context.archive, paths)
        async with context.ledger.transaction() as tx:
            if await is_reserved(tx, path):
                continue
            sidecar = _write_sidecar(document, kind, path, first)
            await insert_filing(
                tx,
                NewFiling(document.number, kind, path, document.sha256, sidecar, note, document.place),
            )
            return await find_intent(tx, document.number)


def _next_free(archive: Path, paths: Iterator[str]) -> str:
    """The next of these endless paths at which, and beside which, nothing lies."""
    return next(path for path in paths if not any(map(os.path.lexists, with_companions(archive / path))))


async def _first_at_rest(context: Context, task: Task, document: Document) -> Document | None:
    async with context.ledger.transaction() as tx:
        first = await find_first(tx, document.number, document.sha256, context.is_there)
        if first is not None and first.state in (DocumentState.FILED, DocumentState.REVIEW):
            return first
        step, standing = await join_first(tx, document.number, first, task.origin)
        await hand_back(tx, task, outcome="handed-back", step=step, standing=standing)
        return None


def facts_of(result: dict[str, Any] | None) -> Facts | None:
    """What a name in the archive is made of, from a stored result."""
    if result is None:
        return None
    try:
        amount = None if result.get("amount") is None else Decimal(str(result["amount"]))
    except InvalidOperation:
        amount = None
    day = result.get("date")
    return Facts(
        vendor=result.get("vendor"),
        amount=amount,
        date=date.fromisoformat(day) if day else None,
        category=result.get("category"),
        currency=result.get("currency"),
    )


def describe_result(result: dict[str, Any] | None) -> str:
    """A result in one line, for notes and lists."""
    if not result:
        return "nothing"
    facts, currency = facts_of(result), result.get("currency")
    written = write_amount(facts.amount, currency) if facts and facts.amount is not None else None
    amount = f"{written} {currency or ''}".strip() if written else None
    parts = [result.get("vendor"), result.get("date"), amount, result.get("category")]
    return ", ".join(part or "?" for part in parts)


def _write_note(document: Document, kind: str, first: Document | None) -> str | None:
    if kind == "review":
        result = document.result or {}
        saying, lacking = describe_result(document.result), list_lacking(result)
        return review_note(document.id, document.file, result.get("reasons", []), saying, lacking)
    if kind == "duplicate" and first is not None:
        return duplicate_note(document.file, first.id, first.place.path)
    if kind == "failed":
        error = document.failure or {}
        message, hint = error.get("message", "It failed."), error.get("hint", "")
        return failure_note(document.id, document.file, message, hint, error.get("code", ""))
    return None


def _write_sidecar(document: Document, kind: str, path: str, first: Document | None) -> str:
    return render_sidecar(
        {
            "id": document.id,
            "sha256": document.sha256,
            "kind": kind,
            "path": path,
            "source_name": document.file,
            "source_name_hex": os.fsencode(document.name).hex(),
            "size": document.size,
            "media_type": document.kind,
            "engine": document.engine,
            "times": {"admitted": document.created_at, "modified_ns": document.mtime_ns, "filed": timestamp()},
            "duplicate_of": first.id if first else None,
            "error": document.failure if kind == "failed" else None,
            "result": document.result,
            "corrections": document.corrections,
            "text": document.text,
        }
    )


async def _record(context: Context, task: Task, document: Document, filing: Filing) -> None:
    async with context.ledger.transaction() as tx:
        await set_filing_state(tx, filing, "filed")
        await update_document(tx, document.number, state=_STATES[filing.kind], place=Place("archive", filing.path))
        if filing.kind == "failed":
            await end_task(tx, task, TaskState.FAILURE, document.failure)
        else:
            await _succeed(tx, task)
        await settle_twins(tx, document.number, at_rest=filing.kind in {"filed", "review"})
    log.info("%s as %s", filing.kind, filing.path)


async def _succeed(tx: Transaction, task: Task) -> None:
    """End a task as a SUCCESS; what a person said with it teaches from now on."""
    await end_task(tx, task, TaskState.SUCCESS)
    if task.origin == "process" and task.input is not None:
        read = (task.input.get("former") or {}).get("result")
        await teach(tx, task.document, read, task.input["expense_data"], task.input.get("original_extraction"))


async def settle_twins(tx: Transaction, first: int, *, at_rest: bool) -> None:
    """Let go of those who waited for `first`: to `_duplicates`, or, without it, the oldest of them in its place."""
    successor: Document | None = None
    for twin in await list_twins(tx, first):
        task = await find_unfinished_task(tx, twin.number)
        if task is None:
            continue
        if at_rest:
            await direct_task(tx, task, Step.PROCESS, "due")
        elif successor is None:
            successor = twin
            step, standing = await join_first(tx, twin.number, None, task.origin)
            await direct_task(tx, task, step, standing)
        else:
            await join_first(tx, twin.number, successor)


async def _settle_again(context: Context, task: Task, document: Document, filing: Filing) -> bool:
    """The bytes changed after they were read. A dropped file settles anew (True).

    Of a filed one nothing is taken over: what was asked for fails (True). What else a person sent, cancelled, or put
    into the archive is taken as it is.
    """
    if document.state is DocumentState.FILED:
        await _refuse_altered(context, task, document, filing)
        return True
    is_cancelled = (document.failure or {}).get("code") == Cancelled.code
    if document.place.root == "inbox" and task.origin == "drop" and not is_cancelled:
        async with context.ledger.transaction() as tx:
            await drop_intent(tx, filing)
            await update_document(tx, document.number, outcome=None, result=None, text=None)
            await hand_back(tx, task, outcome="handed-back", step=Step.EXTRACT, standing="unsettled")
        log.warning("it changed after it was read; reading it anew")
        return True
    sha256, stamp = await asyncio.to_thread(hash_file, context.locate(document.place))
    async with context.ledger.transaction() as tx:
        await drop_intent(tx, filing)
        await update_document(tx, document.number, sha256=sha256, size=stamp.size, mtime_ns=stamp.mtime_ns)
    return False


async def _refuse_altered(context: Context, task: Task, document: Document, filing: Filing) -> None:
    """End a correction of a filed document whose bytes someone, or its disk, changed; its sha256 stays on record."""
    error = Altered(f"{document.place.path} stays as it is: its bytes are not those that were filed.")
    log.error("%s: %s", document.id, error.message)
    async with context.ledger.transaction() as tx:
        await drop_intent(tx, filing)
        await restore_former(tx, task, describe_error(error))


async def restore_former(tx: Transaction, task: Task, error: dict[str, str]) -> None:
    """End a filing or correction that a person asked for as a FAILURE, and leave its document as it was before."""
    former = (task.input or {}).get("former") or {}
    document = await get_document(tx, task.document)
    await update_document(
        tx,
        document.number,
        first=None,
        outcome=former.get("outcome"),
        result=former.get("result"),
        corrections=former.get("corrections"),
    )
    await end_task(tx, task, TaskState.FAILURE, error)
    is_at_rest = document.state in (DocumentState.FILED, DocumentState.REVIEW)
    await settle_twins(tx, document.number, at_rest=is_at_rest)


async def lose_document(context: Context, task: Task) -> None:
    """Neither source nor destination is there: someone removed the file. FAILURE, state `gone`."""
    error = Gone(f"{task.file} was removed before it could be filed.")
    log.warning("%s: %s", task.document_id, error.message)
    async with context.ledger.transaction() as tx:
        current = await get_task(tx, task.number)
        intent = await find_intent(tx, task.document)
        if intent is not None:
            await drop_intent(tx, intent)
        await update_document(tx, task.document, state=DocumentState.GONE)
        await end_task(tx, current, TaskState.FAILURE, describe_error(error))
        await settle_twins(tx, task.document, at_rest=False)
    boundary("process.lost")
