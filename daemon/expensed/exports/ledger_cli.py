"""Entries for ledger and hledger."""

from __future__ import annotations

from collections.abc import Iterator

from expensed.exports.entry import comment_left_out, in_one_line, read_entry
from expensed.exports.writer import Writer
from expensed.report.answers import DocumentRow


class LedgerWriter(Writer):
    """Writes an entry per document, from the account that paid to its category's account."""

    _is_first = True

    def write_head(self) -> Iterator[str]:
        """Write what is left out."""
        yield from comment_left_out(self.wishes.left_out)
        self._is_first = not self.wishes.left_out

    def write(self, document: DocumentRow) -> Iterator[str]:
        """Write a document's entry, or the comment that says why it has none."""
        if not self._is_first:
            yield ""
        self._is_first = False
        entry = read_entry(document, self.wishes.folder)
        if isinstance(entry, str):
            yield entry
            return
        yield f"{entry.day} * ({entry.document_id}) {in_one_line(entry.vendor)}"
        yield f"    ; file: {in_one_line(entry.file)}"
        if entry.description:
            yield f"    ; {in_one_line(entry.description)}"
        yield f"    Expenses:{in_one_line(entry.category).replace(':', '-')}  {entry.amount} {entry.currency}"
        yield f"    {self.wishes.account}"
