"""Discard documents that are no expense of their own, and put them back.

Both are filings like any other: planned, reserved in the ledger, copied, recorded, and only then removed from the old
place. Bytes that were discarded are no first: if they arrive again, they are read and go to review (`same_bytes`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from expensed.boundaries import boundary
from expensed.errors import Busy, Conflict, Gone
from expensed.ledger.documents import find_first, seek_document, update_document
from expensed.ledger.queries.moved import former_of
from expensed.ledger.rows import Document, Task, TaskInput
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import insert_task
from expensed.ledger.tasks import PRIORITY_AWAITED, find_unfinished_task, get_task, last_task
from expensed.model.discard import Discarded
from expensed.model.expense import Expense, Said
from expensed.model.states import DiscardReason, DocumentState, Outcome, Step, TaskOrigin
from expensed.pipeline.context import Context
from expensed.pipeline.requests.filing import check_is_there
from expensed.shown_commands import NAME, discarding_command

_COUNTED = (
    DocumentState.ADMITTED,
    DocumentState.UPLOADED,
    DocumentState.READ,
    DocumentState.FILED,
    DocumentState.REVIEW,
)
"""The states of documents that are, or may become, an expense of their own."""
_STAYS = {DocumentState.DISCARDED: "discarded", DocumentState.DUPLICATE: "a duplicate"}
NEVER_FILED = "It was uploaded, and nobody has filed it yet."


@dataclass(frozen=True, slots=True)
class Grounds:
    """A person's reason to discard a document; `duplicate_of` is the id of the one that shows the same expense."""

    reason: DiscardReason | None
    duplicate_of: str | None = None


async def discard(context: Context, document_id: str, grounds: Grounds) -> Task:
    """Return a task that moves a document to `_discarded`; the earlier one if nothing in the request is new.

    Raises NotFound, Busy, Gone, or Conflict if the other document cannot stand for this one.
    """
    async with context.ledger.transaction() as tx:
        document = await seek_document(tx, document_id)
        before = document.discarded
        known = None if before is None else Grounds(before.reason, before.duplicate_of)
        earlier = await last_task(tx, document.number)
        if earlier is not None and known == grounds and document.outcome is Outcome.DISCARDED:
            return earlier
        await check_can_be_moved(context, tx, document)
        await _check_other(tx, document, grounds.duplicate_of)
        if before is None:
            path = (await former_of(tx, document)).path
            before = Discarded(
                reason=None, duplicate_of=None, at=tx.now, state=document.state, outcome=document.outcome, path=path
            )
        discarded = replace(before, reason=grounds.reason, duplicate_of=grounds.duplicate_of, at=tx.now)
        await update_document(tx, document.number, outcome=Outcome.DISCARDED, discarded=discarded)
        number = await _insert_task(tx, document)
    boundary("discard.accepted")
    return await get_task(context.ledger, number)


async def undiscard(context: Context, document_id: str) -> Task:
    """Return a task that puts a discarded document back where it was; an upload, which lay in the inbox, into review.

    Raises NotFound, Busy, Gone, or Conflict if it was not discarded, or if its bytes have been filed again since.
    """
    async with context.ledger.transaction() as tx:
        document = await seek_document(tx, document_id)
        await check_can_be_moved(context, tx, document)
        discarded = document.discarded
        if discarded is None or document.state is not DocumentState.DISCARDED:
            raise Conflict(
                f"{document.id} has not been discarded.",
                code="not-discarded",
                hint=f"GET /api/documents/{document.id} shows where it is.",
            )
        if discarded.outcome in (Outcome.FILED, Outcome.REVIEW) or discarded.path is None:
            await check_not_replaced(context, tx, document)
        await update_document(tx, document.number, outcome=discarded.outcome)
        if discarded.path is None:
            read = document.result or Expense(confidence=0)
            result = replace(read, needs_review=True, reasons=(*read.reasons, NEVER_FILED))
            await update_document(tx, document.number, outcome=Outcome.REVIEW, result=result)
        number = await _insert_task(tx, document)
    boundary("discard.undone")
    return await get_task(context.ledger, number)


async def check_can_be_moved(context: Context, tx: Transaction, document: Document) -> None:
    """Raise Gone or Busy unless a document lies where the ledger says, and nothing is being done to it."""
    if document.state is DocumentState.GONE:
        raise Gone(f"{document.file} was removed by someone.")
    if document.state is DocumentState.ADMITTED or await find_unfinished_task(tx, document.number) is not None:
        raise Busy(f"{document.id} is still being worked on.")
    await check_is_there(context, document)


async def _check_other(tx: Transaction, document: Document, other_id: str | None) -> None:
    """Raise NotFound or Conflict unless the other document counts, and so can stand for this one."""
    if other_id is None:
        return
    other = await seek_document(tx, other_id)
    if other.number == document.number:
        raise Conflict(
            f"{document.id} cannot be a duplicate of itself.",
            code="same-document",
            hint="Name the other document that shows the same expense.",
        )
    if other.state not in _COUNTED or other.outcome is Outcome.DISCARDED:
        raise Conflict(
            f"{other.id} is {other.state.value}, so the expense would not be counted at all.",
            code="not-counted",
            hint="Name a document that is filed or in review.",
        )


async def check_not_replaced(context: Context, tx: Transaction, document: Document) -> None:
    """Raise Conflict if the same bytes have been filed meanwhile: put back, they would be counted twice."""
    first = await find_first(tx, document.number, document.sha256, context.is_there)
    if first is not None:
        raise Conflict(
            f"{document.id} stays {_STAYS.get(document.state, document.state.value)}: {first.id} "
            f"{'has the same bytes' if first.sha256 == document.sha256 else 'shows the same paper'}"
            f" and is {first.state.value}.",
            code="replaced",
            hint=f"If it is to be put back all the same, discard that one first: "
            f"{discarding_command(first.id, program=NAME)} (over HTTP: POST /api/documents/{first.id}/discard)",
        )


async def _insert_task(tx: Transaction, document: Document) -> int:
    return await insert_task(
        tx,
        document.number,
        origin=TaskOrigin.DISCARD,
        step=Step.PROCESS,
        priority=PRIORITY_AWAITED,
        input=TaskInput(Said(), None, await former_of(tx, document)),
    )
