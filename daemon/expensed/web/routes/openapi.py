"""GET /api/openapi.json: the OpenAPI document, for programs."""

from __future__ import annotations

from aiohttp import web

from expensed.web.responses import answer
from expensed.web.schema.openapi import Schema

DOCUMENT: web.AppKey[Schema] = web.AppKey("openapi")


async def show(request: web.Request) -> web.Response:
    """Answer with the document."""
    return answer(request.app[DOCUMENT])
