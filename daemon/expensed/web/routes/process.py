"""POST /api/process and /api/process-async: a person's word on an upload or a document in review files it."""

from __future__ import annotations

from aiohttp import web

from expensed.ledger.documents import get_document
from expensed.ledger.rows import Document, Task
from expensed.model.states import TaskState
from expensed.report.views import show_data, show_path, show_queued
from expensed.web.answers import answer
from expensed.web.deps import PARTS
from expensed.web.guards.limits import limited
from expensed.web.guards.refusals import fail
from expensed.web.schema.requests import ProcessBody, read_body


@limited
async def process(request: web.Request) -> web.Response:
    """File the document now and say where; 202 with the task if it has to wait for the archive or another document."""
    body, parts = await read_body(ProcessBody, request), request.app[PARTS]
    task, document = await parts.pipeline.file_reviewed(
        body.file_id, body.expense_data.said(), body.original_extraction
    )
    first = await get_document(parts.ledger, document.first) if document.first else None
    return show_filing(task, document, first)


def show_filing(task: Task, document: Document, first: Document | None = None) -> web.Response:
    """Where a document was filed by a person's word; 202 with the task if that has to wait.

    `first`: the document of the same bytes, if this one is a duplicate.
    """
    if task.state is TaskState.FAILURE:
        raise fail(task.error, {"file_id": document.id, "task_id": task.id})
    if task.state is not TaskState.SUCCESS:
        last_error = task.error.get("message") if task.error else None
        return answer({**show_queued(task, "processing"), "file_id": document.id, "last_error": last_error}, 202)
    return answer(
        {
            "success": True,
            "file_id": document.id,
            "data": show_data(document, first),
            "path": show_path(document),
            "state": document.state.value,
            "duplicate_of": first.id if first else None,
            "task_id": task.id,
        }
    )


@limited
async def process_later(request: web.Request) -> web.Response:
    """Have the document filed, and answer with a task at once."""
    body = await read_body(ProcessBody, request)
    task = await request.app[PARTS].pipeline.request_filing(
        body.file_id, body.expense_data.said(), body.original_extraction
    )
    return answer(show_queued(task, "processing"), 202)
