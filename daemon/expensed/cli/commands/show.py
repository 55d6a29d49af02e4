"""`expensed show`: everything about one document, for a person or as JSON; asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from expensed.cli.app import config_option, load
from expensed.cli.http.client import Client
from expensed.cli.http.find_task import EXPIRED, get_task, list_tasks
from expensed.config.schema import Settings
from expensed.errors import Gone, RequestError
from expensed.logs import one_line
from expensed.model.states import DocumentState, TaskState
from expensed.program import command, filing_command, list_lacking

FIELDS = ("vendor", "amount", "date", "currency", "category", "kind", "tax", "invoice_number", "amount_due")


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.argument("name", metavar="ID")
def show(config_file: Path | None, as_json: bool, name: str) -> None:
    """Show everything about one document.

    Its tasks, what was read and how sure that is, where it lies, what went wrong and what to do.
    ID is a document, a task or the name of a dropped file; of several files with one name, the newest is shown.
    """
    settings = load(config_file).settings
    found = gather_document(Client(settings), name)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in describe_document(found, settings):
        click.echo(line)


def gather_document(client: Client, name: str) -> dict[str, Any]:
    """The newest document of that name with all its tasks, newest first, and the ids of `others` of the same name."""
    tasks = list_tasks(client, name)
    document_id = tasks[0]["document_id"]
    tasks = client.get("/api/tasks", file=document_id, limit="500")["tasks"] or tasks
    others = {row["document_id"] for row in client.get("/api/tasks", file=tasks[0]["file"], limit="500")["tasks"]}
    return {
        "success": True,
        "document_id": document_id,
        "file": tasks[0]["file"],
        "tasks": list(_look_up(client, tasks)),
        "others": sorted(others - {document_id}),
    }


def _look_up(client: Client, tasks: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """All that is known of each task; of one whose outcome has expired, what the list says."""
    for task in tasks:
        try:
            yield get_task(client, task["task_id"])
        except RequestError as error:
            if error.code != EXPIRED:
                raise
            yield {"code": "", "hint": "", **task}


def describe_document(found: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    """The document as lines of text."""
    newest = found["tasks"][0]
    results = [task["result"] for task in found["tasks"] if task.get("result")]
    result = next((result for result in results if "document_state" in result), None)
    path = newest.get("path") or (result or {}).get("path")
    yield one_line(found["file"])
    yield _row("document", found["document_id"])
    if result or newest["state"] == TaskState.FAILURE:
        yield _row("state", result["document_state"] if result else _failed_state(newest))
    if newest.get("code") != Gone.code:
        yield _row("lies in", _locate(path, settings))
    for task in found["tasks"]:
        yield from _describe_task(task)
    if result:
        yield from ["", *_describe_fields(result["data"])]
        if result["document_state"] == DocumentState.REVIEW:
            lacking = list_lacking(result["data"])
            yield _row("what to do", filing_command(found["document_id"], lacking))
            yield _row("", "with --vendor, --amount, --date, --currency, --category for what was read wrong")
    if found["others"]:
        yield from ["", f"Others of that name: {', '.join(map(one_line, found['others'][-5:]))}"]


def _failed_state(task: Mapping[str, Any]) -> str:
    return (DocumentState.GONE if task.get("code") == Gone.code else DocumentState.FAILED).value


def _row(name: str, value: object) -> str:
    return f"  {name:<15} {one_line(str(value))}"


def _locate(path: str | None, settings: Settings) -> str:
    """Where it lies, as a path of this machine if it is there."""
    if path is None:
        return "the inbox, in its folder .expensed, until it is filed"
    whole = settings.archive.path / path
    return str(whole) if whole.exists() else f"{path} (in the archive)"


def _describe_task(task: Mapping[str, Any]) -> Iterator[str]:
    yield _row("task", f"{task['task_id']}  {task['state']}  {task['status']}")
    updated = datetime.fromisoformat(task["updated_at"]).astimezone()
    created = datetime.fromisoformat(task["created_at"]).astimezone()
    yield _row("", f"{task['step']}, attempt {task['attempt']}, {created:%Y-%m-%d %H:%M:%S} to {updated:%H:%M:%S}")
    if task["state"] == TaskState.FAILURE:
        yield _row("error", f"{task['error']} ({task['code']})")
        yield _row("what to do", f"{task['hint']} Or: {command()} retry {task['document_id']}".strip())
    if task.get("last_error"):
        yield _row("last error", task["last_error"])
    if task.get("waits_for"):
        yield _row("waits for", f"{task['waits_for']}, which has the same bytes")


def _describe_fields(data: Mapping[str, Any]) -> Iterator[str]:
    fields = data.get("fields") or {}
    for name in FIELDS:
        value, evidence = data.get(name), fields.get(name) or {}
        if value is not None or name in FIELDS[:5]:
            shown = evidence.get("value") or ("?" if value is None else value)
            yield _row(name.replace("_", " "), "  ".join([str(shown), *_describe_evidence(evidence)]))
    yield _row("confidence", f"{data.get('confidence', 0)} % that amount and date are right")
    if data.get("duplicate_of"):
        yield _row("duplicate of", data["duplicate_of"])
    yield from _describe_reasons(data.get("reasons") or ())


def _describe_evidence(evidence: Mapping[str, Any]) -> Iterator[str]:
    if not evidence:
        return
    yield f"({evidence['confidence']:.1%} sure)"
    if evidence.get("proof"):
        yield f"proven: {evidence['proof']}"
    if evidence.get("text"):
        page = f" on page {evidence['page']}" if evidence.get("page") else ""
        yield f'from "{evidence["text"]}"{page}'


def _describe_reasons(reasons: Sequence[str]) -> Iterator[str]:
    for number, reason in enumerate(reasons):
        yield _row("needs a look" if number == 0 else "", reason)
