"""/api/task and /api/tasks: the progress of tasks, retrying a failed one, and cancelling."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from urllib.parse import quote

from aiohttp import web
from msgspec import UNSET

from expensed.config.schema import Settings
from expensed.errors import NotFound
from expensed.ledger.documents import get_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Ledger
from expensed.ledger.tasks import find_task, list_tasks
from expensed.report import answers
from expensed.report.build import is_expired, list_task, show_task
from expensed.report.status import describe_progress
from expensed.report.trace import hide_folders
from expensed.web.deps import DEPENDENCIES
from expensed.web.guards.bodies import read_query
from expensed.web.guards.limits import limited
from expensed.web.guards.refusals import Known, Refusal
from expensed.web.responses import answer, say, wants_text
from expensed.web.schema.requests import TaskQuery, TasksQuery


async def get_one(request: web.Request) -> web.Response:
    """Answer with a task's progress and result, as JSON or one line of text; FAILURE is an answer like any other."""
    query, parts = read_query(TaskQuery, request), request.app[DEPENDENCIES]
    task = await seek_task(parts.ledger, request.match_info["task_id"])
    if is_expired(task, parts.settings.queue.result_expires_s, datetime.now(UTC)):
        raise _refuse_expired(task, parts.settings.web.prefix)
    document, first = await find_documents(parts.ledger, task)
    if wants_text(request):
        return say(describe_progress(show_task(task, document, first)))
    trace = _show_trace(task, parts.settings) if query.trace else UNSET
    return answer(show_task(task, document, first, trace=trace))


def _show_trace(task: Task, settings: Settings) -> str | None:
    roots = (settings.inbox.path, settings.archive.path, settings.state.path)
    return None if task.trace is None else hide_folders(task.trace, roots)


def _refuse_expired(task: Task, prefix: str) -> Refusal:
    link = f"{prefix}/api/documents/{quote(task.document_id, safe='')}"
    return Refusal(
        410,
        "The outcome of this task is no longer kept.",
        code="expired",
        hint=f"Its document is at {link}.",
        known=Known(document=link, file_id=task.document_id),
    )


async def get_all(request: web.Request) -> web.Response:
    """List tasks, newest first; `next` is the `before` of the following page."""
    query = read_query(TasksQuery, request)
    tasks = await list_tasks(
        request.app[DEPENDENCIES].ledger,
        state=query.state,
        file=query.file,
        before=query.before,
        limit=query.limit + 1,
    )
    shown = tasks[: query.limit]
    following = shown[-1].number if len(tasks) > len(shown) else None
    return answer(answers.Tasks(tasks=tuple(map(list_task, shown)), next=following))


@limited
async def retry(request: web.Request) -> web.Response:
    """Have a failed document read again, under the same task."""
    parts = request.app[DEPENDENCIES]
    task = await parts.pipeline.retry((await seek_task(parts.ledger, request.match_info["task_id"])).id)
    return answer(
        answers.TriedAgain(
            task_id=task.id,
            message="Document queued again. Use /api/task/<task_id> to check status.",
            state=task.state,
            file_id=task.document_id,
            attempt=task.tries,
        )
    )


async def cancel(request: web.Request) -> web.Response:
    """Cancel a task: a dropped file goes to `_failed`, an upload stays, and a running reading process is killed."""
    parts = request.app[DEPENDENCIES]
    task = await parts.pipeline.cancel((await seek_task(parts.ledger, request.match_info["task_id"])).id)
    return answer(
        answers.CancelledTask(task_id=task.id, message="Task cancelled.", state=task.state, file_id=task.document_id)
    )


async def seek_task(ledger: Ledger, task_id: str) -> Task:
    """Return the task with that id; NotFound if there is none, or 410 if it may have been before a rebuild."""
    task = await find_task(ledger, task_id)
    if task is None and ledger.rebuilt_at is not None and is_uuid(task_id):
        raise Refusal(
            410,
            f"Task {task_id} is not known: the ledger was made again from the archive, and with it all tasks.",
            code="expired",
            hint="Documents have kept their ids: `expensed search` and GET /api/documents find them.",
        )
    if task is None:
        raise NotFound(f"There is no task {task_id}.")
    return task


def is_uuid(text: str) -> bool:
    """Whether this has the form of a task's id."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


async def find_documents(ledger: Ledger, task: Task) -> tuple[Document, Document | None]:
    """Return a task's document, and the first one with the same bytes or paper if it is a twin."""
    document = await get_document(ledger, task.document)
    return document, await get_document(ledger, document.first) if document.first else None
