"""Doubt an amount whose thousands are set apart by the mark that its country writes before decimals."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum, has_role
from expensed.extraction.country.decimal_marks import decimal_mark
from expensed.extraction.page.lines import Row

_ONE_GROUP = re.compile(r"(?<![\d.,])\d{1,3}([.,])\d{3}(?![.,]?\d)")
_THOUSAND = 1000
_CLEAR = (Role.FINAL, Role.TOTAL, Role.SUBTOTAL, Role.CARD, Role.CASH)


def grouping_doubt(found: AmountFound, rows: Sequence[Row], currency: str | None) -> str | None:
    """Say that `£3.000` may be three or three thousand; None if the same total is also written clearly."""
    best = abs(found.candidates[0].value) if found.candidates else None
    here = [each for each in found.sums if abs(each.value) == best]
    grouped = [each for each in here if _mark_of(each)]
    if not grouped:
        return None
    mark = decimal_mark(rows, currency)
    odd = [each for each in grouped if _mark_of(each) == mark]
    if not odd or any(_mark_of(each) != mark for each in has_role(here, *_CLEAR)):
        return None
    return f"Whether the amount has thousands or decimals is not clear: {odd[0].row.text[:60]!r}."


def _mark_of(each: Sum) -> str:
    """Return the mark between a number's only thousands and the rest; empty if it has cents or no thousands."""
    match = _ONE_GROUP.search(each.cell.text, each.money.start, each.money.end)
    return match[1] if match is not None and abs(each.value) >= _THOUSAND else ""
