"""Find the first scan or photo of a paper that arrives again: turned, cropped, saved again.

A first look by fingerprints finds a few documents, a second one compares their texts. If it is sure, the document goes
to `_duplicates` as a twin does; if it is not, a person decides.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from msgspec import UNSET

from expensed.extraction.same_paper import compare_papers
from expensed.ledger.documents import list_of_amount
from expensed.ledger.fingerprints import list_sharing
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.model.expense import Examination, Expense, SamePaper
from expensed.model.place import Place
from expensed.model.states import Likeness
from expensed.pipeline.duplicates.same_expense import doubt, name_place, note_likeness

MOST_COMPARED = 5
"""How many documents found by their fingerprint are compared in full, and how many of the same day and amount."""
IsThere = Callable[[Place], Awaitable[bool]]


async def compare_with_known(
    tx: Transaction, document: Document, expense: Expense, examination: Examination, is_there: IsThere
) -> tuple[Expense, Document | None]:
    """Return a document's expense and the first that surely shows the same paper, if any.

    With such a first, `same_paper` names it; otherwise the expense is marked for review if it looks like another one.
    """
    expense = replace(expense, same_paper=UNSET)
    unsure: tuple[Document, str] | None = None
    for other in await _list_candidates(tx, document, expense, examination):
        if other.result is None or other.result.looks_like == document.id:  # that one waits already
            continue
        verdict = compare_papers(expense, examination.text, other.result, other.text or "")
        if verdict.likeness is Likeness.SURE and await is_there(other.place):
            return replace(expense, same_paper=SamePaper(document=other.id, reason=verdict.reason)), other
        if verdict.likeness is not Likeness.DIFFERENT and unsure is None:
            unsure = other, verdict.reason
    noted = await note_likeness(tx, document, expense, examination.text)
    if unsure is None or noted.looks_like is not UNSET:
        return noted, None
    return doubt_paper(noted, *unsure), None


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
