"""Austria: the machine-readable code of the cash register ordinance (RKSV), as QR code or as a printed line.

It holds the gross amount at each of five tax rates and the local time. The turnover counter says if a receipt cancels
another (`STO`) or was made in training (`TRA`).
"""

from __future__ import annotations

import re
from decimal import Decimal

from expensed.codes.fiscal.fiscal_code import CANCELS, TRAINING, FiscalCode, Tax
from expensed.codes.fiscal.values import add_up, parse_amounts, parse_stamp

KIND = "Austrian fiscal code"
_FORM = re.compile(
    r"_R1-AT[0-9]{1,3}_(?P<till>[^_]{1,60})_(?P<number>[^_]{1,60})_(?P<stamp>[0-9T:-]{19})"
    r"_(?P<sums>-?[0-9]{1,10},[0-9]{2}(?:_-?[0-9]{1,10},[0-9]{2}){4})_(?P<counter>[^_]{4,60})_[^_]{1,60}_[^_]{4,60}"
)
_SIGNATURE = re.compile(r"_[A-Za-z0-9+/=]{20,200}")
_LINE = re.compile(_FORM.pattern + r"(?=_)")
_RATES = (Decimal(20), Decimal(10), Decimal(13), Decimal(0), None)
_TRAINING, _CANCELLED = ("VFJB", "KRJBA==="), ("U1RP", "KNKE6===")
"""`TRA` and `STO`, in base 64 and in base 32."""


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the code of a receipt, with its signature."""
    match = _FORM.match(text)
    if match is None or not _SIGNATURE.fullmatch(text, match.end()):
        return None
    return _parse(match)


def find_in_line(text: str) -> FiscalCode | None:
    """Find the code in the words of a page, where it is printed as a line; an engine may misread its signature."""
    match = _LINE.search(re.sub(r"\s+", "", text))
    return None if match is None else _parse(match)


def _parse(match: re.Match[str]) -> FiscalCode | None:
    stamp = parse_stamp(match["stamp"])
    grosses = parse_amounts(match["sums"].split("_"), comma=True)
    if stamp is None or grosses is None:
        return None
    total = add_up(grosses)
    remark = None
    if match["counter"] in _TRAINING:
        remark = TRAINING
    elif match["counter"] in _CANCELLED:
        remark = CANCELS
    elif total == 0:
        remark = "Its fiscal code is that of a zero receipt."
    taxes = tuple(Tax(rate, gross=gross) for rate, gross in zip(_RATES, grosses, strict=True) if gross)
    return FiscalCode(
        KIND,
        (stamp.day,),
        stamp.clock,
        total,
        taxes=taxes,
        currency="EUR",
        number=match["number"],
        tells_refunds=True,
        remark=remark,
    )
