"""Runs of the daemon: what the last one left unfinished, and which documents it was reading at an unclean end."""

from __future__ import annotations

from dataclasses import dataclass

from expensed.ledger.documents import get_document, update_document
from expensed.ledger.rows import Document, Task, task_from
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import hand_back, set_priority
from expensed.ledger.tasks import PRIORITY_ALONE, SELECT, UNFINISHED, get_task
from expensed.model.states import AttemptOutcome, Step

ALONE_AFTER = 2
"""A document being read at this many unclean ends of a run in a row is read last and alone."""
GIVEN_UP_AFTER = 5
"""A document being read alone at this many more unclean ends fails."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """A task that an earlier run left unfinished, and its document."""

    task: Task
    document: Document

    @property
    def is_hopeless(self) -> bool:
        """Whether the daemon went down too often while reading this document alone."""
        return self.document.unclean_alone >= GIVEN_UP_AFTER


async def begin_run(tx: Transaction, run: str) -> list[Interruption]:
    """Register this run, hand back every task that earlier runs left running, and count what was being read then.

    Only one daemon owns the ledger, as its lock ensures, so every running task of another run was interrupted.
    """
    interrupted = [
        task_from(row)
        for row in await tx.all(f"{SELECT} WHERE {UNFINISHED} AND t.standing = 'running' ORDER BY t.number")
    ]
    reading = [task for task in interrupted if task.step is Step.EXTRACT]
    unclean = await tx.one("SELECT 1 FROM runs WHERE ended_at IS NULL") is not None
    if unclean:
        await _count_unclean_end(tx, reading)
    found = []
    for task in interrupted:
        await hand_back(tx, task, outcome=AttemptOutcome.INTERRUPTED)
        document = await get_document(tx, task.document)
        if document.unclean_ends >= ALONE_AFTER and task.step is Step.EXTRACT:
            await set_priority(tx, task.number, PRIORITY_ALONE)
        found.append(Interruption(await get_task(tx, task.number), document))
    await tx.execute("UPDATE runs SET ended_at = ? WHERE ended_at IS NULL", f"unclean, seen {tx.now}")
    await tx.execute("INSERT INTO runs (id, started_at) VALUES (?, ?)", run, tx.now)
    return found


async def _count_unclean_end(tx: Transaction, reading: list[Task]) -> None:
    numbers = {task.document for task in reading}
    for number in numbers:
        document = await get_document(tx, number)
        was_alone = len(numbers) == 1 and document.unclean_ends >= ALONE_AFTER
        await update_document(
            tx,
            number,
            unclean_ends=document.unclean_ends + 1,
            unclean_alone=document.unclean_alone + int(was_alone),
            updated_at=document.updated_at,  # nothing has changed that its sidecar tells
        )
    marks = ", ".join("?" * len(numbers))
    await tx.execute(
        f"UPDATE documents SET unclean_ends = 0, unclean_alone = 0 WHERE unclean_ends > 0 AND number NOT IN ({marks})",  # noqa: S608
        *numbers,
    )


async def end_run(tx: Transaction, run: str) -> None:
    """Record that this run ended cleanly."""
    await tx.execute("UPDATE runs SET ended_at = ? WHERE id = ?", tx.now, run)
