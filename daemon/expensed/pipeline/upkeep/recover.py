"""Recovery, at start and at each rescan: finishes interrupted work.

It looks at claim folders, open filings, unfinished tasks and documents at rest, and leaves alone what is in hand.
Running it again changes nothing more.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Unpack

from expensed.boundaries import boundary
from expensed.disk.claims import CLAIMS, PART, Claim, list_claims, remove_claim_folder
from expensed.disk.marked_folder import MarkedFolder
from expensed.errors import BackendUnavailable, CrashedDaemon, DocumentError, PlaceAway
from expensed.ledger.documents import Changes, find_document, find_first, get_document, update_document
from expensed.ledger.filings import current_filing, find_intent, list_filings, renew_filing
from expensed.ledger.lessons import find_lesson
from expensed.ledger.resting import Resting
from expensed.ledger.rows import Document, Task
from expensed.ledger.runs import begin_run, end_run
from expensed.ledger.store import timestamp
from expensed.ledger.task_moves import Stale, direct_task, end_task, forget_results, hand_back, put_back
from expensed.ledger.tasks import find_unfinished_task, get_task, last_task, list_unfinished
from expensed.mirror.record_keeping import keep_records
from expensed.model.states import (
    AttemptOutcome,
    DocumentOrigin,
    DocumentState,
    FilingState,
    Outcome,
    Root,
    Standing,
    TaskOrigin,
    TaskState,
)
from expensed.pipeline.admit import clear_claim
from expensed.pipeline.context import Context, hash_place, place_in_inbox
from expensed.pipeline.duplicates.same_bytes import AT_REST, join_first
from expensed.pipeline.extract import fail_document
from expensed.pipeline.filing.clear_old_place import remove_source
from expensed.pipeline.filing.companions import renew_companions
from expensed.pipeline.filing.endings import lose_document
from expensed.pipeline.filing.tell_again import tell_lessons, tell_papers
from expensed.pipeline.requests.upload import resting_state
from expensed.pipeline.upkeep.attend_places import attend_places
from expensed.pipeline.upkeep.prune import prune
from expensed.pipeline.upkeep.resting import find_changed, list_differing

log = logging.getLogger("expensed.recovery")


async def begin(context: Context) -> None:
    """Register this run, hand back what earlier runs left running, and fail what took the daemon down too often."""
    async with context.ledger.transaction() as tx:
        interruptions = await begin_run(tx, context.run)
        for interruption in interruptions:
            if interruption.is_hopeless:
                error = CrashedDaemon(
                    f"The daemon ended uncleanly {interruption.document.unclean_ends} times while reading this file,"
                    f" {interruption.document.unclean_alone} times while reading nothing else."
                )
                if interruption.task.origin in (TaskOrigin.EXTRACT, TaskOrigin.REREAD):
                    await end_task(tx, interruption.task, TaskState.FAILURE, error.fault)
                else:
                    await fail_document(tx, interruption.task, error.fault)
    if interruptions:
        log.info("%d documents were interrupted by the end of the last run and continue", len(interruptions))


async def end(context: Context) -> None:
    """Hand back what is still running, such as a copy to a slow disk, and record that this run ended cleanly."""
    async with context.ledger.transaction() as tx:
        for task in await list_unfinished(tx):
            if task.standing is Standing.RUNNING:
                await hand_back(tx, task, outcome=AttemptOutcome.INTERRUPTED)
        await end_run(tx, context.run)


async def recover(context: Context) -> list[Path]:
    """Finish everything that is not in hand; return the files in claim folders that must settle where they lie.

    What cannot be finished now is logged and left for the next time; it never holds up the rest.
    """
    unsettled: list[Path] = []
    for home, claim in await asyncio.to_thread(_list_claims, context):
        async with _attending(context, claim.id) as is_free:
            if is_free:
                unsettled += await _recover_claim(context, home, claim)
    for filing in await list_filings(context.ledger, FilingState.FILED):
        document = await get_document(context.ledger, filing.document)
        async with _attending(context, document.id) as is_free:
            if is_free:
                boundary("recover.filed")
                await remove_source(context, await get_document(context.ledger, document.number), filing, None)
    for task in await list_unfinished(context.ledger):
        async with _attending(context, task.hold_id) as is_free:
            if is_free and task.origin is TaskOrigin.EXTRACT:
                await _recover_extraction(context, task.number)
            elif is_free:
                unsettled += await _recover_task(context, task.document)
    await attend_places(context)  # now that nothing is in hand: what it wakes can begin
    await _look_after_resting(context)
    await tell_papers(context)
    await tell_lessons(context)
    await _keep_records(context)
    await _forget_results(context)
    await prune(context)
    return unsettled


@asynccontextmanager
async def _attending(context: Context, document_id: str) -> AsyncIterator[bool]:
    """Take a document in hand if it is free, and log any error of the block instead of raising it."""
    with context.hand.take_if_free(document_id) as taken:
        try:
            yield taken
        except PlaceAway as error:
            log.debug("%s: %s", document_id, error)  # said once, for the whole place
        except (DocumentError, BackendUnavailable, OSError, Stale) as error:
            log.warning("%s: %s Recovery tries again later.", document_id, error)
        except Exception:
            log.exception("%s: recovery hit an internal error", document_id)


def _list_claims(context: Context) -> list[tuple[MarkedFolder, Claim]]:
    """Return the claim folders of the inbox and of each mount below it, unless it is away."""
    found = []
    for home in context.places.homes():
        with suppress(PlaceAway), home.opened() as root:
            found += [(home, claim) for claim in list_claims(root / CLAIMS)]
    return found


async def _recover_claim(context: Context, home: MarkedFolder, claim: Claim) -> list[Path]:
    document = await find_document(context.ledger, claim.id)
    path = home.path / CLAIMS / claim.id / claim.file if claim.file is not None else None
    if document is None:
        if path is not None:
            return [path]
        await asyncio.to_thread(_discard_part, home, claim)
    elif document.origin is DocumentOrigin.UPLOAD and claim.names == (PART,):
        await asyncio.to_thread(_finish_upload, context, document)
    elif path is not None:
        return await _recover_stray(context, path, document)
    elif document.place.root is not Root.INBOX:
        await clear_claim(home, claim.id)
    return []


def _discard_part(home: MarkedFolder, claim: Claim) -> None:
    """Remove an upload that was never answered, or a claim that never reached its rename."""
    with home.opened() as root:
        folder = root / CLAIMS / claim.id
        (folder / PART).unlink(missing_ok=True)
        remove_claim_folder(folder)


def _finish_upload(context: Context, document: Document) -> None:
    with context.places.opened(document.place) as target:
        if not os.path.lexists(target):
            target.with_name(PART).rename(target)


async def _recover_stray(context: Context, path: Path, document: Document) -> list[Path]:
    """Recover a claimed file whose document is at rest elsewhere, or was taken for gone while its disk was away."""
    if await find_unfinished_task(context.ledger, document.number) is not None:
        return []
    if await current_filing(context.ledger, document.number, FilingState.FILED) is not None:
        return []  # its source has not been removed yet
    if document.state is DocumentState.GONE and document.place.root is Root.INBOX:
        await _revive(context, document)
    elif document.place.root is Root.ARCHIVE and not await context.is_there(document.place):
        return [path]  # it was dropped again, and its admission was interrupted
    elif document.place.root is Root.ARCHIVE:
        filing = await current_filing(context.ledger, document.number, FilingState.CLOSED)
        if filing is not None:
            await remove_source(context, document, replace(filing, source=place_in_inbox(context, path)), None)
    return []


async def _revive(context: Context, document: Document) -> None:
    task = await last_task(context.ledger, document.number)
    if task is None or task.origin is not TaskOrigin.DROP:
        if document.origin is DocumentOrigin.UPLOAD:
            async with context.ledger.transaction() as tx:
                await update_document(tx, document.number, state=resting_state(document))
        return
    log.info("%s: it is back", document.id)
    async with context.ledger.transaction() as tx:
        first = await find_first(tx, document.number, document.sha256, context.is_there)
        step, standing = await join_first(tx, document.number, first)
        await update_document(tx, document.number, state=DocumentState.ADMITTED)
        await put_back(tx, task, step, standing)


async def _recover_task(context: Context, number: int) -> list[Path]:
    task = await find_unfinished_task(context.ledger, number)
    if task is None:
        return []
    document = await get_document(context.ledger, number)
    if task.standing is Standing.RUNNING:
        log.warning("%s: its step ended without reporting; it is handed back", document.id)
        async with context.ledger.transaction() as tx:
            await hand_back(tx, task, outcome=AttemptOutcome.INTERRUPTED)
    elif not await context.is_there(document.place):
        if await find_intent(context.ledger, document.number) is None:
            await lose_document(context, task)  # with an intent, the step itself finds out
    elif task.standing is Standing.UNSETTLED:
        return [context.locate(document.place)]
    elif task.standing is Standing.WAITING:
        await _look_for_first(context, task, document)
    return []


async def _recover_extraction(context: Context, number: int) -> None:
    """Hand back an extraction that is recorded as running but not in hand: its step ended without reporting."""
    async with context.ledger.transaction() as tx:
        task = await get_task(tx, number)
        if task.standing is Standing.RUNNING:
            log.warning("%s: its extraction ended without reporting; it is handed back", task.document_id)
            await hand_back(tx, task, outcome=AttemptOutcome.INTERRUPTED)


async def _look_for_first(context: Context, task: Task, document: Document) -> None:
    """Direct a waiting twin whose first has ended or is gone."""
    async with context.ledger.transaction() as tx:
        first = await find_first(tx, document.number, document.sha256, context.is_there)
        is_waiting = first is not None and first.state not in (DocumentState.FILED, DocumentState.REVIEW)
        if is_waiting and first is not None and first.number == document.first:
            return
        step, standing = await join_first(tx, document.number, first, task.origin)
        if standing is Standing.DUE:
            await direct_task(tx, task, step, standing)


async def _look_after_resting(context: Context) -> None:
    """Note documents that a person took out of `_review` or `_failed`, and those that came back."""
    try:
        for folder, stamp in (await find_changed(context)).items():
            differing = await list_differing(context, folder)
            if all([await _settle_resting(context, resting) for resting in differing]):
                context.resting.keep(folder, stamp)
    except PlaceAway as error:
        log.debug("The documents at rest cannot be looked after: %s", error)  # said once, for the whole place
    except (DocumentError, BackendUnavailable, OSError) as error:
        log.warning("The documents at rest cannot be looked after: %s", error)


async def _settle_resting(context: Context, resting: Resting) -> bool:
    """Note whether a document at rest is there; return whether that could be told."""
    is_settled = False
    async with _attending(context, resting.id) as is_free:
        if is_free:
            await _note_presence(context, resting)
            is_settled = True
    return is_settled


async def _note_presence(context: Context, resting: Resting) -> None:
    is_there = await context.is_there(resting.place)
    if is_there != (resting.state is DocumentState.GONE):
        return  # the ledger already says so
    if is_there and not await _has_its_bytes(context, resting):
        return  # something else has its name now
    state = DocumentState(resting.kind) if is_there else DocumentState.GONE
    if state in AT_REST and (first := await _find_successor(context, resting)) is not None:
        await _make_duplicate(context, resting, first)
    elif await _change_resting(context, resting, state=state):
        log.info("%s: %s", resting.id, f"{state.value} again" if is_there else "someone removed it")


async def _has_its_bytes(context: Context, resting: Resting) -> bool:
    document = await get_document(context.ledger, resting.number)
    sha256, _ = await asyncio.to_thread(hash_place, context, resting.place)
    return sha256 == document.sha256


async def _find_successor(context: Context, resting: Resting) -> Document | None:
    """Return the document that was filed, or sent to review, with the same bytes while this one was gone."""
    async with context.ledger.transaction() as tx:
        document = await get_document(tx, resting.number)
        first = await find_first(tx, document.number, document.sha256, context.is_there)
        return first if first is not None and first.state in AT_REST else None


async def _make_duplicate(context: Context, resting: Resting, first: Document) -> None:
    """Make a document that is back the duplicate of another: in its sidecar first, then in the ledger."""
    document = await get_document(context.ledger, resting.number)
    document = replace(document, state=DocumentState.DUPLICATE, outcome=Outcome.DUPLICATE, first=first.number)
    at, lesson = timestamp(), await find_lesson(context.ledger, document.number)
    note = await renew_companions(context, document, Outcome.DUPLICATE, lesson, at)
    changes: Changes = {"state": document.state, "outcome": document.outcome, "first": first.number, "updated_at": at}
    if await _change_resting(context, resting, note=note, **changes):
        log.info("%s is back, but the same bytes have been filed meanwhile: it is their duplicate", resting.id)


async def _change_resting(
    context: Context, resting: Resting, *, note: str | None = None, **changes: Unpack[Changes]
) -> bool:
    """Change a document, and the note beside it, unless it has changed since it was listed; whether it was done."""
    async with context.ledger.transaction() as tx:
        document = await get_document(tx, resting.number)
        has_moved_on = (document.state, document.place) != (resting.state, resting.place)
        if has_moved_on or await find_unfinished_task(tx, resting.number) is not None:
            return False
        await update_document(tx, resting.number, **changes)
        if note is not None:
            await renew_filing(tx, resting.number, resting.place.path, changes.get("outcome") or resting.kind, note)
        return True


async def _keep_records(context: Context) -> None:
    """Tell the archive of what has no sidecar there; what cannot be told now is told later."""
    try:
        await keep_records(context.ledger, context.places.archive.opened)
    except (BackendUnavailable, DocumentError, OSError) as error:
        log.warning("The archive's records cannot be written yet: %s", error)


async def _forget_results(context: Context) -> None:
    """Drop expired results of extractions over HTTP; their documents stay."""
    expired = datetime.now(UTC) - timedelta(seconds=context.settings.queue.result_expires_s)
    try:
        async with context.ledger.transaction() as tx:
            await forget_results(tx, timestamp(expired))
    except BackendUnavailable as error:
        log.warning("%s", error)
