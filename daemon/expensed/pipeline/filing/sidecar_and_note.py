"""Render a document's sidecar and note, the files beside it in the archive, from what the ledger knows."""

from __future__ import annotations

from msgspec import UNSET

from expensed.archive.notes import discard_note, duplicate_note, failure_note, review_note, same_paper_note
from expensed.archive.sidecar import render_sidecar
from expensed.errors import Fault
from expensed.extraction.doubts import describe_doubts
from expensed.ledger.rows import Document
from expensed.ledger.store import timestamp
from expensed.mirror.description import describe_document
from expensed.model.expense import Expense, list_lacking
from expensed.model.lesson import Lesson
from expensed.model.money import write_money
from expensed.model.states import Outcome
from expensed.model.text import one_line


def write_sidecar(
    document: Document,
    kind: Outcome,
    path: str,
    first: Document | None,
    note: str | None = None,
    lesson: Lesson | None = None,
    at: str | None = None,
) -> str:
    """Return the text of the sidecar for a document filed at `path`; `first` is the document it is a twin of.

    `note` is the text beside it, `lesson` is what the document teaches, `at` the time of the filing (UTC, now).
    """
    first_id = first.id if first else None
    at = at or timestamp()
    return render_sidecar(describe_document(document, kind, path, first_id, note=note, lesson=lesson, at=at))


def write_note(document: Document, kind: Outcome, first: Document | None, place: str = "") -> str | None:
    """Return the text of the note beside a document that a person should look at; None for a filed one.

    `place`: the path that it would have if it were filed as it was read, whose name a note about a review shows.
    """
    match kind:
        case Outcome.REVIEW:
            read = document.result or Expense(confidence=0)
            saying, lacking = describe_expense(document.result), list_lacking(document.result)
            looks_like = None if read.looks_like is UNSET else read.looks_like
            doubts = [each.sentence for each in describe_doubts(read)]
            return review_note(
                document.id, document.file, doubts, saying, lacking, looks_like, place.rpartition("/")[2]
            )
        case Outcome.DUPLICATE:
            return None if first is None else _write_duplicate_note(document, first)
        case Outcome.FAILED:
            fault = document.failure or Fault(code="")
            return failure_note(document.id, document.file, fault.message, fault.hint, fault.code)
        case Outcome.DISCARDED:
            discarded = document.discarded
            return discard_note(
                document.id,
                document.file,
                discarded.reason if discarded is not None else None,
                discarded.duplicate_of if discarded is not None else None,
            )
        case Outcome.FILED:
            return None


def _write_duplicate_note(document: Document, first: Document) -> str:
    paper = document.result.same_paper if document.result is not None else UNSET
    if paper is UNSET or document.sha256 == first.sha256:
        return duplicate_note(document.file, first.id, first.place.path)
    return same_paper_note(document.id, document.file, first.id, first.place.path, paper.reason)


def describe_filing(document: Document, kind: Outcome) -> str:
    """Return what was read of a document, and for a review also why it waits, to follow its place in the log."""
    if document.result is None or kind not in (Outcome.FILED, Outcome.REVIEW):
        return ""
    reasons = " ".join(document.result.reasons) if kind is Outcome.REVIEW else ""
    return one_line(f": {describe_expense(document.result)}{reasons and '. '}{reasons}")


def describe_expense(expense: Expense | None) -> str:
    """Describe an expense in one line."""
    if expense is None:
        return "nothing"
    amount = None
    if expense.amount is not None:
        amount = write_money(expense.amount, expense.currency)
    day = expense.date.isoformat() if expense.date else None
    return ", ".join(part or "?" for part in (expense.vendor, day, amount, expense.category))
