"""Bookkeeping entries, independent of the program that reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from expensed.model.money import write_amount
from expensed.report.answers import DocumentRow

UNKNOWN_VENDOR = "Unknown"
NO_CATEGORY = "Other"


@dataclass(frozen=True, slots=True)
class Entry:
    """The day, amount and texts of one entry."""

    day: date
    amount: str
    """With the decimals of its currency."""
    currency: str
    vendor: str
    category: str
    description: str
    file: str
    """The document's path in the archive, or its name if it has none."""
    document_id: str


def read_entry(document: DocumentRow) -> Entry | str:
    """Return the entry of a document, or as text the line that says why it has none."""
    if document.date is None:
        return _explain_lack(document, "date")
    if document.amount is None:
        return _explain_lack(document, "amount")
    if document.currency is None:
        return _explain_lack(document, "currency")
    return Entry(
        day=document.date,
        amount=write_amount(document.amount, document.currency),
        currency=document.currency,
        vendor=document.vendor or UNKNOWN_VENDOR,
        category=document.category or NO_CATEGORY,
        description=document.description or "",
        file=document.path or document.file,
        document_id=document.document_id,
    )


def _explain_lack(document: DocumentRow, lack: str) -> str:
    return f"; {in_one_line(document.file)} ({document.document_id}) is left out: it has no {lack}"


def in_one_line(text: str) -> str:
    """Return the text as one line with single spaces and nothing that begins a comment."""
    return " ".join(text.split()).replace(";", ",")
