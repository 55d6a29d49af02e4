"""What kind of document it is, and its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from expensed.extraction.amount.labels import compact
from expensed.extraction.amount.numerals import find_money
from expensed.extraction.amount.sums import without_dates
from expensed.extraction.page.lines import Cell, Row

_CREDIT = re.compile(
    r"(?:tax)?credit(?:note|memo)|gutschrift|rechnungskorrektur|avoir$|factureavoir|notadecredito|notadicredito"
    r"|creditnota|kreditnota"
)
_TITLE_ROWS = 20
_TITLE_REST, _LIKELY_REST = 8, 24
"""Letters that may stand beside the word in a title, and in what may be one."""
_REFUND = re.compile(
    r"\brefund(?:ed)?\b|\breturn receipt\b|\breturns?$|\bstorno\w*|\bstorniert\b|\bretoure\b|\br(?:ü|ue)ckerstattung\b"
    r"|\brembours\w+|\breembolso\b|\brimborso\b|\bvoid(?:ed)?\b|\bdeclined\b|\babgelehnt\b|\brefus[ée]\b",
    re.IGNORECASE,
)
_NO_REFUND = re.compile(
    r"\b(?:no|not|non|kein\w*|nicht|policy|within|days|if|only|with|without|after|exchange|exchanged|please|for|any|will)\b",
    re.IGNORECASE,
)
_NO_PURCHASE = re.compile(
    r"\bquot(?:e|ation)\b|\bangebot\b|\bdevis\b|\bpreventivo\b|\bpresupuesto\b|\bpro[- ]?forma\b|\bdelivery note\b"
    r"|\blieferschein\b|\bstatement of account\b|\bkontoauszug\b|\bmahnung\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\b(?:no|nr|nummer|number|ref|id|date|datum|your|ihr)\b|[#:]", re.IGNORECASE)
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
    if any(_credit_rest(cell) <= _TITLE_REST for row in rows[:_TITLE_ROWS] for cell in row.cells if not _sums(row)):
        return "credit-note"
    text = "\n".join(row.text for row in rows)[:20_000]
    return "invoice" if _INVOICE.search(text) and not _RECEIPT.search(text) else "receipt"


def kind_doubts(rows: Sequence[Row], kind: str, amount: Decimal | None) -> list[str]:
    """Why it may be no purchase at all, as sentences: a refund, a void slip, an offer, a statement."""
    titles = [(row, cell) for row in rows[:_TITLE_ROWS] for cell in row.cells]
    doubts = []
    if kind != "credit-note" and any(_credit_rest(cell) <= _LIKELY_REST for _, cell in titles):
        doubts.append("It may be a credit note.")
    refund = next((cell for row in rows for cell in row.cells if _is_refund(row, cell, amount)), None)
    if refund is not None:
        doubts.append(f"It may be a refund or not paid: {refund.text[:60]!r}.")
    offer = next((cell for row, cell in titles if _is_no_purchase(row, cell)), None)
    if offer is not None:
        doubts.append(f"It may not be a receipt: {offer.text[:60]!r}.")
    return doubts


def _is_refund(row: Row, cell: Cell, amount: Decimal | None) -> bool:
    """True where a short cell says so; beside a sum only where that is the document's amount."""
    text = cell.text[:80]
    if not _REFUND.search(text) or _NO_REFUND.search(text) or _letters(_REFUND.sub("", text)) > _LIKELY_REST:
        return False
    sums = _sums(row)
    return not sums or (amount is not None and abs(amount) in sums)


def _is_no_purchase(row: Row, cell: Cell) -> bool:
    """True for the title of an offer, a delivery note or a statement; not for a reference to one."""
    text = cell.text[:80]
    if not _NO_PURCHASE.match(text) or _letters(_NO_PURCHASE.sub("", text)) > _TITLE_REST:
        return False
    return not _sums(row) and not _REFERENCE.search(text)


def _credit_rest(cell: Cell) -> int:
    """How many letters stand beside the words for a credit note at the cell's beginning; many where there are none."""
    text = compact(cell.text)
    match = _CREDIT.match(text)
    return _letters(text[match.end() :]) if match else 1_000


def _letters(text: str) -> int:
    return sum(sign.isalpha() for sign in text)


def _sums(row: Row) -> set[Decimal]:
    """What the row holds of money written with cents, without its sign."""
    return {abs(money.value) for cell in row.cells for money in find_money(without_dates(cell.text)) if money.exact}


def find_invoice_number(rows: Sequence[Row]) -> str | None:
    """The number printed after words such as `Invoice No`; it has a digit."""
    for row in rows[:200]:
        for match in _NUMBER.finditer(row.text[:200]):
            number = match["number"].strip("-/")
            if sum(sign.isdigit() for sign in number) >= 2:
                return number
    return None
