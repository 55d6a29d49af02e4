"""`expensed show`: everything about one document, for a person or as JSON; fetched over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path

import click

from expensed.archive.notes import advise_failed
from expensed.cli.app import config_option, load
from expensed.cli.commands.status import as_task
from expensed.cli.commands.undo import describe_entry
from expensed.cli.completions import complete_documents
from expensed.cli.http.client import Client
from expensed.cli.http.find_task import EXPIRED, advise_unread, find_document, get_task, list_tasks
from expensed.cli.http.paging import read_journal
from expensed.cli.options import json_option
from expensed.cli.screen.breakdown import describe_breakdown
from expensed.cli.screen.json_output import print_json
from expensed.config.schema import Settings
from expensed.errors import Cancelled, Gone, NotFound, RequestError
from expensed.model.expense import Evidence, Expense, Facts, list_lacking
from expensed.model.money import write_amount
from expensed.model.states import DocumentState, TaskState
from expensed.model.text import one_line
from expensed.report.answers import Document, Result, Task, TaskRow, Tasks, Yes
from expensed.report.status import read_local
from expensed.shown_commands import discarding_command, filing_command, undoing_command

ALWAYS_SHOWN = ("vendor", "amount", "date", "currency", "category")
_APART = ("confidence",)
MOST_HISTORY = 20
SHOWN = (*ALWAYS_SHOWN, *(each.name for each in fields(Facts) if each.name not in (*ALWAYS_SHOWN, *_APART)))


@click.command()
@config_option
@json_option
@click.argument("name", metavar="ID", shell_complete=complete_documents())
def show(config_file: Path | None, as_json: bool, name: str) -> None:
    """Show everything about one document.

    Its tasks, what was read and how certain that is, where it is stored, what went wrong and what to do.
    ID is a document, a task or the name of a dropped file; if several files have that name, the newest is shown.
    """
    settings = load(config_file).settings
    client = Client(settings)
    found: Found | Document
    try:
        found = gather_document(client, name)
    except NotFound:
        document = find_document(client, name)  # an upload for which no task was requested
        if document is None:
            raise
        found = document
    if as_json:
        print_json(found)
        return
    for line in describe_document(found, settings) if isinstance(found, Found) else _describe_taskless(found, settings):
        click.echo(line)
    for line in _describe_history(client, found.document_id):
        click.echo(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The output of `expensed show --json`: the newest document of a name with all its tasks, newest first."""

    success: Yes = True
    document_id: str
    file: str
    tasks: tuple[Task, ...]
    others: tuple[str, ...]
    """The ids of other documents with the same name."""


def gather_document(client: Client, name: str) -> Found:
    """Fetch everything about the newest document with that name."""
    tasks: Sequence[TaskRow | Task] = list_tasks(client, name)
    document_id, file = tasks[0].document_id, tasks[0].file
    tasks = client.get("/api/tasks", Tasks, file=document_id, limit="500").tasks or tasks
    others = {row.document_id for row in client.get("/api/tasks", Tasks, file=file, limit="500").tasks}
    return Found(
        document_id=document_id,
        file=file,
        tasks=tuple(_look_up(client, task) for task in tasks),
        others=tuple(sorted(others - {document_id})),
    )


def _look_up(client: Client, task: TaskRow | Task) -> Task:
    """Return everything known about a task; if its outcome has expired, what the list says."""
    try:
        return get_task(client, task.task_id)
    except RequestError as error:
        if error.code != EXPIRED:
            raise
        return task if isinstance(task, Task) else as_task(task)


def describe_document(found: Found, settings: Settings) -> Iterator[str]:
    """Yield the document as lines of text."""
    newest = found.tasks[0]
    result = next((task.result for task in found.tasks if task.result and task.result.document_state), None)
    read = result or next((task.result for task in found.tasks if task.result), None)
    yield one_line(found.file)
    yield _row("document", found.document_id)
    if result is not None and result.document_state:
        yield _row("state", result.document_state.value)
    elif newest.state is TaskState.FAILURE:
        yield _row("state", (DocumentState.GONE if newest.code == Gone.code else DocumentState.FAILED).value)
    if newest.code != Gone.code:
        yield _row("location", _locate(newest.path or (result.path if result else None) or None, settings))
    has_failed = result is None or result.document_state is DocumentState.FAILED
    for task in found.tasks:
        yield from _describe_task(task, has_failed=has_failed)
    if read is not None:
        yield from ["", *_describe_fields(read.data), *describe_breakdown(read.data)]
    if result is not None:
        yield from _advise(found.document_id, result)
    if found.others:
        yield from ["", f"Others with that name: {', '.join(map(one_line, found.others[-5:]))}"]


def _describe_history(client: Client, document_id: str) -> Iterator[str]:
    """Yield what was done to a document, and how to take the last of it back."""
    entries = tuple(read_journal(client, {"document": document_id}, MOST_HISTORY))
    if entries:
        yield from ["", "What was done, latest first:", *map(describe_entry, entries)]
        yield f"To take back the last of it: {undoing_command(document_id)}"


def _advise(document_id: str, result: Result) -> Iterator[str]:
    """Yield what to do with a document in review, or one that was discarded."""
    has_tables = bool(result.data.items or result.data.taxes)
    if result.document_state is DocumentState.REVIEW:
        yield from [""] * has_tables
        yield _row("what to do", filing_command(document_id, list_lacking(result.data)))
        yield _row("", "with --vendor, --amount, --date, --currency, --category for whatever was misread")
        if has_tables:
            yield _row("", "or --item 3:total=4.50, --tax 1:rate=19 for what the tables above have wrong")
        yield _row("", f"or {discarding_command(document_id)}, with --duplicate-of ID or --not-an-expense")
    if result.document_state is DocumentState.DISCARDED:
        yield from [""] * has_tables
        yield _row("what to do", f"to put it back: {discarding_command(document_id, '--undo')}")


def _describe_taskless(document: Document, settings: Settings) -> Iterator[str]:
    """Yield a document that never had a task as lines of text."""
    yield one_line(document.file)
    yield _row("document", document.document_id)
    yield _row("state", document.state.value)
    yield _row("location", _locate(document.path, settings))
    if document.state is not DocumentState.UPLOADED:
        yield from ["", *_describe_fields(document.data), *describe_breakdown(document.data)]
    if document.state in (DocumentState.UPLOADED, DocumentState.READ):
        yield _row("what to do", advise_unread(document.document_id))


def _row(name: str, value: object) -> str:
    return f"  {name:<15} {one_line(str(value))}"


def _locate(path: str | None, settings: Settings) -> str:
    """Return where the file is, as a path on this machine if it exists here."""
    if path is None:
        return "the inbox, in its folder .expensed, until it is filed"
    whole = settings.archive.path / path
    return str(whole) if whole.exists() else f"{path} (in the archive)"


def _describe_task(task: Task, *, has_failed: bool) -> Iterator[str]:
    """Yield a task as lines of text; `has_failed`: its document lies in `_failed`, not only this task ended badly."""
    yield _row("task", f"{task.task_id}  {task.state.value}  {task.status}")
    created, updated = read_local(task.created_at), read_local(task.updated_at)
    yield _row("", f"{task.step.value}, attempt {task.attempt}, {created:%Y-%m-%d %H:%M:%S} to {updated:%H:%M:%S}")
    if task.state is TaskState.FAILURE:
        yield _row("error", f"{task.error} ({task.code})")
        hint = [task.hint] if task.hint and task.code != Cancelled.code else []
        advice = advise_failed(task.document_id, task.code or "") if has_failed and task.code != Gone.code else []
        for number, sentence in enumerate([*hint, *advice]):
            yield _row("" if number else "what to do", sentence)
    if task.last_error:
        yield _row("last error", task.last_error)
    if task.waits_for:
        yield _row("waits for", f"{task.waits_for}, which has the same bytes or shows the same paper")


def _describe_fields(expense: Expense) -> Iterator[str]:
    for name in SHOWN:
        value, evidence = getattr(expense, name), expense.fields.get(name)
        if value is None and name not in ALWAYS_SHOWN:
            continue
        shown = (evidence.value if evidence is not None else None) or _write(value, expense)
        yield _row(name.replace("_", " "), "  ".join([shown, *_describe_evidence(evidence)]))
    yield _row("confidence", f"{expense.confidence} % that amount and date are right")
    if expense.duplicate_of:
        yield _row("duplicate of", expense.duplicate_of)
    if expense.same_purchase:
        yield _row("same purchase", f"{', '.join(expense.same_purchase)}; it is counted once")
    for number, reason in enumerate(expense.reasons):
        yield _row("needs a look" if number == 0 else "", reason)


def _write(value: object, expense: Expense) -> str:
    if isinstance(value, Decimal):
        return write_amount(value, expense.currency)
    return "?" if value is None else str(value)


def _describe_evidence(evidence: Evidence | None) -> Iterator[str]:
    if evidence is None:
        return
    yield f"({evidence.confidence:.1%} sure)"
    if evidence.proof:
        yield f"proven: {evidence.proof}"
    if evidence.text:
        page = f" on page {evidence.page}" if evidence.page else ""
        yield f'from "{evidence.text}"{page}'
