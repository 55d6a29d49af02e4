"""Bulgaria: the QR code of a fiscal receipt (Ordinance N-18, annex 18a): fiscal memory, number, local time, total.

In leva until the end of 2025.
"""

from __future__ import annotations

import re
from datetime import date

from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.values import parse_amount, parse_clock, parse_day

KIND = "Bulgarian fiscal code"
_FIRST_EURO_DAY = date(2026, 1, 1)
_FORM = re.compile(
    r"[0-9A-Z]{8,10}\*([0-9]{1,16})\*([0-9]{4}-[0-9]{2}-[0-9]{2})\*([0-9]{2}:[0-9]{2}:[0-9]{2})\*(-?[0-9]{1,9}\.[0-9]{2})"
)


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the code of a receipt."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    day, clock, total = parse_day(match[2], "ymd"), parse_clock(match[3]), parse_amount(match[4])
    if day is None or clock is None or total is None:
        return None
    currency = "EUR" if day >= _FIRST_EURO_DAY else "BGN"
    return FiscalCode(KIND, (day,), clock, total, currency=currency, number=match[1].lstrip("0") or None)
