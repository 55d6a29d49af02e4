"""Parse values that a machine wrote, in a code or an e-invoice: decimals, days, currencies; what is unclear is None."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from expensed.model.money import list_currencies

_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,15}(?:[.,][0-9]{1,12})?|[.,][0-9]{1,12})")
_LARGEST = Decimal(10) ** 12
_CENTS = Decimal("0.01")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T[0-9:.]{5,20})?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_FIRST_YEAR = 1970


def parse_decimal(text: str | None) -> Decimal | None:
    """Parse `1234.5`, `-12`, and with a decimal comma `1234,50`; None for exponents, thousands groups, NaN and 10^12.

    `1,234` is also None, because its comma may separate thousands. Whole cents come with two decimals.
    """
    stripped = (text or "").strip()
    if not _DECIMAL.fullmatch(stripped) or re.fullmatch(r"[+-]?[0-9]{1,3},[0-9]{3}", stripped):
        return None
    value = Decimal(stripped.replace(",", "."))
    if abs(value) >= _LARGEST:
        return None
    in_cents = value.quantize(_CENTS)
    return (in_cents if in_cents == value else value) + 0  # and no negative zero


def parse_day(text: str | None, latest: date) -> date | None:
    """Parse an ISO date, with or without time and zone, from 1970 up to `latest`."""
    match = _ISO_DATE.fullmatch((text or "").strip())
    if match is None:
        return None
    try:
        found = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return found if found.year >= _FIRST_YEAR and found <= latest else None


def parse_currency(text: str | None) -> str | None:
    """Parse an ISO 4217 code in any case."""
    code = (text or "").strip().upper()
    return code if code in list_currencies() else None
