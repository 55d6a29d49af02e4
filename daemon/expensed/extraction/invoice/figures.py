"""Figures of e-invoices and codes: percentages, counts, and whether a product is what is stated, to the rounding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from expensed.codes.machine_values import parse_decimal
from expensed.model.money import minor_units

_HUNDRED = Decimal(100)
_RATE = re.compile(r"\s*([0-9]{1,3}(?:[.,][0-9]{1,4})?)(?:\s*%|\s+[A-Z]{2,3})?\s*")
_FREE = frozenset(("zw", "np", "np i", "np ii", "oo", "margin"))
"""What Poland writes in place of a rate: exempt, abroad, owed by the buyer, sold at a margin."""
_FREE_CATEGORIES = frozenset("AE E G K O Z".split())
"""UNTDID 5305: categories of which no tax is charged."""
_HIGHEST = 100
_FINEST, _CENTS = Decimal("0.000001"), Decimal("0.01")
_MOST_PARTS = 12
_LARGEST = Decimal(10) ** 12
_CONTEXT = Context(prec=60)
"""Products of absurd figures have more digits than the usual context allows."""


def parse_rate(text: str | None, category: str | None = None) -> Decimal | None:
    """Parse a percentage, `19`, `5.50`, `0 KR`; 0 for what is free of tax by its words or its category."""
    written = (text or "").strip()
    match = _RATE.fullmatch(written)
    if match is not None:
        rate = plain(Decimal(match[1].replace(",", ".")))
        return rate if rate <= _HIGHEST else None
    return Decimal(0) if written.lower() in _FREE or (not written and category in _FREE_CATEGORIES) else None


def parse_count(text: str | None) -> Decimal | None:
    """Parse a quantity, without zeros behind its point that say nothing."""
    value = parse_decimal(text)
    return None if value is None else plain(value)


def plain(value: Decimal) -> Decimal:
    """Return the number without zeros behind its point."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def step_of(currency: str | None) -> Decimal:
    """Return the smallest amount of a currency."""
    return Decimal(1).scaleb(-minor_units(currency))


def round_to_step(amount: Decimal, currency: str | None) -> Decimal:
    """Return an amount rounded half up to the smallest one of its currency."""
    return amount.quantize(step_of(currency), ROUND_HALF_UP, _CONTEXT)


def shorten(amount: Decimal) -> Decimal:
    """Return an amount as it is shown in a proof: without more digits than anyone writes, but whole cents in full."""
    short = amount.quantize(_FINEST, ROUND_HALF_UP, _CONTEXT)
    in_cents = short.quantize(_CENTS, context=_CONTEXT)
    return in_cents if in_cents == short else short.normalize()


def is_rounded(exact: Decimal, stated: Decimal, currency: str | None) -> bool:
    """Whether a stated amount is an exact one, rounded either way to the smallest amount of its currency."""
    return abs(exact - stated) <= step_of(currency) / 2


def tax_on(net: Decimal, rate: Decimal) -> Decimal:
    """Return the exact tax on a net amount."""
    return net * rate / _HUNDRED


def tax_in(gross: Decimal, rate: Decimal, currency: str | None) -> Decimal:
    """Return the tax within a gross amount, rounded half up."""
    return round_to_step(gross * rate / (_HUNDRED + rate), currency)


def price_of_one(price: Decimal, count: Decimal) -> Decimal | None:
    """Return what one costs if so many have this price; None if that is no decimal of a few digits."""
    if not count:
        return None
    one = price / count
    return one if abs(one) < _LARGEST and one == one.quantize(_FINEST) else None


def show_sum(parts: Sequence[Decimal], what: str = "amounts") -> str:
    """Return a sum as people write it, `30.00 + 20.00 − 5.00`; only how many there are if they are many."""
    if len(parts) > _MOST_PARTS:
        return f"the sum of {len(parts)} {what}"
    shown = "".join(f" {'−' if part < 0 else '+'} {abs(part):f}" for part in parts)
    return shown.removeprefix(" + ").removeprefix(" ") if parts and parts[0] >= 0 else f"−{shown[3:]}"
