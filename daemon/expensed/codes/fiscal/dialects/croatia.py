"""Croatia: the address in the QR code of a fiscalised receipt (Fiskalizacija, Porezna uprava).

It holds the local time and the total in cents; in kuna until the end of 2022.
"""

from __future__ import annotations

import re
from datetime import date

from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.values import parse_address, parse_amount, parse_clock, parse_day

KIND = "Croatian fiscal code"
_FIRST_EURO_DAY = date(2023, 1, 1)
_JIR = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ZKI = re.compile(r"[0-9a-fA-F]{32}")
_CENTS = re.compile(r"(-?)(0|[1-9][0-9]{0,11})")
_WITH_COMMA = re.compile(r"-?[0-9]{1,10},[0-9]{2}")


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the address with the receipt's number (JIR), or the issuer's mark (ZKI) while there is none."""
    address = parse_address(text)
    if address is None or address.host != "porezna.gov.hr" or address.path not in ("/rn", "/rn/"):
        return None
    values = address.values
    if list(values) not in (["jir", "datv", "izn"], ["zki", "datv", "izn"]):
        return None
    if not (_JIR.fullmatch(values["jir"]) if "jir" in values else _ZKI.fullmatch(values["zki"])):
        return None
    written, sign, hour = values["datv"].partition("_")
    day, clock = parse_day(written, "ymd") if len(written) == 8 else None, parse_clock(hour) if sign else None
    if day is None or clock is None or len(hour) != 4:
        return None
    amount = values["izn"]
    if cents := _CENTS.fullmatch(amount):
        total = parse_amount(f"{cents[1]}{cents[2].zfill(3)[:-2]}.{cents[2].zfill(3)[-2:]}")
    else:
        total = parse_amount(amount, comma=True) if _WITH_COMMA.fullmatch(amount) else None
    if total is None:
        return None
    currency = "EUR" if day >= _FIRST_EURO_DAY else "HRK"
    return FiscalCode(KIND, (day,), clock, total, currency=currency, tells_refunds=True)
