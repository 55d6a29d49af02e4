"""Which rate a kind of rate stands for on a day; none where several days are possible and the rates differ."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

_Periods = tuple[tuple[date, Decimal], ...]
"""The first day of each rate, in their order."""


@cache
def _load() -> dict[tuple[str, str], _Periods]:
    data = tomllib.loads(files(__package__).joinpath("rates.toml").read_text(encoding="utf-8"))
    return {
        (country, kind): tuple(sorted((date.fromisoformat(day), Decimal(rate)) for day, rate in periods.items()))
        for country, kinds in data.items()
        for kind, periods in kinds.items()
    }


def rate_of(country: str, kind: str, days: Iterable[date]) -> Decimal | None:
    """Return the rate that was in force on these days; None if it is unknown, or was not the same on all of them."""
    rates = {_rate_on(_load().get((country, kind), ()), day) for day in days}
    return rates.pop() if len(rates) == 1 else None


def _rate_on(periods: _Periods, day: date) -> Decimal | None:
    begun = [rate for first, rate in periods if first <= day]
    return begun[-1] if begun else None


def fits(rate: Decimal | None, net: Decimal, tax: Decimal, tolerance: Decimal) -> bool:
    """Whether a rate gives this tax on this net, but for what the rounding of single lines may differ."""
    return rate is not None and abs(net * rate / 100 - tax) <= tolerance
