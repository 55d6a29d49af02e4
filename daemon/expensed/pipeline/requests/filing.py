"""What a person decides: file an upload or a document that waits in review, and try a failed one again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from expensed.archive.naming import minor_units, write_amount
from expensed.boundaries import boundary
from expensed.config.schema import Settings
from expensed.disk.files import hash_file
from expensed.errors import Backlog, Busy, Conflict, Gone, Incomplete, NotFound
from expensed.ledger.documents import find_document, find_first, get_document, update_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.store import Transaction
from expensed.ledger.tasks import (
    PRIORITY_AWAITED,
    find_task,
    find_unfinished_task,
    get_task,
    has_backlog,
    insert_task,
    last_process_task,
    put_back,
)
from expensed.model.states import DocumentState, Step, TaskState
from expensed.pipeline.admit import join_first
from expensed.pipeline.context import Context
from expensed.program import filing_command, list_lacking

_DONE = (DocumentState.FILED, DocumentState.DUPLICATE)
_FILEABLE = (DocumentState.UPLOADED, DocumentState.READ, DocumentState.REVIEW)
LONGEST_SHOWN = 1000
"""Characters of a text that a client says it had shown."""
EXPENSE_KEYS = ("vendor", "amount", "date", "category", "currency", "description")


async def file_reviewed(
    context: Context, document_id: str, said: dict[str, Any], original: dict[str, Any] | None
) -> Task:
    """A process task that files an upload, or a document in review, with a person's data.

    `said` holds some of `EXPENSE_KEYS`, already validated; what is left out stays as it was read. The former task if
    the same was said before. Raises NotFound, Busy, Gone, Backlog, Conflict (other data than it was filed with, or
    not a document that can be filed), Incomplete (neither read nor said).
    """
    original = keep_shown(original)
    async with context.ledger.transaction() as tx:
        document = await find_document(tx, document_id)
        if document is None:
            raise NotFound(f"There is no document {document_id}.")
        unfinished = await find_unfinished_task(tx, document.number)
        before = unfinished or await last_process_task(tx, document.number)
        if before is not None and _says_the_same(before, said) and (unfinished or document.state in _DONE):
            return before
        await _check_can_be_filed(context, document, unfinished)
        await check_backlog(tx, context.settings)
        number = await _accept(context, tx, document, said, original)
    boundary("review.accepted")
    return await get_task(context.ledger, number)


def _complete(context: Context, document: Document, said: dict[str, Any]) -> dict[str, Any]:
    """What was read, with the default currency where no other is known; Incomplete where something is not known.

    An upload may go without a currency: clients that keep to the seed document do not say one.
    """
    result = dict(document.result or {})
    if not (result | said).get("currency"):
        result["currency"] = context.settings.extraction.default_currency or None
    lacking = [word for word in list_lacking(result | said, said) if word != "currency" or document.origin == "drop"]
    if lacking:
        words, are = _list_words(lacking), "is" if len(lacking) == 1 else "are"
        raise Incomplete(
            f"{document.file} cannot be filed: {words} {are} missing, neither read on it nor said.",
            hint=f"Say {words}, as in: {filing_command(document.id, lacking)} (over HTTP in `expense_data`).",
        )
    return result


def _list_words(words: Sequence[str]) -> str:
    *first, last = (f"the {word}" for word in words)
    return f"{', '.join(first)} and {last}" if first else last


def _says_the_same(task: Task, said: dict[str, Any]) -> bool:
    return task.origin == "process" and (task.input or {}).get("expense_data") == said


async def _accept(
    context: Context, tx: Transaction, document: Document, said: dict[str, Any], original: dict[str, Any] | None
) -> int:
    """Give the document a person's words and a task to file it by; an upload is compared with what there is."""
    is_upload = document.state in (DocumentState.UPLOADED, DocumentState.READ)
    first = await find_first(tx, document.number, document.sha256, context.is_there) if is_upload else None
    result = _complete(context, document, said)  # of a twin too: it may come to take its first's place
    step, standing = await join_first(tx, document.number, first, "process")
    await update_document(
        tx,
        document.number,
        result=confirm(merge_said(result, said), said),
        corrections=note_corrections(result, said, original, tx.now),
    )
    former = {"outcome": document.outcome, "result": document.result, "corrections": document.corrections}
    return await insert_task(
        tx,
        document.number,
        origin="process",
        step=step,
        standing=standing,
        priority=PRIORITY_AWAITED,
        input={"expense_data": said, "original_extraction": original, "former": former},
    )


async def check_backlog(tx: Transaction, settings: Settings) -> None:
    """Backlog if there is too much unfinished work already."""
    if await has_backlog(tx, settings.queue.backlog_max):
        raise Backlog(f"{settings.queue.backlog_max} tasks are unfinished already.")


async def _check_can_be_filed(context: Context, document: Document, unfinished: Task | None) -> None:
    if unfinished is not None:
        raise Busy(f"{document.id} is still being worked on.")
    if document.state in _DONE:
        raise Conflict(
            f"{document.id} is {document.state.value} already, as {document.place.path}.",
            code=f"already-{document.state.value}",
            hint=f"To correct it, send PATCH /api/documents/{document.id}.",
        )
    if document.state is DocumentState.GONE:
        raise Gone(f"{document.file} was removed by someone.")
    if document.state not in _FILEABLE:
        raise Conflict(
            f"{document.id} is {document.state.value}; only an upload or a document in review can be filed.",
            code=f"is-{document.state.value}",
            hint="Retry a failed one, or drop the file into the inbox again.",
        )
    await _check_is_there(context, document)


async def _check_is_there(context: Context, document: Document) -> None:
    if not await context.is_there(document.place):
        raise Gone(f"{document.file} is no longer there.")


def keep_shown(original: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is kept of an extraction that a client says it had shown: an expense's own fields, as plain values of a
    bearable length. None if that is nothing."""
    shown = {key: original[key] for key in EXPENSE_KEYS if key in original} if original else {}
    kept = {key: value[:LONGEST_SHOWN] if isinstance(value, str) else value for key, value in shown.items()
            if value is None or isinstance(value, (str, int, float))}  # fmt: skip
    return kept or None


def note_corrections(
    result: dict[str, Any] | None, said: dict[str, Any], original: dict[str, Any] | None, now: str
) -> dict[str, Any]:
    """What a person said of a document in review, what stood there before, and what they let stand."""
    read = result or {}
    kept = {key: read[key] for key in EXPENSE_KEYS if key not in said and read.get(key) is not None}
    before = {key: read.get(key) for key in said}
    return {"said": said, "original": before if original is None else original, "confirmed": kept, "at": now}


def confirm(result: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """A result whose other fields a person let stand: they are certain too, and keep what else speaks for them."""
    fields = dict(result["fields"])
    for key in EXPENSE_KEYS:
        if key not in said and key in fields and result.get(key) is not None:
            proof = fields[key].get("proof") or "a person confirmed it"
            fields[key] = fields[key] | {"confidence": 1.0, "proof": proof}
    return result | {"fields": fields}


def merge_said(result: dict[str, Any] | None, said: dict[str, Any]) -> dict[str, Any]:
    """A reading with a person's words in it: theirs win, are certain, and need no further look."""
    merged: dict[str, Any] = dict(result or {})
    fields = dict(merged.get("fields") or {})
    merged |= {key: said[key] for key in EXPENSE_KEYS if key in said}
    for key in EXPENSE_KEYS:
        if key in said:
            before = {"value": (result or {}).get(key)} | (fields.get(key) or {})
            read_as = before.get("read_as", before["value"])
            fields[key] = {"value": _write(key, merged), "confidence": 1.0, "page": None, "box": None, "text": None,
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


def _write(key: str, result: dict[str, Any]) -> Any:
    """A field's value as readings give it: an amount as text with its decimals."""
    if key != "amount":
        return result[key]
    return write_amount(Decimal(str(result["amount"])), result.get("currency"))


async def retry(context: Context, task_id: str) -> Task:
    """Put a failed task back to PENDING: a dropped document's, or an extraction.

    Raises NotFound, Gone, Busy, or Conflict if it has not failed, or is a filing that is better asked for anew.
    """
    seen = await find_task(context.ledger, task_id)
    mended = await _hash_mended(context, seen) if seen is not None else None
    async with context.ledger.transaction() as tx:
        task = await find_task(tx, task_id)
        if task is None:
            raise NotFound(f"There is no task {task_id}.")
        document = await get_document(tx, task.document)
        if mended is not None and document.state is DocumentState.FAILED:
            await update_document(tx, document.number, **mended)
            document = await get_document(tx, task.document)
        if task.origin == "extract":
            await _retry_extraction(context, tx, task, document)
        else:
            await _retry_document(context, tx, task, document)
    boundary("review.retried")
    return await get_task(context.ledger, task.number)


async def _hash_mended(context: Context, task: Task) -> dict[str, Any] | None:
    """What is now known of a failed document's bytes, which a person may have mended where they lie."""
    document = await get_document(context.ledger, task.document)
    if document.state is not DocumentState.FAILED:
        return None
    try:
        sha256, stamp = await asyncio.to_thread(hash_file, context.locate(document.place))
    except OSError:
        return None  # what is not there, or cannot be read, is told by those who look for it next
    return {"sha256": sha256, "size": stamp.size, "mtime_ns": stamp.mtime_ns}


async def _retry_extraction(context: Context, tx: Transaction, task: Task, document: Document) -> None:
    if task.standing != "ended":
        raise Busy("The task has not ended yet.")
    if task.state is not TaskState.FAILURE:
        raise Conflict(
            "The extraction has not failed.",
            code="not-failed",
            hint=f"Its result is at /api/task/{task.id}; POST /api/extract/{document.id} asks for another.",
        )
    await _check_is_there(context, document)
    await put_back(tx, task, Step.EXTRACT, "due")


async def _retry_document(context: Context, tx: Transaction, task: Task, document: Document) -> None:
    if await find_unfinished_task(tx, document.number) is not None:
        raise Busy(f"{document.id} is still being worked on.")
    if document.state is DocumentState.GONE:
        raise Gone(f"{document.file} is no longer there.")
    if task.origin == "process" and task.state is TaskState.FAILURE:
        raise Conflict("A filing is asked for anew.", code="ask-anew", hint="Send POST /api/process once more.")
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
