"""The application: the table of routes, the order of the checks, and the cleanup when it stops."""

from __future__ import annotations

from aiohttp import web

from expensed.web.connections import admit_permitted
from expensed.web.deps import DEPENDENCIES, Dependencies
from expensed.web.guards.access import add_headers, check_host, check_origin, check_token
from expensed.web.guards.bodies import MAX_BODY_BYTES
from expensed.web.guards.limits import LIMITS, Limits
from expensed.web.guards.refusals import give_errors_one_shape
from expensed.web.routes import (
    discard,
    docs,
    documents,
    events,
    export,
    extract,
    health,
    inbox,
    journal,
    lessons,
    metrics,
    openapi,
    overview,
    process,
    reread,
    review,
    stats,
    tasks,
    upload,
    vendors,
)
from expensed.web.routes.metrics import METRICS
from expensed.web.schema.openapi import make_document
from expensed.web.sse.stream import STREAMS, Streams

__all__ = ("ROUTES", "Dependencies", "make_app")

ROUTES = (
    ("GET", "/", overview.show),
    ("GET", "/healthz", health.is_alive),
    ("GET", "/readyz", health.is_ready),
    ("GET", "/metrics", metrics.show),
    ("GET", "/api/stats", stats.show),
    ("GET", "/api/task/{task_id}", tasks.get_one),
    ("POST", "/api/task/{task_id}/retry", tasks.retry),
    ("POST", "/api/task/{task_id}/cancel", tasks.cancel),
    ("GET", "/api/tasks", tasks.get_all),
    ("POST", "/api/upload", upload.upload),
    ("POST", "/api/extract/{file_id}", extract.extract),
    ("POST", "/api/process", process.process),
    ("POST", "/api/process-async", process.process_later),
    ("GET", "/api/documents", documents.get_all),
    ("GET", "/api/documents/{document_id}", documents.get_one),
    ("PATCH", "/api/documents/{document_id}", documents.correct),
    ("POST", "/api/documents/{document_id}/discard", discard.discard),
    ("POST", "/api/documents/{document_id}/undiscard", discard.undiscard),
    ("POST", "/api/documents/{document_id}/reread", reread.reread),
    ("GET", "/api/documents/{document_id}/file", documents.get_file),
    ("GET", "/api/documents/{document_id}/page/{number:[0-9]+}.png", documents.get_page),
    ("GET", "/api/documents/{document_id}/page/{number:[0-9]+}/crop.png", review.get_crop),
    ("GET", "/api/review", review.get_all),
    ("GET", "/api/journal", journal.get_all),
    ("POST", "/api/undo", journal.undo),
    ("GET", "/api/lessons", lessons.get_all),
    ("GET", "/api/lessons/{lesson:[0-9]{1,19}}", lessons.get_one),
    ("POST", "/api/lessons/{lesson:[0-9]{1,19}}/forget", lessons.forget),
    ("GET", "/api/vendors", vendors.get_all),
    ("POST", "/api/vendors/merge", vendors.merge),
    ("POST", "/api/vendors/separate", vendors.separate),
    ("GET", "/api/export", export.export),
    ("GET", "/api/inbox", inbox.get_all),
    ("GET", "/api/events", events.follow),
    ("GET", "/api/openapi.json", openapi.show),
    ("GET", "/api/docs", docs.show),
)


def make_app(parts: Dependencies) -> web.Application:
    """Make an application over the parts of one daemon; `WebServer` serves it."""
    app = web.Application(
        middlewares=[give_errors_one_shape, check_host, check_token, check_origin, admit_permitted],
        client_max_size=MAX_BODY_BYTES,
    )
    app[DEPENDENCIES] = parts
    app[STREAMS] = Streams()
    app[METRICS] = metrics.Metrics()
    prefix = parts.settings.web.prefix
    routes = ((method, path) for method, path, _ in ROUTES)
    app[openapi.DOCUMENT] = make_document(routes, prefix, parts.settings.categories.known.names)
    app[LIMITS] = Limits(parts.settings.web.rate_per_s, parts.settings.web.rate_burst)
    _add_routes(app, "")
    if prefix:
        _add_routes(app, prefix)
        app.router.add_get(prefix, overview.show)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(metrics.watch_events)
    app.on_shutdown.append(_end_streams)
    return app


def _add_routes(app: web.Application, prefix: str) -> None:
    """Add all routes below a prefix: a proxy may keep that of the public address, or take it off."""
    for method, path, handler in ROUTES:
        app.router.add_route(method, prefix + path, handler)
        if method == "GET" and handler is not events.follow:
            app.router.add_route("HEAD", prefix + path, handler)


async def _end_streams(app: web.Application) -> None:
    await app[STREAMS].end()
