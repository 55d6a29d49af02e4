"""`expensed reread`: has documents read again and judged with today's settings."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from msgspec import UNSET

from expensed.cli.app import config_option, load
from expensed.cli.completions import complete_documents
from expensed.cli.http.client import Client, name_in_path
from expensed.cli.http.find_task import find_document_id, get_document, get_task
from expensed.cli.http.paging import read_documents
from expensed.errors import Backlog, RequestError
from expensed.model.states import DocumentState, TaskState
from expensed.model.text import one_line
from expensed.report.answers import Comparison, Queued, Task
from expensed.report.status import describe_reasons

AT_ONCE = 16
"""How many documents are with the daemon at the same time; the others wait here, so that new ones are not held up."""
LOOK_S = 0.1
_ALL = (DocumentState.REVIEW, DocumentState.FILED)


@dataclass(frozen=True, slots=True)
class Request:
    """The body of POST /api/documents/ID/reread."""

    apply: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one document; `would_change` if `--apply` would change it."""

    text: str
    has_failed: bool = False
    would_change: bool = False


@click.command()
@config_option
@click.argument("names", metavar="[ID...]", nargs=-1, shell_complete=complete_documents(*_ALL))
@click.option("--review", is_flag=True, help="All documents in review.")
@click.option("--all", "is_all", is_flag=True, help="All documents that are in review or filed.")
@click.option(
    "--apply", is_flag=True, help="Also change documents that are filed, and move them if their names change."
)
def reread(config_file: Path | None, names: Sequence[str], review: bool, is_all: bool, apply: bool) -> int:
    """Read documents again and judge them with today's settings.

    A document in review is filed if nothing is uncertain any more. One that is filed is only compared: this prints what
    would change, and --apply changes it. What a person entered stays as it is. Restart the daemon first if you have
    changed its settings. Exit status 1 if a document could not be read.
    """
    if (bool(names) + review + is_all) != 1:
        raise click.UsageError("Give IDs, --review or --all.")
    client = Client(load(config_file).settings)
    states = () if names else _ALL if is_all else (DocumentState.REVIEW,)
    ids = [find_document_id(client, name) for name in names]
    ids += [row.document_id for state in states for row in read_documents(client, {"state": state.value})]
    lines = []
    for line in _reread(client, ids, Request(apply)):
        click.echo(line.text)
        lines.append(line)
    if any(line.would_change for line in lines):
        click.echo("Nothing that is filed was changed; --apply changes it.")
    if not lines:
        click.echo("There are no such documents.")
    return 1 if any(line.has_failed for line in lines) else 0


def _reread(client: Client, ids: Sequence[str], request: Request) -> Iterator[Line]:
    """Yield what became of each document, in order, with a few at a time in the daemon's hands."""
    asked: deque[tuple[str, str | RequestError]] = deque()
    for document_id in ids:
        if len(asked) >= AT_ONCE:
            yield _await(client, *asked.popleft())
        asked.append((document_id, _ask(client, document_id, request)))
    while asked:
        yield _await(client, *asked.popleft())


def _ask(client: Client, document_id: str, request: Request) -> str | RequestError:
    """Return the id of the task that reads the document, or why there is none; wait while the daemon is busy."""
    while True:
        try:
            return client.post(f"/api/documents/{name_in_path(document_id)}/reread", request, Queued).task_id
        except RequestError as error:
            if error.code not in (Backlog.code, "rate"):
                return error
            time.sleep(LOOK_S)


def _await(client: Client, document_id: str, task_id: str | RequestError) -> Line:
    if isinstance(task_id, RequestError):
        reason = one_line(f"{task_id.message} {task_id.hint}")
        return Line(f"{document_id}: {reason}", has_failed=True)
    try:
        while (task := get_task(client, task_id)).state in (TaskState.PENDING, TaskState.PROCESSING):
            time.sleep(LOOK_S)
    except RequestError as error:  # its outcome is no longer kept
        return Line(f"{document_id}: {one_line(error.message)}", has_failed=True)
    if task.state is TaskState.FAILURE:
        return Line(f"{document_id}: {one_line(task.error or 'it failed')}", has_failed=True)
    return _describe(client, document_id, task)


def _describe(client: Client, document_id: str, task: Task) -> Line:
    result = task.result or None
    compared = result.compared if result is not None else UNSET
    if compared:
        changes = "; ".join(_list_changes(compared))
        return Line(f"{document_id}: {changes or 'nothing would change'}", would_change=bool(changes))
    document = get_document(client, document_id)
    if document.state is DocumentState.REVIEW:
        return Line(f"{document_id}: in review. {one_line(describe_reasons(document.data.reasons))}")
    where = f" as {one_line(document.path)}" if document.path else ""
    return Line(f"{document_id}: {document.state.value}{where}")


def _list_changes(compared: Comparison) -> Iterator[str]:
    for name, change in compared.changes.items():
        words = name.replace("_", " ")
        yield f"{words} would change from {one_line(change.before or '?')} to {one_line(change.after or '?')}"
    if compared.data.needs_review:
        yield f"it would go into review: {one_line(describe_reasons(compared.data.reasons))}"
