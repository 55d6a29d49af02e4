"""Find the number of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.extraction.page.lines import Row

_NUMBER = re.compile(
    r"(?:invoice|inv|bill|receipt|rcpt|doc(?:ument)?|rechnungs?|beleg|bon|facture|fattura|factura|factuur|slip|trans(?:action)?)"
    r"[\s.\-]{0,2}(?:no|nr|num(?:ber|mer|ero)?|n°|nº|#|id)?[\s.:#°º]{0,5}(?P<number>[A-Z0-9][A-Z0-9/\-]{2,24})(?![A-Z0-9])",
    re.IGNORECASE,
)


def find_invoice_number(rows: Sequence[Row]) -> str | None:
    """Return the number printed after words such as `Invoice No`; it contains a digit."""
    for row in rows[:200]:
        for match in _NUMBER.finditer(row.text[:200]):
            number = match["number"].strip("-/")
            if sum(sign.isdigit() for sign in number) >= 2:
                return number
    return None
