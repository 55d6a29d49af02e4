"""`expensed export`: documents for a spreadsheet, a script or the books, line by line as they come over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.paging import as_query, document_filters, read_pages, state_option
from expensed.exports.bookkeeping import FORMATS, Row, find_lack
from expensed.model.states import DocumentState

ACCOUNT = "Assets:Unassigned"
BOOKS = ("beancount", "ledger")


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
    """Write documents as CSV, JSON lines, or for the books.

    To standard output, newest first, as they come. Expenses go to an account named after the category. What has no
    date, amount or currency cannot stand in books: it is left out there, and said so.
    """
    client = Client(load(config_file).settings)
    kind = "jsonl" if as_json else kind
    count = Count(read_pages(client, "/api/documents", "documents", as_query(**filters)))
    for line in FORMATS[kind](count, account):
        click.echo(line)
    if kind in BOOKS and count.lacking:
        click.echo(
            f"expensed: {count.lacking} of {count.all} documents were left out; the comments say which.", err=True
        )


class Count:
    """Documents on their way, counted."""

    def __init__(self, documents: Iterable[Row]) -> None:
        self.all = self.lacking = 0
        self._documents = documents

    def __iter__(self) -> Iterator[Row]:
        for document in self._documents:
            self.all += 1
            self.lacking += find_lack(document) is not None
            yield document
