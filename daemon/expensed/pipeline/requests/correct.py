"""A person's later word on a document: one in review is filed by it, a filed one gets it in ledger and sidecar, and a
new place where its name derives from what was wrong."""

from __future__ import annotations

from typing import Any

from expensed.boundaries import boundary
from expensed.errors import Busy, Conflict, Gone, NotFound
from expensed.ledger.documents import find_document, get_document, update_document
from expensed.ledger.rows import Document, Task
from expensed.ledger.tasks import PRIORITY_AWAITED, find_unfinished_task, get_task, insert_task, last_process_task
from expensed.model.states import DocumentState, Step
from expensed.pipeline.context import Context
from expensed.pipeline.requests.filing import file_reviewed, merge_said


async def correct(context: Context, document_id: str, said: dict[str, Any]) -> Task:
    """A process task that brings a correction to ledger and archive; the former one if all of it was said before.

    `said` as for `file_reviewed`. Raises NotFound, Busy, Gone, or Conflict where the document is not one that can be
    corrected.
    """
    document = await find_document(context.ledger, document_id)
    if document is None:
        raise NotFound(f"There is no document {document_id}.")
    if document.state is DocumentState.REVIEW:
        return await file_reviewed(context, document_id, said, None)
    before = await last_process_task(context.ledger, document.number)
    if before is not None and document.state is DocumentState.FILED and _is_known(document, said):
        return before
    async with context.ledger.transaction() as tx:
        document = await get_document(tx, document.number)
        unfinished = await find_unfinished_task(tx, document.number)
        if unfinished is not None and _says_the_same(unfinished, said):
            return unfinished
        await _check_can_be_corrected(context, document, unfinished)
        await update_document(
            tx,
            document.number,
            outcome="filed",
            result=merge_said(document.result, said),
            corrections=_add_correction(document, said),
        )
        former = {"outcome": document.outcome, "result": document.result, "corrections": document.corrections}
        number = await insert_task(
            tx,
            document.number,
            origin="process",
            step=Step.PROCESS,
            priority=PRIORITY_AWAITED,
            input={"expense_data": said, "original_extraction": None, "former": former},
        )
    boundary("correct.accepted")
    return await get_task(context.ledger, number)


def _says_the_same(task: Task, said: dict[str, Any]) -> bool:
    return task.origin == "process" and (task.input or {}).get("expense_data") == said


def _is_known(document: Document, said: dict[str, Any]) -> bool:
    known = (document.corrections or {}).get("said") or {}
    return said.items() <= known.items()


def _add_correction(document: Document, said: dict[str, Any]) -> dict[str, Any]:
    """All that people said so far, the latest counts; and what stood there before the first of them."""
    before = document.corrections or {}
    result = document.result or {}
    read = {key: result.get(key) for key in said}
    changed = {"said": (before.get("said") or {}) | said, "original": read | (before.get("original") or {})}
    if "confirmed" in before:
        changed["confirmed"] = {key: value for key, value in before["confirmed"].items() if key not in said}
    return before | changed


async def _check_can_be_corrected(context: Context, document: Document, unfinished: Task | None) -> None:
    if unfinished is not None:
        raise Busy(f"{document.id} is still being worked on.")
    if document.state is not DocumentState.FILED:
        raise Conflict(
            f"{document.id} is {document.state.value}; only a document that is filed or in review can be corrected.",
            code=f"is-{document.state.value}",
            hint="Correct the first of its bytes, retry a failed one, or send an uploaded one to POST /api/process.",
        )
    if not await context.is_there(document.place):
        raise Gone(f"{document.place.path} is no longer in the archive.")
