"""Entries for ledger and hledger."""

from __future__ import annotations

import re
from collections.abc import Iterator

from expensed.exports.entry import NO_RATE, Posting, comment_left_out, in_one_line, read_entry
from expensed.exports.writer import Writer
from expensed.report.answers import ExportedDocument

_DATE = re.compile(r"\[(?=[\d=])")


class LedgerWriter(Writer):
    """Writes an entry per document, from the account that paid to its category's, and to others if that is wished."""

    _is_first = True

    def write_head(self) -> Iterator[str]:
        """Write what is left out."""
        yield from comment_left_out(self.wishes.left_out)
        self._is_first = not self.wishes.left_out

    def write(self, document: ExportedDocument) -> Iterator[str]:
        """Write a document's entry, or the comment that says why it has none."""
        if not self._is_first:
            yield ""
        self._is_first = False
        entry = read_entry(document, self.wishes)
        if isinstance(entry, str):
            yield entry
            return
        yield f"{entry.day} * ({entry.document_id}) {in_one_line(entry.vendor)}"
        yield f"    ; file: {_in_comment(entry.file)}"
        yield from (f"    ; {name}: {_in_comment(value)}" for name, value in entry.notes.items())
        if entry.description:
            yield f"    ; {_in_comment(entry.description)}"
        yield from (f"    ; {remark}" for remark in entry.remarks)
        for posting in entry.postings:
            rate = f"  ; {posting.rate} %" if posting.rate else ""
            yield f"    {self._name_account(posting)}  {posting.amount} {entry.currency}{rate}"
        yield f"    {self.wishes.account}"

    def _name_account(self, posting: Posting) -> str:
        if posting.category is not None:
            return f"Expenses:{in_one_line(posting.category).replace(':', '-')}"
        return self.wishes.tax_account.replace("{rate}", posting.rate or NO_RATE)


def _in_comment(text: str) -> str:
    """Return the text without what ledger reads in comments: `[1]` is a date there, and `x:: y` a formula."""
    return re.sub("::+", ":", _DATE.sub("(", in_one_line(text)))
