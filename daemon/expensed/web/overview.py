"""GET /: how all stands; to a browser as a live page, else as plain text for a terminal.

The text: one sentence, what waits and why, the last ten documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from expensed.ledger.documents import get_document
from expensed.ledger.history import take_snapshot
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import list_tasks
from expensed.logs import one_line
from expensed.model import TaskState, WaitingFile
from expensed.web.page import answer_page, wants_page
from expensed.web.parts import PARTS

SHOWN = 10
_WORDS = {
    "uploaded": "uploaded", "read": "read",
    "filed": "filed", "review": "in review", "duplicate": "duplicates", "failed": "failed", "gone": "taken away",
}  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """The overview: to a browser a live page, to all others text."""
    if wants_page(request):
        return answer_page()
    parts = request.app[PARTS]
    snapshot = await take_snapshot(parts.ledger, limit=0)
    lines = [describe(snapshot["unfinished"], snapshot["documents"], parts.queue_trouble()), ""]
    if (trouble := parts.inbox_trouble()) is not None:
        lines += [one_line(trouble), ""]
    lines += list_waiting(parts.waiting(), datetime.now(UTC))
    lines += [describe_task(task, document) for task, document in await _last_tasks(parts.ledger)]
    return web.Response(
        text="\n".join(lines) + "\n", content_type="text/plain", charset="utf-8", headers={"Vary": "Accept"}
    )


def describe(unfinished: int, documents: Mapping[str, int], trouble: str | None) -> str:
    """How all stands, in a sentence."""
    counts = [f"{documents[state]} {word}" for state, word in _WORDS.items() if documents.get(state)]
    sentence = ", ".join([f"{unfinished} in work" if unfinished else "nothing in work", *counts])
    queue = f" The queue does not work ({trouble.rstrip('.')}); documents wait in the ledger." if trouble else ""
    return f"expensed is running: {sentence}.{queue}"


def list_waiting(waiting: Sequence[WaitingFile], now: datetime) -> list[str]:
    """The files in the inbox that are not taken, each with its reason; the first ten of them."""
    if not waiting:
        return []
    oldest = sorted(waiting, key=lambda file: (file.refused, file.since))
    lines = [f"  {one_line(file.file)}  ({_age(now - file.since)}) {file.reason}" for file in oldest[:SHOWN]]
    if len(oldest) > SHOWN:
        lines.append(f"  and {len(oldest) - SHOWN} more: GET /api/inbox")
    return [f"Not taken from the inbox ({len(oldest)}):", *lines, ""]


def _age(passed: Any) -> str:
    seconds = max(0, int(passed.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def describe_task(task: Task, document: Document) -> str:
    """One document in one line: when, what, and where it is or why not."""
    when = datetime.fromisoformat(task.updated_at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if task.state is TaskState.FAILURE:
        reason = task.error.get("message", "") if task.error else ""
        return f"{when}  failed      {one_line(task.file)}: {one_line(reason)}"
    if task.state is TaskState.SUCCESS:
        where = f" -> {one_line(document.place.path)}" if document.place.root == "archive" else ""
        return f"{when}  {document.state.value:<10}  {one_line(task.file)}{where}"
    return f"{when}  {task.state.value.lower():<10}  {one_line(task.file)}: {task.status}"


async def _last_tasks(ledger: Ledger) -> list[tuple[Task, Document]]:
    tasks = await list_tasks(ledger, limit=SHOWN)
    return [(task, await get_document(ledger, task.document)) for task in tasks]
