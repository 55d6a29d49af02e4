"""Serbia and Republika Srpska: the address of SUF, whose one parameter is the receipt in bytes (TaxCore).

Bytes 25 to 32 are the total times 10,000, little endian, and 33 to 40 the moment in milliseconds UTC, big endian; the
last 16 are the MD5 of all before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime
from decimal import Decimal

from expensed.codes.fiscal.fiscal_code import TEST_SYSTEM, TRAINING, FiscalCode
from expensed.codes.fiscal.values import local_days, make_day, parse_address, parse_amount

_HOSTS = {
    "suf.purs.gov.rs": ("Serbian fiscal code", "RSD"),
    "sandbox.suf.purs.gov.rs": ("Serbian fiscal code", "RSD"),
    "sandbox.suf.poreskaupravars.org": ("Fiscal code of Republika Srpska", "BAM"),
    "suf.poreskaupravars.org": ("Fiscal code of Republika Srpska", "BAM"),
}
_VERSION = 3
_DEVICE = re.compile(rb"[A-Z0-9]{8}[A-Z0-9]{8}")
_HEAD, _CHECKSUM, _SIGNATURE = 44, 16, 256
_INTERNAL = (256, 512)
_OFFSETS = (2, 1)
_REMARKS = {
    1: "Its fiscal code says that it is a pro-forma invoice.",
    3: TRAINING,
}
_LAST_TYPE = 4
_LARGEST = 10**16


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the address of a receipt; the sandbox says that it is one of a test."""
    address = parse_address(text)
    if address is None or address.host not in _HOSTS or address.path not in ("/v/", "/v"):
        return None
    if list(address.values) != ["vl"]:
        return None
    data = _decode(address.values["vl"])
    if data is None or not _is_whole(data):
        return None
    kind, currency = _HOSTS[address.host]
    total, moment = int.from_bytes(data[25:33], "little"), int.from_bytes(data[33:41], "big")
    invoice_type, transaction = data[41], data[42]
    if total > _LARGEST or moment > _LARGEST // 1000 or invoice_type > _LAST_TYPE or transaction > 1:
        return None
    stamp = datetime.fromtimestamp(moment // 1000, UTC)
    if make_day(stamp.year, stamp.month, stamp.day) is None:
        return None
    amount = parse_amount(f"{Decimal(total).scaleb(-4):f}")
    if amount is None:
        return None
    remark = TEST_SYSTEM if address.host.startswith("sandbox.") else _REMARKS.get(invoice_type)
    return FiscalCode(
        kind,
        local_days(stamp.date(), stamp.time(), _OFFSETS),
        total=-amount if transaction else amount,
        currency=currency,
        number=_number(data),
        tells_refunds=True,
        remark=remark,
    )


def _decode(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.replace(" ", "+"), validate=True)
    except (binascii.Error, ValueError):
        return None


def _is_whole(data: bytes) -> bool:
    """Whether the bytes have the lengths, the version, the devices and the checksum of a receipt."""
    if len(data) < _HEAD or data[0] != _VERSION or not _DEVICE.fullmatch(data[1:17]):
        return False
    rest = len(data) - _HEAD - data[43] - _SIGNATURE - _CHECKSUM
    return rest in _INTERNAL and hashlib.md5(data[:-16], usedforsecurity=False).digest() == data[-16:]


def _number(data: bytes) -> str:
    """Return the receipt's number: who asked for it, who signed it, and its count."""
    devices = data[1:17].decode("ascii")
    return f"{devices[:8]}-{devices[8:]}-{int.from_bytes(data[17:21], 'little')}"
