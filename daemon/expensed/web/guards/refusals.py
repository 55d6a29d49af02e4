"""Every failure as an answer: one shape, one table of HTTP statuses, and nothing of the machine in it.

The shape is {"success": false, "error": a sentence, "code": a stable slug, "hint": what to do}.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from expensed import errors
from expensed.errors import ExpensedError, RequestError, document_error
from expensed.web.answers import answer

log = logging.getLogger("expensed.web")

RETRY_AFTER_S = 2
"""When it is worth asking again, where a moment may help."""

STATUSES: dict[type[ExpensedError], int] = {
    errors.ConfigError: 500,
    errors.SetupError: 500,
    errors.BackendUnavailable: 503,
    errors.RequestError: 422,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Incomplete: 422,
    errors.Backlog: 429,
    errors.DocumentError: 500,
    errors.Busy: 409,
    errors.ArchiveFull: 503,
    errors.InboxFull: 507,
    errors.SourceUnreadable: 503,
    errors.Interrupted: 503,
    errors.MachineTrouble: 503,
    errors.ChildDied: 503,
    errors.OcrTimeout: 503,
    errors.InternalError: 500,
    errors.OutOfMemory: 503,
    errors.UnsupportedKind: 415,
    errors.Encrypted: 422,
    errors.Corrupt: 422,
    errors.NoSuchPage: 404,
    errors.TooLarge: 413,
    errors.CrashedDaemon: 422,
    errors.Cancelled: 409,
    errors.Altered: 409,
    errors.Gone: 410,
}

# What aiohttp itself refuses: (code, hint)
_WORDS: dict[int, tuple[str, str]] = {
    404: ("no-such-route", "GET / tells what is going on; GET /api/docs lists the routes."),
    405: ("method-not-allowed", "Use one of the methods that the Allow header names."),
    413: ("body-too-large", "Send less than 1 MiB of JSON."),
}


class Refusal(RequestError):
    """A request refused with the HTTP status that says why, and perhaps with more to know: `known`."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str,
        hint: str | None = None,
        known: Mapping[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.status = status
        self.known = dict(known or {})
        self.retry_after_s = retry_after_s


def status_of(error: ExpensedError) -> int:
    """The HTTP status of an error: its own, else that of its nearest ancestor in the table."""
    if isinstance(error, Refusal):
        return error.status
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def refuse(error: ExpensedError) -> web.Response:
    """The answer for an error that has a name."""
    status = status_of(error)
    headers = {}
    retry_after_s = error.retry_after_s if isinstance(error, Refusal) else None
    if retry_after_s is not None or error.code == errors.Busy.code or status in (429, 503):
        headers["Retry-After"] = str(retry_after_s or RETRY_AFTER_S)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="expensed"'
    known = error.known if isinstance(error, Refusal) else {}
    content = {"success": False, "error": error.message, "code": error.code, "hint": error.hint}
    return answer({**content, **known}, status, headers)


def _refuse_http(error: web.HTTPException, request: web.Request) -> web.Response:
    code, hint = _WORDS.get(error.status, ("http", "Correct the request and send it again."))
    sentences = {
        404: f"There is nothing at {request.path}.",
        405: f"{request.path} does not take {request.method}.",
        413: "The body is too large.",
    }
    sentence = sentences.get(error.status, f"{error.reason}.")
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
    return answer({"success": False, "error": sentence, "code": code, "hint": hint}, error.status, headers)


@web.middleware
async def give_errors_one_shape(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into an answer; what has no name is logged and becomes a 500 that tells little."""
    try:
        return await handler(request)
    except ExpensedError as error:
        return refuse(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _refuse_http(error, request)
    except Exception as error:
        if isinstance(error, ConnectionError) and request.transport is None:
            return web.Response(status=400)  # the client left in mid-request; nobody will read this
        log.exception("%s %s: an error that nobody expected", request.method, request.path)
        content = {
            "success": False,
            "error": "expensed met an error of its own.",
            "code": "internal",
            "hint": "The daemon's log says more. If it happens again, please report it.",
        }
        return answer(content, 500)


def fail(error: dict[str, Any] | None, known: Mapping[str, Any]) -> Refusal:
    """The refusal for a task that failed while its client waited: the task's error, and what else is `known` of it."""
    error = error or {}
    found = document_error(error.get("code") or "error", error.get("message") or "It failed.", error.get("hint"))
    return Refusal(status_of(found), found.message, code=found.code, hint=found.hint, known=known)
