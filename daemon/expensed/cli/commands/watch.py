"""`expensed watch`: progress as it happens, of all documents or of one; the daemon may come and go meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from expensed.cli.app import config_option, load
from expensed.cli.http import feed
from expensed.cli.http.client import Client
from expensed.cli.http.find_task import describe_outcome, list_tasks
from expensed.cli.screen.progress import Board, is_ended, make_board
from expensed.model.states import TaskState


@click.command()
@config_option
@click.argument("name", metavar="[ID]", required=False)
def watch(config_file: Path | None, name: str | None) -> int:
    """Follow progress live, of all documents or of one.

    All are followed until Ctrl-C, one until it is done; a daemon that goes away meanwhile is waited for.
    ID is a document, a task or the name of a dropped file. Exit status 1 if that one fails.
    """
    client = Client(load(config_file).settings)
    task_id = list_tasks(client, name)[0]["task_id"] if name is not None else None
    query = {} if task_id is None else {"task": task_id}
    with make_board(Console()) as board:
        for message in feed.follow(client, **query):
            ended = _take(client, board, message, is_one=task_id is not None)
            if task_id is not None and ended is not None:
                return 1 if ended["state"] == TaskState.FAILURE else 0
    return 0


def _take(client: Client, board: Board, message: feed.Message, *, is_one: bool) -> dict[str, Any] | None:
    """Show a message; the task that ended with it, if one did."""
    match message.name:
        case feed.EVENT:
            return _show(client, board, message.data)
        case feed.SNAPSHOT:
            board.clear()
            tasks = message.data["tasks"]
            if not is_one:
                board.tell(_describe(client, message.data))
            return [_show(client, board, task) for task in tasks][-1] if tasks else None
        case feed.LOST:
            board.tell("The daemon is away; waiting until it is back.")
        case feed.BACK:
            board.tell("The daemon is back.")
    return None


def _show(client: Client, board: Board, task: dict[str, Any]) -> dict[str, Any] | None:
    if not is_ended(task):
        board.show(task)
        return None
    board.end(task, describe_outcome(client, task))
    return task


def _describe(client: Client, snapshot: dict[str, Any]) -> str:
    count = snapshot["unfinished"]
    return f"Watching {client.address}: {count or 'nothing'} in work. Ctrl-C ends."
