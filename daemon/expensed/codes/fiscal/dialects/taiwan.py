"""Taiwan: the left QR code of an electronic invoice (Ministry of Finance): 77 signs, then the first items.

The year is that of the Republic (1911 less); net and total are hexadecimal. The right code only has more items.
"""

from __future__ import annotations

import re
from decimal import Decimal

from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.values import make_day

KIND = "Taiwanese fiscal code"
_FORM = re.compile(
    r"([A-Z]{2}[0-9]{8})([0-9]{3})([0-9]{2})([0-9]{2})[0-9]{4}([0-9A-Fa-f]{8})([0-9A-Fa-f]{8})[0-9]{8}([0-9]{8})"
    r"[A-Za-z0-9+/]{22}==(?::.*)?",
    re.DOTALL,
)
_REPUBLIC = 1911
_LARGEST = 10**9


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the left code; its net is 0 if the seller does not tell net and tax apart."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    day = make_day(_REPUBLIC + int(match[2]), int(match[3]), int(match[4]))
    net, total = int(match[5], 16), int(match[6], 16)
    if day is None or not net <= total < _LARGEST:
        return None
    return FiscalCode(
        KIND,
        (day,),
        total=Decimal(total),
        net=Decimal(net) if net else None,
        currency="TWD",
        seller_tax_id=match[7],
        number=match[1],
    )
