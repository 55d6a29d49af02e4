"""Egypt: the address in the QR code of an e-receipt (ETA): total, the seller's number, and a time in UTC."""

from __future__ import annotations

import re

from expensed.codes.fiscal.fiscal_code import TEST_SYSTEM, FiscalCode
from expensed.codes.fiscal.values import local_days, parse_amount, parse_stamp

KIND = "Egyptian fiscal code"
_OFFSETS = (2, 3)
_FORM = re.compile(
    r"https?://((?:preprod\.)?invoicing\.eta\.gov\.eg)/receipts/search/[0-9a-fA-F]{64}/share/([0-9T:.-]{16,30}Z)"
    r"#Total:([0-9]{1,12}(?:\.[0-9]{1,5})?),IssuerRIN:([0-9]{9})"
)


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the address of a receipt; a return receipt looks the same."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    stamp, total = parse_stamp(match[2]), parse_amount(match[3])
    if stamp is None or total is None:
        return None
    days = local_days(stamp.day, stamp.clock, _OFFSETS)
    remark = TEST_SYSTEM if match[1].startswith("preprod.") else None
    return FiscalCode(KIND, days, total=total, currency="EGP", seller_tax_id=match[4], remark=remark)
