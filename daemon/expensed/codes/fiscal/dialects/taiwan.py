"""Taiwan: the left QR code of an electronic invoice (Ministry of Finance): 77 signs, then the first items.

The year is that of the Republic (1911 less); net and total are hexadecimal. The right code only has more items.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from expensed.codes.fiscal.fiscal_code import FiscalCode, Tax
from expensed.codes.fiscal.rates import fits, rate_of
from expensed.codes.fiscal.values import make_day

KIND = "Taiwanese fiscal code"
_FORM = re.compile(
    r"([A-Z]{2}[0-9]{8})([0-9]{3})([0-9]{2})([0-9]{2})[0-9]{4}([0-9A-Fa-f]{8})([0-9A-Fa-f]{8})[0-9]{8}([0-9]{8})"
    r"[A-Za-z0-9+/]{22}==(?::.*)?",
    re.DOTALL,
)
_REPUBLIC = 1911
_LARGEST = 10**9
_TOLERANCE = Decimal(1)
"""Whole dollars."""


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the left code; its net is 0 if the seller does not tell net and tax apart."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    day = make_day(_REPUBLIC + int(match[2]), int(match[3]), int(match[4]))
    net, total = int(match[5], 16), int(match[6], 16)
    if day is None or not net <= total < _LARGEST:
        return None
    taxed = 0 < net < total
    return FiscalCode(
        KIND,
        (day,),
        total=Decimal(total),
        net=Decimal(net) if net else None,
        tax=Decimal(total - net) if taxed else None,
        taxes=(_tax(Decimal(net), Decimal(total), day),) if taxed else (),
        currency="TWD",
        seller_tax_id=match[7],
        number=match[1],
    )


def _tax(net: Decimal, total: Decimal, day: date) -> Tax:
    """Return the business tax; its rate, which the code does not say, if all was taxed at that of the day."""
    rate = rate_of("taiwan", "general", (day,))
    return Tax(rate if fits(rate, net, total - net, _TOLERANCE) else None, net, total - net, total)
