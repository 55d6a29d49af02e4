"""Documents as other programs take them in: CSV, JSON lines, and entries for beancount and ledger. Pure.

Amounts are exact, with the decimals of their currency. Names come from paper: they are quoted, and can neither end a
line nor become a formula in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from expensed.archive.naming import write_amount

COLUMNS = (
    "date", "vendor", "amount", "currency", "category", "description", "tax", "invoice_number", "kind", "state",
    "file", "path", "document_id",
)  # fmt: skip
_SUMS = ("amount", "tax")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet."""
Row = Mapping[str, Any]


def write_money(amount: float | int, currency: str | None) -> str:
    """A sum out of JSON as it stands on paper: a double holds every cent below 10^13."""
    return write_amount(Decimal(str(amount)), currency)


def write_csv(documents: Iterable[Row], account: str) -> Iterator[str]:
    """A head and a line a document; `account` means nothing here."""
    yield _csv_line(COLUMNS)
    for document in documents:
        yield _csv_line([_cell(document, name) for name in COLUMNS])


def _cell(document: Row, name: str) -> str:
    value = document.get(name)
    if value is None:
        return ""
    if name in _SUMS:
        return write_money(value, document.get("currency"))
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)  # what could end a line is quoted for it
    return line.getvalue().removesuffix("\r\n")


def write_json_lines(documents: Iterable[Row], account: str) -> Iterator[str]:
    """The rows as the daemon gives them, an object a line; `account` means nothing here."""
    for document in documents:
        yield json.dumps(document, ensure_ascii=False)


def write_beancount(documents: Iterable[Row], account: str) -> Iterator[str]:
    """An entry a document, from `account` to one of its category. Accounts need no `open`: a plug-in opens them."""
    yield 'plugin "beancount.plugins.auto_accounts"'
    for document in documents:
        yield ""
        if (lack := find_lack(document)) is not None:
            yield _left_out(document, lack)
            continue
        amount, currency = _money(document)
        yield (
            f"{document['date']} * {_quote(document['vendor'] or 'Unknown')} {_quote(document['description'] or '')}"
            f" ^{document['document_id']}"
        )
        yield f"  file: {_quote(document['path'] or document['file'])}"
        yield f"  {_account(document['category'])}  {amount} {currency}"
        yield f"  {account}"


def write_ledger(documents: Iterable[Row], account: str) -> Iterator[str]:
    """An entry a document, from `account` to one of its category; for ledger and hledger."""
    for number, document in enumerate(documents):
        if number:
            yield ""
        if (lack := find_lack(document)) is not None:
            yield _left_out(document, lack)
            continue
        amount, currency = _money(document)
        vendor = _plain(document["vendor"] or "Unknown")
        yield f"{document['date']} * ({document['document_id']}) {vendor}"
        yield f"    ; file: {_plain(document['path'] or document['file'])}"
        if document["description"]:
            yield f"    ; {_plain(document['description'])}"
        yield f"    Expenses:{_plain(document['category'] or 'Other').replace(':', '-')}  {amount} {currency}"
        yield f"    {account}"


def find_lack(document: Row) -> str | None:
    """What an entry in books needs and this document has not, as a word; None if it has all."""
    return next((name for name in ("date", "amount", "currency") if document.get(name) is None), None)


def _left_out(document: Row, lack: str) -> str:
    return f"; {_plain(document['file'])} ({document['document_id']}) is left out: it has no {lack}"


def _money(document: Row) -> tuple[str, str]:
    return write_money(document["amount"], document["currency"]), document["currency"]


def _account(category: str | None) -> str:
    """`Software & Services` as `Expenses:Software-Services`."""
    words = re.findall(r"[^\W_]+", category or "Other")
    name = "-".join(words) or "Other"
    return f"Expenses:{name[0].upper()}{name[1:]}"


def _quote(text: str) -> str:
    """A string of beancount's."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _plain(text: str) -> str:
    """A name in ledger: one line, single spaces (two end a name), nothing that begins a comment."""
    return " ".join(text.split()).replace(";", ",")


FORMATS: dict[str, Callable[[Iterable[Row], str], Iterator[str]]] = {
    "csv": write_csv,
    "jsonl": write_json_lines,
    "beancount": write_beancount,
    "ledger": write_ledger,
}
