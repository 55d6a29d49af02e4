"""Twins, documents with the same bytes: the first is read and filed, the others go to `_duplicates`."""

from __future__ import annotations

from expensed.ledger.documents import list_twins, update_document
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import direct_task
from expensed.ledger.tasks import find_unfinished_task
from expensed.model.states import DocumentState, Outcome, Standing, Step, TaskOrigin

AT_REST = (DocumentState.FILED, DocumentState.REVIEW)
"""States in which a first lies for good, so that its twins need not wait any longer."""


async def join_first(
    tx: Transaction, number: int, first: Document | None, origin: TaskOrigin = TaskOrigin.DROP
) -> tuple[Step, Standing]:
    """Tie a document to the first with the same bytes, if any; return the step that its task needs, and its standing.

    If the first is at rest the twin goes straight to `_duplicates`; until then it waits unread. Without a first it is
    read or, if `origin` is PROCESS, filed with what a person has said.
    """
    is_decided = origin is TaskOrigin.PROCESS
    if first is None:
        await update_document(tx, number, first=None, outcome=Outcome.FILED if is_decided else None)
        return Step.PROCESS if is_decided else Step.EXTRACT, Standing.DUE
    await update_document(tx, number, first=first.number, outcome=Outcome.DUPLICATE)
    return Step.PROCESS, Standing.DUE if first.state in AT_REST else Standing.WAITING


async def settle_twins(tx: Transaction, first: int, *, at_rest: bool) -> None:
    """Release the twins that waited for `first`: to `_duplicates` or, without it, with the oldest taking its place."""
    successor: Document | None = None
    for twin in await list_twins(tx, first):
        task = await find_unfinished_task(tx, twin.number)
        if task is None:
            continue
        if at_rest:
            await direct_task(tx, task, Step.PROCESS, Standing.DUE)
        elif successor is None:
            successor = twin
            step, standing = await join_first(tx, twin.number, None, task.origin)
            await direct_task(tx, task, step, standing)
        else:
            await join_first(tx, twin.number, successor)
