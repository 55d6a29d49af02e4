"""GET /: the overview, as a live page for browsers and as plain text for terminals."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from expensed.ledger.documents import get_document
from expensed.ledger.events import take_snapshot
from expensed.ledger.rows import Task
from expensed.ledger.search import Search, search_documents
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import list_last_tasks
from expensed.model.states import DocumentState
from expensed.model.text import one_line
from expensed.report import answers
from expensed.report.build import list_document, list_inbox_file, show_task
from expensed.report.status import Overview, describe_counts, describe_status
from expensed.web.deps import DEPENDENCIES, Dependencies
from expensed.web.responses import wants_page
from expensed.web.routes.live_page import answer_page

SHOWN = 10
"""Documents shown of each kind; `expensed status` shows more."""


async def show(request: web.Request) -> web.Response:
    """Answer with the overview: a live page for browsers, text for everyone else."""
    if wants_page(request):
        return answer_page()
    parts = request.app[DEPENDENCIES]
    status = await gather_status(parts)
    lines = [describe_headline(status, parts.queue_trouble())]
    for trouble in (parts.ledger.condition.trouble, parts.inbox_trouble()):
        lines += ["", one_line(trouble)] if trouble is not None else []
    lines += describe_status(status, datetime.now(UTC), SHOWN)
    return web.Response(
        text="\n".join(lines) + "\n", content_type="text/plain", charset="utf-8", headers={"Vary": "Accept"}
    )


async def gather_status(parts: Dependencies) -> Overview:
    """Collect the status of everything from the ledger and the inbox."""
    snapshot = await take_snapshot(parts.ledger, limit=0)
    review = await search_documents(parts.ledger, Search(state=DocumentState.REVIEW, limit=SHOWN))
    last = [await _show(parts.ledger, task) for task in await list_last_tasks(parts.ledger, SHOWN)]
    return Overview(
        unfinished=snapshot.unfinished,
        documents=snapshot.documents,
        inbox=[list_inbox_file(file) for file in parts.waiting()],
        review=[list_document(document) for document in review],
        last=last,
    )


async def _show(ledger: Ledger, task: Task) -> answers.Task:
    return show_task(task, await get_document(ledger, task.document), None)


def describe_headline(status: Overview, trouble: str | None) -> str:
    """Describe the state of everything in one sentence."""
    queue = f" The queue does not work ({trouble.rstrip('.')}); documents wait in the ledger." if trouble else ""
    return f"expensed is running: {describe_counts(status)}.{queue}"
