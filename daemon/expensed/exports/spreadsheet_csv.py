"""CSV, for spreadsheets: a header, and a line for each document or for each item."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import UNSET

from expensed.exports.known_taxes import add_known, list_taxes, write_rate
from expensed.exports.writer import Writer
from expensed.model.breakdown import TaxLine
from expensed.model.money import is_writable, write_amount
from expensed.report.answers import ExportedDocument

COLUMNS = (
    "date", "vendor", "amount", "currency", "category", "description", "tax", "invoice_number", "kind", "state",
    "file", "path", "document_id", "payer", "project",
)  # fmt: skip
OF_TAX = ("tax", "net")
"""What a document has a column of for each rate."""
NO_RATE = "other"
"""The name of the columns for taxes whose rate is not known, or has no columns of its own."""
ITEM_COLUMNS = (
    "date", "vendor", "currency", "item", "kind", "description", "quantity", "unit", "unit_price", "discount", "total",
    "tax_rate", "tax_mark", "category", "proof", "document_id",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins with one of these for a formula."""
_OF_DOCUMENT = ("date", "vendor", "currency", "document_id")
_PLAIN = ("quantity", "tax_rate")
"""Figures of an item that are no money; they keep the decimals that they were read with."""


class CsvWriter(Writer):
    """Writes a header and a line per document; the accounts are ignored.

    There are columns for each of the rates that are wished and, if there are any, for taxes without such a rate.
    """

    def write_head(self) -> Iterator[str]:
        """Write the names of the columns."""
        rates = [f"{write_rate(rate)} %" for rate in self.wishes.rates]
        names = [*rates, NO_RATE] if rates else []
        yield _write_line([*COLUMNS, *(f"{what} {name}" for name in names for what in OF_TAX)])

    def write(self, document: ExportedDocument) -> Iterator[str]:
        """Write a document's line."""
        cells = [_write_cell(getattr(document, name), document.currency) for name in COLUMNS]
        yield _write_line([*cells, *self._write_taxes(document)])

    def _write_taxes(self, document: ExportedDocument) -> Iterator[str]:
        by_rate: dict[Decimal | None, list[TaxLine]] = {rate: [] for rate in self.wishes.rates}
        others = by_rate.setdefault(None, [])
        for tax in list_taxes(document):
            by_rate.get(tax.rate, others).append(tax)
        for taxes in by_rate.values() if self.wishes.rates else ():
            for what in OF_TAX:
                yield _write_cell(add_known(getattr(tax, what) for tax in taxes), document.currency)


class ItemsWriter(Writer):
    """Writes a header and a line per item, with what tells its document; documents without items have no line."""

    def write_head(self) -> Iterator[str]:
        """Write the names of the columns."""
        yield _write_line(ITEM_COLUMNS)

    def write(self, document: ExportedDocument) -> Iterator[str]:
        """Write a line for each item of a document."""
        for number, item in enumerate(document.items, 1):
            cells = {name: getattr(document, name) for name in _OF_DOCUMENT} | {"item": str(number)}
            cells |= {name: getattr(item, name) for name in ITEM_COLUMNS if name not in cells}
            if item.category is UNSET:
                cells["category"] = document.category
            yield _write_line(_write_item_cell(cells[name], name, document.currency) for name in ITEM_COLUMNS)


def _write_item_cell(value: object, name: str, currency: str | None) -> str:
    if isinstance(value, Decimal) and name in _PLAIN:
        return f"{value:f}" if is_writable(value) else "unknown"
    return _write_cell(value, currency)


def _write_cell(value: object, currency: str | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return write_amount(value, currency)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _write_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)  # it quotes whatever could end a line
    return line.getvalue().removesuffix("\r\n")
