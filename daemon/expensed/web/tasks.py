"""/api/task and /api/tasks: how far each piece of work is, and trying a failed one again."""

from __future__ import annotations

from aiohttp import web

from expensed.errors import NotFound
from expensed.ledger.documents import get_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import find_task, list_tasks
from expensed.web.answers import answer
from expensed.web.bodies import TaskQuery, TasksQuery, read_query
from expensed.web.parts import PARTS
from expensed.web.views import list_task, show_task


async def get_one(request: web.Request) -> web.Response:
    """GET /api/task/{task_id}; a FAILURE is an answer like any other."""
    query, ledger = read_query(TaskQuery, request), request.app[PARTS].ledger
    task = await seek_task(ledger, request.match_info["task_id"])
    document, first = await find_documents(ledger, task)
    return answer(show_task(task, document, first, trace=query.trace))


async def get_all(request: web.Request) -> web.Response:
    """GET /api/tasks, newest first; `next` is the `before` of the following page."""
    query = read_query(TasksQuery, request)
    tasks = await list_tasks(
        request.app[PARTS].ledger,
        state=query.state,
        file=query.file,
        before=query.before,
        limit=query.limit + 1,
    )
    shown = tasks[: query.limit]
    following = shown[-1].number if len(tasks) > len(shown) else None
    return answer({"success": True, "tasks": [list_task(task) for task in shown], "next": following})


async def retry(request: web.Request) -> web.Response:
    """POST /api/task/{task_id}/retry: a failed document is read once more, under the same task."""
    task = await request.app[PARTS].pipeline.retry(request.match_info["task_id"])
    return answer(
        {
            "success": True,
            "task_id": task.id,
            "status": "processing",
            "message": "Document queued again. Use /api/task/<task_id> to check status.",
            "state": task.state.value,
            "file_id": task.document_id,
            "attempt": task.attempt,
        }
    )


async def seek_task(ledger: Ledger, task_id: str) -> Task:
    """The task of that id, or NotFound."""
    task = await find_task(ledger, task_id)
    if task is None:
        raise NotFound(f"There is no task {task_id}.")
    return task


async def find_documents(ledger: Ledger, task: Task) -> tuple[Document, Document | None]:
    """A task's document, and the first of the same bytes if it is a twin."""
    document = await get_document(ledger, task.document)
    return document, await get_document(ledger, document.first) if document.first else None
