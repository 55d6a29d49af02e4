"""GET /api/export: documents for a spreadsheet, a script or bookkeeping, newest first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import chain

from aiohttp import web

from expensed.exports.formats import FORMATS
from expensed.ledger.search import search_documents
from expensed.ledger.store import Ledger
from expensed.model.states import DocumentState
from expensed.report.answers import DocumentRow
from expensed.report.build import list_document
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_query
from expensed.web.routes.documents import as_search
from expensed.web.schema.requests import ExportQuery

PAGE = 500


async def export(request: web.Request) -> web.StreamResponse:
    """Write the documents that match, line by line; without `state`, those that are filed."""
    query = read_query(ExportQuery, request)
    if query.state is None:
        query = query.model_copy(update={"state": DocumentState.FILED})
    form = FORMATS[query.format]
    rows = [row async for row in _rows(request.app[DEPENDENCIES].ledger, query)]
    response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="expenses.{query.format}"'})
    response.content_type, response.charset = form.media_type, "utf-8"
    await response.prepare(request)
    lines = iter(form.write(rows, query.account))
    for line in lines:
        some = chain([line], (each for _, each in zip(range(PAGE), lines, strict=False)))
        await response.write("".join(f"{each}\n" for each in some).encode("utf-8", "replace"))
    await response.write_eof()
    return response


async def _rows(ledger: Ledger, query: ExportQuery) -> AsyncIterator[DocumentRow]:
    before = None
    while found := await search_documents(ledger, as_search(query, before=before, limit=PAGE)):
        for document in found:
            yield list_document(document)
        before = found[-1].number
