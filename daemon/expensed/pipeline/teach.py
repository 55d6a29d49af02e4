"""Corrections teach, and what they taught is applied: between the ledger, which keeps it, and the learning room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from expensed.extraction.doubts import vendor_doubt
from expensed.learning.vendor_key import reduce_heading
from expensed.learning.vendors import apply_lessons, draw_lessons
from expensed.ledger.lessons import keep_lessons, list_lessons
from expensed.ledger.store import Ledger, Transaction
from expensed.model.expense import Examination


async def teach(
    tx: Transaction,
    document: int,
    read: Mapping[str, Any] | None,
    said: Mapping[str, Any],
    original: Mapping[str, Any] | None,
) -> None:
    """Remember what a person's correction of this document teaches; `read`: its result before the correction."""
    await keep_lessons(tx, document, draw_lessons(read, said, original))


async def enhance(ledger: Ledger, examination: Examination) -> Examination:
    """What a child read, with the vendor's name and category that corrections taught for its heading."""
    expense = examination.expense
    heading = reduce_heading(expense.vendor or "")
    lessons = await list_lessons(ledger, heading) if heading is not None else []
    enhanced = apply_lessons(expense, lessons)
    if enhanced is expense:
        return examination
    before, after = vendor_doubt(expense.fields.get("vendor")), vendor_doubt(enhanced.fields.get("vendor"))
    reasons = [reason for reason in expense.reasons if reason != before] + ([after] if after else [])
    return replace(examination, expense=replace(enhanced, reasons=tuple(reasons), needs_review=bool(reasons)))
