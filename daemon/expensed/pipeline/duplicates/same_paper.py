"""Find the first scan or photo of a paper that arrives again: turned, cropped, saved again.

A first look by fingerprints finds a few documents, a second one compares their texts. If it is sure, the document goes
to `_duplicates` as a twin does; if it is not, a person decides.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from expensed.extraction.same_paper import Verdict, compare_papers
from expensed.ledger.documents import get_document, list_of_amount
from expensed.ledger.duplicates.fingerprints import list_sharing
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.model.expense import Examination, Expense
from expensed.model.place import Place
from expensed.model.states import DocumentState, Likeness, Outcome
from expensed.pipeline.duplicates.same_expense import doubt, name_place

MOST_COMPARED = 5
"""How many documents found by their fingerprint are compared in full, and how many of the same day and amount."""
_COUNTING = (DocumentState.ADMITTED, DocumentState.FILED, DocumentState.REVIEW)
IsThere = Callable[[Place], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class SamePaperFound:
    """The first that surely shows the same paper, or a document that may, with the reason; neither if None is alike."""

    first: Document | None = None
    maybe: Document | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the picture of a known document, by its number, shows: SURE or UNSURE to be the same paper."""

    number: int
    verdict: Verdict


async def find_same_paper(
    tx: Transaction,
    document: Document,
    expense: Expense,
    examination: Examination,
    is_there: IsThere,
    seen: Seen | None = None,
) -> SamePaperFound:
    """Return which known document shows the same paper as this one, if any, with what was seen of its picture."""
    found = SamePaperFound()
    if seen is not None:
        other = await get_document(tx, seen.number)
        if is_known(other, document) and seen.verdict.likeness is Likeness.UNSURE:
            found = SamePaperFound(maybe=other, reason=seen.verdict.reason)
        elif is_known(other, document) and await is_there(other.place):
            return SamePaperFound(first=other, reason=seen.verdict.reason)
    for other, verdict in await compare_candidates(tx, document, expense, examination):
        if verdict.likeness is Likeness.SURE and await is_there(other.place):
            return SamePaperFound(first=other, reason=verdict.reason)
        if verdict.likeness is not Likeness.DIFFERENT and found.maybe is None:
            found = SamePaperFound(maybe=other, reason=verdict.reason)
    return found


async def compare_candidates(
    tx: Transaction, document: Document, expense: Expense, examination: Examination
) -> list[tuple[Document, Verdict]]:
    """Return the documents that share keys, or day and amount, with one that was just read, as their texts compare."""
    return [
        (other, compare_papers(expense, examination.text, other.result, other.text or ""))
        for other in await _list_candidates(tx, document, expense, examination)
        if other.result is not None and is_known(other, document)
    ]


def is_known(other: Document, document: Document) -> bool:
    """Whether another document can be the first of this one: it was read, counts, and does not wait for this one."""
    counts = other.state in _COUNTING and other.outcome in (Outcome.FILED, Outcome.REVIEW)
    return counts and other.result is not None and other.result.looks_like != document.id


def doubt_paper(expense: Expense, other: Document, reason: str) -> Expense:
    """Return an expense marked for review because it may show the same paper as another document."""
    sentence = f"It may be another scan of {other.id}{name_place(other)}: it {reason}."
    return replace(doubt(expense, sentence), looks_like=other.id)


async def _list_candidates(
    tx: Transaction, document: Document, expense: Expense, examination: Examination
) -> list[Document]:
    found = await list_sharing(tx, examination.fingerprint, document.number, MOST_COMPARED)
    if expense.date is not None and expense.amount is not None:
        known = {other.number for other in found}
        alike = await list_of_amount(tx, expense.date, expense.amount, document.number)
        found += [other for other in alike if other.number not in known][:MOST_COMPARED]
    return found
