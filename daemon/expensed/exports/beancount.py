"""Entries for beancount, as a file of their own or one that is included by another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from expensed.exports.entry import NO_CATEGORY, comment_left_out, read_entry
from expensed.exports.writer import Opened, Wishes, Writer
from expensed.report.answers import DocumentRow


class BeancountWriter(Writer):
    """Writes an entry per document, from the account that paid to its category's.

    An account is opened on the day of its first entry, which comes first because documents come in the order of days.
    """

    def __init__(self, wishes: Wishes) -> None:
        super().__init__(wishes)
        self._opened = {wishes.account} if wishes.opened is Opened.CATEGORIES else set()

    def write_head(self) -> Iterator[str]:
        """Write what is left out."""
        yield from comment_left_out(self.wishes.left_out)

    def write(self, document: DocumentRow) -> Iterator[str]:
        """Write a document's entry, or the comment that says why it has none."""
        yield ""
        entry = read_entry(document, self.wishes.folder)
        if isinstance(entry, str):
            yield entry
            return
        account = _name_account(entry.category)
        yield from self._open(entry.day, self.wishes.account, account)
        yield f"{entry.day} * {_quote(entry.vendor)} {_quote(entry.description)} ^{entry.document_id}"
        yield f"  {'document' if entry.has_path else 'file'}: {_quote(entry.file)}"
        yield f"  {account}  {entry.amount} {entry.currency}"
        yield f"  {self.wishes.account}"

    def _open(self, day: date, *accounts: str) -> Iterator[str]:
        if self.wishes.opened is Opened.NONE:
            return
        new = [account for account in accounts if account not in self._opened]
        self._opened.update(new)
        yield from (f"{day} open {account}" for account in new)
        yield from [""] * bool(new)


def _name_account(category: str) -> str:
    """Return the account of a category: `Expenses:Software-Services` for `Software & Services`."""
    name = "-".join(re.findall(r"[^\W_]+", category)) or NO_CATEGORY
    return f"Expenses:{name[0].upper()}{name[1:]}"


def _quote(text: str) -> str:
    """Return the text as a beancount string."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
