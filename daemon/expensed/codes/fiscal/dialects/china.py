"""China: the QR code of a fapiao (State Taxation Administration): `01`, type, code, number, amount, date, check, CRC.

On the older types, which have a code, the amount is the net; on the digital ones, which have none, the total with tax.
"""

from __future__ import annotations

import re

from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.values import parse_amount, parse_day

KIND = "Chinese fiscal code (fapiao)"
_FORM = re.compile(
    r"01,([0-9]{2}),([0-9]{0,12}),([0-9]{8}|[0-9]{20}),(-?[0-9]{1,12}(?:\.[0-9]{1,2})?),([0-9]{8}),([0-9]{20})?"
    r"(?:,(?:[0-9A-Fa-f]{4})?,?)?"
)
_NET_TYPES = ("01", "04", "10")
_DIGITAL_TYPES = ("31", "32", "51", "61")


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the code of a VAT invoice, paper or electronic; other types' amounts are not known to be totals."""
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    kind, code, number = match[1], match[2], match[3]
    day, amount = parse_day(match[5], "ymd"), parse_amount(match[4])
    if day is None or amount is None:
        return None
    if kind in _DIGITAL_TYPES and not code and len(number) == 20:
        return FiscalCode(KIND, (day,), total=amount, currency="CNY", number=number)
    if kind in _NET_TYPES and len(code) in (10, 12) and len(number) == 8:
        return FiscalCode(KIND, (day,), net=amount, number=number)
    return None
