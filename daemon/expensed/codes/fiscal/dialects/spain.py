"""Spain: the address in the QR code of VERI*FACTU (AEAT) and of TicketBAI (the three Basque tax authorities).

Both hold the total with tax. A TicketBAI address ends with a CRC-8 of itself, and so does the identifier within it.
"""

from __future__ import annotations

import re

from stdnum.es import nif

from expensed.codes.fiscal.fiscal_code import TEST_SYSTEM, FiscalCode
from expensed.codes.fiscal.values import Address, make_day, parse_address, parse_amount, parse_day

VERIFACTU, TICKETBAI = "Spanish fiscal code (VERI*FACTU)", "Basque fiscal code (TicketBAI)"
_AEAT = ("www2.agenciatributaria.gob.es", "www2.aeat.es", "prewww2.aeat.es", "prewww10.aeat.es")
_TEST = re.compile(r"prewww|prep\.|pruebas-")
_AEAT_PATHS = ("/wlpl/TIKE-CONT/ValidarQR", "/wlpl/TIKE-CONT/ValidarQRNoVerifactu")
_BASQUE = {
    "batuz.eus": "/qrtbai/",
    "tbai.egoitza.gipuzkoa.eus": "/qr/",
    "tbai.prep.gipuzkoa.eus": "/qr/",
    "ticketbai.araba.eus": "/tbai/qrtbai/",
    "pruebas-ticketbai.araba.eus": "/tbai/qrtbai/",
}
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,2})?")
_ID = re.compile(r"(TBAI-([0-9A-Z]{9})-([0-9]{2})([0-9]{2})([0-9]{2})-[A-Za-z0-9+/=]{13}-)([0-9]{3})")
_NIF = re.compile(r"[0-9A-Z]{9}")
_POLYNOMIAL = 0x07


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the address of either system."""
    address = parse_address(text)
    if address is None:
        return None
    if address.host in _AEAT and address.path in _AEAT_PATHS:
        return _parse_verifactu(address)
    path = _BASQUE.get(address.host)
    return _parse_ticketbai(address, text) if path and address.path.lower().rstrip("/") + "/" == path else None


def _parse_verifactu(address: Address) -> FiscalCode | None:
    values = address.values
    if set(values) != {"nif", "numserie", "fecha", "importe"} or not values["numserie"]:
        return None
    day = parse_day(values["fecha"], "dmy") if values["fecha"][2:3] == "-" else None
    total = parse_amount(values["importe"]) if _AMOUNT.fullmatch(values["importe"]) else None
    if day is None or total is None or not _NIF.fullmatch(values["nif"]) or not nif.is_valid(values["nif"]):
        return None
    return FiscalCode(
        VERIFACTU,
        (day,),
        total=total,
        currency="EUR",
        seller_tax_id=values["nif"],
        number=values["numserie"],
        tells_refunds=True,
        remark=_remark(address),
    )


def _parse_ticketbai(address: Address, text: str) -> FiscalCode | None:
    values = address.values
    if list(values) != ["id", "s", "nf", "i", "cr"] or not values["nf"]:
        return None
    match = _ID.fullmatch(values["id"])
    total = parse_amount(values["i"]) if _AMOUNT.fullmatch(values["i"]) else None
    if match is None or total is None or not re.fullmatch(r"[0-9]{3}", values["cr"]):
        return None
    day = make_day(2000 + int(match[5]), int(match[4]), int(match[3]))
    if day is None or crc8(match[1]) != int(match[6]) or crc8(text.rpartition("&cr=")[0]) != int(values["cr"]):
        return None
    number = f"{values['s']}-{values['nf']}" if values["s"] else values["nf"]
    return FiscalCode(
        TICKETBAI,
        (day,),
        total=total,
        currency="EUR",
        seller_tax_id=match[2],
        number=number,
        tells_refunds=True,
        remark=_remark(address),
    )


def _remark(address: Address) -> str | None:
    return TEST_SYSTEM if _TEST.search(address.host) else None


def crc8(text: str) -> int:
    """Return the CRC-8 (polynomial 0x07) of a text."""
    value = 0
    for byte in text.encode():
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ _POLYNOMIAL) & 0xFF if value & 0x80 else value << 1
    return value
