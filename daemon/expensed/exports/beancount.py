"""Entries for beancount."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from expensed.exports.entry import NO_CATEGORY, read_entry
from expensed.report.answers import DocumentRow


def write_beancount(documents: Iterable[DocumentRow], account: str) -> Iterator[str]:
    """Write an entry per document, from `account` to its category's account; a plug-in opens the accounts."""
    yield 'plugin "beancount.plugins.auto_accounts"'
    for document in documents:
        yield ""
        entry = read_entry(document)
        if isinstance(entry, str):
            yield entry
            continue
        yield f"{entry.day} * {_quote(entry.vendor)} {_quote(entry.description)} ^{entry.document_id}"
        yield f"  file: {_quote(entry.file)}"
        yield f"  {_name_account(entry.category)}  {entry.amount} {entry.currency}"
        yield f"  {account}"


def _name_account(category: str) -> str:
    """Return the account of a category: `Expenses:Software-Services` for `Software & Services`."""
    name = "-".join(re.findall(r"[^\W_]+", category)) or NO_CATEGORY
    return f"Expenses:{name[0].upper()}{name[1:]}"


def _quote(text: str) -> str:
    """Return the text as a beancount string."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
