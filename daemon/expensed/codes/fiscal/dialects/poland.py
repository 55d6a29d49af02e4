"""Poland: the address in the first code of a KSeF invoice (Ministerstwo Finansów): seller and issue date, no total."""

from __future__ import annotations

import re

from stdnum.pl import nip

from expensed.codes.fiscal.fiscal_code import TEST_SYSTEM, FiscalCode
from expensed.codes.fiscal.values import parse_address, parse_day

KIND = "Polish fiscal code (KSeF)"
_HOSTS = {
    "qr.ksef.mf.gov.pl": "/invoice/",
    "ksef.mf.gov.pl": "/client-app/invoice/",
    "qr-test.ksef.mf.gov.pl": "/invoice/",
    "qr-demo.ksef.mf.gov.pl": "/invoice/",
    "ksef-test.mf.gov.pl": "/client-app/invoice/",
}
_TEST = re.compile(r"test|demo")
_PLACE = re.compile(r"([0-9]{10})/([0-9]{2}-[0-9]{2}-[0-9]{4})/[A-Za-z0-9_-]{43}")


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the address of an invoice; that of a test system is one of a test."""
    address = parse_address(text)
    start = _HOSTS.get(address.host) if address is not None else None
    if address is None or start is None or not address.path.startswith(start) or address.values:
        return None
    match = _PLACE.fullmatch(address.path.removeprefix(start))
    day = parse_day(match[2], "dmy") if match else None
    if match is None or day is None or not nip.is_valid(match[1]):
        return None
    remark = TEST_SYSTEM if _TEST.search(address.host) else None
    return FiscalCode(KIND, (day,), seller_tax_id=match[1], remark=remark)
