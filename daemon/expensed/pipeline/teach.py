"""Turn corrections into lessons and apply them: the link between `learning` and the ledger, which keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from expensed.extraction.doubts import is_vendor_doubt, vendor_doubt
from expensed.learning.vendor_key import reduce_heading
from expensed.learning.vendor_lessons import apply_lessons, draw_lessons
from expensed.ledger.lessons import keep_lessons, list_lessons, merge_lessons
from expensed.ledger.rows import Task
from expensed.ledger.store import Ledger, Transaction
from expensed.model.expense import Examination, Expense, Lesson, Said, Taught
from expensed.model.states import TaskOrigin


async def teach(tx: Transaction, document: int, read: Expense | None, said: Said, original: Said | None) -> None:
    """Keep the lessons of a person's correction of this document; `read` is its result before the correction."""
    await keep_lessons(tx, document, draw_lessons(read, said, original))


async def teach_by(tx: Transaction, task: Task, at: str) -> None:
    """Keep what a task that has succeeded `at` a time (UTC) teaches."""
    await keep_lessons(tx, task.document, _draw_from(task), at)


async def plan_lessons(source: Ledger | Transaction, task: Task, at: str) -> tuple[Taught, ...]:
    """Return all that a document will have taught once a task has succeeded `at` a time: its sidecar tells it first."""
    return await merge_lessons(source, task.document, _draw_from(task), at)


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
    return replace(examination, expense=doubt_again(enhanced))


def doubt_again(expense: Expense) -> Expense:
    """Return an expense to which lessons were applied with the doubt about its vendor made anew."""
    doubt = vendor_doubt(expense.fields.get("vendor"))
    reasons = [reason for reason in expense.reasons if not is_vendor_doubt(reason)] + ([doubt] if doubt else [])
    return replace(expense, reasons=tuple(reasons), needs_review=bool(reasons))
