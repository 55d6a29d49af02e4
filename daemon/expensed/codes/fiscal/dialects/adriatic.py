"""Montenegro and Albania: the address in the code of a fiscalised receipt: total, the seller's number, local time."""

from __future__ import annotations

import re

from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.values import parse_address, parse_amount, parse_stamp

_SYSTEMS = {
    ("mapr.tax.gov.me", "/ic/#/verify"): ("Montenegrin fiscal code", "EUR", re.compile(r"[0-9]{8}|[0-9]{13}")),
    ("efiskalizimi-app.tatime.gov.al", "/invoice-check/#/verify"): (
        "Albanian fiscal code",
        "ALL",
        re.compile(r"[A-Z][0-9]{8}[A-Z]"),
    ),
}
"""By host and path: the kind, the currency, and the form of the seller's number."""
_NEEDED = {"iic", "tin", "crtd", "prc"}
_ALLOWED = _NEEDED | {"ord", "bu", "cr", "sw"}
_IIC = re.compile(r"[0-9A-Fa-f]{32}")
_PRICE = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,2})?")


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the address of a receipt of either country."""
    address = parse_address(text)
    system = _SYSTEMS.get((address.host, address.path)) if address is not None else None
    if address is None or system is None:
        return None
    values, (kind, currency, seller) = address.values, system
    if not _NEEDED <= set(values) <= _ALLOWED:
        return None
    if not _IIC.fullmatch(values["iic"]) or not seller.fullmatch(values["tin"]):
        return None
    stamp = parse_stamp(re.sub(r" (?=[0-9]{2}:?[0-9]{2}$)", "+", values["crtd"]))
    total = parse_amount(values["prc"]) if _PRICE.fullmatch(values["prc"]) else None
    if stamp is None or not stamp.zone or stamp.zone == "Z" or total is None:
        return None
    return FiscalCode(
        kind,
        (stamp.day,),
        stamp.clock,
        total,
        currency=currency,
        seller_tax_id=values["tin"],
        number=values.get("ord"),
        tells_refunds=True,
    )
