"""CSV, for spreadsheets: a header, and a line for each document."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

from expensed.exports.writer import Writer
from expensed.model.money import write_amount
from expensed.report.answers import DocumentRow

COLUMNS = (
    "date", "vendor", "amount", "currency", "category", "description", "tax", "invoice_number", "kind", "state",
    "file", "path", "document_id",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins with one of these for a formula."""


class CsvWriter(Writer):
    """Writes a header and a line per document; the account is ignored."""

    def write_head(self) -> Iterator[str]:
        """Write the names of the columns."""
        yield _write_line(COLUMNS)

    def write(self, document: DocumentRow) -> Iterator[str]:
        """Write a document's line."""
        yield _write_line([_write_cell(document, name) for name in COLUMNS])


def _write_cell(document: DocumentRow, name: str) -> str:
    value = getattr(document, name)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return write_amount(value, document.currency)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _write_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)  # it quotes whatever could end a line
    return line.getvalue().removesuffix("\r\n")
