"""What each route takes and answers: one entry for each in `app.ROUTES`, from which the OpenAPI document is made.

Requests are described by the very models that validate them, answers by `report.answers`. A route without an entry
here fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from expensed.report import answers
from expensed.web.schema import requests

EVERYWHERE = (400, 401, 403, 421, 500, 503)
"""Statuses with which any request may be refused: broken HTTP, token, origin, host, an error of ours, a ledger that
does not answer."""

PLAIN = "text/plain"
MEANINGS = {
    200: "Done.",
    202: "It will be done; ask the task.",
    206: "The part that was asked for.",
    304: "Not changed.",
    400: "Not understood at all.",
    401: "The token is missing or wrong.",
    403: "A web page of another site asked.",
    404: "There is no such thing.",
    408: "The body did not arrive in time.",
    409: "Not in the state it is in.",
    410: "It was there and is no more.",
    412: "Not as the request says it should be.",
    413: "Too large.",
    415: "Not of a kind that is taken.",
    416: "No such part.",
    421: "The request names another host.",
    422: "A value is wrong; all mistakes are named.",
    429: "Too much at once; see Retry-After.",
    500: "An error of expensed's own.",
    503: "Not now; see Retry-After.",
    507: "There is no room on the disk.",
}
"""What a status says, in general."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route: `answers` by status, as a model (JSON) or media types; `refused` with the common shape.

    `body` is JSON; `form` names the field of a multipart form that holds a file.
    """

    summary: str
    query: type[BaseModel] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: type[BaseModel] | None = None
    is_body_optional: bool = False
    form: str | None = None
    answers: Mapping[int, type[BaseModel] | tuple[str, ...]]
    also: tuple[str, ...] = ()
    """Media types that a 200 may have besides."""
    refused: tuple[int, ...] = ()


_BODY = (408, 413, 415, 422)
_READING = (404, 409, 410, 413, 415, 422, 429)
"""What can go wrong with a document that is read while the client waits."""
_DRAWING = (404, 410, 413, 415, 422, 429)

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/"): Operation(summary="How all stands, for people.", answers={200: (PLAIN, "text/html")}),
    ("GET", "/healthz"): Operation(summary="Does the daemon live? Needs no token.", answers={200: answers.Alive}),
    ("GET", "/readyz"): Operation(
        summary="Can it work: ledger, folders, disks, queue, worker?",
        answers={200: answers.Ready, 503: answers.NotReady},
    ),
    ("GET", "/metrics"): Operation(summary="Numbers for Prometheus.", answers={200: (PLAIN,)}),
    ("GET", "/api/stats"): Operation(summary="The same for people and scripts.", answers={200: answers.Stats}),
    ("GET", "/api/task/{task_id}"): Operation(
        summary="How far a task is, and what came of it. A FAILURE is an answer like any other.",
        query=requests.TaskQuery,
        answers={200: answers.Task},
        also=(PLAIN,),
        refused=(404, 410, 422),
    ),
    ("POST", "/api/task/{task_id}/retry"): Operation(
        summary="Have a failed document read once more.",
        answers={200: answers.TriedAgain},
        refused=(404, 409, 410, 429),
    ),
    ("POST", "/api/task/{task_id}/cancel"): Operation(
        summary="Cancel a task: a dropped file goes to _failed, an upload stays.",
        answers={200: answers.CancelledTask},
        refused=(404, 409, 410),
    ),
    ("GET", "/api/tasks"): Operation(
        summary="Tasks, newest first.", query=requests.TasksQuery, answers={200: answers.Tasks}, refused=(422,)
    ),
    ("POST", "/api/upload"): Operation(
        summary="Take one file; with `extract`, read it too.",
        query=requests.UploadQuery,
        form="file",
        answers={200: answers.Uploaded, 202: answers.QueuedExtraction},
        refused=(408, 507, *_READING),
    ),
    ("POST", "/api/extract/{file_id}"): Operation(
        summary="What does a document say? It is never filed by this.",
        body=requests.ExtractBody,
        is_body_optional=True,
        answers={200: answers.Extracted, 202: answers.QueuedExtraction},
        refused=(408, *_READING),
    ),
    ("POST", "/api/process"): Operation(
        summary="File a document with what a person says of it.",
        body=requests.ProcessBody,
        answers={200: answers.Filed, 202: answers.Queued},
        refused=(404, 409, 410, 429, *_BODY),
    ),
    ("POST", "/api/process-async"): Operation(
        summary="The same, without waiting for it.",
        body=requests.ProcessBody,
        answers={202: answers.Queued},
        refused=(404, 409, 410, 429, *_BODY),
    ),
    ("GET", "/api/documents"): Operation(
        summary="Documents, newest first: all, or those that fit.",
        query=requests.DocumentsQuery,
        answers={200: answers.Documents},
        refused=(422,),
    ),
    ("GET", "/api/documents/{document_id}"): Operation(
        summary="All that is known of a document.",
        query=requests.NoQuery,
        answers={200: answers.Document},
        refused=(404, 422),
    ),
    ("PATCH", "/api/documents/{document_id}"): Operation(
        summary="Correct a document that is filed or in review; the next of that vendor profits from it.",
        query=requests.NoQuery,
        body=requests.CorrectionBody,
        answers={200: answers.Filed, 202: answers.Queued},
        refused=(404, 409, 410, 429, *_BODY),
    ),
    ("GET", "/api/documents/{document_id}/file"): Operation(
        summary="The bytes as they were dropped.",
        query=requests.NoQuery,
        headers={"Range": "e.g. bytes=0-99", "If-None-Match": "An ETag from before."},
        answers={200: ("*/*",), 206: ("*/*",), 304: (), 412: (), 416: ()},
        refused=(404, 410, 422),
    ),
    ("GET", "/api/documents/{document_id}/page/{number}.png"): Operation(
        summary="A page as a picture, with boxes around the fields if asked for.",
        query=requests.PageQuery,
        answers={200: ("image/png",)},
        refused=_DRAWING,
    ),
    ("GET", "/api/export"): Operation(
        summary="Documents for a spreadsheet, a script or the books; without `state`, those that are filed.",
        query=requests.ExportQuery,
        answers={200: ("text/csv", "application/jsonl", PLAIN)},
        refused=(422,),
    ),
    ("GET", "/api/inbox"): Operation(summary="What waits in the folder, and why.", answers={200: answers.Inbox}),
    ("GET", "/api/events"): Operation(
        summary="Every transition as it happens, as server-sent events; resumable.",
        query=requests.EventsQuery,
        headers={"Last-Event-ID": "The last event's id that was received."},
        answers={200: ("text/event-stream",)},
        refused=(404, 422),
    ),
    ("GET", "/api/openapi.json"): Operation(summary="This document.", answers={200: ("application/json",)}),
    ("GET", "/api/docs"): Operation(summary="This document, to read.", answers={200: ("text/html",)}),
}
