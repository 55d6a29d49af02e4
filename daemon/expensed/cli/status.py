"""`expensed status`: how it stands in one look; asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from expensed.cli.app import config_option, load
from expensed.cli.client import Client
from expensed.cli.feed import take_snapshot
from expensed.cli.tasks import describe_result, get_task
from expensed.errors import RequestError
from expensed.logs import one_line
from expensed.model import TaskState

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

    Ready or not and for which reason, how many documents there are, the files that still lie in the inbox, the last
    documents and where they went.
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
    last = client.get("/api/tasks", limit=str(LAST))["tasks"]
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
        "last": [get_task(client, task["task_id"]) for task in last],
    }


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
    if standing["last"]:
        yield from ["", "Last documents:", *map(_describe_task, standing["last"])]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (word == 'duplicate' and number != 1)}"


def _describe_waiting(waiting: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[str]:
    yield f"Not taken from the inbox ({len(waiting)}):"
    for file in waiting[:SHOWN_WAITING]:
        age = describe_age((now - datetime.fromisoformat(file["since"])).total_seconds())
        yield f"  {one_line(file['file'])}  ({age}) {one_line(file['reason'])}"
    if len(waiting) > SHOWN_WAITING:
        yield f"  and {len(waiting) - SHOWN_WAITING} more: `expensed status --json` lists all"


def _describe_task(task: Mapping[str, Any]) -> str:
    file = one_line(task["file"])
    if task["state"] == TaskState.SUCCESS:
        said = describe_result(file, task["result"] or {})
    elif task["state"] == TaskState.FAILURE:
        said = f"{'failed':<9}  {file}: {one_line(task['error'])}"
    else:
        said = f"{'in work':<9}  {file}: {task['status']}"
    return f"  {datetime.fromisoformat(task['updated_at']).astimezone():%Y-%m-%d %H:%M:%S}  {said}"


def describe_age(seconds: float) -> str:
    """A span of time in its fitting unit: `40 s`, `12 min`, `3 h`, `5 days`."""
    units = ((2 * 86_400, 86_400, "days"), (7200, 3600, "h"), (120, 60, "min"))
    whole = max(0, int(seconds))
    return next((f"{whole // size} {unit}" for least, size, unit in units if whole >= least), f"{whole} s")
