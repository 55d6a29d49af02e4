"""The export formats by name, each with its media type and its writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from expensed.exports.beancount import write_beancount
from expensed.exports.json_lines import write_json_lines
from expensed.exports.ledger_cli import write_ledger
from expensed.exports.spreadsheet_csv import write_csv
from expensed.report.answers import DocumentRow


@dataclass(frozen=True, slots=True)
class Format:
    """An export format; `write` yields lines without line ends."""

    media_type: str
    is_bookkeeping: bool
    """Whether it holds entries, which need a date, an amount and a currency."""
    write: Callable[[Iterable[DocumentRow], str], Iterator[str]]


FORMATS = {
    "csv": Format("text/csv", False, write_csv),
    "jsonl": Format("application/jsonl", False, write_json_lines),
    "beancount": Format("text/plain", True, write_beancount),
    "ledger": Format("text/plain", True, write_ledger),
}
