"""GET /: how all stands; to a browser as a live page, else as plain text for a terminal.

The text: one sentence, what waits in the inbox and in review, and why, the last ten documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from expensed.ledger.documents import get_document
from expensed.ledger.events import take_snapshot
from expensed.ledger.rows import Document, Task
from expensed.ledger.search import Search, search_documents
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import list_last_tasks
from expensed.logs import one_line
from expensed.model.dropped_files import WaitingFile
from expensed.model.states import DocumentState, TaskState
from expensed.program import command
from expensed.web.deps import PARTS
from expensed.web.routes.page import answer_page, wants_page

SHOWN = 10
_WORDS = {
    "uploaded": "uploaded", "read": "read",
    "filed": "filed", "review": "in review", "duplicate": "seen before", "failed": "failed", "gone": "taken away",
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
    lines += await _list_review(parts.ledger, snapshot["documents"].get(DocumentState.REVIEW, 0))
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
    lines = [f"  {one_line(file.file)}  (for {_age(now - file.since)}) {file.reason}" for file in oldest[:SHOWN]]
    if len(oldest) > SHOWN:
        lines.append(f"  and {len(oldest) - SHOWN} more: `{command()} status` lists them")
    return [f"Still in the inbox ({len(oldest)}):", *lines, ""]


async def _list_review(ledger: Ledger, count: int) -> list[str]:
    """The documents that wait for a person, each with its id and why; the newest ten of them."""
    if not count:
        return []
    found = await search_documents(ledger, Search(state=DocumentState.REVIEW, limit=SHOWN))
    lines = [f"  {document.id}  {describe_reasons((document.result or {}).get('reasons'))}" for document in found]
    if count > len(found):
        lines.append(f"  and {count - len(found)} more: `{command()} status` lists them")
    return [f"In review, waiting for you ({count}); `{command()} file ID` files one:", *map(one_line, lines), ""]


def describe_reasons(reasons: Sequence[str] | None) -> str:
    """Why a document waits, in a line."""
    return " ".join(reasons or ["It was not read with enough certainty."])


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
    trouble = f" (next try {_local(task.due_at):%H:%M:%S}) {one_line(task.error['message'])}" if task.error else ""
    return f"{when}  {task.state.value.lower():<10}  {one_line(task.file)}: {task.status}{trouble}"


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone()


async def _last_tasks(ledger: Ledger) -> list[tuple[Task, Document]]:
    tasks = await list_last_tasks(ledger, SHOWN)
    return [(task, await get_document(ledger, task.document)) for task in tasks]
