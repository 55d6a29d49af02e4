"""`expensed tasks` and `expensed search`: what there is, a line each; asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.paging import as_query, document_filters, read_pages, state_option
from expensed.exports.bookkeeping import write_money
from expensed.logs import one_line
from expensed.model.states import TaskState

LIMIT = 20
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object.")
_limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=LIMIT, show_default=True, help="At most so many."
)


@click.command()
@config_option
@click.option(
    "--state",
    type=click.Choice([state.value for state in TaskState], case_sensitive=False),
    help="Tasks in this state.",
)
@click.option("--file", metavar="NAME", help="Tasks of this file or document.")
@_limit_option
@_json_option
def tasks(config_file: Path | None, as_json: bool, limit: int, state: str | None, file: str | None) -> None:
    """List tasks, newest first.

    Each with its time, how far it is, its id and its file.
    """
    client = Client(load(config_file).settings)
    found = list(read_pages(client, "/api/tasks", "tasks", as_query(state=state, file=file), limit))
    if as_json:
        click.echo(json.dumps({"success": True, "tasks": found}, ensure_ascii=False))
        return
    for task in found:
        click.echo(describe_task(task))
    if not found:
        click.echo("There are no such tasks.")


def describe_task(task: Mapping[str, Any]) -> str:
    """A task in a line."""
    when = datetime.fromisoformat(task["updated_at"]).astimezone()
    said = task["error"] or task["status"]
    return (
        f"{when:%Y-%m-%d %H:%M:%S}  {task['state']:<10}  {task['task_id']}  {one_line(task['file'])}: {one_line(said)}"
    )


@click.command()
@config_option
@state_option()
@document_filters
@_limit_option
@_json_option
@click.argument("words", nargs=-1)
def search(config_file: Path | None, as_json: bool, limit: int, words: tuple[str, ...], **filters: str | None) -> int:
    """Find documents by their WORDS, newest first.

    Words of vendor, file name and text; each may be the beginning of one, and accents and capitals do not matter.
    Exit status 1 if nothing is found.
    """
    client = Client(load(config_file).settings)
    query = as_query(q=" ".join(words) or None, **filters)
    found = list(read_pages(client, "/api/documents", "documents", query, limit))
    if as_json:
        click.echo(json.dumps({"success": True, "documents": found}, ensure_ascii=False))
    else:
        for document in found:
            click.echo(describe_document(document))
        if not found:
            click.echo("Nothing was found.")
    return 0 if found else 1


def describe_document(document: Mapping[str, Any]) -> str:
    """A document in a line: its day, sum and vendor, its state, and where it lies."""
    amount = document["amount"]
    money = (
        "?" if amount is None else f"{write_money(amount, document['currency'])} {document['currency'] or ''}".strip()
    )
    where = document["path"] or document["document_id"]
    return (
        f"{document['date'] or '?':<10}  {money:>14}  {one_line(document['vendor'] or '?')}"
        f"  ({document['state']}: {one_line(where)})"
    )
