"""Entries for beancount."""

from __future__ import annotations

import re
from collections.abc import Iterator

from expensed.exports.entry import NO_CATEGORY, read_entry
from expensed.exports.writer import Writer
from expensed.report.answers import DocumentRow


class BeancountWriter(Writer):
    """Writes an entry per document, from the account that paid to its category's; a plug-in opens the accounts."""

    def write_head(self) -> Iterator[str]:
        """Write the line that loads the plug-in."""
        yield 'plugin "beancount.plugins.auto_accounts"'

    def write(self, document: DocumentRow) -> Iterator[str]:
        """Write a document's entry, or the comment that says why it has none."""
        yield ""
        entry = read_entry(document)
        if isinstance(entry, str):
            yield entry
            return
        yield f"{entry.day} * {_quote(entry.vendor)} {_quote(entry.description)} ^{entry.document_id}"
        yield f"  file: {_quote(entry.file)}"
        yield f"  {_name_account(entry.category)}  {entry.amount} {entry.currency}"
        yield f"  {self.account}"


def _name_account(category: str) -> str:
    """Return the account of a category: `Expenses:Software-Services` for `Software & Services`."""
    name = "-".join(re.findall(r"[^\W_]+", category)) or NO_CATEGORY
    return f"Expenses:{name[0].upper()}{name[1:]}"


def _quote(text: str) -> str:
    """Return the text as a beancount string."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
