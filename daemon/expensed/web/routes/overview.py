"""GET /: the overview, as a live page for browsers and as plain text for terminals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from aiohttp import web

from expensed.ledger.documents import get_document
from expensed.ledger.history.events import take_snapshot
from expensed.ledger.queries.search import Search, search_documents
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import list_last_tasks
from expensed.model.states import DocumentState
from expensed.model.text import one_line
from expensed.report import answers
from expensed.report.build import count_left_alone, list_document, list_inbox_file, show_task
from expensed.report.status import Overview, describe_counts, describe_status
from expensed.web.deps import DEPENDENCIES, Dependencies
from expensed.web.responses import wants_page
from expensed.web.routes.live_page import answer_page

SHOWN = 10
"""Documents shown of each kind; `expensed status` shows more."""
LOOKED_AT = 3 * SHOWN
"""Of the last documents, some may have been removed since."""


async def show(request: web.Request) -> web.Response:
    """Answer with the overview: a live page for browsers, text for everyone else."""
    parts = request.app[DEPENDENCIES]
    if wants_page(request):
        return answer_page(parts.settings.categories.known.names)
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
    read, unread = [await _list(parts.ledger, state) for state in (DocumentState.READ, DocumentState.UPLOADED)]
    return Overview(
        unfinished=snapshot.unfinished,
        documents=snapshot.documents,
        archive=count_left_alone(await parts.pipeline.list_left_alone()),
        inbox=[list_inbox_file(file) for file in parts.waiting()],
        review=await _list(parts.ledger, DocumentState.REVIEW),
        uploads=[*read, *unread][:SHOWN],
        failed=await _list(parts.ledger, DocumentState.FAILED),
        last=[task async for task in _list_last(parts.ledger)],
    )


async def _list(ledger: Ledger, state: DocumentState) -> list[answers.DocumentRow]:
    return [list_document(document) for document in await search_documents(ledger, Search(state=state, limit=SHOWN))]


async def _list_last(ledger: Ledger) -> AsyncIterator[answers.Task]:
    """Yield the newest task of each of the last documents that are still there."""
    shown = 0
    for task in await list_last_tasks(ledger, LOOKED_AT):
        document = await get_document(ledger, task.document)
        if document.state is not DocumentState.GONE:
            yield show_task(task, document, None)
            shown += 1
        if shown == SHOWN:
            return


def describe_headline(status: Overview, trouble: str | None) -> str:
    """Describe the state of everything in one sentence."""
    queue = f" The queue does not work ({trouble.rstrip('.')}); documents wait in the ledger." if trouble else ""
    return f"expensed is running: {describe_counts(status)}.{queue}"
