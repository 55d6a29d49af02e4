"""`expensed status`: the state of the daemon and its documents at a glance; fetched over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

import click
from msgspec import UNSET

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.feed import take_snapshot
from expensed.cli.http.find_task import EXPIRED, get_document, get_task
from expensed.cli.http.paging import PAGE, read_documents
from expensed.cli.options import json_option
from expensed.cli.screen.json_output import print_json
from expensed.errors import Gone, RequestError
from expensed.model.states import DocumentState, TaskState
from expensed.report import answers, numbers
from expensed.report.status import UPLOADS, Overview, describe_age, describe_counts, describe_status, is_gone

LAST = 10
SHOWN = 20
"""Files still in the inbox, uploads and failed documents that are shown; those in review are all shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaemonStatus:
    """The output of `expensed status --json`."""

    success: answers.Yes = True
    address: str
    version: str
    uptime_s: float
    ready: bool
    trouble: str | None
    unfinished: int
    documents: Mapping[str, int]
    inbox: tuple[answers.InboxFile, ...]
    archive: numbers.ArchiveNumbers
    review: tuple[answers.DocumentRow, ...]
    uploads: tuple[answers.DocumentRow, ...]
    failed: tuple[answers.DocumentRow, ...]
    last: tuple[answers.Task, ...]


@click.command()
@config_option
@json_option
def status(config_file: Path | None, as_json: bool) -> int:
    """Show whether the daemon is ready, what is waiting and why.

    Also how many documents there are, the files still in the inbox, what was left alone in the archive, the documents
    in review, uploads that nobody has filed, what failed and why, each with its id, and the last documents and where
    they went.
    Exit status 1 if the daemon runs but cannot work, 75 if none answers.
    """
    found = gather_status(Client(load(config_file).settings))
    if as_json:
        print_json(found)
    else:
        for line in describe_daemon(found, datetime.now(UTC)):
            click.echo(line)
    return 0 if found.ready else 1


def gather_status(client: Client) -> DaemonStatus:
    """Fetch everything that `expensed status` shows."""
    health, trouble = client.get("/healthz", answers.Alive), None
    try:
        client.get("/readyz", answers.Ready)
    except RequestError as error:
        if error.code != "not-ready":
            raise
        trouble = error.message
    snapshot = take_snapshot(client)
    return DaemonStatus(
        address=client.public_address,
        version=health.version,
        uptime_s=health.uptime_s,
        ready=trouble is None,
        trouble=trouble,
        unfinished=snapshot.unfinished,
        documents=snapshot.documents,
        archive=client.get("/api/stats", numbers.Stats).archive,
        inbox=client.get("/api/inbox", answers.Inbox).inbox,
        review=tuple(read_documents(client, {"state": DocumentState.REVIEW.value})),
        uploads=tuple(chain.from_iterable(_list(client, state) for state in reversed(UPLOADS))),
        failed=tuple(_list(client, DocumentState.FAILED)),
        last=tuple(islice(_list_last(client), LAST)),
    )


def _list(client: Client, state: DocumentState) -> Iterator[answers.DocumentRow]:
    return read_documents(client, {"state": state.value}, SHOWN)


def _list_last(client: Client) -> Iterator[answers.Task]:
    """Yield the newest task of each of the last documents that are still there, the latest change first."""
    newest: dict[str, answers.TaskRow] = {}
    for row in client.get("/api/tasks", answers.Tasks, limit=str(PAGE)).tasks:
        newest.setdefault(row.document_id, row)
    for row in sorted(newest.values(), key=lambda row: row.updated_at, reverse=True):
        task = _look_up(client, row)
        if not is_gone(task):
            yield task


def _look_up(client: Client, row: answers.TaskRow) -> answers.Task:
    """Return everything known about a task; if its outcome has expired, what became of its document."""
    try:
        task = get_task(client, row.task_id)
    except RequestError as error:
        if error.code != EXPIRED:
            raise
    else:
        if task.state is not TaskState.FAILURE:
            return task
    task, document = as_task(row), get_document(client, row.document_id)
    if task.state is TaskState.FAILURE:
        return replace(task, code=Gone.code) if document.state is DocumentState.GONE else task
    found = answers.Result(
        data=document.data, file_id=document.file_id, path=document.path, document_state=document.state
    )
    return replace(task, result=found)


def as_task(row: answers.TaskRow) -> answers.Task:
    """Return what a list says about a task in the form of a task."""
    has_failed = row.state is TaskState.FAILURE
    return answers.Task(
        state=row.state,
        status=row.status,
        error=row.error or "" if has_failed else UNSET,
        code="" if has_failed else UNSET,
        hint="" if has_failed else UNSET,
        task_id=row.task_id,
        document_id=row.document_id,
        file=row.file,
        step=row.step,
        attempt=row.attempt,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def describe_daemon(found: DaemonStatus, now: datetime) -> Iterator[str]:
    """Yield the status as lines of text; `now` is timezone-aware."""
    yield (
        f"expensed {found.version} at {found.address}, up {describe_age(found.uptime_s)}: "
        f"{'ready' if found.ready else 'NOT READY'}"
    )
    if found.trouble:
        yield f"  {found.trouble}"
        yield "  Nothing is lost meanwhile. `expensed doctor` may know what to do."
    everything = Overview(
        unfinished=found.unfinished,
        documents=found.documents,
        inbox=found.inbox,
        archive=found.archive,
        review=found.review,
        uploads=found.uploads,
        failed=found.failed,
        last=found.last,
    )
    yield describe_counts(everything)
    yield from describe_status(everything, now, SHOWN)
