"""Brazil: the address in the QR code of an NFC-e (ENCAT, versions 1 to 3), and the code of a CF-e SAT (São Paulo).

The access key of 44 digits has a check digit; of the date it holds the month only. Just version 1 and what was issued
offline hold the total and the day.
"""

from __future__ import annotations

import re
from datetime import date

from stdnum.br import cnpj

from expensed.codes.fiscal.fiscal_code import TEST_SYSTEM, FiscalCode
from expensed.codes.fiscal.values import (
    Address,
    make_day,
    parse_address,
    parse_amount,
    parse_clock,
    parse_day,
    parse_stamp,
)

NFCE, SAT = "Brazilian fiscal code (NFC-e)", "Brazilian fiscal code (CF-e SAT)"
_KEY = re.compile(r"[0-9]{44}")
_STATES = frozenset((*range(11, 18), *range(21, 30), *range(31, 34), 35, *range(41, 44), *range(50, 54)))
_NFCE_MODEL, _SAT_MODEL = "65", "59"
_MONEY = re.compile(r"[0-9]{1,12}\.[0-9]{2}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")
_SHA1 = re.compile(r"[0-9A-Fa-f]{40}")
_OFFLINE = {"2": 8, "3": 8}
_ONLINE = {"2": 5, "3": 3}
"""The number of parts by version."""
_SAT_PARTS = 5
_CENTURY = 2000


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse either code."""
    if text[:1].isdigit() or text.startswith("CFe"):
        return _parse_sat(text.removeprefix("CFe").split("|"))
    address = parse_address(text)
    if address is None or not address.host.endswith(".gov.br"):
        return None
    if list(address.values) == ["p"]:
        return _parse_parts(address.values["p"].split("|"))
    return _parse_first_version(address) if "chNFe" in address.values else None


def _parse_sat(parts: list[str]) -> FiscalCode | None:
    if len(parts) != _SAT_PARTS or not _is_key(parts[0], _SAT_MODEL) or not _BASE64.fullmatch(parts[4]):
        return None
    if len(parts[1]) != 14 or not re.fullmatch(r"(?:[0-9]{11}|[0-9]{14})?", parts[3]) or not _MONEY.fullmatch(parts[2]):
        return None
    day, clock, total = parse_day(parts[1][:8], "ymd"), parse_clock(parts[1][8:]), parse_amount(parts[2])
    if day is None or clock is None or total is None or _month(parts[0]) != (day.year, day.month):
        return None
    return FiscalCode(SAT, (day,), clock, total, currency="BRL", seller_tax_id=parts[0][6:20], number=parts[0][31:37])


def _parse_parts(parts: list[str]) -> FiscalCode | None:
    """Parse `key|version|environment|...` of versions 2 and 3."""
    if len(parts) < 3 or not _is_key(parts[0], _NFCE_MODEL) or parts[2] not in ("1", "2"):
        return None
    key, version, environment = parts[:3]
    remark = TEST_SYSTEM if environment == "2" else None
    if len(parts) == _ONLINE.get(version):
        if version == "2" and not (re.fullmatch(r"[0-9]{1,6}", parts[3]) and _SHA1.fullmatch(parts[4])):
            return None
        return _nfce(key, remark=remark)
    if len(parts) != _OFFLINE.get(version) or not re.fullmatch(r"[0-9]{2}", parts[3]) or not _MONEY.fullmatch(parts[4]):
        return None
    if version == "2" and not (re.fullmatch(r"[0-9]{1,6}", parts[6]) and _SHA1.fullmatch(parts[7])):
        return None
    day = make_day(*_month(key), int(parts[3]))
    return _nfce(key, day, parts[4], remark) if day is not None else None


def _parse_first_version(address: Address) -> FiscalCode | None:
    """Parse version 1, whose parameters have names and whose time is in hexadecimal."""
    values = address.values
    key, moment, money = values["chNFe"], values.get("dhEmi", ""), values.get("vNF", "")
    if not _is_key(key, _NFCE_MODEL) or values.get("nVersao") != "100" or values.get("tpAmb") not in ("1", "2"):
        return None
    try:
        stamp = parse_stamp(bytes.fromhex(moment).decode("ascii"))
    except ValueError:
        return None
    if stamp is None or not _SHA1.fullmatch(values.get("cHashQRCode", "")) or not _MONEY.fullmatch(money):
        return None
    return _nfce(key, stamp.day, money, TEST_SYSTEM if values["tpAmb"] == "2" else None)


def _nfce(key: str, day: date | None = None, money: str = "", remark: str | None = None) -> FiscalCode:
    return FiscalCode(
        NFCE,
        (day,) if day is not None else (),
        total=parse_amount(money) if money else None,
        currency="BRL" if money else None,
        seller_tax_id=key[6:20],
        number=str(int(key[25:34])),
        remark=remark,
    )


def _month(key: str) -> tuple[int, int]:
    return _CENTURY + int(key[2:4]), int(key[4:6])


def _is_key(key: str, model: str) -> bool:
    """Whether this is an access key of the model, with its check digit, a state, a month and a CNPJ."""
    if not _KEY.fullmatch(key) or key[20:22] != model or int(key[:2]) not in _STATES or not 1 <= int(key[4:6]) <= 12:
        return False
    rest = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(key[:43]))) % 11
    return int(key[43]) == (0 if rest < 2 else 11 - rest) and cnpj.is_valid(key[6:20])
