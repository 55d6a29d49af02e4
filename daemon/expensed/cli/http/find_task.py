"""Finds a document or task by any of its names, and describes its outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.cli.http.client import Client, name_in_path
from expensed.errors import BackendUnavailable, Conflict, NotFound, RequestError
from expensed.model.events import Event, SnapshotTask
from expensed.model.states import TaskState
from expensed.model.text import one_line
from expensed.report import answers
from expensed.report.status import describe_end

_TASK_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EXPIRED = "expired"
MOST_NAMED = 20


def list_tasks(client: Client, name: str) -> Sequence[answers.TaskRow | answers.Task]:
    """The tasks of a document id, file name or task id, newest first; NotFound if there is none."""
    tasks = client.get("/api/tasks", answers.Tasks, file=name, limit="500").tasks
    if tasks:
        return tasks
    if _TASK_ID.fullmatch(name):
        return [get_task(client, name)]
    raise _explain_missing(client, name)


def find_document_id(client: Client, name: str) -> str:
    """Return a document's id, given it, a task's id or a file name; Conflict with the ids if several match."""
    try:
        tasks = list_tasks(client, name)
    except NotFound:
        try:
            get_document(client, name)  # an upload for which no task was requested
        except RequestError as error:
            if error.code != NotFound.code:
                raise
        else:
            return name
        raise
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
