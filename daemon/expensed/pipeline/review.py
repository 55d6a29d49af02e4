"""What a person decides: file a document that waits in review, and try a failed one again."""

from __future__ import annotations

from typing import Any

from expensed.archive.naming import minor_units
from expensed.boundaries import boundary
from expensed.errors import Busy, Conflict, Gone, NotFound
from expensed.ledger.documents import find_document, find_first, get_document, update_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.tasks import (
    PRIORITY_AWAITED,
    find_task,
    find_unfinished_task,
    get_task,
    insert_task,
    last_task,
    put_back,
)
from expensed.model import DocumentState, Step
from expensed.pipeline.admit import join_first
from expensed.pipeline.context import Context
from expensed.pipeline.learn import teach

EXPENSE_KEYS = ("vendor", "amount", "date", "category", "currency", "description")


async def file_reviewed(
    context: Context, document_id: str, said: dict[str, Any], original: dict[str, Any] | None
) -> Task:
    """A process task that files a document with a person's data; the former one if the same was said before.

    `said` holds some of `EXPENSE_KEYS`, already validated; what is left out stays as it was read. Raises NotFound,
    Busy, Gone, Conflict (other data than it was filed with, or not a document that can be filed).
    """
    document = await _find(context, document_id)
    before = await last_task(context.ledger, document.number)
    request = {"expense_data": said, "original_extraction": original}
    if (
        before is not None
        and before.origin == "process"
        and (before.input or {}).get("expense_data") == said
        and document.state is DocumentState.FILED
    ):
        return before
    async with context.ledger.transaction() as tx:
        document = await get_document(tx, document.number)
        await _check_can_be_filed(context, document, await find_unfinished_task(tx, document.number))
        result = merge_said(document.result, said)
        corrections = {"said": said, "original": original} if said else None
        await teach(tx, document, said, original)
        await update_document(tx, document.number, outcome="filed", result=result, corrections=corrections)
        number = await insert_task(
            tx, document.number, origin="process", step=Step.PROCESS, priority=PRIORITY_AWAITED, input=request
        )
    boundary("review.accepted")
    return await get_task(context.ledger, number)


async def _find(context: Context, document_id: str) -> Document:
    document = await find_document(context.ledger, document_id)
    if document is None:
        raise NotFound(f"There is no document {document_id}.")
    return document


async def _check_can_be_filed(context: Context, document: Document, unfinished: Task | None) -> None:
    if unfinished is not None:
        raise Busy(f"{document.id} is still being worked on.")
    if document.state is DocumentState.FILED:
        raise Conflict(
            f"{document.id} is filed already, as {document.place.path}.",
            code="already-filed",
            hint=f"To correct it, send PATCH /api/documents/{document.id}.",
        )
    if document.state is not DocumentState.REVIEW:
        raise Conflict(
            f"{document.id} is {document.state.value}; only a document in review can be filed.",
            code=f"is-{document.state.value}",
            hint="Retry a failed one, or drop the file into the inbox again.",
        )
    await _check_is_there(context, document)


async def _check_is_there(context: Context, document: Document) -> None:
    if not await context.is_there(document.place):
        raise Gone(f"{document.place.path} is no longer in the archive.")


def merge_said(result: dict[str, Any] | None, said: dict[str, Any]) -> dict[str, Any]:
    """A reading with a person's words in it: theirs win, are certain, and need no further look."""
    merged: dict[str, Any] = dict(result or {})
    fields = dict(merged.get("fields") or {})
    for key in EXPENSE_KEYS:
        if key in said:
            before = {"value": merged.get(key)} | (fields.get(key) or {})
            read_as = before.get("read_as", before["value"])
            merged[key] = said[key]
            fields[key] = {"value": said[key], "confidence": 1.0, "page": None, "box": None, "text": None,
                           "proof": "a person said so"}  # fmt: skip
            if read_as is not None:
                fields[key]["read_as"] = read_as
        else:
            merged.setdefault(key, None)
    if isinstance(merged["amount"], float):
        merged["amount"] = round(merged["amount"], max(2, minor_units(merged["currency"])))
    if merged["description"] is None:
        del merged["description"]
    return merged | {"fields": fields, "confidence": 100, "needs_review": False, "reasons": []}


async def retry(context: Context, task_id: str) -> Task:
    """Put a failed document's task back to PENDING. Raises NotFound, Gone, Busy, or Conflict if it has not failed."""
    task = await find_task(context.ledger, task_id)
    if task is None:
        raise NotFound(f"There is no task {task_id}.")
    async with context.ledger.transaction() as tx:
        task = await get_task(tx, task.number)
        document = await get_document(tx, task.document)
        if await find_unfinished_task(tx, document.number) is not None:
            raise Busy(f"{document.id} is still being worked on.")
        if document.state is DocumentState.GONE:
            raise Gone(f"{document.file} is no longer there.")
        if document.state is not DocumentState.FAILED or task.origin != "drop":
            raise Conflict(
                f"{document.id} is {document.state.value}; only a failed document can be tried again.",
                code="not-failed",
                hint="Drop the file into the inbox again if it should be read anew.",
            )
        await _check_is_there(context, document)
        first = await find_first(tx, document.number, document.sha256, context.is_there)
        step, standing = await join_first(tx, document.number, first)
        await update_document(
            tx, document.number, state=DocumentState.ADMITTED, failure=None, unclean_ends=0, unclean_alone=0
        )
        await put_back(tx, task, step, standing)
    boundary("review.retried")
    return await get_task(context.ledger, task.number)
