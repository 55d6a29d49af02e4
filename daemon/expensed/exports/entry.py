"""Bookkeeping entries, independent of the program that reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from expensed.model.money import write_amount
from expensed.model.states import DocumentState
from expensed.report.answers import DocumentRow
from expensed.report.status import describe_states

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
    """The document's path, or its name if it has none."""
    has_path: bool
    document_id: str


def read_entry(document: DocumentRow, folder: str = "") -> Entry | str:
    """Return the entry of a document, or as text the line that says why it has none.

    Paths begin with `folder`; if that is empty, they are relative to the archive.
    """
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
        file=os.path.join(folder, document.path) if document.path else document.file,
        has_path=document.path is not None,
        document_id=document.document_id,
    )


def comment_left_out(left_out: Mapping[DocumentState, int]) -> Iterator[str]:
    """Yield the comment that says which documents an export leaves out, if any."""
    if left_out:
        yield f"; Not here, because they are not filed: {describe_states(left_out)}."


def _explain_lack(document: DocumentRow, lack: str) -> str:
    return f"; {in_one_line(document.file)} ({document.document_id}) is left out: it has no {lack}"


def in_one_line(text: str) -> str:
    """Return the text as one line with single spaces and nothing that begins a comment."""
    return " ".join(text.split()).replace(";", ",")
