"""POST /api/documents/{document_id}/reread: read a document again and judge it with today's settings."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from expensed.report.build import show_queued
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_optional_body, read_query
from expensed.web.guards.limits import limited
from expensed.web.responses import answer
from expensed.web.schema.requests import NoQuery, RereadBody


@limited
async def reread(request: web.Request) -> web.Response:
    """Answer with a task, since reading takes time."""
    read_query(NoQuery, request)
    body = await read_optional_body(RereadBody, request)
    document_id = request.match_info["document_id"]
    task = await request.app[DEPENDENCIES].pipeline.request_reread(document_id, apply=body.apply)
    return answer(replace(show_queued(task, "extraction"), file_id=document_id), 202)
