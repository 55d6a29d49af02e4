"""POST /api/process: a person's word on a document that waits in review; it is filed by it."""

from __future__ import annotations

from aiohttp import web

from expensed.errors import document_error
from expensed.ledger.rows import Document, Task
from expensed.model import TaskState
from expensed.web.answers import answer
from expensed.web.bodies import ProcessBody, read_body
from expensed.web.parts import PARTS
from expensed.web.views import show_data, show_error, show_path


async def process(request: web.Request) -> web.Response:
    """File the document now and say where; 202 with the task if the archive has to be tried again."""
    body = await read_body(ProcessBody, request)
    pipeline = request.app[PARTS].pipeline
    task, document = await pipeline.file_reviewed(body.file_id, body.expense_data.said(), body.original_extraction)
    return show_filing(task, document)


def show_filing(task: Task, document: Document) -> web.Response:
    """Where a document was filed by a person's word; 202 with the task if that has to be tried again."""
    if task.state is TaskState.FAILURE:
        raise _failure(task)
    if task.state is not TaskState.SUCCESS:
        return answer(_queued(task), 202)
    return answer(
        {
            "success": True,
            "file_id": document.id,
            "data": show_data(document, None),
            "path": show_path(document),
            "state": document.state.value,
            "task_id": task.id,
        }
    )


def _failure(task: Task) -> Exception:
    error = show_error(task.error)
    return document_error(error["code"], error["error"], error["hint"])


def _queued(task: Task) -> dict[str, object]:
    return {
        "success": True,
        "task_id": task.id,
        "status": "processing",
        "message": "Document processing queued. Use /api/task/<task_id> to check status.",
        "file_id": task.document_id,
        "last_error": task.error.get("message") if task.error else None,
    }
