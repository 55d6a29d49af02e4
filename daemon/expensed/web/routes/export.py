"""GET /api/export: documents for a spreadsheet, a script or bookkeeping, in the order of their dates.

It is sent page by page, and between two pages nothing of the ledger is held open: however slow a client is, and
however many documents there are, an export takes little memory and keeps nobody else waiting.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing
from decimal import Decimal
from itertools import chain, islice

from aiohttp import web

from expensed.exports.formats import CSV, FORMATS, OF_ITEMS
from expensed.exports.writer import LEFT_OUT, Wishes, Writer
from expensed.ledger.queries.export import count_left_out, count_tax_rates, list_numbers, read_page
from expensed.model.json_text import encode_text
from expensed.model.states import DocumentState
from expensed.report.answers import ExportedDocument
from expensed.report.build import export_document
from expensed.web.deps import DEPENDENCIES, Dependencies
from expensed.web.guards.bodies import read_filters
from expensed.web.routes.documents import as_search
from expensed.web.schema.requests import ExportQuery

PAGE = 25
"""Documents read and written at once: while they are turned into text, nothing else happens in the daemon."""
AT_ONCE = 200
"""Lines written before everyone else gets a turn."""
COUNTED = 500
"""Documents whose rates of tax are counted at once."""
MOST_RATES = 50
"""Rates of tax with columns of their own."""


async def export(request: web.Request) -> web.StreamResponse:
    """Write the documents that match, line by line; without `state`, those that are filed.

    What is left out because nobody has filed it yet is counted in the header X-Expensed-Left-Out, as JSON.
    """
    query = await read_filters(ExportQuery, request)
    parts = request.app[DEPENDENCIES]
    left_out: dict[DocumentState, int] = {}
    if query.state is None:
        left_out = await count_left_out(parts.ledger, as_search(query, before=None, limit=0))
        query = query.model_copy(update={"state": DocumentState.FILED})
    form = OF_ITEMS if query.items else FORMATS[query.format]
    name = f'attachment; filename="{"items" if query.items else "expenses"}.{query.format}"'
    response = web.StreamResponse(headers={"Content-Disposition": name, LEFT_OUT: encode_text(left_out)})
    response.content_type, response.charset = form.media_type, "utf-8"
    numbers = await list_numbers(parts.ledger, as_search(query, before=None, limit=PAGE))
    writer = form.begin(
        Wishes(
            account=query.account,
            opened=query.open,
            tax_account=parts.settings.export.tax_account,
            splits_items=parts.settings.export.split_items,
            rates=await _list_rates(parts, numbers) if form is FORMATS[CSV] else (),
            left_out=left_out,
        )
    )
    first: list[ExportedDocument]
    pages = _read_pages(parts, numbers)
    async with aclosing(pages):
        first = await anext(pages, [])  # an error of the ledger is answered as such only before the head is sent
        await response.prepare(request)
        await _send(response, writer.write_head())
        await _send(response, _write(writer, first))
        async for page in pages:
            await _send(response, _write(writer, page))
    await _send(response, writer.write_end())
    await response.write_eof()
    return response


def _write(writer: Writer, page: Iterable[ExportedDocument]) -> Iterator[str]:
    return chain.from_iterable(map(writer.write, page))


async def _send(response: web.StreamResponse, lines: Iterable[str]) -> None:
    rest = iter(lines)
    while content := "".join(f"{line}\n" for line in islice(rest, AT_ONCE)):
        await response.write(content.encode("utf-8", "replace"))
        await asyncio.sleep(0)  # a document may have thousands of items


async def _list_rates(parts: Dependencies, numbers: Sequence[int]) -> list[Decimal]:
    """Return the rates of tax that get columns, lowest first: those that occur, or the most frequent of too many."""
    found = Counter[Decimal]()
    for start in range(0, len(numbers), COUNTED):
        async with parts.export_turn:
            found += await count_tax_rates(parts.ledger, numbers[start : start + COUNTED])
    return sorted(rate for rate, _ in found.most_common(MOST_RATES))


async def _read_pages(parts: Dependencies, numbers: Sequence[int]) -> AsyncGenerator[list[ExportedDocument]]:
    for start in range(0, len(numbers), PAGE):
        async with parts.export_turn:
            page = await read_page(parts.ledger, numbers[start : start + PAGE])
            rows = [export_document(document) for document in page]
        yield rows
