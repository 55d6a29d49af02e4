"""/api/documents/{document_id}/discard and /undiscard: set a document aside, and put it back."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from expensed.ledger.rows import Document, Task
from expensed.model.states import DiscardReason, TaskState
from expensed.pipeline.requests.discard import Grounds
from expensed.report.build import show_move, show_queued
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_optional_body, read_query
from expensed.web.guards.limits import limited
from expensed.web.guards.refusals import Known, fail
from expensed.web.responses import answer
from expensed.web.schema.requests import DiscardBody, NoQuery


@limited
async def discard(request: web.Request) -> web.Response:
    """Move a document to `_discarded`; 202 with the task if the archive is not ready."""
    read_query(NoQuery, request)
    body = await read_optional_body(DiscardBody, request)
    task, document = await request.app[DEPENDENCIES].pipeline.discard(
        request.match_info["document_id"], _read_grounds(body)
    )
    return _answer_move(task, document)


def _read_grounds(body: DiscardBody) -> Grounds:
    if body.duplicate_of is not None:
        return Grounds(DiscardReason.DUPLICATE, body.duplicate_of)
    return Grounds(DiscardReason.NOT_AN_EXPENSE if body.not_an_expense else None)


@limited
async def undiscard(request: web.Request) -> web.Response:
    """Put a discarded document back; 202 with the task if the archive or another document is not ready."""
    read_query(NoQuery, request)
    task, document = await request.app[DEPENDENCIES].pipeline.undiscard(request.match_info["document_id"])
    return _answer_move(task, document)


def _answer_move(task: Task, document: Document) -> web.Response:
    if task.state is TaskState.FAILURE:
        raise fail(task.error, Known(file_id=document.id, task_id=task.id))
    if task.state is not TaskState.SUCCESS:
        last_error = task.error.message if task.error else None
        return answer(replace(show_queued(task, "processing"), file_id=document.id, last_error=last_error), 202)
    return answer(show_move(task, document))
