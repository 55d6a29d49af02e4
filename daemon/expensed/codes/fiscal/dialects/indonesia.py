"""Indonesia: the address in the QR code of an e-Faktur (DJP): seller and number only. QRIS is a payment, not this."""

from __future__ import annotations

import re

from expensed.codes.fiscal.fiscal_code import FiscalCode

KIND = "Indonesian fiscal code"
_FORM = re.compile(
    r"https?://svc\.efaktur\.pajak\.go\.id/validasi/faktur/([0-9]{15,16})/([0-9]{13})/[0-9A-Fa-f]{64,128}"
)


def parse(text: str, _data: bytes) -> FiscalCode | None:
    """Parse the address of a tax invoice."""
    match = _FORM.fullmatch(text)
    return FiscalCode(KIND, seller_tax_id=match[1], number=match[2]) if match else None
