"""Portugal: the QR code of invoices (Portaria 195/2020; technical specification of the Autoridade Tributária).

Everything is exact: net and tax at three rates in up to three tax areas, their sum, the total, the document's type and
number. `N` must be the sum of the taxes, and `O` that of nets and taxes.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from stdnum.pt import nif

from expensed.codes.fiscal.fiscal_code import FiscalCode, Tax
from expensed.codes.fiscal.rates import fits, rate_of
from expensed.codes.fiscal.values import add_up, parse_amount, parse_day

KIND = "Portuguese fiscal code"
_AREAS = [f"{area}{field}" for area in "IJK" for field in range(1, 9)]
_ORDER = [*"ABCDEFGH", *_AREAS, *"LMNOPQRS"]
_NEEDED = (*"ABCDEFGH", "I1", *"NOQR")
_CENTS = re.compile(r"-?[0-9]{1,13}\.[0-9]{2}")
_MONEY = [key for key in _ORDER if key in "LMNOP" or (key in _AREAS and key[1] != "1")]
_TOLERANCE = Decimal("0.05")
"""Each amount is rounded by itself."""
_RATES = (("reduced", "3", "4"), ("intermediate", "5", "6"), ("normal", "7", "8"))
_STAMP_DUTY = "Imposto do Selo"
_PURCHASES = ("FT", "FS", "FR", "ND", "VD", "TV", "RC", "RG")
_REFUNDS = ("NC", "TD")
_STATES = "NSTAFR"


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the code of an invoice, a receipt, a credit note, or another document of the trade."""
    fields = _split(text)
    if fields is None or not re.fullmatch(r"[0-9]{9}", fields["A"]) or not nif.is_valid(fields["A"]):
        return None
    amounts = {key: parse_amount(fields[key]) for key in _MONEY if key in fields and _CENTS.fullmatch(fields[key])}
    day = parse_day(fields["F"], "ymd") if len(fields["F"]) == 8 else None
    if day is None or any(key in fields and amounts.get(key) is None for key in _MONEY):
        return None
    known = {key: value for key, value in amounts.items() if value is not None}
    if not _adds_up(known) or not re.fullmatch(r"[A-Z]{2}", fields["D"]) or fields["E"] not in _STATES:
        return None
    is_refund = fields["D"] in _REFUNDS
    remark = None
    if fields["E"] == "A":
        remark = "Its fiscal code says that it is void."
    elif fields["D"] not in _PURCHASES and not is_refund:
        remark = f"Its fiscal code says that it is not an invoice but of the type {fields['D']}."
    sign = -1 if is_refund else 1
    return FiscalCode(
        KIND,
        (day,),
        total=sign * known["O"],
        tax=sign * known["N"],
        taxes=_taxes(fields, known, sign, day),
        currency="EUR",
        seller_tax_id=fields["A"],
        number=fields["G"],
        tells_refunds=True,
        remark=remark,
    )


def _split(text: str) -> dict[str, str] | None:
    """Return the fields by key, which stand in the order of the specification."""
    fields: dict[str, str] = {}
    last = -1
    for part in text.split("*"):
        key, sign, value = part.partition(":")
        place = _ORDER.index(key) if key in _ORDER else -1
        if not sign or not value or place <= last:
            return None
        fields[key], last = value, place
    return fields if all(key in fields for key in _NEEDED) else None


def _adds_up(amounts: dict[str, Decimal]) -> bool:
    tax = add_up(amounts.get(key, Decimal(0)) for key in _taxing("468"))
    net = add_up(amounts.get(key, Decimal(0)) for key in _taxing("2357"))
    tax += amounts.get("M", Decimal(0))
    total = net + amounts.get("L", Decimal(0)) + amounts["N"]
    return abs(tax - amounts["N"]) <= _TOLERANCE and abs(total - amounts["O"]) <= _TOLERANCE


def _taxing(fields: str) -> list[str]:
    return [f"{area}{field}" for area in "IJK" for field in fields]


def _taxes(fields: dict[str, str], amounts: dict[str, Decimal], sign: int, day: date) -> tuple[Tax, ...]:
    """Return net and tax of each area and rate, what is exempt or not taxed, and stamp duty."""
    exempt = [Tax(Decimal(0), sign * amounts[key], Decimal(0)) for key in (*_taxing("2"), "L") if amounts.get(key)]
    taxed = [
        _taxed(fields.get(f"{area}1", ""), kind, amounts, f"{area}{net}", f"{area}{tax}", sign, day)
        for area in "IJK"
        for kind, net, tax in _RATES
    ]
    duty = [Tax(tax=sign * amounts["M"], name=_STAMP_DUTY)] if amounts.get("M") else []
    return (*exempt, *(each for each in taxed if each is not None), *duty)


def _taxed(area: str, kind: str, amounts: dict[str, Decimal], net: str, tax: str, sign: int, day: date) -> Tax | None:
    """Return one rate of one area; its percentage, which the code does not say, if it is that of the day."""
    if net not in amounts or tax not in amounts:
        return None
    rate = rate_of("portugal", f"{area}-{kind}", (day,))
    is_right = fits(rate, amounts[net], amounts[tax], _TOLERANCE)
    return Tax(rate if is_right else None, sign * amounts[net], sign * amounts[tax])
