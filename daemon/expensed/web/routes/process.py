"""POST /api/process and /api/process-async: file an upload or a document in review with what a person says."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from expensed.ledger.documents import get_document
from expensed.ledger.rows import Document, Task
from expensed.model.states import TaskState
from expensed.report.build import show_filing, show_queued
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_body
from expensed.web.guards.limits import limited
from expensed.web.guards.refusals import Known, fail
from expensed.web.responses import answer
from expensed.web.schema.requests import ProcessBody


@limited
async def process(request: web.Request) -> web.Response:
    """File the document now and answer where; 202 with the task if the archive or another document is not ready."""
    body, parts = await read_body(ProcessBody, request), request.app[DEPENDENCIES]
    task, document = await parts.pipeline.file_reviewed(body.file_id, body.expense_data.said(), body.shown())
    first = await get_document(parts.ledger, document.first) if document.first else None
    return answer_filing(task, document, first)


def answer_filing(task: Task, document: Document, first: Document | None = None) -> web.Response:
    """Answer where a document was filed; 202 with the task if the filing has to wait.

    `first`: the document with the same bytes or paper, if this one is a duplicate.
    """
    if task.state is TaskState.FAILURE:
        raise fail(task.error, Known(file_id=document.id, task_id=task.id))
    if task.state is not TaskState.SUCCESS:
        last_error = task.error.message if task.error else None
        queued = replace(show_queued(task, "processing"), file_id=document.id, last_error=last_error)
        return answer(queued, 202)
    return answer(show_filing(task, document, first))


@limited
async def process_later(request: web.Request) -> web.Response:
    """Request the filing of a document and answer with a task at once."""
    body = await read_body(ProcessBody, request)
    task = await request.app[DEPENDENCIES].pipeline.request_filing(body.file_id, body.expense_data.said(), body.shown())
    return answer(show_queued(task, "processing"), 202)
