"""Tasks as the commands ask for them and tell of them: finding one by any of its names, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from expensed.cli.http.client import Client
from expensed.errors import BackendUnavailable, Conflict, NotFound, RequestError
from expensed.logs import one_line
from expensed.model.states import TaskState

_TASK_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EXPIRED = "expired"
MOST_NAMED = 20
OUTCOMES = {"filed": "filed", "review": "in review", "duplicate": "duplicate"}


def list_tasks(client: Client, name: str) -> list[dict[str, Any]]:
    """The tasks of a document id, file name or task id, newest first, as rows of a list; NotFound if there is none."""
    tasks: list[dict[str, Any]] = client.get("/api/tasks", file=name, limit="500")["tasks"]
    if not tasks and _TASK_ID.fullmatch(name):
        tasks = [get_task(client, name)]
    if not tasks:
        raise _explain_missing(client, name)
    return tasks


def find_document_id(client: Client, name: str) -> str:
    """The id of a document by its id, a task's, or its file name; Conflict listing the ids if several fit."""
    try:
        tasks = list_tasks(client, name)
    except NotFound:
        try:
            client.get(f"/api/documents/{quote(name, safe='')}")  # an upload that nobody asked anything of
        except RequestError as error:
            if error.code != NotFound.code:
                raise
        else:
            return name
        raise
    ids = list(dict.fromkeys(task["document_id"] for task in tasks))
    if len(ids) > 1:
        lines = [f"  {one_line(each)}" for each in ids[:MOST_NAMED]]
        raise Conflict(
            "\n".join([f"{len(ids)} documents were dropped as {one_line(name)}, the newest first:", *lines]),
            hint="Name the one that is meant by its id; `expensed show ID` tells them apart.",
        )
    return str(ids[0])


def _explain_missing(client: Client, name: str) -> NotFound:
    """Why nothing is known of that name: it may still wait in the inbox."""
    reason = next((file["reason"] for file in client.get("/api/inbox")["inbox"] if file["file"] == name), None)
    if reason is not None:
        return NotFound(f"{one_line(name)} waits in the inbox and is not taken yet.", hint=one_line(reason))
    return NotFound(
        f"There is no document or task {one_line(name)}.",
        hint="`expensed status` lists the last documents, and what still waits in the inbox.",
    )


def get_task(client: Client, task_id: str) -> dict[str, Any]:
    """All that is known of a task."""
    return client.get(f"/api/task/{quote(task_id, safe='')}")


def describe_outcome(client: Client, task: Mapping[str, Any]) -> str:
    """An ended task in a line: what became of which file, and where it lies or why not."""
    file = one_line(task["file"])
    if task["state"] == TaskState.FAILURE:
        return f"failed     {file}: {one_line(task.get('error') or 'it failed')}"
    try:
        result = get_task(client, task["task_id"]).get("result") or {}
    except (BackendUnavailable, RequestError):
        result = {}  # the daemon has just gone away; that it is done is known all the same
    return describe_result(file, result)


def describe_result(file: str, result: Mapping[str, Any]) -> str:
    """What came of a file that was read, in a line."""
    state = result.get("document_state") or ""
    where = f" -> {one_line(result['path'])}" if result.get("path") else ""
    return f"{OUTCOMES.get(state, state or 'done'):<9}  {file}{where}"
