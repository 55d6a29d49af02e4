"""Slovenia: the 60 digits in the QR code of a receipt confirmed by FURS: no total, but the local time.

Protective mark (39 digits), the seller's tax number (8), year to second (12), and the sum of all of them modulo 10.
"""

from __future__ import annotations

import re

from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.values import make_day, parse_clock

KIND = "Slovenian fiscal code"
_DIGITS = re.compile(r"[0-9]{60}")
_CENTURY = 2000


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the digits of a receipt."""
    if not _DIGITS.fullmatch(text) or sum(map(int, text[:59])) % 10 != int(text[59]) or int(text[:39]) >= 1 << 128:
        return None
    day = make_day(_CENTURY + int(text[47:49]), int(text[49:51]), int(text[51:53]))
    clock = parse_clock(text[53:59])
    if day is None or clock is None:
        return None
    return FiscalCode(KIND, (day,), clock, seller_tax_id=text[39:47])
