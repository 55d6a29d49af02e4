"""Every failure as an answer: one shape, one table of HTTP statuses, and no details of the machine.

The shape is {"success": false, "error": a sentence, "code": a stable slug, "hint": what to do}.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler
from msgspec import UNSET, UnsetType

from expensed import errors
from expensed.errors import ExpensedError, Fault, RequestError, document_error
from expensed.report.answers import Refused
from expensed.web.responses import answer

log = logging.getLogger("expensed.web")

RETRY_AFTER_S = 2
"""When to ask again, if waiting a moment may help."""

STATUSES: dict[type[ExpensedError], int] = {
    errors.ConfigError: 500,
    errors.SetupError: 500,
    errors.BackendUnavailable: 503,
    errors.LedgerLost: 503,
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
    errors.PlaceAway: 503,
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

# Requests that aiohttp itself refuses: (code, hint)
_WORDS: dict[int, tuple[str, str]] = {
    404: ("no-such-route", "GET / shows the status; GET /api/docs lists the routes."),
    405: ("method-not-allowed", "Use one of the methods that the Allow header names."),
    413: ("body-too-large", "Send less than 1 MiB of JSON."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The document and task that a refusal is about."""

    file_id: str | UnsetType = UNSET
    task_id: str | UnsetType = UNSET
    document: str | UnsetType = UNSET


class Refusal(RequestError):
    """A request refused with an HTTP status; `known` says more about it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str,
        hint: str | None = None,
        known: Known = Known(),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.status = status
        self.known = known
        self.retry_after_s = retry_after_s


def status_of(error: ExpensedError) -> int:
    """Return the HTTP status of an error: its own, else that of its nearest ancestor in the table."""
    if isinstance(error, Refusal):
        return error.status
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def refuse(error: ExpensedError) -> web.Response:
    """Return the answer for an error of this package."""
    status = status_of(error)
    headers = {}
    retry_after_s = error.retry_after_s if isinstance(error, Refusal) else None
    if retry_after_s is not None or error.code == errors.Busy.code or status in (429, 503):
        headers["Retry-After"] = str(retry_after_s or RETRY_AFTER_S)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="expensed"'
    known = error.known if isinstance(error, Refusal) else Known()
    content = Refused(
        error=error.message,
        code=error.code,
        hint=error.hint,
        file_id=known.file_id,
        task_id=known.task_id,
        document=known.document,
    )
    return answer(content, status, headers)


def _refuse_http(error: web.HTTPException, request: web.Request) -> web.Response:
    code, hint = _WORDS.get(error.status, ("http", "Correct the request and send it again."))
    sentences = {
        404: f"There is nothing at {request.path}.",
        405: f"{request.path} does not accept {request.method}.",
        413: "The body is too large.",
    }
    sentence = sentences.get(error.status, f"{error.reason}.")
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
    return answer(Refused(error=sentence, code=code, hint=hint), error.status, headers)


@web.middleware
async def give_errors_one_shape(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into an answer; log an unexpected error and answer 500 with no details."""
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
            return web.Response(status=400)  # the client left mid-request; nobody will read this
        log.exception("%s %s: unexpected error", request.method, request.path)
        content = Refused(
            error="An internal error occurred in expensed.",
            code="internal",
            hint="The daemon's log says more. If it happens again, please report it.",
        )
        return answer(content, 500)


def fail(fault: Fault | None, known: Known) -> Refusal:
    """Return the refusal for a task that failed while its client waited: its error and what else is known."""
    fault = fault or Fault()
    found = document_error(fault.code, fault.message, fault.hint)
    return Refusal(status_of(found), found.message, code=found.code, hint=found.hint, known=known)
