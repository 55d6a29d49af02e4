"""Turn corrections into lessons and apply them: the link between `learning` and the ledger, which keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from expensed.extraction.doubts import is_vendor_doubt, vendor_doubt
from expensed.learning.vendor_key import reduce_heading
from expensed.learning.vendor_lessons import apply_lessons, draw_lessons
from expensed.ledger.history.journal import find_entry
from expensed.ledger.lessons import keep_lessons, list_lessons, merge_lessons, set_taught
from expensed.ledger.rows import Task, Undoing
from expensed.ledger.store import Ledger, Transaction
from expensed.model.expense import Examination, Expense, Lesson, Said, Taught, without_review
from expensed.model.states import TaskOrigin


async def teach(tx: Transaction, document: int, read: Expense | None, said: Said, original: Said | None) -> None:
    """Keep the lessons of a person's correction of this document; `read` is its result before the correction."""
    await keep_lessons(tx, document, draw_lessons(read, said, original))


async def teach_by(tx: Transaction, task: Task, at: str) -> None:
    """Keep what a task that has succeeded `at` a time (UTC) teaches; what it undoes teaches nothing any longer."""
    if task.undoing is not None:
        await set_taught(tx, task.document, await _list_taught_before(tx, task.undoing))
    else:
        await keep_lessons(tx, task.document, _draw_from(task), at)


async def plan_lessons(source: Ledger | Transaction, task: Task, at: str) -> tuple[Taught, ...]:
    """Return all that a document will have taught once a task has succeeded `at` a time: its sidecar tells it first."""
    if task.undoing is not None:
        return await _list_taught_before(source, task.undoing)
    return await merge_lessons(source, task.document, _draw_from(task), at)


async def _list_taught_before(source: Ledger | Transaction, undoing: Undoing) -> tuple[Taught, ...]:
    """Return what a document had taught before the entry of the journal that is undone."""
    entry = await find_entry(source, undoing.entry)
    return entry.before.taught if entry is not None and entry.before is not None else ()


def _draw_from(task: Task) -> Sequence[Lesson]:
    if task.origin is not TaskOrigin.PROCESS or task.input is None:
        return ()
    read = task.former.result if task.former is not None else None
    return draw_lessons(read, task.input.expense_data, task.input.original_extraction)


async def enhance(ledger: Ledger, examination: Examination) -> Examination:
    """Return a child's reading with the vendor name and category that corrections taught for its heading."""
    expense = examination.expense
    heading = reduce_heading(expense.vendor or "")
    lessons = await list_lessons(ledger, heading) if heading is not None else []
    enhanced = apply_lessons(expense, lessons)
    if enhanced is expense:
        return examination
    doubt = vendor_doubt(enhanced.fields.get("vendor"))
    reasons = [reason for reason in expense.reasons if not is_vendor_doubt(reason)] + ([doubt] if doubt else [])
    if not reasons:
        return replace(examination, expense=without_review(enhanced))
    doubtful = {name: each for name, each in enhanced.candidates.items() if doubt is not None or name != "vendor"}
    return replace(
        examination, expense=replace(enhanced, reasons=tuple(reasons), needs_review=True, candidates=doubtful)
    )
