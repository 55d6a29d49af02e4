"""Argentina: the address in the QR code of an invoice (AFIP, now ARCA; RG 4892/2020): JSON in base 64."""

from __future__ import annotations

import base64
import binascii
import re

from stdnum.ar import cuit

from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.values import parse_address, parse_amount, parse_day, parse_flat_object

KIND = "Argentine fiscal code"
_HOSTS = ("www.afip.gob.ar", "afip.gob.ar", "www.arca.gob.ar", "arca.gob.ar", "serviciosweb.afip.gob.ar")
_NEEDED = {"ver", "fecha", "cuit", "ptoVta", "tipoCmp", "nroCmp", "importe", "moneda", "ctz", "tipoCodAut", "codAut"}
_CURRENCIES = {"PES": "ARS", "DOL": "USD", "060": "EUR"}
_CREDIT_NOTES = frozenset((3, 8, 13, 21, 38, 43, 44, 48, 53, 90, 110, 112, 113, 114, 119, 203, 208, 213))
"""Of AFIP's table of kinds of documents."""
_COUNT = re.compile(r"[0-9]{1,8}")


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the address of an invoice, a debit note or a credit note; in pesos, dollars or euro."""
    address = parse_address(text)
    if address is None or address.host not in _HOSTS or address.path not in ("/fe/qr/", "/fe/qr"):
        return None
    values = parse_flat_object(_decode(address.values.get("p", "")))
    if values is None or len(address.values) != 1 or not _NEEDED.issubset(values) or values["ver"] != "1":
        return None
    if not all(_COUNT.fullmatch(values[key]) for key in ("ptoVta", "tipoCmp", "nroCmp")):
        return None
    day, total, currency = parse_day(values["fecha"], "ymd"), parse_amount(values["importe"]), values["moneda"]
    if day is None or total is None or total < 0 or currency not in _CURRENCIES:
        return None
    if not re.fullmatch(r"[0-9]{11}", values["cuit"]) or not cuit.is_valid(values["cuit"]):
        return None
    return FiscalCode(
        KIND,
        (day,),
        total=-total if int(values["tipoCmp"]) in _CREDIT_NOTES else total,
        currency=_CURRENCIES[currency],
        seller_tax_id=values["cuit"],
        number=f"{int(values['ptoVta']):05}-{int(values['nroCmp']):08}",
        tells_refunds=True,
    )


def _decode(text: str) -> str:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
