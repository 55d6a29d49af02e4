"""Gather the traits of a document that lessons are drawn from and applied by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from expensed.extraction.date.written_dates import find_dates
from expensed.extraction.findings import Field, Findings
from expensed.extraction.identifiers import find_identifiers
from expensed.extraction.page.lines import Row
from expensed.model.expense import Expense
from expensed.model.lesson import Traits
from expensed.model.text import fold_letters

_MOST_WORDS = 60
_WORD = re.compile(r"[^\W\d_]{3,}")


def find_traits(rows: Sequence[Row], findings: Findings) -> Traits:
    """Return the traits of a document from its rows and what was found in them."""
    amount, day = findings.fields.get("amount"), findings.fields.get("date")
    day_first, is_open = _find_order(day)
    return Traits(
        identifiers=find_identifiers(rows, findings.expense),
        sums=amount.labelled if amount is not None else (),
        day_first=day_first,
        sure_if_ordered=day.if_ordered if day is not None and is_open else None,
        words=_find_words(findings.expense),
    )


def _find_order(day: Field | None) -> tuple[bool | None, bool]:
    """Return whether the day was read before the month, None if that is not told, and whether it might be otherwise."""
    if day is None or not day.value or not day.text:
        return None, False
    value = date.fromisoformat(day.value)
    for written in find_dates(day.text):
        is_named = any(map(str.isalpha, day.text[written.start : written.end]))
        if not is_named and written.first != written.second and value in (written.first, written.second):
            return value == written.first, written.is_ambiguous
    return None, False


def _find_words(expense: Expense) -> tuple[str, ...]:
    found: Mapping[str, None] = dict.fromkeys(
        fold_letters(word) for item in expense.items for word in _WORD.findall(item.description or "")
    )
    return tuple(found)[:_MOST_WORDS]
