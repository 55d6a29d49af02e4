"""Turn what people say into lessons and apply them: the link between `learning` and the ledger, which keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from expensed.extraction.doubts import is_doubt_about, vendor_doubt
from expensed.learning.apply import apply_lessons
from expensed.model.expense import Examination, Expense
from expensed.model.lesson import Lesson


def learn_from(examination: Examination, lessons: Sequence[Lesson], review_below: float) -> Examination:
    """Return a child's reading with what lessons teach of its seller; `lessons` may be about anyone."""
    expense = examination.expense
    learnt = apply_lessons(expense, examination.traits, lessons, review_below)
    if learnt.expense is expense:
        return examination
    settled = learnt.settled | {"vendor"}
    reasons = [each for each in expense.reasons if not any(is_doubt_about(name, each) for name in settled)]
    doubt = vendor_doubt(learnt.expense.fields.get("vendor"))
    reasons += [doubt] if doubt else []
    found = replace(learnt.expense, reasons=tuple(reasons), needs_review=bool(reasons))
    return replace(examination, expense=_weigh(found) if "date" in learnt.settled else found)


def _weigh(expense: Expense) -> Expense:
    """Return the expense with the probability that amount and date are both right, as their evidence says."""
    amount, date = expense.fields.get("amount"), expense.fields.get("date")
    if amount is None or date is None:
        return expense
    return replace(expense, confidence=round(100 * amount.confidence * date.confidence))
