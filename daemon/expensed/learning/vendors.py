"""A vendor's right name and category: drawn from what people correct, and applied where its heading is read again.

Amount and date are never touched: they are the document's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from expensed.learning.vendor_key import find_heading, is_alike, reduce_heading
from expensed.model.expense import Expense, Field, Lesson

PROOF = "learnt from a correction"
SURE = 0.97
"""How sure a learnt name is that resembles the heading, or that two documents taught."""
UNSURE = 0.8
"""How sure it is otherwise: what stood there may have been no name at all (`Receipt`)."""


def draw_lessons(
    result: Mapping[str, Any] | None, said: Mapping[str, Any], original: Mapping[str, Any] | None
) -> list[Lesson]:
    """What a correction teaches: of the heading as it was read, and as the client says it was shown to the person."""
    vendor, category = said.get("vendor"), said.get("category")
    if vendor is None and category is None:
        return []
    shown = (original or {}).get("vendor")
    headings = [find_heading(result), reduce_heading(shown) if isinstance(shown, str) else None]
    return [Lesson(heading, vendor, category) for heading in dict.fromkeys(headings) if heading is not None]


def apply_lessons(expense: Expense, lessons: Sequence[Lesson]) -> Expense:
    """The expense with what was taught of its heading, the latest lesson first; its reasons are left to the caller."""
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
        fields["category"] = Field(category, SURE, proof=PROOF, read_as=before.value if before else None)
    return replace(expense, vendor=vendor or expense.vendor, category=category or expense.category, fields=fields)


def _how_sure(lessons: Sequence[Lesson], vendor: str) -> float:
    """`lessons` are of one heading, one a document. Where they disagree, nobody can be sure."""
    names = [lesson.vendor.casefold() for lesson in lessons if lesson.vendor is not None]
    if set(names) != {vendor.casefold()}:
        return UNSURE
    return SURE if len(names) > 1 or is_alike(lessons[0].heading, vendor) else UNSURE
