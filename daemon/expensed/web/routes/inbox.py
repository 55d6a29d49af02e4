"""GET /api/inbox: the files now in the watched folder that have not been claimed yet, each with its reason."""

from __future__ import annotations

from aiohttp import web

from expensed.report.answers import Inbox
from expensed.report.build import list_inbox_file
from expensed.web.deps import DEPENDENCIES
from expensed.web.responses import answer


async def get_all(request: web.Request) -> web.Response:
    """List the files that wait or were refused, oldest first."""
    waiting = sorted(request.app[DEPENDENCIES].waiting(), key=lambda file: file.since)
    return answer(Inbox(inbox=tuple(map(list_inbox_file, waiting))))
