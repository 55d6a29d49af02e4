"""`expensed search`: the documents that contain the given words, one per line; fetched over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.paging import as_query, read_documents
from expensed.cli.options import document_filters, json_option, limit_option, state_option
from expensed.cli.screen.json_output import print_json
from expensed.model.money import write_money
from expensed.model.text import one_line
from expensed.report.answers import DocumentRow, Yes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What `expensed search --json` prints."""

    success: Yes = True
    documents: tuple[DocumentRow, ...]


@click.command()
@config_option
@state_option()
@document_filters
@limit_option
@json_option
@click.argument("words", nargs=-1)
def search(config_file: Path | None, as_json: bool, limit: int, words: tuple[str, ...], **filters: str | None) -> int:
    """Find documents by their WORDS, newest first.

    Searches vendor, file name, text and items. Each word may be just the beginning of one; accents and case are
    ignored. Exit status 1 if nothing is found.
    """
    client = Client(load(config_file).settings)
    query = as_query(q=" ".join(words) or None, **filters)
    found = tuple(read_documents(client, query, limit))
    if as_json:
        print_json(Found(documents=found))
    else:
        for document in found:
            click.echo(describe_document(document))
        if not found:
            click.echo("Nothing was found.")
    return 0 if found else 1


def describe_document(document: DocumentRow) -> str:
    """Return a document as one line: day, amount, vendor, state, where it is, and its id for other commands."""
    money = "?"
    if document.amount is not None:
        money = write_money(document.amount, document.currency)
    day = document.date.isoformat() if document.date else "?"
    state = f"{document.state.value}: {one_line(document.path)}" if document.path else document.state.value
    return f"{day:<10}  {money:>14}  {one_line(document.vendor or '?')}  ({state})  {one_line(document.document_id)}"
