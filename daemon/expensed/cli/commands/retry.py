"""`expensed retry`: has a failed document read again."""

from __future__ import annotations

from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.completions import complete_documents
from expensed.cli.http.client import Client, name_in_path
from expensed.cli.http.find_task import list_tasks
from expensed.model.states import DocumentState
from expensed.report.answers import TriedAgain


@click.command()
@config_option
@click.argument("document_or_task_id", metavar="ID", shell_complete=complete_documents(DocumentState.FAILED))
def retry(config_file: Path | None, document_or_task_id: str) -> None:
    """Read a failed document again. ID is the document's or its task's."""
    client = Client(load(config_file).settings)
    task_id = list_tasks(client, document_or_task_id)[0].task_id
    client.post(f"/api/task/{name_in_path(task_id)}/retry", {}, TriedAgain)
    click.echo(f"{document_or_task_id}: it is being read again")
