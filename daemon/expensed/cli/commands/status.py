"""`expensed status`: how it stands in one look; asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.feed import take_snapshot
from expensed.cli.http.find_task import EXPIRED, describe_result, get_task
from expensed.cli.http.paging import PAGE, read_pages
from expensed.errors import RequestError
from expensed.logs import one_line
from expensed.model.states import DocumentState, TaskState
from expensed.program import command

LAST = 10
SHOWN_WAITING = 20
_COUNTS = {
    "filed": "filed",
    "review": "in review",
    "duplicate": "duplicate",
    "failed": "failed",
    "gone": "taken away",
}


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status(config_file: Path | None, as_json: bool) -> int:
    """Show how it stands, what waits and why.

    Ready or not and for which reason, how many documents there are, the files that still lie in the inbox, all that
    is in review with its id, the last documents and where they went.
    Exit status 1 if the daemon runs but cannot work, 75 if none answers.
    """
    standing = gather_status(Client(load(config_file).settings))
    if as_json:
        click.echo(json.dumps(standing, ensure_ascii=False))
    else:
        for line in describe_status(standing, datetime.now(UTC)):
            click.echo(line)
    return 0 if standing["ready"] else 1


def gather_status(client: Client) -> dict[str, Any]:
    """Everything that `expensed status` shows."""
    health, trouble = client.get("/healthz"), None
    try:
        client.get("/readyz")
    except RequestError as error:
        if error.code != "not-ready":
            raise
        trouble = error.message
    snapshot = take_snapshot(client)
    return {
        "success": True,
        "address": client.address,
        "version": health["version"],
        "uptime_s": health["uptime_s"],
        "ready": trouble is None,
        "trouble": trouble,
        "unfinished": snapshot.get("unfinished", 0),
        "documents": snapshot.get("documents", {}),
        "inbox": client.get("/api/inbox")["inbox"],
        "review": list(read_pages(client, "/api/documents", "documents", {"state": DocumentState.REVIEW.value})),
        "last": [_look_up(client, task) for task in _list_last(client)],
    }


def _list_last(client: Client) -> list[dict[str, Any]]:
    """The newest task of each of the last documents, the last to change first."""
    newest: dict[str, dict[str, Any]] = {}
    for task in client.get("/api/tasks", limit=str(PAGE))["tasks"]:
        newest.setdefault(task["document_id"], task)
    return sorted(newest.values(), key=lambda task: task["updated_at"], reverse=True)[:LAST]


def _look_up(client: Client, task: dict[str, Any]) -> dict[str, Any]:
    """All that is known of a task; of one whose outcome is not kept any more, what became of its document."""
    try:
        return get_task(client, task["task_id"])
    except RequestError as error:
        if error.code != EXPIRED:
            raise
    document = client.get(f"/api/documents/{quote(task['document_id'], safe='')}")
    result = {"document_state": document["state"], "path": document["path"]}
    return task | {"result": result, "error": task["error"] or ""}


def describe_status(standing: Mapping[str, Any], now: datetime) -> Iterator[str]:
    """The status as lines of text; `now` is aware."""
    yield (
        f"expensed {standing['version']} at {standing['address']}, up {describe_age(standing['uptime_s'])}: "
        f"{'ready' if standing['ready'] else 'NOT READY'}"
    )
    if standing["trouble"]:
        yield f"  {standing['trouble']}"
        yield "  Nothing is lost meanwhile. `expensed doctor` may know what to do."
    counts = [
        _count(standing["documents"][state], word) for state, word in _COUNTS.items() if state in standing["documents"]
    ]
    yield ", ".join([f"{standing['unfinished'] or 'nothing'} in work", *counts])
    if standing["inbox"]:
        yield from ["", *_describe_waiting(standing["inbox"], now)]
    if standing["review"]:
        yield from ["", *_describe_review(standing["review"])]
    if standing["last"]:
        yield from ["", "Last documents:", *map(_describe_task, standing["last"])]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (word == 'duplicate' and number != 1)}"


def _describe_waiting(waiting: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[str]:
    yield f"Still in the inbox ({len(waiting)}):"
    for file in waiting[:SHOWN_WAITING]:
        age = describe_age((now - datetime.fromisoformat(file["since"])).total_seconds())
        yield f"  {one_line(file['file'])}  (for {age}) {one_line(file['reason'])}"
    if len(waiting) > SHOWN_WAITING:
        yield f"  and {len(waiting) - SHOWN_WAITING} more: `expensed status --json` lists all"


def _describe_review(documents: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"In review, waiting for you ({len(documents)}); `{command()} file ID` files one:"
    for document in documents:
        reasons = " ".join(document.get("reasons") or ["It was not read with enough certainty."])
        yield f"  {one_line(document['document_id'])}  {one_line(reasons)}"


def _describe_task(task: Mapping[str, Any]) -> str:
    file = one_line(task["file"])
    if task["state"] == TaskState.SUCCESS:
        said = describe_result(file, task["result"] or {})
    elif task["state"] == TaskState.FAILURE:
        said = f"{'failed':<9}  {file}: {one_line(task['error'])}"
    else:
        said = f"{'in work':<9}  {file}: {task['status']}{_describe_trouble(task)}"
    return f"  {datetime.fromisoformat(task['updated_at']).astimezone():%Y-%m-%d %H:%M:%S}  {said}"


def _describe_trouble(task: Mapping[str, Any]) -> str:
    if not task.get("last_error") or not task.get("next_attempt_at"):
        return ""
    due = datetime.fromisoformat(task["next_attempt_at"]).astimezone()
    return f" (next try {due:%H:%M:%S}) {one_line(task['last_error'])}"


def describe_age(seconds: float) -> str:
    """A span of time in its fitting unit: `40 s`, `12 min`, `3 h`, `5 days`."""
    units = ((2 * 86_400, 86_400, "days"), (7200, 3600, "h"), (120, 60, "min"))
    whole = max(0, int(seconds))
    return next((f"{whole // size} {unit}" for least, size, unit in units if whole >= least), f"{whole} s")
