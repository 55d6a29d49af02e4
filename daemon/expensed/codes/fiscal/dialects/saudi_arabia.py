"""Saudi Arabia: the QR code of invoices (ZATCA, security features implementation standards): tag, length, value.

In base 64, sometimes in bare bytes. The time is written with a `Z`, but many tills mean the local one.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date
from decimal import Decimal

from expensed.codes.fiscal.fiscal_code import FiscalCode, Tax
from expensed.codes.fiscal.rates import fits, rate_of
from expensed.codes.fiscal.values import local_days, parse_amount, parse_stamp

KIND = "Saudi fiscal code"
_OFFSETS = (0, 3)
_VAT_NUMBER = re.compile(r"3[0-9]{13}3")
_MONEY = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_SELLER, _NUMBER, _STAMP, _TOTAL, _TAX = range(1, 6)
_LAST_TAG = 9
_TOLERANCE = Decimal("0.02")
"""Net and tax are each rounded."""


def parse(text: str, data: bytes) -> FiscalCode | None:
    """Parse the code of an invoice; whether it is a credit note, it does not say."""
    fields = _fields(_decode(text)) or _fields(data)
    if fields is None:
        return None
    try:
        seller, number, written, total_text, tax_text = (fields[tag].decode("utf-8") for tag in range(1, 6))
    except UnicodeDecodeError:
        return None
    stamp, total, tax = parse_stamp(written), parse_amount(total_text), parse_amount(tax_text)
    if stamp is None or total is None or tax is None or not seller.strip() or not _VAT_NUMBER.fullmatch(number):
        return None
    if not 0 <= abs(tax) < max(abs(total), abs(tax) + total.is_zero()) or total * tax < 0:
        return None
    days = local_days(stamp.day, stamp.clock, _OFFSETS) if stamp.zone == "Z" else (stamp.day,)
    clock = None if stamp.zone == "Z" else stamp.clock
    return FiscalCode(
        KIND,
        days,
        clock,
        total,
        tax=tax,
        taxes=(_tax(total, tax, days),),
        currency="SAR",
        seller=seller.strip(),
        seller_tax_id=number,
    )


def _tax(total: Decimal, tax: Decimal, days: tuple[date, ...]) -> Tax:
    """Return the one tax; its rate, which the code does not say, if all of the total was taxed at that of the day."""
    rate = rate_of("saudi_arabia", "general", days)
    return Tax(rate if fits(rate, total - tax, tax, _TOLERANCE) else None, total - tax, tax, total)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _fields(data: bytes) -> dict[int, bytes] | None:
    """Return the values by tag, from 1 on without a gap; None if the lengths do not add up."""
    fields: dict[int, bytes] = {}
    place = 0
    while place + 2 <= len(data):
        tag, length = data[place], data[place + 1]
        value = data[place + 2 : place + 2 + length]
        if tag != len(fields) + 1 or tag > _LAST_TAG or len(value) != length:
            return None
        fields[tag] = value
        place += 2 + length
    return fields if place == len(data) and len(fields) >= _TAX else None
