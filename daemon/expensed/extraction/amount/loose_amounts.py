"""Amounts that a person may see on a paper although no rule takes them for one: what else the total might be.

They are only offered to a person, so they are found generously: sums with one decimal, a sign that was read as a digit,
a point between thousands, and what a total makes with the tax, tip or discount beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from rapidfuzz.distance import Levenshtein

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import has_role, role_of_label
from expensed.extraction.candidates import Candidate
from expensed.extraction.page.lines import Cell, Row

MOST = 8
_LABELLED = (Role.FINAL, Role.TOTAL, Role.CARD, Role.CASH, Role.SUBTOTAL)
_BASES = (Role.FINAL, Role.TOTAL, Role.NET, Role.SUBTOTAL)
_MOST_BASES, _MOST_STEPS = 4, 4
_ODD_DECIMALS = re.compile(r"(?<![\d.,])(\d{1,7})(?:[.,](\d)?|[ :](\d\d))(?![\d.,])")
"""`50.0`, `695.`, `53 20`."""
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{3}){1,3}(?![\d.,])")
_LABEL = re.compile(r"[^\d]{3,40}")
_MOST_ROWS = 150
_LIKE_SIGNS = "25689"
"""Digits for which the signs of money are taken: `$` and `S` for 5 or 8, `฿` for 8 or 6, `£` for 2, `₱` for 9."""


def find_loose_amounts(rows: Sequence[Row], found: AmountFound, tax: Decimal | None) -> list[Candidate[Decimal]]:
    """Return other amounts, likeliest first, that are not among the candidates; `tax` is the sum of all taxes."""
    known = {abs(each.value) for each in found.candidates}
    fresh: dict[Decimal, Candidate[Decimal]] = {}
    best = found.candidates[0].value if found.candidates else None
    reckoned = list(_reckoned(found, tax))
    twins = [each for each in reckoned if best is not None and _differ_in_a_digit(each.value, best)]
    for each in (*_without_sign(found), *twins, *_of_labelled_rows(rows), *reckoned, *_with_thousands(rows)):
        if each.value > 0 and each.value not in known:
            fresh.setdefault(each.value, each)
    return list(fresh.values())[:MOST]


def _without_sign(found: AmountFound) -> Iterator[Candidate[Decimal]]:
    """Yield the best amount without a first digit for which a sign of money may have been taken."""
    best = found.candidates[0] if found.candidates else None
    text = f"{best.value:f}" if best is not None else ""
    if best is not None and text[:1] in _LIKE_SIGNS and re.match(r"\d[1-9]", text):
        yield replace(best, value=Decimal(text[1:]))


def _reckoned(found: AmountFound, tax: Decimal | None) -> Iterator[Candidate[Decimal]]:
    """Yield what the best amount and other labelled sums make with what is added or taken off."""
    if not found.candidates:
        return
    best = found.candidates[0]
    bases = dict.fromkeys([best.value, *(each.value for each in has_role(found.sums, *_BASES) if each.money.exact)])
    known = [tax] if tax else []
    steps = list(dict.fromkeys([*known, *(amount for _, amount in found.paper.adjustments)]))[:_MOST_STEPS]
    for value in dict.fromkeys(base + step for base in list(bases)[:_MOST_BASES] for step in steps):
        yield replace(best, value=value, text="", box=None, page=None)


def _differ_in_a_digit(one: Decimal, other: Decimal) -> bool:
    return Levenshtein.distance(f"{one:.2f}", f"{other:.2f}") == 1


def _of_labelled_rows(rows: Sequence[Row]) -> Iterator[Candidate[Decimal]]:
    """Yield the numbers of rows with the label of a total, however they are written, the last row first."""
    for row in reversed(rows[-_MOST_ROWS:]):
        found = [_read_as(value, row, cell) for cell in row.cells for value in _numbers(cell.text)]
        label = _LABEL.match(row.text) if found else None
        if label is not None and role_of_label(label[0]) in _LABELLED:
            yield from found


def _with_thousands(rows: Sequence[Row]) -> Iterator[Candidate[Decimal]]:
    """Yield the numbers that have thousands by their marks, the largest first."""
    found = [
        _read_as(Decimal(re.sub(r"\D", "", match[0])), row, cell)
        for row in rows[-_MOST_ROWS:]
        for cell in row.cells
        for match in _THOUSANDS.finditer(cell.text)
    ]
    yield from sorted(found, key=lambda each: -each.value)


def _read_as(value: Decimal, row: Row, cell: Cell) -> Candidate[Decimal]:
    return Candidate("amount", value, 0.0, row.page, cell.box, row.text)


def _numbers(text: str) -> Iterator[Decimal]:
    for match in _ODD_DECIMALS.finditer(text):
        yield Decimal(f"{match[1]}.{match[3] or (match[2] or '0') + '0'}")
    for match in _THOUSANDS.finditer(text):
        yield Decimal(re.sub(r"\D", "", match[0]))
