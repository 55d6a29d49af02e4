"""Undo what the journal says: an entry, the last thing done, all since a time, all that a lesson did.

A document becomes again what it was before, by a filing like any other: planned, reserved, copied, recorded, and only
then removed from its old place. That is entered in the journal, too, so an undo can itself be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import UNSET

from expensed.boundaries import boundary
from expensed.errors import Conflict, Fault, NotFound
from expensed.ledger.documents import find_document, find_first, get_document, seek_document, update_document
from expensed.ledger.history.journal import (
    Entry,
    find_entry,
    find_last_by_people,
    find_last_of,
    find_later,
    list_since,
    list_unseen,
    list_using,
)
from expensed.ledger.rows import Document, Former, Task, TaskInput, Undoing
from expensed.ledger.store import Transaction
from expensed.ledger.task_moves import insert_task
from expensed.ledger.tasks import PRIORITY_AWAITED, find_unfinished_task, get_task
from expensed.model.expense import Expense, Said
from expensed.model.states import DocumentState, EntryKind, Outcome, Step, TaskOrigin
from expensed.pipeline.context import Context
from expensed.pipeline.duplicates.same_expense import doubt
from expensed.pipeline.duplicates.same_paper import doubt_paper
from expensed.pipeline.requests.discard import NEVER_FILED, check_can_be_moved, check_not_replaced
from expensed.shown_commands import NAME, undoing_command

TAKEN_BACK = "A person took its filing back."
MOST_AT_ONCE = 100
"""Entries that one request takes back; each takes tens of milliseconds, and a client waits for all of them."""
_UPLOADS = (DocumentState.UPLOADED, DocumentState.READ)
_COUNTED = (Outcome.FILED, Outcome.REVIEW)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants undone: at most one of these is given; none of them: the last thing that a person did."""

    document_id: str | None = None
    """The last thing that was done to this document."""
    entry: int | None = None
    since: str | None = None
    """Everything since this time; see `timestamp`."""
    lesson: int | None = None
    """All that this lesson did and that no person has looked at."""
    before: int | None = None
    """With `since` and `lesson`, only entries before this one."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """An entry as it is after someone wanted it undone: by this task, or refused for this reason."""

    entry: Entry
    task: Task | None = None
    refused: Fault | None = None


async def choose_entries(context: Context, wish: Wish) -> tuple[Sequence[int], int | None]:
    """Return the entries to take back, in this order, and the `before` with which to go on, if there are more.

    NotFound if there is no such document, or nothing to take back.
    """
    if wish.since is not None:
        found = await list_since(context.ledger, wish.since, wish.before, MOST_AT_ONCE + 1)
    elif wish.lesson is not None:
        documents = await list_using(context.ledger, wish.lesson)
        found = await list_unseen(context.ledger, documents, wish.before, MOST_AT_ONCE + 1)
    else:
        return [wish.entry if wish.entry is not None else await _find_last(context, wish.document_id)], None
    return found[:MOST_AT_ONCE], found[MOST_AT_ONCE - 1] if len(found) > MOST_AT_ONCE else None


async def _find_last(context: Context, document_id: str | None) -> int:
    hint = "GET /api/journal lists what was done."
    if document_id is None:
        last = await find_last_by_people(context.ledger)
        if last is None:
            raise NotFound("There is nothing to take back.", hint=hint, code="nothing-to-undo")
        return last.number
    document = await seek_document(context.ledger, document_id)
    last = await find_last_of(context.ledger, document.number)
    if last is None:
        raise NotFound(f"There is nothing to take back of {document_id}.", hint=hint, code="nothing-to-undo")
    return last.number


async def request_undo(context: Context, number: int) -> Task:
    """Return a task that takes an entry back; the same one if that is just being done.

    Raises NotFound, Busy, Gone, or Conflict if it was taken back already, if the document has changed since, or if
    another one has taken its place.
    """
    async with context.ledger.transaction() as tx:
        entry = await find_entry(tx, number)
        if entry is None:
            raise refuse_unknown(number)
        document = await get_document(tx, entry.document)
        unfinished = await find_unfinished_task(tx, document.number)
        if unfinished is not None and unfinished.undoing is not None and unfinished.undoing.entry == number:
            return unfinished
        await _check_stands(tx, entry)
        await check_can_be_moved(context, tx, document)
        goal = await _find_goal(tx, entry, document)
        await _set_goal(context, tx, document, goal)
        undoing = Undoing(number, goal.outcome or Outcome.REVIEW, goal.path)
        task = await insert_task(
            tx,
            document.number,
            origin=TaskOrigin.UNDO,
            step=Step.PROCESS,
            priority=PRIORITY_AWAITED,
            input=TaskInput(Said(), None, Former.of(document), undoing=undoing),
        )
    boundary("undo.accepted")
    return await get_task(context.ledger, task)


def refuse_unknown(number: int) -> NotFound:
    """Return the NotFound for a number that no entry of the journal has."""
    return NotFound(
        f"There is no entry {number} in the journal.", code="no-such-entry", hint="GET /api/journal lists all entries."
    )


async def _check_stands(tx: Transaction, entry: Entry) -> None:
    """Raise Conflict if an entry was taken back already, or if its document has changed since."""
    if entry.undone_by is not None:
        raise Conflict(
            f"Entry {entry.number} was taken back already, by entry {entry.undone_by}.",
            code="already-undone",
            hint=_advise(entry.undone_by, "To have it again"),
        )
    later = await find_later(tx, entry)
    if later is not None:
        raise Conflict(
            f"{entry.document_id} has changed since entry {entry.number}. Entry {later.number}: {later.sentence}",
            code="changed-since",
            hint=_advise(later.number, "Take that back first"),
        )


def _advise(number: int, why: str) -> str:
    undoing = undoing_command("--entry", str(number), program=NAME)
    return f'{why}: {undoing} (over HTTP: POST /api/undo with {{"entry": {number}}})'


async def _find_goal(tx: Transaction, entry: Entry, document: Document) -> Former:
    """Return what a document is to become; Conflict if there is nothing to take back."""
    before = entry.before
    if before is None:
        return await _find_goal_of_arrival(tx, entry, document)
    if before.state in _UPLOADS:  # it lay in the inbox and waited for its client
        read = before.result or Expense(confidence=0)
        before = replace(before, outcome=Outcome.REVIEW, result=doubt(read, NEVER_FILED), path=None)
    if before.result is None or document.result is None:
        return before
    # other papers may have come since, or another one may name this one: the links stay as they are
    return replace(before, result=replace(before.result, same_purchase=document.result.same_purchase))


async def _find_goal_of_arrival(tx: Transaction, entry: Entry, document: Document) -> Former:
    """Return what becomes of a document that expensed has filed by itself: it waits for a person."""
    if entry.kind is EntryKind.AUTO_REVIEW:
        raise Conflict(
            f"{document.id} arrived and was sent to review; there is nothing to take back.",
            code="is-review",
            hint="File it, or discard it.",
        )
    read = document.result or Expense(confidence=0)
    if read.same_paper is not UNSET:
        first = await find_document(tx, read.same_paper.document)
        reason, read = read.same_paper.reason, replace(read, same_paper=UNSET)
        read = doubt_paper(read, first, reason) if first is not None else read
    return Former(outcome=Outcome.REVIEW, result=doubt(read, TAKEN_BACK), corrections=document.corrections)


async def _set_goal(context: Context, tx: Transaction, document: Document, goal: Former) -> None:
    """Have a document become this; Conflict if that cannot be.

    If the expense is counted by another document now, or if the one is gone by which it would be counted.
    """
    await update_document(
        tx,
        document.number,
        outcome=goal.outcome,
        result=goal.result,
        corrections=goal.corrections,
        discarded=goal.discarded,
        first=goal.first,
    )
    if goal.outcome in _COUNTED and document.state not in (DocumentState.FILED, DocumentState.REVIEW):
        await check_not_replaced(context, tx, document)
    if goal.outcome is not Outcome.DUPLICATE:
        return
    first = await find_first(tx, document.number, document.sha256, context.is_there)
    if first is None:
        raise Conflict(
            f"{document.id} is not a duplicate of any document that is filed or in review now.",
            code="first-gone",
            hint="Leave it as it is, or discard it.",
        )
    await update_document(tx, document.number, first=first.number)
