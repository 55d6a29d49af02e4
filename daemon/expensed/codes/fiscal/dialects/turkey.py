"""Turkey: the JSON in the QR code of an e-Fatura or e-Arşiv invoice (GİB): total, currency, day, number, seller.

The total with tax (`vergidahil`) counts only if it is also what is to be paid (`odenecek`): tax may be withheld.
"""

from __future__ import annotations

import re
from decimal import Decimal

from expensed.codes.fiscal.fiscal_code import FiscalCode, Tax
from expensed.codes.fiscal.values import add_up, parse_amount, parse_day, parse_flat_object
from expensed.codes.machine_values import parse_currency

KIND = "Turkish fiscal code"
_NEEDED = {"vkntckn", "senaryo", "tip", "tarih", "no", "ettn", "parabirimi", "vergidahil", "odenecek"}
_SELLER = re.compile(r"[0-9]{10,11}")
_NUMBER = re.compile(r"[0-9A-Z]{3}20[0-9]{11}")
_ETTN = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_BASE = re.compile(r"kdvmatrah\(([0-9]{1,2})\)")
_TAX = "hesaplanankdv({})"
_TOLERANCE = Decimal("0.02")
_RETURN = "IADE"
"""Also the end of the kinds of returns with tax withheld and the like, such as `TEVKIFATIADE`."""


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the code of an invoice."""
    values = parse_flat_object(text)
    if values is None or not _NEEDED.issubset(values):
        return None
    if not (
        _SELLER.fullmatch(values["vkntckn"]) and _NUMBER.fullmatch(values["no"]) and _ETTN.fullmatch(values["ettn"])
    ):
        return None
    day, currency = parse_day(values["tarih"], "ymd"), parse_currency(values["parabirimi"])
    total, payable = parse_amount(values["vergidahil"]), parse_amount(values["odenecek"])
    if day is None or currency is None or total is None or payable is None:
        return None
    remark = "Its fiscal code says that goods are returned." if _is_return(values["tip"]) else None
    return FiscalCode(
        KIND,
        (day,),
        total=total if total == payable else None,
        taxes=_taxes(values, total),
        currency=currency if total == payable else None,
        seller_tax_id=values["vkntckn"],
        number=values["no"],
        remark=remark,
    )


def _taxes(values: dict[str, str], total: Decimal) -> tuple[Tax, ...]:
    """Return base and tax of each rate if they add up to the total; none if another tax or something else is in it."""
    found = []
    for key, written in values.items():
        match = _BASE.fullmatch(key)
        net, tax = parse_amount(written), parse_amount(values.get(_TAX.format(match[1]), "")) if match else None
        if match and net is not None and tax is not None:
            found.append(Tax(Decimal(match[1]), net, tax))
    made = add_up((each.net or Decimal(0)) + (each.tax or Decimal(0)) for each in found)
    return tuple(found) if abs(made - total) <= _TOLERANCE else ()


def _is_return(kind: str) -> bool:
    return kind.strip().upper().replace("İ", "I").endswith(_RETURN)
