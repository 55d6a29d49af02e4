"""`expensed export`: writes documents for a spreadsheet, a script or bookkeeping, streamed over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.paging import as_query, read_documents
from expensed.cli.options import document_filters, state_option
from expensed.exports.entry import read_entry
from expensed.exports.formats import FORMATS
from expensed.model.states import DocumentState
from expensed.report.answers import DocumentRow

ACCOUNT = "Assets:Unassigned"


@click.command()
@config_option
@click.option(
    "--format", "kind", type=click.Choice(list(FORMATS)), default="csv", show_default=True, help="What to write."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format jsonl.")
@state_option(DocumentState.FILED.value)
@document_filters
@click.option("--account", default=ACCOUNT, show_default=True, help="The account that paid, for beancount and ledger.")
def export(config_file: Path | None, kind: str, as_json: bool, account: str, **filters: str | None) -> None:
    """Write documents as CSV, JSON lines or bookkeeping entries.

    Writes to standard output, newest first. Each expense goes to an account named after its category. Beancount and
    ledger leave out documents without a date, amount or currency; a comment names each.
    """
    client = Client(load(config_file).settings)
    kind = "jsonl" if as_json else kind
    count = Count(read_documents(client, as_query(**filters)))
    for line in FORMATS[kind].begin(account).write_all(count):
        click.echo(line)
    if FORMATS[kind].is_bookkeeping and count.lacking:
        click.echo(
            f"expensed: {count.lacking} of {count.all} documents were left out; the comments say which.", err=True
        )


class Count:
    """Counts documents while passing them on: all of them, and those that cannot be bookkeeping entries."""

    def __init__(self, documents: Iterable[DocumentRow]) -> None:
        self.all = self.lacking = 0
        self._documents = documents

    def __iter__(self) -> Iterator[DocumentRow]:
        for document in self._documents:
            self.all += 1
            self.lacking += isinstance(read_entry(document), str)
            yield document
