"""/api/journal and /api/undo: what was done to documents, and taking it back."""

from __future__ import annotations

from aiohttp import web

from expensed.ledger.documents import seek_document
from expensed.ledger.history.journal import list_entries
from expensed.ledger.store import timestamp
from expensed.pipeline.requests.undo import Wish
from expensed.report.build_journal import show_entry, show_undone
from expensed.report.journal import Journal
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_optional_body, read_query
from expensed.web.guards.limits import limited
from expensed.web.responses import answer
from expensed.web.schema.requests import JournalQuery, NoQuery, UndoBody


async def get_all(request: web.Request) -> web.Response:
    """List what was done, latest first; `next` is the `before` of the following page."""
    query, ledger = read_query(JournalQuery, request), request.app[DEPENDENCIES].ledger
    entries = await list_entries(
        ledger,
        document=None if query.document is None else (await seek_document(ledger, query.document)).number,
        since=None if query.since is None else timestamp(query.since),
        before=query.before,
        limit=query.limit + 1,
    )
    shown = entries[: query.limit]
    following = shown[-1].number if len(entries) > len(shown) else None
    return answer(Journal(entries=tuple(map(show_entry, shown)), next=following))


@limited
async def undo(request: web.Request) -> web.Response:
    """Take back what the body names; 202 if some of it must wait for the archive or for another document."""
    read_query(NoQuery, request)
    body = await read_optional_body(UndoBody, request)
    wish = Wish(
        document_id=body.document_id,
        entry=body.entry,
        since=None if body.since is None else timestamp(body.since),
        lesson=body.lesson,
        before=body.before,
    )
    attempted, following = await request.app[DEPENDENCIES].pipeline.undo(wish)
    shown = show_undone(attempted, following)
    return answer(shown, 202 if shown.waiting else 200)
