"""/api/review: the documents that wait for a person, and pictures of the places where doubtful values stand."""

from __future__ import annotations

from aiohttp import web

from expensed.ledger.queries.search import list_waiting
from expensed.report.review import show_in_review
from expensed.report.review_answers import Review
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_query
from expensed.web.guards.limits import limited
from expensed.web.responses import answer
from expensed.web.routes.documents import answer_picture, find_named, read_number
from expensed.web.schema.requests import CropQuery, ReviewQuery


async def get_all(request: web.Request) -> web.Response:
    """GET /api/review, newest first; `next` is the `before` of the following page."""
    query, parts = read_query(ReviewQuery, request), request.app[DEPENDENCIES]
    found = await list_waiting(parts.ledger, query.before, query.limit + 1)
    shown = found[: query.limit]
    following = shown[-1].number if len(found) > len(shown) else None
    prefix = parts.settings.web.prefix
    return answer(Review(documents=tuple(show_in_review(each, prefix) for each in shown), next=following))


@limited
async def get_crop(request: web.Request) -> web.Response:
    """GET /api/documents/{document_id}/page/{number}/crop.png: a part of a page as an image."""
    query, parts = read_query(CropQuery, request), request.app[DEPENDENCIES]
    document = await find_named(parts.ledger, request)
    return answer_picture(await parts.pipeline.draw_page(document, read_number(request), crop=query.box))
