"""Render a document's sidecar and note, the files beside it in the archive, from what the ledger knows."""

from __future__ import annotations

from collections.abc import Sequence

from expensed.archive.notes import duplicate_note, failure_note, review_note
from expensed.archive.sidecar import render_sidecar
from expensed.errors import Fault
from expensed.ledger.rows import Document
from expensed.ledger.store import timestamp
from expensed.mirror.description import describe_document
from expensed.model.expense import Expense, Taught, list_lacking
from expensed.model.money import write_money
from expensed.model.states import Outcome


def write_sidecar(
    document: Document,
    kind: Outcome,
    path: str,
    first: Document | None,
    note: str | None = None,
    lessons: Sequence[Taught] = (),
    at: str | None = None,
) -> str:
    """Return the text of the sidecar for a document filed at `path`; `first` is the document it is a twin of.

    `note` is the text beside it, `lessons` is what the document teaches, `at` the time of the filing (UTC, now).
    """
    first_id = first.id if first else None
    at = at or timestamp()
    return render_sidecar(describe_document(document, kind, path, first_id, note=note, lessons=lessons, at=at))


def write_note(document: Document, kind: Outcome, first: Document | None) -> str | None:
    """Return the text of the note beside a document that a person should look at; None for a filed one."""
    match kind:
        case Outcome.REVIEW:
            reasons = document.result.reasons if document.result is not None else ()
            saying, lacking = describe_expense(document.result), list_lacking(document.result)
            return review_note(document.id, document.file, reasons, saying, lacking)
        case Outcome.DUPLICATE:
            return None if first is None else duplicate_note(document.file, first.id, first.place.path)
        case Outcome.FAILED:
            fault = document.failure or Fault(code="")
            return failure_note(document.id, document.file, fault.message, fault.hint, fault.code)
        case Outcome.FILED:
            return None


def describe_expense(expense: Expense | None) -> str:
    """Describe an expense in one line."""
    if expense is None:
        return "nothing"
    amount = None
    if expense.amount is not None:
        amount = write_money(expense.amount, expense.currency)
    day = expense.date.isoformat() if expense.date else None
    return ", ".join(part or "?" for part in (expense.vendor, day, amount, expense.category))
