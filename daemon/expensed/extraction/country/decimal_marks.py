"""Tell which mark stands before the decimals of sums, by the currency and the country of a paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from expensed.extraction.country.countries import find_country
from expensed.extraction.country.facts import currencies_of, listed, load_countries, load_tills, worth
from expensed.extraction.page.lines import Row
from expensed.model.money import currencies_of_decimals

_LIKELY = 0.5
_NO_CENTS = 3
"""Where so small a unit is money (a power of ten to the dollar), nobody writes a part of it."""


def decimal_mark(rows: Sequence[Row], currency: str | None) -> str:
    """Return the mark before the decimals where a paper was issued; empty if unknown, or if its money has none."""
    if currency is None or currency in currencies_of_decimals(0) or worth().get(currency, 0) >= _NO_CENTS:
        return ""
    marks = {code: marks_of_countries().get(code, "") for code in _paying_with(currency)}
    if len(set(marks.values())) == 1:
        return next(iter(marks.values()))
    shares = find_country(rows).shares
    likely = (sum(share for code, share in shares.items() if marks.get(code) == mark) for mark in ".,")
    return next((mark for mark, share in zip(".,", likely, strict=True) if share >= _LIKELY), "")


@cache
def marks_of_countries() -> dict[str, str]:
    """Return the mark before decimals by country; those that use both are left out."""
    tills = load_tills()
    points = dict.fromkeys(listed(tills.decimal_point), ".")
    return points | dict.fromkeys(listed(tills.decimal_comma), ",")


@cache
def _paying_with(currency: str) -> tuple[str, ...]:
    """Return the countries that pay with a currency, or did."""
    return tuple(
        code
        for code, country in load_countries().items()
        if any(currency == each for _, each in currencies_of(country))
    )
