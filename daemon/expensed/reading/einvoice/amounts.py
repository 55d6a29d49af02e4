"""Add amounts of an e-invoice that its dialect states one by one; what is not a plain decimal is handed on as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

NOTHING = "0.00"
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,12})?")


def add(texts: Iterable[str | None]) -> str | None:
    """Return the sum; None without amounts, and the first that is not a plain decimal in place of a sum."""
    given = [text.strip() for text in texts if text]
    unclear = next((text for text in given if not _PLAIN.fullmatch(text)), None)
    if unclear is not None or not given:
        return unclear
    return f"{sum(map(Decimal, given), Decimal(0)):f}"


def negate(text: str | None) -> str | None:
    """Return the amount with the other sign."""
    if not text:
        return None
    return text[1:] if text.startswith("-") else f"-{text.removeprefix('+')}"


def is_sum(whole: str | None, *parts: str | None) -> bool:
    """Whether the whole is known and the sum of these parts."""
    total = add(parts)
    if whole is None or total is None or not _PLAIN.fullmatch(whole) or not _PLAIN.fullmatch(total):
        return False
    return Decimal(whole) == Decimal(total)


def is_zero(text: str | None) -> bool:
    """Whether this is a plain decimal, and nothing."""
    return text is not None and _PLAIN.fullmatch(text) is not None and not Decimal(text)


def unless_missing(text: str | None) -> tuple[str, ...]:
    """Return the amount as the only one, or none."""
    return (text,) if text else ()
