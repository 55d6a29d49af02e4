"""Bookkeeping entries, independent of the program that reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from expensed.exports.known_taxes import write_rate
from expensed.exports.split import Split, split_amount
from expensed.exports.writer import Wishes
from expensed.model.money import write_amount
from expensed.model.states import DocumentState
from expensed.report.answers import ExportedDocument
from expensed.report.status import describe_states

UNKNOWN_VENDOR = "Unknown"
NO_CATEGORY = "Other"
NO_RATE = "Other"
NO_WISHES = Wishes()
NOTED = ("payer", "project")
"""The fields that entries have as metadata."""


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount, with the decimals of its currency, and where it goes: to a category or to the account of a tax."""

    amount: str
    category: str | None = None
    """None: it is a tax."""
    rate: str | None = None
    """The tax's, in percent; None if it is not known."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The day, amount and texts of one entry."""

    day: date
    postings: Sequence[Posting]
    """They add up to the amount, which the account that paid balances."""
    remarks: Sequence[str]
    """Why the amount is not divided as requested, as sentences without what a document says."""
    currency: str
    vendor: str
    description: str
    notes: Mapping[str, str]
    """What else is known of it, by name: its payer, its project."""
    file: str
    """The document's path, or its name if it has none."""
    has_path: bool
    document_id: str


def read_entry(document: ExportedDocument, wishes: Wishes = NO_WISHES) -> Entry | str:
    """Return the entry of a document, or as text the line that says why it has none."""
    if document.date is None:
        return _explain_lack(document, "date")
    if document.amount is None:
        return _explain_lack(document, "amount")
    if document.currency is None:
        return _explain_lack(document, "currency")
    by_tax, by_item = bool(wishes.tax_account), wishes.splits_items
    split = split_amount(document, document.amount, by_tax=by_tax, by_item=by_item)
    return Entry(
        day=document.date,
        postings=tuple(_list_postings(document, split)),
        remarks=split.remarks,
        currency=document.currency,
        vendor=document.vendor or UNKNOWN_VENDOR,
        description=document.description or "",
        notes={name: value for name in NOTED if (value := getattr(document, name))},
        file=os.path.join(wishes.folder, document.path) if document.path else document.file,
        has_path=document.path is not None,
        document_id=document.document_id,
    )


def _list_postings(document: ExportedDocument, split: Split) -> Iterator[Posting]:
    for share in split.shares:
        category = share.category or document.category or NO_CATEGORY
        yield Posting(write_amount(share.amount, document.currency), category)
    for tax in split.taxes:
        rate = None if tax.rate is None else write_rate(tax.rate)
        yield Posting(write_amount(tax.amount, document.currency), rate=rate)


def comment_left_out(left_out: Mapping[DocumentState, int]) -> Iterator[str]:
    """Yield the comment that says which documents an export leaves out, if any."""
    if left_out:
        yield f"; Not here, because they are not filed: {describe_states(left_out)}."


def _explain_lack(document: ExportedDocument, lack: str) -> str:
    return f"; {in_one_line(document.file)} ({document.document_id}) is left out: it has no {lack}"


def in_one_line(text: str) -> str:
    """Return the text as one line with single spaces and nothing that begins a comment."""
    return " ".join(text.split()).replace(";", ",")
