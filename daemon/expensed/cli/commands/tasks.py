"""`expensed tasks`: tasks, one per line; fetched over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.paging import as_query, read_tasks
from expensed.cli.options import json_option, limit_option
from expensed.cli.screen.json_output import print_json
from expensed.model.states import TaskState
from expensed.model.text import one_line
from expensed.report.answers import TaskRow, Yes
from expensed.report.status import read_local


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What `expensed tasks --json` prints."""

    success: Yes = True
    tasks: tuple[TaskRow, ...]


@click.command()
@config_option
@click.option(
    "--state",
    type=click.Choice([state.value for state in TaskState], case_sensitive=False),
    help="Tasks in this state.",
)
@click.option("--file", metavar="NAME", help="Tasks of this file or document.")
@limit_option
@json_option
def tasks(config_file: Path | None, as_json: bool, limit: int, state: str | None, file: str | None) -> None:
    """List tasks, newest first.

    Each with its time, state, id and file.
    """
    client = Client(load(config_file).settings)
    found = tuple(read_tasks(client, as_query(state=state, file=file), limit))
    if as_json:
        print_json(Found(tasks=found))
        return
    for task in found:
        click.echo(describe_task(task))
    if not found:
        click.echo("There are no such tasks.")


def describe_task(task: TaskRow) -> str:
    """Return a task as one line."""
    when = read_local(task.updated_at)
    said = task.error or task.status
    return f"{when:%Y-%m-%d %H:%M:%S}  {task.state.value:<10}  {task.task_id}  {one_line(task.file)}: {one_line(said)}"
