"""Germany: the code of the technical security device (TSE), DSFinV-K appendix I, version `V0`.

Times are UTC, so the day on paper may be the next one. Only the process type `Kassenbeleg-V1` holds amounts: the gross
amount at each tax rate, and how it was paid.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from expensed.codes.fiscal.fiscal_code import CANCELS, TRAINING, FiscalCode, Tax
from expensed.codes.fiscal.rates import rate_of
from expensed.codes.fiscal.values import add_up, local_days, parse_amounts, parse_stamp

KIND = "German fiscal code"
_OFFSETS = (2, 1)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")
_FORM = re.compile(
    r"V0;(?P<till>[^;]{1,70});(?P<type>Kassenbeleg-V1|Bestellung-V1|SonstigerVorgang);(?P<data>[^;]*)"
    r";[0-9]{1,15};[0-9]{1,15};(?P<start>[^;]*);(?P<end>[^;]*);[A-Za-z0-9-]{3,40};[A-Za-z]{3,20}"
    r";(?P<signature>[^;]*);(?P<key>[^;]*)",
    re.DOTALL,
)
_RECEIPT, _ORDER = "Kassenbeleg-V1", "Bestellung-V1"
_CENTS = re.compile(r"-?[0-9]{1,12}\.[0-9]{2}")
_PAYMENT = re.compile(r"(-?[0-9]{1,12}\.[0-9]{2}):(?:Bar|Unbar)(?::([A-Z]{3}))?")
_KINDS = ("general", "reduced", "farmers", "forestry")
"""The rates whose amounts stand in this order, before what has none."""
_REMARKS = {
    "AVTraining": TRAINING,
    "AVBelegabbruch": "Its fiscal code says that the receipt was broken off.",
    "AVBestellung": "Its fiscal code says that it is an order, not a receipt.",
    "AVTransfer": "Its fiscal code says that it moves money and is not a purchase.",
    "AVSachbezug": "Its fiscal code says that it is not a purchase.",
    "AVSonstige": "Its fiscal code says that it is not a purchase.",
    "AVRechnung": None,
    "AVBelegstorno": CANCELS,
    "Beleg": None,
}


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the code of a receipt, an order or another act of the till."""
    match = _FORM.fullmatch(text)
    if match is None or not _BASE64.fullmatch(match["signature"]) or not _BASE64.fullmatch(match["key"]):
        return None
    start, end = parse_stamp(match["start"]), parse_stamp(match["end"])
    if start is None or end is None or start.zone != "Z" or end.zone != "Z":
        return None
    days = local_days(end.day, end.clock, _OFFSETS)
    if match["type"] != _RECEIPT:
        return FiscalCode(KIND, days, remark=_REMARKS["AVBestellung" if match["type"] == _ORDER else "AVSonstige"])
    return _parse_receipt(match["data"], days)


def _parse_receipt(data: str, days: tuple[date, ...]) -> FiscalCode | None:
    act, _, rest = data.partition("^")
    sums, _, paid = rest.partition("^")
    written = sums.split("_")
    grosses = parse_amounts(written) if len(written) == 5 and all(map(_CENTS.fullmatch, written)) else None
    payments = [_PAYMENT.fullmatch(each) for each in paid.split("_")] if paid else []
    if act not in _REMARKS or grosses is None or None in payments:
        return None
    total = add_up(grosses)
    in_euro = parse_amounts([each[1] for each in payments if each is not None and each[2] is None]) or []
    if payments and len(in_euro) == len(payments) and add_up(in_euro) != total:
        return None
    rates = (*(rate_of("germany", kind, days) for kind in _KINDS), Decimal(0))
    taxes = tuple(Tax(rate, gross=gross) for rate, gross in zip(rates, grosses, strict=True) if gross)
    return FiscalCode(KIND, days, total=total, taxes=taxes, currency="EUR", tells_refunds=True, remark=_REMARKS[act])
