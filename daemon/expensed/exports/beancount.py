"""Entries for beancount, as a file of their own or one that is included by another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from expensed.exports.entry import NO_CATEGORY, NO_RATE, Entry, Posting, comment_left_out, read_entry
from expensed.exports.writer import Opened, Wishes, Writer
from expensed.report.answers import ExportedDocument

_UNCASED = "Category"
"""What comes before a name in a script without capital letters."""


class BeancountWriter(Writer):
    """Writes an entry per document, from the account that paid to its category's, and to others if that is wished.

    An account is opened on the day of its first entry, which comes first because documents come in the order of days.
    """

    def __init__(self, wishes: Wishes) -> None:
        super().__init__(wishes)
        self._opened: set[str] = set()

    def write_head(self) -> Iterator[str]:
        """Write what is left out."""
        yield from comment_left_out(self.wishes.left_out)

    def write(self, document: ExportedDocument) -> Iterator[str]:
        """Write a document's entry, or the comment that says why it has none."""
        yield ""
        entry = read_entry(document, self.wishes)
        if isinstance(entry, str):
            yield entry
            return
        yield from self._open(entry)
        yield f"{entry.day} * {_quote(entry.vendor)} {_quote(entry.description)} ^{entry.document_id}"
        yield f"  {'document' if entry.has_path else 'file'}: {_quote(entry.file)}"
        yield from (f"  {name}: {_quote(value)}" for name, value in entry.notes.items())
        yield from (f"  ; {remark}" for remark in entry.remarks)
        for posting in entry.postings:
            rate = f"  ; {posting.rate} %" if posting.rate else ""
            yield f"  {self._name_account(posting)}  {posting.amount} {entry.currency}{rate}"
        yield f"  {self.wishes.account}"

    def _name_account(self, posting: Posting) -> str:
        if posting.category is not None:
            return _name_category(posting.category)
        return self.wishes.tax_account.replace("{rate}", (posting.rate or NO_RATE).replace(".", "-"))

    def _open(self, entry: Entry) -> Iterator[str]:
        """Open the accounts that an entry is the first to use, as far as that is wished."""
        used: list[str] = []
        if self.wishes.opened is Opened.ALL:
            used = [self.wishes.account, *map(self._name_account, entry.postings)]
        elif self.wishes.opened is Opened.CATEGORIES:
            used = [_name_category(posting.category) for posting in entry.postings if posting.category is not None]
        new = [account for account in dict.fromkeys(used) if account not in self._opened]
        self._opened.update(new)
        yield from (f"{entry.day} open {account}" for account in new)
        yield from [""] * bool(new)


def _name_category(category: str) -> str:
    """Return the account of a category: `Expenses:Software-Services` for `Software & Services`.

    beancount takes letters, decimal digits and hyphens, after a capital letter or a digit.
    """
    plain = "".join(
        sign if sign.isalpha() or sign.isdecimal() else " " for sign in unicodedata.normalize("NFC", category)
    )
    name = "-".join(plain.split()) or NO_CATEGORY
    name = f"{name[0].upper()}{name[1:]}"
    return f"Expenses:{name}" if name[0].isupper() or name[0].isdecimal() else f"Expenses:{_UNCASED}-{name}"


def _quote(text: str) -> str:
    """Return the text as a beancount string."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
