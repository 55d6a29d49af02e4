"""The answers while the daemon waits for its state folder: every one says so."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from aiohttp import web

from expensed import __version__
from expensed.report import answers
from expensed.web.responses import answer, say, wants_page, wants_text

HINT = "Nothing is lost meanwhile: files wait in the inbox. The daemon's log says what helps."


def make_waiting_app(sentence: str) -> web.Application:
    """Make an application that says on every route why nothing works yet; only /healthz says that it is alive."""
    started_at, started_s = datetime.now(UTC), time.monotonic()

    async def wait(request: web.Request) -> web.Response:
        if request.path == "/healthz":
            uptime_s = round(time.monotonic() - started_s, 1)
            started = started_at.isoformat(timespec="seconds")
            return answer(answers.Alive(version=__version__, run="waiting", started_at=started, uptime_s=uptime_s))
        if request.path == "/" or wants_text(request) or wants_page(request):
            return say(f"expensed is waiting. {sentence} {HINT}", 503)
        checks = {"state": answers.Check(ok=False, message=sentence)}
        refusal = answers.NotReady(error=sentence, code="not-ready", hint=HINT, checks=checks)
        return answer(refusal, 503, {"Retry-After": "5"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", wait)
    return app
