"""The export formats by name, each with its media type and its writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from expensed.exports.beancount import BeancountWriter
from expensed.exports.hledger_rules import HledgerRulesWriter
from expensed.exports.json_lines import JsonLinesWriter
from expensed.exports.ledger_cli import LedgerWriter
from expensed.exports.spreadsheet_csv import CsvWriter, ItemsWriter
from expensed.exports.writer import Wishes, Writer


@dataclass(frozen=True, slots=True)
class Format:
    """An export format."""

    media_type: str
    is_bookkeeping: bool
    """Whether it holds entries, which need a date, an amount and a currency."""
    begin: Callable[[Wishes], Writer]


CSV = "csv"
FORMATS = {
    CSV: Format("text/csv", False, CsvWriter),
    "jsonl": Format("application/jsonl", False, JsonLinesWriter),
    "beancount": Format("text/plain", True, BeancountWriter),
    "ledger": Format("text/plain", True, LedgerWriter),
    "hledger-rules": Format("text/plain", False, HledgerRulesWriter),
}
OF_ITEMS = Format("text/csv", False, ItemsWriter)
"""The CSV with a line for each item."""
