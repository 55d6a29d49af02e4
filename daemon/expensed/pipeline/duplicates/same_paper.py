"""Find the first scan or photo of a paper that arrives again: turned, cropped, saved again.

A first look by fingerprints finds a few documents, a second one compares their texts. If it is sure, the document goes
to `_duplicates` as a twin does; if it is not, a person decides.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from expensed.extraction.same_paper import compare_papers
from expensed.ledger.documents import list_of_amount
from expensed.ledger.duplicates.fingerprints import list_sharing
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.model.expense import Examination, Expense
from expensed.model.place import Place
from expensed.model.states import Likeness
from expensed.pipeline.duplicates.same_expense import doubt, name_place

MOST_COMPARED = 5
"""How many documents found by their fingerprint are compared in full, and how many of the same day and amount."""
IsThere = Callable[[Place], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class SamePaperFound:
    """The first that surely shows the same paper, or a document that may, with the reason; neither if None is alike."""

    first: Document | None = None
    maybe: Document | None = None
    reason: str = ""


async def find_same_paper(
    tx: Transaction, document: Document, expense: Expense, examination: Examination, is_there: IsThere
) -> SamePaperFound:
    """Return which known document shows the same paper as this one, if any."""
    found = SamePaperFound()
    for other in await _list_candidates(tx, document, expense, examination):
        if other.result is None or other.result.looks_like == document.id:  # that one waits already
            continue
        verdict = compare_papers(expense, examination.text, other.result, other.text or "")
        if verdict.likeness is Likeness.SURE and await is_there(other.place):
            return SamePaperFound(first=other, reason=verdict.reason)
        if verdict.likeness is not Likeness.DIFFERENT and found.maybe is None:
            found = SamePaperFound(maybe=other, reason=verdict.reason)
    return found


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
