"""Turn what people say into lessons and apply them: the link between `learning` and the ledger, which keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from expensed.extraction.doubts import is_doubt_about, vendor_doubt
from expensed.learning.apply import apply_lessons, apply_name
from expensed.learning.draw import draw_lesson, merge_headings
from expensed.learning.identify import NO_NAMES, list_keys, list_lesson_keys
from expensed.learning.vendor_key import reduce_heading
from expensed.ledger.history.journal import find_entry
from expensed.ledger.lessons import drop_lesson, find_lesson, keep_lesson, list_lessons
from expensed.ledger.mirrored.vendor_names import find_vendor_names
from expensed.ledger.rows import Document, Task, Undoing
from expensed.ledger.store import Ledger, Transaction
from expensed.model.expense import Examination, Expense, without_review
from expensed.model.lesson import NO_TRAITS, Lesson
from expensed.model.states import Outcome, TaskOrigin


async def plan_lesson(source: Ledger | Transaction, document: Document, task: Task, at: str) -> Lesson | None:
    """Return what a document teaches once a task has succeeded `at` a time (UTC): its sidecar tells it first.

    It is drawn anew from what people have said of the document so far; nothing is left of it if that was taken back.
    What a person had forgotten stays so until they say something else of the document. An undo brings back what it
    taught before the entry of the journal that is undone.
    """
    if task.undoing is not None:
        return await _find_taught_before(source, task.undoing)
    if document.corrections is None or document.result is None:
        return None
    before = await find_lesson(source, document.number)
    if document.outcome is not Outcome.FILED:
        return before
    drawn = draw_lesson(document.result, document.corrections, document.traits or NO_TRAITS)
    if drawn is None:
        return None
    drawn = replace(drawn, number=document.number, document=document.id, at=at)
    if before is None:
        return drawn
    if task.origin is not TaskOrigin.PROCESS:
        drawn = replace(drawn, forgotten_at=before.forgotten_at)
    return before if before == replace(drawn, at=before.at, forgotten_at=before.forgotten_at) else drawn


async def _find_taught_before(source: Ledger | Transaction, undoing: Undoing) -> Lesson | None:
    entry = await find_entry(source, undoing.entry)
    return merge_headings(entry.before.taught) if entry is not None and entry.before is not None else None


async def teach(tx: Transaction, document: Document, task: Task, at: str) -> None:
    """Keep what a document teaches now that a task has succeeded `at` a time (UTC); see `plan_lesson`."""
    lesson = await plan_lesson(tx, document, task, at)
    if lesson is not None:
        await keep_lesson(tx, lesson, list_lesson_keys(lesson))
    elif task.origin is not TaskOrigin.DROP:  # which never taught anything
        await drop_lesson(tx, document.number)


async def enhance(ledger: Ledger, examination: Examination, review_below: float) -> Examination:
    """Return a child's reading with what the lessons in the ledger teach of its seller, by the name people gave it."""
    lessons = await list_lessons(ledger, list_keys(examination.traits, examination.expense))
    vendors = [examination.expense.vendor, *(each.vendor for each in lessons)]
    names = await find_vendor_names(ledger, [key for each in vendors if each and (key := reduce_heading(each))])
    learnt = learn_from(examination, lessons, review_below, names) if lessons else examination
    name = names.get(reduce_heading(learnt.expense.vendor or "") or "")
    return learnt if name is None else replace(learnt, expense=apply_name(learnt.expense, name))


def learn_from(
    examination: Examination, lessons: Sequence[Lesson], review_below: float, names: Mapping[str, str] = NO_NAMES
) -> Examination:
    """Return a child's reading with what lessons teach of its seller; see `apply_lessons`."""
    expense = examination.expense
    learnt = apply_lessons(expense, examination.traits, lessons, review_below, names)
    if learnt.expense is expense:
        return examination
    settled = learnt.settled | {"vendor"}
    reasons = [
        each
        for each in expense.reasons
        if not any(is_doubt_about(name, expense.fields.get(name), each) for name in settled)
    ]
    doubt = vendor_doubt(learnt.expense.fields.get("vendor"))
    reasons += [doubt] if doubt else []
    found = _weigh(learnt.expense) if "date" in learnt.settled else learnt.expense
    if not reasons:
        return replace(examination, expense=without_review(found))
    gone = learnt.settled if doubt is not None else settled
    doubtful = {name: each for name, each in found.candidates.items() if name not in gone}
    return replace(examination, expense=replace(found, reasons=tuple(reasons), needs_review=True, candidates=doubtful))


def _weigh(expense: Expense) -> Expense:
    """Return the expense with the probability that amount and date are both right, as their evidence says."""
    amount, date = expense.fields.get("amount"), expense.fields.get("date")
    if amount is None or date is None:
        return expense
    return replace(expense, confidence=round(100 * amount.confidence * date.confidence))
