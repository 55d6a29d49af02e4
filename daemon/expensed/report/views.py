"""Tasks and documents as clients see them, in the shapes of the seed document; no HTTP here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from expensed.errors import document_error
from expensed.ledger.rows import Attempt, Document, Task
from expensed.logs import one_line
from expensed.model.states import Status, TaskState

_SOURCE_ROOT = re.compile(r'(?<=File ")/[^"\n]*/(?:daemon|site-packages|python3\.\d+)/')
_FOLDERS = re.compile(r"""(?<![\w.:/])/(?:[^\s'"/:,]+/)+""")


def show_task(
    task: Task, document: Document, first: Document | None, *, trace: bool, roots: Iterable[Path] = ()
) -> dict[str, Any]:
    """One task in full: the seed's keys first, then what else is known of it; its trace without `roots`."""
    shown: dict[str, Any] = {"state": task.state.value, "status": task.status}
    if task.state is TaskState.SUCCESS:
        shown["status"] = Status.COMPLETED.value
        shown["result"] = show_extraction(task) if task.origin == "extract" else show_result(document, first)
    elif task.state is TaskState.FAILURE:
        shown["status"] = Status.FAILED.value
        shown |= show_error(task.error) | {"path": show_path(document)}
    elif task.error is not None:
        shown["last_error"] = task.error.get("message")
        if task.standing == "due":
            shown |= show_next_attempt(task)
    if task.standing == "waiting" and first is not None:
        shown["waits_for"] = first.id
    shown |= {
        "task_id": task.id,
        "document_id": task.document_id,
        "file": task.file,
        "step": task.step.value,
        "attempt": task.attempt,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
    }
    if trace:
        shown["trace"] = hide_folders(task.trace, roots) if task.trace else None
    return shown


def show_next_attempt(task: Task) -> dict[str, Any]:
    """Of a task that was handed back: when it is tried again, and the number of its last attempt, should all fail.

    Attempts are counted on and on; those that an interruption ended cost none of the tries.
    """
    allowed = document_error((task.error or {}).get("code", ""), "").allowed
    last = None if allowed is None else task.attempt + max(0, allowed - task.failures)
    return {"attempts_allowed": last, "next_attempt_at": task.due_at}


def show_extraction(task: Task) -> dict[str, Any]:
    """What an extraction over HTTP found, and whether its reading was remembered from an earlier one."""
    found = task.result or {}
    return {
        "success": True,
        "data": found.get("data"),
        "file_id": task.document_id,
        "cached": found.get("cached", False),
    }


def show_queued(task: Task, what: str) -> dict[str, Any]:
    """The answer to who does not wait; `what` is done to the document: `extraction` or `processing`."""
    return {
        "success": True,
        "task_id": task.id,
        "status": "processing",
        "message": f"Document {what} queued. Use /api/task/<task_id> to check status.",
    }


def is_expired(task: Task, expires_s: float, now: datetime) -> bool:
    """Did a task that was asked for over HTTP end so long ago that its outcome is kept no more?"""
    is_asked_for = task.origin in ("extract", "process") and task.standing == "ended"
    return is_asked_for and datetime.fromisoformat(task.updated_at) < now - timedelta(seconds=expires_s)


def describe_progress(task: Task, document: Document) -> str:
    """One task as one line for a person."""
    file = one_line(task.file)
    if task.state is TaskState.FAILURE:
        error = show_error(task.error)
        return f"{file}: failed. {one_line(error['error'])} {one_line(error['hint'])}".rstrip()
    if task.state is TaskState.SUCCESS:
        where = f", as {one_line(document.place.path)}" if document.place.root == "archive" else ""
        return f"{file}: {'read' if task.origin == 'extract' else document.state.value + where}. Completed"
    if task.error is None or task.standing != "due":
        return f"{file}: {task.status}"
    following = show_next_attempt(task)
    last = f" of {following['attempts_allowed']}" if following["attempts_allowed"] else ""
    reason = one_line(task.error.get("message") or "")
    return f"{file}: {task.status}. Attempt {task.attempt}{last} at {following['next_attempt_at']}. {reason}".rstrip()


def show_error(error: dict[str, Any] | None) -> dict[str, Any]:
    """Why a task failed: a sentence, its stable code, and what to do."""
    error = error or {}
    return {
        "error": error.get("message") or "It failed.",
        "code": error.get("code") or "error",
        "hint": error.get("hint") or "",
    }


def show_result(document: Document, first: Document | None) -> dict[str, Any]:
    """What came of a document: its data, its id, where it lies in the archive and in which state."""
    return {
        "success": True,
        "data": show_data(document, first),
        "file_id": document.id,
        "path": show_path(document),
        "document_state": document.state.value,
    }


def show_data(document: Document, first: Document | None) -> dict[str, Any]:
    """What was read; of a twin, which is not read, what was read of the first of the same bytes."""
    if document.result is not None:
        return document.result if first is None else document.result | {"duplicate_of": first.id}
    known = first.result if first is not None and first.result is not None else {}
    empty = {
        "vendor": None,
        "amount": None,
        "date": None,
        "category": None,
        "confidence": 0,
        "currency": None,
    }
    return {**empty, **known, "duplicate_of": first.id if first else None}


def show_path(document: Document) -> str | None:
    """Where its bytes lie, relative to the archive; None as long as they are in the inbox."""
    return document.place.path if document.place.root == "archive" else None


def list_task(task: Task) -> dict[str, Any]:
    """One task as a row of a list."""
    return {
        "task_id": task.id,
        "document_id": task.document_id,
        "file": task.file,
        "step": task.step.value,
        "state": task.state.value,
        "status": task.status,
        "attempt": task.attempt,
        "error": task.error.get("message") if task.error else None,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
    }


EXPENSE_KEYS = ("vendor", "amount", "date", "category", "confidence", "currency")
_ALSO_LISTED = ("kind", "description", "tax", "invoice_number", "needs_review", "reasons")


def list_document(document: Document) -> dict[str, Any]:
    """One document as a row of a list."""
    result = document.result or {}
    return {
        "document_id": document.id,
        "file": document.file,
        "state": document.state.value,
        **{key: result.get(key) for key in (*EXPENSE_KEYS, *_ALSO_LISTED)},
        "path": show_path(document),
        "created_at": document.created_at,
        "updated_at": document.updated_at,
    }


def show_document(document: Document, first: Document | None, duplicates: Sequence[str]) -> dict[str, Any]:
    """One document in full, without its tasks and events; `duplicates` are the ids of its twins."""
    here = f"/api/documents/{document.id}"
    pages = len(document.turns) if document.turns is not None else None
    return {
        "document_id": document.id,
        "file_id": document.id,
        "file": document.file,
        "state": document.state.value,
        "data": show_data(document, first),
        "path": show_path(document),
        "origin": document.origin,
        "media_type": document.kind,
        "engine": document.engine,
        "pages": pages,
        "size": document.size,
        "sha256": document.sha256,
        "failure": show_error(document.failure) if document.failure else None,
        "duplicate_of": first.id if first else None,
        "duplicates": list(duplicates),
        "corrections": document.corrections,
        "text": document.text,
        "created_at": document.created_at,
        "updated_at": document.updated_at,
        "links": {
            "self": here,
            "file": f"{here}/file",
            "pages": [f"{here}/page/{number}.png" for number in range(1, (pages or 0) + 1)],
        },
    }


def show_attempt(attempt: Attempt) -> dict[str, Any]:
    """One try at a step of a task."""
    return {
        "attempt": attempt.attempt,
        "step": attempt.step.value,
        "started_at": attempt.started_at,
        "ended_at": attempt.ended_at,
        "outcome": attempt.outcome,
        "error": attempt.error.get("message") if attempt.error else None,
    }


def hide_folders(trace: str, roots: Iterable[Path]) -> str:
    """A stack trace with modules and lines, but without the folders of this machine.

    `roots`: the folders that it may well name, whatever signs are in their names.
    """
    trace = _SOURCE_ROOT.sub("", trace)
    for root in sorted((str(root) for root in roots), key=len, reverse=True):
        trace = trace.replace(f"{root}/", "").replace(root, root.rpartition("/")[2])
    return _FOLDERS.sub("", trace)
