"""Draw a vendor's right name and category from corrections, and apply them when its heading is read again.

Amount and date are never touched, because they belong to the one document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec import UNSET

from expensed.learning.vendor_key import find_heading, is_alike, reduce_heading
from expensed.model.expense import Evidence, Expense, Lesson, Said

PROOF = "learnt from a correction"
SURE = 0.97
"""The confidence of a learnt name that resembles the heading, or that two documents taught."""
UNSURE = 0.8
"""The confidence otherwise: the heading may not have been a name at all (`Receipt`)."""


def draw_lessons(read: Expense | None, said: Said, original: Said | None) -> list[Lesson]:
    """Return the lessons of a correction: for the heading as it was read, and as the client showed it to the person."""
    vendor, category = said.vendor or None, said.category or None
    if vendor is None and category is None:
        return []
    shown = original.vendor if original is not None else None
    headings = [find_heading(read), reduce_heading(shown) if shown else None]
    return [Lesson(heading, vendor, category) for heading in dict.fromkeys(headings) if heading is not None]


def apply_lessons(expense: Expense, lessons: Sequence[Lesson]) -> Expense:
    """Return the expense with the latest lessons about its heading applied; its reasons are left to the caller."""
    vendor = next((lesson.vendor for lesson in lessons if lesson.vendor is not None), None)
    category = next((lesson.category for lesson in lessons if lesson.category is not None), None)
    read = expense.fields.get("vendor")
    if read is None or read.value is None or (vendor is None and category is None):
        return expense
    fields = dict(expense.fields)
    if vendor is not None:
        sure = _how_sure(lessons, vendor)
        sure = max(sure, read.confidence) if vendor == read.value else sure
        fields["vendor"] = replace(read, value=vendor, confidence=sure, proof=PROOF, read_as=read.value)
    if category is not None:
        before = expense.fields.get("category")
        fields["category"] = Evidence(
            value=category, confidence=SURE, proof=PROOF, read_as=(before.value if before else None) or UNSET
        )
    return replace(expense, vendor=vendor or expense.vendor, category=category or expense.category, fields=fields)


def _how_sure(lessons: Sequence[Lesson], vendor: str) -> float:
    """Return the confidence of a learnt name; `lessons` are about one heading, one per document, and may disagree."""
    names = [lesson.vendor.casefold() for lesson in lessons if lesson.vendor is not None]
    if set(names) != {vendor.casefold()}:
        return UNSURE
    return SURE if len(names) > 1 or is_alike(lessons[0].heading, vendor) else UNSURE
