"""/api/documents: finding documents, everything about one, its bytes, its pages as images, and correcting it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from expensed.archive.naming import make_harmless
from expensed.errors import Gone, SourceUnreadable
from expensed.ledger.documents import get_document, list_duplicate_ids, seek_document
from expensed.ledger.duplicates.purchases import find_counted
from expensed.ledger.history.events import list_attempts, list_events
from expensed.ledger.queries.search import Search, search_documents
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import list_tasks
from expensed.pipeline.context import Context, open_place
from expensed.report.answers import Documents
from expensed.report.build import list_document, list_task_with_attempts, show_document
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_body, read_filters, read_query
from expensed.web.guards.limits import limited
from expensed.web.responses import answer
from expensed.web.routes.process import answer_filing
from expensed.web.schema.requests import CorrectionBody, DocumentsQuery, Filters, NoQuery, PageQuery

EVENTS_SHOWN = 500
LOOKS = 3
"""A document may be moved between the ledger lookup and the opening of its file; then the lookup is repeated."""
LONGEST_NUMBER = 10
"""Digits of a page number; no document has this many pages, and a longer number counts as page 0, which never is."""
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
_SHOWN_INLINE = ("image/", "application/pdf")


async def get_all(request: web.Request) -> web.Response:
    """GET /api/documents, newest first; `next` is the `before` of the following page."""
    query = await read_filters(DocumentsQuery, request)
    search = as_search(query, before=query.before, limit=query.limit + 1)
    parts = request.app[DEPENDENCIES]
    async with parts.search_turn if search.is_slow else contextlib.nullcontext():
        found = await search_documents(parts.ledger, search)
        shown = found[: query.limit]
        following = shown[-1].number if len(found) > len(shown) else None
        return answer(Documents(documents=tuple(map(list_document, shown)), next=following))


def as_search(query: Filters, *, before: int | None, limit: int) -> Search:
    """Convert a query to the ledger's search."""
    return Search(
        words=query.q,
        state=query.state,
        vendor=query.vendor,
        category=query.category,
        since=query.since.isoformat() if query.since else None,
        until=query.until.isoformat() if query.until else None,
        before=before,
        limit=limit,
    )


async def get_one(request: web.Request) -> web.Response:
    """GET /api/documents/{document_id}: data, tasks with their attempts, events, corrections, links."""
    read_query(NoQuery, request)
    parts = request.app[DEPENDENCIES]
    ledger = parts.ledger
    document = await find_named(ledger, request)
    first = await get_document(ledger, document.first) if document.first else None
    attempts = await list_attempts(ledger, document.number)
    tasks = [
        list_task_with_attempts(task, attempts)
        for task in await list_tasks(ledger, document=document.number, limit=EVENTS_SHOWN)
    ]
    duplicates = await list_duplicate_ids(ledger, document.number)
    events = await list_events(ledger, 0, document_id=document.id, limit=EVENTS_SHOWN)
    is_linked = document.result is not None and document.result.same_purchase
    counted_by = await find_counted(ledger, document.number) if is_linked else None
    return answer(show_document(document, first, duplicates, counted_by, tasks, events, parts.settings.web.prefix))


@limited
async def correct(request: web.Request) -> web.Response:
    """PATCH /api/documents/{document_id}: correct a document in review or filed, and learn from it."""
    read_query(NoQuery, request)
    body = await read_body(CorrectionBody, request)
    parts = request.app[DEPENDENCIES]
    document = await find_named(parts.ledger, request)
    task, corrected = await parts.pipeline.correct(document.id, body.said())
    return answer_filing(task, corrected)


async def get_file(request: web.Request) -> web.StreamResponse:
    """GET /api/documents/{document_id}/file: the bytes as they were dropped; ranges and conditions are supported."""
    read_query(NoQuery, request)
    parts = request.app[DEPENDENCIES]
    document = await find_named(parts.ledger, request)
    for _ in range(LOOKS):
        descriptor = await open_document(parts.pipeline.context, document)
        if descriptor is not None:
            return OpenFile(descriptor, file_headers(document))
        document = await find_named(parts.ledger, request)
    raise Gone(f"{document.file} is no longer there.")


@limited
async def get_page(request: web.Request) -> web.Response:
    """GET /api/documents/{document_id}/page/{number}.png: one page as an image, with `marks` around the fields."""
    query = read_query(PageQuery, request)
    parts = request.app[DEPENDENCIES]
    document = await find_named(parts.ledger, request)
    content = await parts.pipeline.draw_page(document, read_number(request), with_marks=query.marks)
    return answer_picture(content)


def read_number(request: web.Request) -> int:
    """Return the number of the page that the path names."""
    digits = request.match_info["number"].lstrip("0") or "0"
    return int(digits) if len(digits) < LONGEST_NUMBER else 0


def answer_picture(content: bytes) -> web.Response:
    """Return a PNG with a policy that runs nothing."""
    return web.Response(body=content, content_type="image/png", headers={"Content-Security-Policy": SANDBOX})


async def find_named(ledger: Ledger, request: web.Request) -> Document:
    """Return the document that the path names; NotFound if there is none."""
    return await seek_document(ledger, request.match_info["document_id"])


async def open_document(context: Context, document: Document) -> int | None:
    """Open a document's bytes, never through a link; return the descriptor, or None if they are not in their place."""
    try:
        return await asyncio.to_thread(open_place, context, document.place)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SourceUnreadable(f"{document.file} cannot be read: {error.strerror}.") from error


def file_headers(document: Document) -> dict[str, str]:
    """Return headers with the type by content, a name safe on every system, and a policy that runs nothing."""
    kind = document.kind or "application/octet-stream"
    disposition = "inline" if kind.startswith(_SHOWN_INLINE) else "attachment"
    name = make_harmless(document.file)
    plain = "".join(sign if " " <= sign <= "~" and sign not in '"\\%' else "_" for sign in name)
    return {
        "Content-Type": kind,
        "Content-Disposition": f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": SANDBOX,
        "Cache-Control": "no-store",
    }


class OpenFile(web.FileResponse):
    """An answer from an open descriptor: no link is followed, and no `.gz` beside the file is sent instead."""

    def __init__(self, descriptor: int, headers: Mapping[str, str]) -> None:
        super().__init__(Path(f"/proc/self/fd/{descriptor}"), headers=headers)
        self._opened = os.fdopen(descriptor, "rb")

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Send the file and close it."""
        with contextlib.closing(self._opened):
            return await super().prepare(request)
