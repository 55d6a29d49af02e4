"""`expensed file` and `expensed retry`: what a person decides about a document, told to the daemon."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.find_task import find_document_id, list_tasks
from expensed.errors import Conflict, RequestError
from expensed.extraction.category.categories import CATEGORIES
from expensed.program import filing_command

ALREADY_FILED = "already-filed"


@click.command()
@config_option
@click.argument("name", metavar="ID")
@click.option("--vendor", help="The business that was paid.")
@click.option("--amount", help="What was charged, e.g. 12.34, with a point before the cents.")
@click.option("--date", help="The day of purchase, e.g. 2024-01-31.")
@click.option("--currency", help="Three letters, e.g. EUR.")
@click.option("--category", help=f"One of: {', '.join(CATEGORIES)}.")
def file(config_file: Path | None, name: str, **said: str | None) -> None:
    """File a document that waits in review, or correct one that is filed. What you leave out stays as it was.

    ID is the document's; the name of a dropped file will do if there is only one of that name.
    """
    client = Client(load(config_file).settings)
    expense = {key: value for key, value in said.items() if value is not None}
    document_id = find_document_id(client, name)
    answer = _file_or_correct(client, document_id, expense)
    if "path" in answer:
        click.echo(f"{document_id}: filed as {answer['path']}")
    else:
        click.echo(
            f"{document_id}: it will be filed as soon as that is possible. {answer.get('last_error') or ''}".strip()
        )


def _file_or_correct(client: Client, document_id: str, expense: dict[str, str]) -> dict[str, Any]:
    try:
        return client.post("/api/process", {"file_id": document_id, "expense_data": expense})
    except RequestError as error:
        if error.code != ALREADY_FILED:
            raise
        if not expense:
            correction = filing_command(document_id, ("amount",))
            raise Conflict(error.message, hint=f"To correct it, say what is wrong: {correction}") from None
        return client.patch(f"/api/documents/{quote(document_id, safe='')}", dict(expense))


@click.command()
@config_option
@click.argument("document_or_task_id", metavar="ID")
def retry(config_file: Path | None, document_or_task_id: str) -> None:
    """Have a failed document read once more. ID is the document's, or its task's."""
    client = Client(load(config_file).settings)
    task_id = list_tasks(client, document_or_task_id)[0]["task_id"]
    client.post(f"/api/task/{quote(task_id, safe='')}/retry", {})
    click.echo(f"{document_or_task_id}: it is being read once more")
