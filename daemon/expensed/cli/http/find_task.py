"""Finds a document or task by any of its names, and describes its outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.archive.plan import FOLDERS
from expensed.cli.http.client import Client, name_in_path
from expensed.errors import BackendUnavailable, Conflict, NotFound, RequestError
from expensed.model.events import Event, SnapshotTask
from expensed.model.expense import NEEDED
from expensed.model.states import DocumentState, Outcome, TaskState
from expensed.model.text import one_line
from expensed.report import answers
from expensed.report.status import describe_end
from expensed.shown_commands import filing_command, rereading_command

_TASK_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_REVIEW = FOLDERS[Outcome.REVIEW]
EXPIRED = "expired"
MOST_NAMED = 20


def list_tasks(client: Client, name: str) -> Sequence[answers.TaskRow | answers.Task]:
    """The tasks of a document id, file name, task id or path in the archive, newest first; NotFound if there is none.

    In `_review`, where a person may rename a file, its name there will do.
    """
    for file in (name, f"{_REVIEW}/{name}"):
        tasks = client.get("/api/tasks", answers.Tasks, file=file, limit="500").tasks
        if tasks:
            return tasks
    if _TASK_ID.fullmatch(name):
        return [get_task(client, name)]
    raise _explain_missing(client, name)


def list_tasks_of_read(client: Client, name: str) -> Sequence[answers.TaskRow | answers.Task]:
    """As `list_tasks`; Conflict if it is an upload that nobody has asked to have read."""
    try:
        return list_tasks(client, name)
    except NotFound as missing:
        document = find_document(client, name)
        if document is None:
            raise
        if document.state not in (DocumentState.UPLOADED, DocumentState.READ):
            raise Conflict(
                f"{one_line(name)} has no tasks; it is {document.state.value}.",
                hint=f"`expensed show {one_line(name)}` shows what is known about it.",
            ) from missing
        raise Conflict(f"{one_line(name)} was uploaded and not read.", hint=advise_unread(name)) from missing


def advise_unread(document_id: str) -> str:
    """Return which commands read or file an upload."""
    filing = filing_command(document_id, NEEDED)
    return f"To have it read: {rereading_command(document_id)} To file it by what you say: {filing}"


def find_document(client: Client, document_id: str) -> answers.Document | None:
    """Fetch everything known about a document; None if there is none of that id."""
    try:
        return get_document(client, document_id)
    except RequestError as error:
        if error.code != NotFound.code:
            raise
        return None


def find_document_id(client: Client, name: str) -> str:
    """Return a document's id, given it, a task's id or a file name; Conflict with the ids if several match."""
    try:
        tasks = list_tasks(client, name)
    except NotFound:
        if find_document(client, name) is None:
            raise
        return name  # an upload for which no task was requested
    ids = list(dict.fromkeys(task.document_id for task in tasks))
    if len(ids) > 1:
        lines = [f"  {one_line(each)}" for each in ids[:MOST_NAMED]]
        raise Conflict(
            "\n".join([f"{len(ids)} documents were dropped as {one_line(name)}, newest first:", *lines]),
            hint="Give the id of the one you mean; `expensed show ID` tells them apart.",
        )
    return ids[0]


def _explain_missing(client: Client, name: str) -> NotFound:
    """Return why nothing is known by that name: it may still be waiting in the inbox."""
    inbox = client.get("/api/inbox", answers.Inbox).inbox
    reason = next((file.reason for file in inbox if file.file == name), None)
    if reason is not None:
        return NotFound(f"{one_line(name)} is waiting in the inbox and has not been taken yet.", hint=one_line(reason))
    return NotFound(
        f"There is no document or task {one_line(name)}.",
        hint="`expensed status` lists the last documents and the files still in the inbox.",
    )


def get_task(client: Client, task_id: str) -> answers.Task:
    """Fetch everything known about a task."""
    return client.get(f"/api/task/{name_in_path(task_id)}", answers.Task)


def get_document(client: Client, document_id: str) -> answers.Document:
    """Fetch everything known about a document."""
    return client.get(f"/api/documents/{name_in_path(document_id)}", answers.Document)


def describe_outcome(client: Client, task: Event | SnapshotTask) -> str:
    """Return an ended task as one line: what was read of its file, what became of it, and where it is or why not."""
    file = one_line(task.file)
    if task.state is TaskState.FAILURE:
        return f"failed     {file}: {one_line(task.error or 'it failed')}"
    try:
        result = get_task(client, task.task_id or "").result or None
    except (BackendUnavailable, RequestError):
        result = None  # the daemon has just gone away; the task is known to be done all the same
    return describe_end(file, result)
