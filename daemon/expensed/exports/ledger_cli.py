"""Entries for ledger and hledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from expensed.exports.entry import in_one_line, read_entry
from expensed.report.answers import DocumentRow


def write_ledger(documents: Iterable[DocumentRow], account: str) -> Iterator[str]:
    """Write an entry per document, from `account` to its category's account."""
    for number, document in enumerate(documents):
        if number:
            yield ""
        entry = read_entry(document)
        if isinstance(entry, str):
            yield entry
            continue
        yield f"{entry.day} * ({entry.document_id}) {in_one_line(entry.vendor)}"
        yield f"    ; file: {in_one_line(entry.file)}"
        if entry.description:
            yield f"    ; {in_one_line(entry.description)}"
        yield f"    Expenses:{in_one_line(entry.category).replace(':', '-')}  {entry.amount} {entry.currency}"
        yield f"    {account}"
