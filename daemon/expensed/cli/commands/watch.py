"""`expensed watch`: live progress of all documents or of one; the daemon may go away and come back meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

import click
from rich.console import Console

from expensed.cli.app import config_option, load
from expensed.cli.completions import complete_documents
from expensed.cli.http import feed
from expensed.cli.http.client import Client
from expensed.cli.http.find_task import describe_outcome, list_tasks
from expensed.cli.screen.progress import Board, Shown, is_ended, make_board
from expensed.model.events import Event, Snapshot
from expensed.model.states import TaskState


@click.command()
@config_option
@click.argument("name", metavar="[ID]", required=False, shell_complete=complete_documents())
def watch(config_file: Path | None, name: str | None) -> int:
    """Follow the progress of all documents or of one, live.

    All documents are followed until Ctrl-C, a single one until it is done. If the daemon goes away, this waits for it.
    On a terminal there is a bar for each; elsewhere a line for each that is done, or each stage of a single one.
    ID is a document, a task or the name of a dropped file. Exit status 1 if that one fails.
    """
    client = Client(load(config_file).settings)
    task_id = list_tasks(client, name)[0].task_id if name is not None else None
    query = {} if task_id is None else {"task": task_id}
    with make_board(Console(), only_ends=task_id is None) as board:
        for message in feed.follow(client, query):
            ended = _take(client, board, message, is_one=task_id is not None)
            if task_id is not None and ended is not None:
                return 1 if ended.state is TaskState.FAILURE else 0
    return 0


def _take(client: Client, board: Board, message: feed.Message, *, is_one: bool) -> Shown | None:
    """Show a message; return the task that ended with it, if any."""
    match message:
        case Event():
            return _show(client, board, message)
        case Snapshot():
            board.clear()
            if not is_one:
                board.tell(_describe(client, message))
            return [_show(client, board, task) for task in message.tasks][-1] if message.tasks else None
        case feed.Lost():
            board.tell("The daemon is away; waiting until it is back.")
        case feed.Back():
            board.tell("The daemon is back.")
        case feed.Forgotten():
            pass  # the snapshot that follows says everything
        case _:
            assert_never(message)
    return None


def _show(client: Client, board: Board, task: Shown) -> Shown | None:
    if not is_ended(task):
        board.show(task)
        return None
    board.end(task, describe_outcome(client, task))
    return task


def _describe(client: Client, snapshot: Snapshot) -> str:
    return f"Watching {client.address}: {snapshot.unfinished or 'nothing'} in progress. Ctrl-C stops."
