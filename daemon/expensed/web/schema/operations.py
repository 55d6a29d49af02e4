"""What each route takes and answers: one entry for each of `app.ROUTES`, from which the OpenAPI document is made.

Requests are described by the models that validate them, answers by `report.answers`. A test fails if a route has no
entry here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from expensed.exports.formats import FORMATS
from expensed.report import answers, journal, lessons, numbers, review_answers, vendors
from expensed.web.schema import requests

EVERYWHERE = (400, 401, 403, 421, 500, 503)
"""Statuses with which any request may be refused: broken HTTP, token, origin, host, an internal error, a ledger that
does not answer."""

PLAIN = "text/plain"
MEANINGS = {
    200: "Done.",
    202: "It will be done; the task tells the progress.",
    206: "The requested part.",
    304: "Not modified.",
    400: "Malformed.",
    401: "The token is missing or wrong.",
    403: "The request comes from a web page of another site.",
    404: "Not found.",
    408: "The body did not arrive in time.",
    409: "Not possible in its present state.",
    410: "It no longer exists.",
    412: "A condition of the request is not met.",
    413: "Too large.",
    415: "Of a type that is not accepted.",
    416: "There is no such part.",
    421: "The request names another host.",
    422: "A value is wrong; the error names every mistake.",
    429: "Too many requests; see Retry-After.",
    500: "An internal error.",
    503: "Not possible now; see Retry-After.",
    507: "There is no room on the disk.",
}
"""The general meaning of each status."""


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
    answers: Mapping[int, type[object] | tuple[str, ...]]
    also: tuple[str, ...] = ()
    """Other media types that a 200 may have."""
    refused: tuple[int, ...] = ()


_BODY = (408, 413, 415, 422)
_READING = (404, 409, 410, 413, 415, 422, 429)
"""The refusals possible for a document that is read while the client waits."""
_DRAWING = (404, 410, 413, 415, 422, 429)

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/"): Operation(summary="An overview for people.", answers={200: (PLAIN, "text/html")}),
    ("GET", "/healthz"): Operation(summary="Is the daemon alive? Needs no token.", answers={200: answers.Alive}),
    ("GET", "/readyz"): Operation(
        summary="Can the daemon work: ledger, folders, disks, queue and worker?",
        answers={200: answers.Ready, 503: answers.NotReady},
    ),
    ("GET", "/metrics"): Operation(summary="Metrics for Prometheus.", answers={200: (PLAIN,)}),
    ("GET", "/api/stats"): Operation(summary="The same numbers for people and scripts.", answers={200: numbers.Stats}),
    ("GET", "/api/task/{task_id}"): Operation(
        summary="The progress and result of a task. FAILURE is an answer like any other.",
        query=requests.TaskQuery,
        answers={200: answers.Task},
        also=(PLAIN,),
        refused=(404, 410, 422),
    ),
    ("POST", "/api/task/{task_id}/retry"): Operation(
        summary="Read a failed document again.",
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
        summary="Upload one file; with `file`, it is read and filed like a dropped one; with `extract`, only read.",
        query=requests.UploadQuery,
        form="file",
        answers={200: answers.Uploaded, 202: answers.Queued},
        refused=(408, 507, *_READING),
    ),
    ("POST", "/api/extract/{file_id}"): Operation(
        summary="Read a document and return its data, without filing it.",
        body=requests.ExtractBody,
        is_body_optional=True,
        answers={200: answers.Extracted, 202: answers.Queued},
        refused=(408, *_READING),
    ),
    ("POST", "/api/process"): Operation(
        summary="File a document with what a person says about it.",
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
        summary="Documents, newest first: all, or those that match.",
        query=requests.DocumentsQuery,
        answers={200: answers.Documents},
        refused=(422,),
    ),
    ("GET", "/api/documents/{document_id}"): Operation(
        summary="Everything known about a document.",
        query=requests.NoQuery,
        answers={200: answers.Document},
        refused=(404, 422),
    ),
    ("PATCH", "/api/documents/{document_id}"): Operation(
        summary="Correct a document that is filed or in review; later ones of that vendor benefit.",
        query=requests.NoQuery,
        body=requests.CorrectionBody,
        answers={200: answers.Filed, 202: answers.Queued},
        refused=(404, 409, 410, 429, *_BODY),
    ),
    ("POST", "/api/documents/{document_id}/discard"): Operation(
        summary="Discard a document that is a duplicate or not an expense: it moves to _discarded.",
        query=requests.NoQuery,
        body=requests.DiscardBody,
        is_body_optional=True,
        answers={200: answers.Moved, 202: answers.Queued},
        refused=(404, 409, 410, 429, *_BODY),
    ),
    ("POST", "/api/documents/{document_id}/undiscard"): Operation(
        summary="Put a discarded document back where it was; an upload goes into review.",
        query=requests.NoQuery,
        answers={200: answers.Moved, 202: answers.Queued},
        refused=(404, 409, 410, 422, 429),
    ),
    ("POST", "/api/documents/{document_id}/reread"): Operation(
        summary="Read a document again with today's settings; without `apply`, a filed one is only compared.",
        query=requests.NoQuery,
        body=requests.RereadBody,
        is_body_optional=True,
        answers={202: answers.Queued},
        refused=(404, 409, 410, 429, *_BODY),
    ),
    ("GET", "/api/journal"): Operation(
        summary="What was done to documents, by people and by expensed itself, latest first.",
        query=requests.JournalQuery,
        answers={200: journal.Journal},
        refused=(404, 422),
    ),
    ("POST", "/api/undo"): Operation(
        summary="Take back the last thing that a person did, or what the body names; an undo can be undone.",
        query=requests.NoQuery,
        body=requests.UndoBody,
        is_body_optional=True,
        answers={200: journal.Undone, 202: journal.Undone},
        refused=(404, 429, *_BODY),
    ),
    ("GET", "/api/lessons"): Operation(
        summary="What documents have taught since people corrected or filed them, newest document first.",
        query=requests.LessonsQuery,
        answers={200: lessons.Lessons},
        refused=(422,),
    ),
    ("GET", "/api/lessons/{lesson}"): Operation(
        summary="What a document taught, and the documents that it has changed since, newest first.",
        query=requests.LessonsQuery,
        answers={200: lessons.LessonUses},
        refused=(404, 422),
    ),
    ("POST", "/api/lessons/{lesson}/forget"): Operation(
        summary="Have a lesson teach nothing any more; with `undo`, what it did is taken back, too.",
        query=requests.NoQuery,
        body=requests.ForgetBody,
        is_body_optional=True,
        answers={200: lessons.Forgotten, 202: lessons.Forgotten},
        refused=(404, 409, 429, *_BODY),
    ),
    ("GET", "/api/vendors"): Operation(
        summary="The sellers of what is filed, those with most documents first, and names that probably mean one.",
        query=requests.VendorsQuery,
        answers={200: vendors.Vendors},
        refused=(422,),
    ),
    ("POST", "/api/vendors/merge"): Operation(
        summary="Have names mean one seller in what is read from now on; with `move`, in what is filed, too.",
        query=requests.NoQuery,
        body=requests.MergeBody,
        answers={200: vendors.Merged, 202: vendors.Merged},
        refused=(429, *_BODY),
    ),
    ("POST", "/api/vendors/separate"): Operation(
        summary="Have another name of a seller mean a seller of its own again.",
        query=requests.NoQuery,
        body=requests.SeparateBody,
        answers={200: vendors.Separated},
        refused=(404, 429, *_BODY),
    ),
    ("GET", "/api/documents/{document_id}/file"): Operation(
        summary="The original bytes.",
        query=requests.NoQuery,
        headers={"Range": "e.g. bytes=0-99", "If-None-Match": "An ETag from an earlier answer."},
        answers={200: ("*/*",), 206: ("*/*",), 304: (), 412: (), 416: ()},
        refused=(404, 410, 422),
    ),
    ("GET", "/api/documents/{document_id}/page/{number}.png"): Operation(
        summary="A page as an image; with `marks`, boxes around the fields.",
        query=requests.PageQuery,
        answers={200: ("image/png",)},
        refused=_DRAWING,
    ),
    ("GET", "/api/documents/{document_id}/page/{number}/crop.png"): Operation(
        summary="A part of a page as an image, such as the place of a value that is doubtful.",
        query=requests.CropQuery,
        answers={200: ("image/png",)},
        refused=_DRAWING,
    ),
    ("GET", "/api/review"): Operation(
        summary="The documents that wait for a person, newest first: what is doubtful, and what else it might be.",
        query=requests.ReviewQuery,
        answers={200: review_answers.Review},
        refused=(422,),
    ),
    ("GET", "/api/export"): Operation(
        summary="Documents for a spreadsheet, a script or bookkeeping, in the order of their dates; without `state`,"
        " those that are filed, and the header X-Expensed-Left-Out counts by state what is not.",
        query=requests.ExportQuery,
        answers={200: tuple(dict.fromkeys(form.media_type for form in FORMATS.values()))},
        refused=(422,),
    ),
    ("GET", "/api/inbox"): Operation(summary="The files waiting in the inbox, and why.", answers={200: answers.Inbox}),
    ("GET", "/api/events"): Operation(
        summary="Every transition as it happens, as server-sent events; resumable.",
        query=requests.EventsQuery,
        headers={"Last-Event-ID": "The id of the last event received."},
        answers={200: ("text/event-stream",)},
        refused=(404, 422),
    ),
    ("GET", "/api/openapi.json"): Operation(summary="This document.", answers={200: ("application/json",)}),
    ("GET", "/api/docs"): Operation(summary="This document as a web page.", answers={200: ("text/html",)}),
}
