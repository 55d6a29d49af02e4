"""What kind of document it is, and its number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.extraction.labels import compact
from expensed.extraction.lines import Row

_CREDIT = re.compile(
    r"(?:tax)?credit(?:note|memo)|gutschrift|rechnungskorrektur|avoir$|factureavoir|notadecredito|notadicredito"
    r"|creditnota|kreditnota"
)
_TITLE_ROWS = 20
_INVOICE = re.compile(r"\binvoice|rechnung|\bfacture|fattura|\bfactura|\bfatura|factuur|\bfaktur", re.IGNORECASE)
_RECEIPT = re.compile(
    r"receipt|cash\b|change\b|rückgeld|kassen|quittung|\bbon\b|beleg|ticket|scontrino|tender|\btend\b|cashier"
    r"|tax invoice|terminal",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:invoice|inv|bill|receipt|rcpt|doc(?:ument)?|rechnungs?|beleg|bon|facture|fattura|factura|factuur|slip|trans(?:action)?)"
    r"[\s.\-]{0,2}(?:no|nr|num(?:ber|mer|ero)?|n°|nº|#|id)?[\s.:#°º]{0,5}(?P<number>[A-Z0-9][A-Z0-9/\-]{2,24})(?![A-Z0-9])",
    re.IGNORECASE,
)


def find_kind(rows: Sequence[Row]) -> str:
    """`receipt`, `invoice` or `credit-note`, by the words on it."""
    if any(_CREDIT.match(compact(cell.text)) for row in rows[:_TITLE_ROWS] for cell in row.cells):
        return "credit-note"
    text = "\n".join(row.text for row in rows)[:20_000]
    return "invoice" if _INVOICE.search(text) and not _RECEIPT.search(text) else "receipt"


def find_invoice_number(rows: Sequence[Row]) -> str | None:
    """The number printed after words such as `Invoice No`; it has a digit."""
    for row in rows[:200]:
        for match in _NUMBER.finditer(row.text[:200]):
            number = match["number"].strip("-/")
            if sum(sign.isdigit() for sign in number) >= 2:
                return number
    return None
