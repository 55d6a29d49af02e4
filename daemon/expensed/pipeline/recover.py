"""Recovery, at start and at each rescan: whatever an interruption left behind is led to its end.

Looks at claim folders, open filings, unfinished tasks and documents at rest, and leaves alone what is in hand.
Running it any number of times changes nothing more.
"""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

from expensed.boundaries import boundary
from expensed.errors import CrashedDaemon
from expensed.ledger.documents import find_document, find_first, get_document, list_documents, update_document
from expensed.ledger.filings import find_intent, list_filings
from expensed.ledger.rows import Document, Task
from expensed.ledger.runs import begin_run, end_run
from expensed.ledger.tasks import direct_task, find_unfinished_task, hand_back, list_unfinished
from expensed.model import DocumentState
from expensed.pipeline.admit import join_first
from expensed.pipeline.claims import PART, Claim, list_claims, remove_claim_folder
from expensed.pipeline.context import Context, describe_error
from expensed.pipeline.extract import fail_document
from expensed.pipeline.process import lose_document
from expensed.pipeline.sources import remove_source

log = logging.getLogger("expensed.recovery")


async def begin(context: Context) -> None:
    """Register this run: hand back what earlier ones left running, give up on what took the daemon down too often."""
    async with context.ledger.transaction() as tx:
        interruptions = await begin_run(tx, context.run)
        for interruption in interruptions:
            if interruption.is_hopeless:
                error = CrashedDaemon(
                    f"The daemon ended uncleanly {interruption.document.unclean_ends} times while it read this file,"
                    f" {interruption.document.unclean_alone} times while it read nothing else."
                )
                await fail_document(tx, interruption.task, describe_error(error))
    if interruptions:
        log.info("%d documents were interrupted by the end of the last run and go on", len(interruptions))


async def end(context: Context) -> None:
    """Hand back what is still running (a copy to a slow disk, say) and note that this run ended cleanly."""
    async with context.ledger.transaction() as tx:
        for task in await list_unfinished(tx):
            if task.standing == "running":
                await hand_back(tx, task, outcome="interrupted")
        await end_run(tx, context.run)


async def recover(context: Context) -> list[Path]:
    """Lead everything that is not in hand on; the files in claim folders that must settle where they lie."""
    unsettled = await _recover_claims(context)
    await _recover_filings(context)
    unsettled += await _recover_tasks(context)
    await _notice_gone(context)
    return unsettled


async def _recover_claims(context: Context) -> list[Path]:
    unsettled = []
    for claim in await asyncio.to_thread(list_claims, context.claims):
        with context.hand.take_if_free(claim.id) as taken:
            if taken:
                unsettled += await _recover_claim(context, claim)
    return unsettled


async def _recover_claim(context: Context, claim: Claim) -> list[Path]:
    document = await find_document(context.ledger, claim.id)
    if document is None:
        if claim.file is not None:
            return [claim.file]
        await asyncio.to_thread(_discard_part, claim)
    elif document.origin == "upload" and claim.names == (PART,):
        await asyncio.to_thread(_finish_upload, context, claim, document)
    elif not claim.names and document.place.root != "inbox":
        await asyncio.to_thread(remove_claim_folder, claim.folder)
    return []


def _discard_part(claim: Claim) -> None:
    """An upload that nobody was told of, or a claim that did not come to its rename."""
    (claim.folder / PART).unlink(missing_ok=True)
    remove_claim_folder(claim.folder)


def _finish_upload(context: Context, claim: Claim, document: Document) -> None:
    target = context.locate(document.place)
    if not os.path.lexists(target):
        (claim.folder / PART).rename(target)


async def _recover_filings(context: Context) -> None:
    """FILED in the ledger, source perhaps still there."""
    for filing in await list_filings(context.ledger, "filed"):
        document = await get_document(context.ledger, filing.document)
        with context.hand.take_if_free(document.id) as taken:
            if taken:
                boundary("recover.filed")
                await remove_source(context, document, filing, None)


async def _recover_tasks(context: Context) -> list[Path]:
    unsettled = []
    for task in await list_unfinished(context.ledger):
        with context.hand.take_if_free(task.document_id) as taken:
            if taken:
                unsettled += await _recover_task(context, task.document)
    return unsettled


async def _recover_task(context: Context, number: int) -> list[Path]:
    task = await find_unfinished_task(context.ledger, number)
    if task is None:
        return []
    document = await get_document(context.ledger, number)
    path = context.locate(document.place)
    if not await context.is_there(document.place):
        await _miss(context, task, document)
    elif task.standing == "unsettled":
        return [path]
    elif task.standing == "running":
        log.error("%s: its step ended without a word; it is handed back", document.id)
        async with context.ledger.transaction() as tx:
            await hand_back(tx, task, outcome="interrupted")
    elif task.standing == "waiting":
        await _look_for_first(context, task, document)
    return []


async def _miss(context: Context, task: Task, document: Document) -> None:
    """The source is not there: filed but not recorded yet, or taken away, or its whole disk is."""
    root = context.inbox if document.place.root == "inbox" else context.archive
    if not root.is_dir() or await find_intent(context.ledger, document.number) is not None:
        return  # with an intent, the step itself finds out
    await lose_document(context, task)


async def _look_for_first(context: Context, task: Task, document: Document) -> None:
    """A twin that waits although its first has ended, or is no more."""
    async with context.ledger.transaction() as tx:
        first = await find_first(tx, document.number, document.sha256, context.is_there)
        step, standing = await join_first(tx, document.number, first)
        if standing == "due":
            await direct_task(tx, task, step, standing)


async def _notice_gone(context: Context) -> None:
    """Documents in `_review` or `_failed` that a person took away; not where the folder itself is missing."""
    resting = await list_documents(context.ledger, DocumentState.REVIEW, DocumentState.FAILED)
    missing = await asyncio.to_thread(lambda: [d for d in resting if _was_taken(context.locate(d.place))])
    for document in missing:
        with context.hand.take_if_free(document.id) as taken:
            if taken and await find_unfinished_task(context.ledger, document.number) is None:
                async with context.ledger.transaction() as tx:
                    await update_document(tx, document.number, state=DocumentState.GONE)


def _was_taken(path: Path) -> bool:
    return path.parent.is_dir() and not os.path.lexists(path)
