"""`expensed file` and `expensed retry`: what a person decides about a document, told to the daemon."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import click

from expensed.cli.app import config_option, load
from expensed.cli.client import Client
from expensed.cli.tasks import list_tasks


@click.command()
@config_option
@click.argument("document_id", metavar="ID")
@click.option("--vendor", help="The business that was paid.")
@click.option("--amount", help="What was charged, e.g. 12.34.")
@click.option("--date", help="The day of purchase, e.g. 2024-01-31.")
@click.option("--currency", help="Three letters, e.g. EUR.")
@click.option("--category", help="One of the categories.")
def file(config_file: Path | None, document_id: str, **said: str | None) -> None:
    """File a document that waits in review. What you leave out stays as it was read."""
    client = Client(load(config_file).settings)
    expense = {key: value for key, value in said.items() if value is not None}
    answer = client.post("/api/process", {"file_id": document_id, "expense_data": expense})
    if "path" in answer:
        click.echo(f"{document_id}: filed as {answer['path']}")
    else:
        click.echo(
            f"{document_id}: it will be filed as soon as that is possible. {answer.get('last_error') or ''}".strip()
        )


@click.command()
@config_option
@click.argument("document_or_task_id", metavar="ID")
def retry(config_file: Path | None, document_or_task_id: str) -> None:
    """Have a failed document read once more. ID is the document's, or its task's."""
    client = Client(load(config_file).settings)
    task_id = list_tasks(client, document_or_task_id)[0]["task_id"]
    client.post(f"/api/task/{quote(task_id, safe='')}/retry", {})
    click.echo(f"{document_or_task_id}: it is being read once more")
