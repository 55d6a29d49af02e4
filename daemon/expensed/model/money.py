"""Money: Decimal amounts and the decimals of each currency (ISO 4217)."""

from __future__ import annotations

import tomllib
from decimal import Context, Decimal
from functools import cache
from importlib.resources import files

NO_CURRENCY = "XXX"
"""ISO 4217's code for `no currency`."""
LONGEST_AMOUNT = 20
"""Digits; no document states a longer amount."""
USUAL_DECIMALS = 2
_CONTEXT = Context(prec=3 * LONGEST_AMOUNT)


@cache
def _lists() -> dict[str, frozenset[str]]:
    """Return the lists of codes in `currencies.toml` by their names."""
    text = files(__package__).joinpath("currencies.toml").read_text(encoding="utf-8")
    return {name: frozenset(codes.split()) for name, codes in tomllib.loads(text).items()}


@cache
def _units() -> dict[str, int]:
    return {code: int(name) for name, codes in _lists().items() if name.isdigit() for code in codes}


def minor_units(currency: str | None) -> int:
    """Return how many decimals amounts of this currency have; two if the code is unknown."""
    return _units().get((currency or "").upper(), USUAL_DECIMALS)


def most_decimals(currency: str | None) -> int:
    """How many decimals a person may give: those of the currency, but at least two."""
    return max(USUAL_DECIMALS, minor_units(currency))


def write_money(amount: Decimal, currency: str | None) -> str:
    """`52.99 USD`; the amount alone if there is no currency."""
    return f"{write_amount(amount, currency)} {currency or ''}".strip()


@cache
def list_currencies() -> frozenset[str]:
    """Return the codes of currencies that documents may use, without those for metals, tests and `no currency`."""
    return frozenset(_units()) | _lists()["retired"]


@cache
def currencies_of_decimals(decimals: int) -> frozenset[str]:
    """Return the codes of the currencies whose amounts have so many decimals."""
    return _lists().get(str(decimals), frozenset())


def is_currency(code: str) -> bool:
    """Whether a person may give this code: it is, or once was, that of money."""
    return code in list_currencies() or code in _lists()["before_the_euro"]


def is_writable(amount: Decimal) -> bool:
    """Whether this is a number short enough to appear on a document."""
    return (
        amount.is_finite()
        and abs(amount.adjusted()) <= LONGEST_AMOUNT
        and len(amount.as_tuple().digits) <= LONGEST_AMOUNT
    )


def with_decimals(amount: Decimal, currency: str | None) -> Decimal:
    """Return the amount with its currency's decimals; further decimals stay if they are not zero."""
    if not is_writable(amount):
        return amount
    rounded = amount.quantize(Decimal(1).scaleb(-minor_units(currency)), context=_CONTEXT)
    return rounded if rounded == amount else amount


def write_amount(amount: Decimal, currency: str | None) -> str:
    """Write an amount with its currency's decimals, e.g. `52.99`, `1200`, `-3.500`; `unknown` if not writable."""
    return f"{with_decimals(amount, currency):f}" if is_writable(amount) else "unknown"
