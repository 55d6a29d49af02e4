"""The rules with which hledger reads the CSV of an export: `hledger -f expenses.csv` finds them in `.csv.rules`."""

from __future__ import annotations

from collections.abc import Iterator

from expensed.exports.entry import NO_CATEGORY, in_one_line
from expensed.exports.spreadsheet_csv import COLUMNS
from expensed.exports.writer import Writer
from expensed.report.answers import ExportedDocument

_OWN_NAMES = {"amount": "sum", "currency": "money", "description": "words"}
"""Columns whose own names mean something else to hledger."""
_RULES = """\
# How hledger reads the CSV that expensed exports. For expenses.csv, this file is called expenses.csv.rules.
skip 1
fields {fields}
date-format %Y-%m-%d
decimal-mark .
status *
code %document_id
description %vendor
comment file: %path
account1 Expenses:%category
amount1 %sum %money
account2 {account}

if %category ^$
  account1 Expenses:{no_category}

if %words .
  comment %words, file: %path

if %project .
  comment1 project: %project

if %payer .
  comment2 payer: %payer

# Without a date, an amount or a currency there is no entry.
if %date ^$
  skip

if %sum ^$
  skip

if %money ^$
  skip"""


class HledgerRulesWriter(Writer):
    """Writes the rules, and nothing of the documents."""

    def write_head(self) -> Iterator[str]:
        """Write the rules."""
        fields = ", ".join(_OWN_NAMES.get(name, name) for name in COLUMNS)
        account = in_one_line(self.wishes.account)
        yield _RULES.format(fields=fields, account=account, no_category=NO_CATEGORY)

    def write(self, document: ExportedDocument) -> Iterator[str]:
        """Write nothing."""
        yield from ()
