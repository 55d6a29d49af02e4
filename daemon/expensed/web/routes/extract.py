"""POST /api/extract/{file_id}: reads a document without filing it."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from expensed.ledger.rows import Task
from expensed.model.states import TaskState
from expensed.report.build import show_extraction, show_queued
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_optional_body
from expensed.web.guards.limits import limited
from expensed.web.guards.refusals import Known, fail
from expensed.web.responses import answer
from expensed.web.schema.requests import ExtractBody


@limited
async def extract(request: web.Request) -> web.Response:
    """Read a document and answer with its data; with `{"async": true}`, answer with a task at once."""
    body = await read_optional_body(ExtractBody, request)
    pipeline = request.app[DEPENDENCIES].pipeline
    task = await pipeline.request_extraction(request.match_info["file_id"], is_present=not body.is_async)
    if body.is_async:
        return answer(show_queued(task, "extraction"), 202)
    return answer_extraction(await pipeline.follow(task))


def answer_extraction(task: Task) -> web.Response:
    """Return an extraction's result, or raise why it failed; 202 with the task if it has not ended yet."""
    if task.state is TaskState.FAILURE:
        raise fail(task.error, Known(file_id=task.document_id, task_id=task.id))
    if task.state is not TaskState.SUCCESS:
        return answer(replace(show_queued(task, "extraction"), file_id=task.document_id), 202)
    return answer(show_extraction(task))
