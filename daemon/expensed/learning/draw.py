"""Draw the lesson of a document that a person vouched for, from what was read and what they said or let stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from msgspec import UNSET

from expensed.learning.identify import READ
from expensed.learning.vendor_key import find_heading, reduce_heading
from expensed.model.expense import Corrections, Expense
from expensed.model.lesson import Lesson, Traits

_MONTHS = 12
_RIGHTLY_READ = frozenset(("amount", "date", "currency"))


def draw_lesson(expense: Expense, corrections: Corrections, traits: Traits) -> Lesson | None:
    """Return what a document teaches as it stands after a person's corrections; None if that is nothing.

    Its number, document and time are left to the ledger.
    """
    said = corrections.said.names()
    vouched = said | (corrections.confirmed.names() if corrections.confirmed is not UNSET else frozenset())
    vendor = expense.vendor if "vendor" in vouched else None
    category = expense.category if "category" in vouched else None
    shown = corrections.original.vendor
    names = [find_heading(expense), reduce_heading(shown) if isinstance(shown, str) else None]
    reads = tuple(f"{READ}{name}" for name in dict.fromkeys(names) if name)
    charged, taken = _find_labels(expense, traits) if "amount" in vouched else (None, None)
    corrected = [name for name in said if getattr(corrections.original, name) != getattr(expense, name)]
    lesson = Lesson(
        identifiers=(*reads, *traits.identifiers),
        vendor=vendor,
        category=category,
        read_category=_read_as(expense, "category"),
        words=traits.words,
        currency=expense.currency if "currency" in vouched else None,
        day_first=_find_order(expense, traits) if "date" in vouched else None,
        amount_label=charged,
        read_label=taken,
        was_right=_was_right(vouched, corrected),
    )
    taught = (vendor, category, lesson.currency, lesson.day_first, charged)
    return lesson if lesson.identifiers and any(each is not None for each in taught) else None


def _was_right(vouched: Collection[str], corrected: Collection[str]) -> bool | None:
    """Return whether amount, date and currency had been read rightly; None if a person did not look at all of them."""
    if not _RIGHTLY_READ.isdisjoint(corrected):
        return False
    return True if _RIGHTLY_READ.issubset(vouched) else None


def merge_headings(lessons: Sequence[Lesson]) -> Lesson | None:
    """Return the one lesson of a document from those that 0.2.0 wrote, one for each heading; any other as it is."""
    if not lessons or lessons[0].heading is UNSET:
        return lessons[0] if lessons else None
    latest = sorted(lessons, key=lambda each: each.at, reverse=True)
    return Lesson(
        identifiers=tuple(f"{READ}{each.heading}" for each in lessons),
        vendor=next((each.vendor for each in latest if each.vendor is not None), None),
        category=next((each.category for each in latest if each.category is not None), None),
        at=latest[0].at,
    )


def list_read_names(lesson: Lesson) -> list[str]:
    """Return the names, reduced, by which a lesson's seller was read."""
    return [each.removeprefix(READ) for each in lesson.identifiers if each.startswith(READ)]


def _read_as(expense: Expense, name: str) -> str | None:
    """Return a field as it was read, before a person or a lesson changed it."""
    evidence = expense.fields.get(name)
    if evidence is None:
        return None
    return evidence.value if evidence.read_as is UNSET else evidence.read_as


def _find_order(expense: Expense, traits: Traits) -> bool | None:
    """Return whether the day stands first; None unless the right date is the one that was read, or that swapped."""
    read = _read_as(expense, "date")
    if traits.day_first is None or expense.date is None or not read:
        return None
    if read == expense.date.isoformat():
        return traits.day_first
    return not traits.day_first if swap(date.fromisoformat(read)) == expense.date else None


def swap(day: date) -> date | None:
    """Return a date with day and month exchanged; None if there is no such day."""
    return date(day.year, day.day, day.month) if day.day <= _MONTHS else None


def _find_labels(expense: Expense, traits: Traits) -> tuple[str | None, str | None]:
    """Return the label of the amount, and of the sum that was taken for it, if that was another."""
    charged = next((each.label for each in traits.sums if each.value == expense.amount), None)
    read = _read_as(expense, "amount")
    taken = next((each.label for each in traits.sums if read is not None and each.value == Decimal(read)), None)
    return charged, None if read is None or Decimal(read) == expense.amount else taken
