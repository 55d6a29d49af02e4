"""Russia: the QR code of a cash receipt (54-FZ; requisites of fiscal documents, Federal Tax Service)."""

from __future__ import annotations

import re

from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.values import parse_amount, parse_clock, parse_day

KIND = "Russian fiscal code"
_FORM = re.compile(
    r"t=([0-9]{8})T([0-9]{4}|[0-9]{6})&s=([0-9]{1,10}(?:\.[0-9]{1,2})?)&fn=[0-9]{16}&i=([0-9]{1,10})&fp=[0-9]{1,10}"
    r"&n=([1-4])"
)
_SALE, _RETURN, _PAYOUT = "1", "2", "3"


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the code of a sale, a return, or a payout of the till and its return."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    day, clock, total = parse_day(match[1], "ymd"), parse_clock(match[2]), parse_amount(match[3])
    if day is None or clock is None or total is None:
        return None
    remark = None if match[5] in (_SALE, _RETURN) else "Its fiscal code says that the till paid out money."
    is_refund = match[5] in (_RETURN, _PAYOUT)
    return FiscalCode(
        KIND,
        (day,),
        clock,
        -total if is_refund else total,
        currency="RUB",
        number=match[4],
        tells_refunds=True,
        remark=remark,
    )
