"""Find the kind of a document, and its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from expensed.extraction.amount.labels import compact
from expensed.extraction.amount.numerals import find_money
from expensed.extraction.amount.sums import without_dates
from expensed.extraction.page.lines import Cell, Row
from expensed.model.states import ExpenseKind

_CREDIT = re.compile(
    r"(?:tax)?credit(?:note|memo)|gutschrift|rechnungskorrektur|avoir$|factureavoir|notadecredito|notadicredito"
    r"|creditnota|kreditnota"
)
_TITLE_ROWS = 20
_TITLE_REST, _LIKELY_REST = 8, 24
"""How many letters may accompany the word in a title, and in a likely title."""
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


def find_kind(rows: Sequence[Row]) -> ExpenseKind:
    """Return whether it is a receipt, an invoice or a credit note, by the words on it."""
    titles = ((row, cell) for row in rows[:_TITLE_ROWS] for cell in row.cells)
    if any(_credit_rest(cell) <= _TITLE_REST and not _sums(row) for row, cell in titles):
        return ExpenseKind.CREDIT_NOTE
    text = "\n".join(row.text for row in rows)[:20_000]
    is_invoice = _INVOICE.search(text) and not _RECEIPT.search(text)
    return ExpenseKind.INVOICE if is_invoice else ExpenseKind.RECEIPT


def kind_doubts(rows: Sequence[Row], kind: ExpenseKind, amount: Decimal | None) -> list[str]:
    """Return sentences that say why it may not be a purchase: a refund, a void slip, an offer, a statement."""
    titles = [(row, cell) for row in rows[:_TITLE_ROWS] for cell in row.cells]
    doubts = []
    if kind is not ExpenseKind.CREDIT_NOTE and any(_credit_rest(cell) <= _LIKELY_REST for _, cell in titles):
        doubts.append("It may be a credit note.")
    refund = next((cell for row in rows for cell in row.cells if _is_refund(row, cell, amount)), None)
    if refund is not None:
        doubts.append(f"It may be a refund or not paid: {refund.text[:60]!r}.")
    offer = next((cell for row, cell in titles if _is_no_purchase(row, cell)), None)
    if offer is not None:
        doubts.append(f"It may not be a receipt: {offer.text[:60]!r}.")
    return doubts


def _is_refund(row: Row, cell: Cell, amount: Decimal | None) -> bool:
    """Whether a short cell says that it is a refund; beside a sum only if that is the document's amount."""
    text = cell.text[:80]
    if not _REFUND.search(text) or _NO_REFUND.search(text) or _letters(_REFUND.sub("", text)) > _LIKELY_REST:
        return False
    sums = _sums(row)
    return not sums or (amount is not None and abs(amount) in sums)


def _is_no_purchase(row: Row, cell: Cell) -> bool:
    """Whether the cell is the title of an offer, a delivery note or a statement, not a reference to one."""
    text = cell.text[:80]
    if not _NO_PURCHASE.match(text) or _letters(_NO_PURCHASE.sub("", text)) > _TITLE_REST:
        return False
    return not _sums(row) and not _REFERENCE.search(text)


def _credit_rest(cell: Cell) -> int:
    """Count the letters beside the words for a credit note at the start of the cell; many if it has no such words."""
    text = compact(cell.text)
    match = _CREDIT.match(text)
    return _letters(text[match.end() :]) if match else 1_000


def _letters(text: str) -> int:
    return sum(sign.isalpha() for sign in text)


def _sums(row: Row) -> set[Decimal]:
    """Return the amounts written with cents in the row, without their signs."""
    return {abs(money.value) for cell in row.cells for money in find_money(without_dates(cell.text)) if money.exact}


def find_invoice_number(rows: Sequence[Row]) -> str | None:
    """Return the number printed after words such as `Invoice No`; it contains a digit."""
    for row in rows[:200]:
        for match in _NUMBER.finditer(row.text[:200]):
            number = match["number"].strip("-/")
            if sum(sign.isdigit() for sign in number) >= 2:
                return number
    return None
