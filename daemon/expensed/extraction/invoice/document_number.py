"""Find the number of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.extraction.page.lines import Row

_TITLES = (
    "invoice|inv|bill|receipt|rcpt|doc(?:ument)?|rechnungs?|beleg|bon|facture|fattura|factura|factuur|slip|trans(?:action)?"
    "|faktur[aeoyęuiá]*|fatura|lasku(?:n)?|számla|arve|račun[ua]?|sąskait\\w*|rēķin\\w*|τιμολόγιο|фактура|счет|счёт|рахунок"
)
_LABELS = r"no|nr|núm|num(?:ber|mer|ero)?|numer|nummer|número|numéro|numero|n°|nº|č(?:íslo)?|sz(?:ám)?|#|id|n(?=[.:])|№"
_DAY_OR_SUM = r"(?!\d{4}([./-])\d{1,2}\1\d{1,2}(?!\d)|\d{1,2}([./-])\d{1,2}\2\d{2,4}(?!\d)|\d+[.,]\d{2}(?![\d/.-]))"
_NUMBER = re.compile(
    rf"(?:{_TITLES})[\s.\-]{{0,2}}(?:{_LABELS})?[\s.:#°º]{{0,5}}{_DAY_OR_SUM}"
    r"(?P<number>(?-i:[A-Z]{1,3}) (?!\d{1,2}[./]|\d{4}-\d\d-)\d[A-Z0-9/\-.]{3,20}|[A-Z0-9][A-Z0-9/\-.]{2,24})"
    r"(?![A-Z0-9])",
    re.IGNORECASE,
)


def find_invoice_number(rows: Sequence[Row]) -> str | None:
    """Return the number printed after words such as `Invoice No`; it contains a digit, and is no date or sum."""
    for row in rows[:200]:
        for match in _NUMBER.finditer(row.text[:200]):
            number = match["number"].strip("-/.")
            if sum(sign.isdigit() for sign in number) >= 2:
                return number
    return None
