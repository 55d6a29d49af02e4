"""Money: Decimal amounts and the decimals of each currency (ISO 4217)."""

from __future__ import annotations

from decimal import Context, Decimal
from functools import cache

NO_CURRENCY = "XXX"
"""ISO 4217's code for `no currency`."""
LONGEST_AMOUNT = 20
"""Digits; no document states a longer amount."""
USUAL_DECIMALS = 2
_CONTEXT = Context(prec=3 * LONGEST_AMOUNT)


@cache
def minor_units(currency: str | None) -> int:
    """Return how many decimals amounts of this currency have; two if the code is unknown or defines none."""
    from iso4217 import Currency  # importing it parses the whole standard

    try:
        exponent = Currency((currency or "").upper()).exponent
    except ValueError:
        return USUAL_DECIMALS
    return USUAL_DECIMALS if exponent is None else exponent


RETIRED = frozenset(("ANG", "BGN", "HRK", "SLL", "ZWL"))
"""Codes that ISO 4217 has withdrawn since e-invoices began and that documents still state."""


def most_decimals(currency: str | None) -> int:
    """How many decimals a person may give: those of the currency, but at least two."""
    return max(USUAL_DECIMALS, minor_units(currency))


def write_money(amount: Decimal, currency: str | None) -> str:
    """`52.99 USD`; the amount alone if there is no currency."""
    return f"{write_amount(amount, currency)} {currency or ''}".strip()


@cache
def list_currencies() -> frozenset[str]:
    """Return the codes of currencies that documents may use, without those for metals, tests and `no currency`."""
    from iso4217 import Currency

    return RETIRED | {currency.code for currency in Currency if currency.exponent is not None}


_BEFORE_THE_EURO = frozenset("ATS BEF CYP DEM EEK ESP FIM FRF GRD IEP ITL LTL LUF LVL MTL NLG PTE SIT SKK".split())
"""Codes of currencies that the euro has replaced, which old receipts still name."""


def is_currency(code: str) -> bool:
    """Whether a person may give this code: it is, or once was, that of money."""
    return code in list_currencies() or code in _BEFORE_THE_EURO


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
