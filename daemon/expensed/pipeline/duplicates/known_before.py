"""Compare a document that was just read with all that are known: the same paper, the same purchase, a likeness."""

from __future__ import annotations

from dataclasses import replace

from msgspec import UNSET

from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.model.expense import Examination, Expense, SamePaper
from expensed.pipeline.duplicates.link_purchase import note_purchase
from expensed.pipeline.duplicates.same_expense import note_likeness
from expensed.pipeline.duplicates.same_paper import IsThere, Seen, doubt_paper, find_same_paper


async def compare_with_known(
    tx: Transaction,
    document: Document,
    expense: Expense,
    examination: Examination,
    is_there: IsThere,
    *,
    seen: Seen | None = None,
    links: bool = True,
) -> tuple[Expense, Document | None]:
    """Return a document's expense and the first that surely shows the same paper, if any.

    `seen` is what the picture of a known document showed. With such a first, `same_paper` names it.
    Otherwise the expense is linked to other papers of its purchase, unless `links` is false, and marked for review if
    it may be known already.
    """
    expense = replace(expense, same_paper=UNSET)
    paper = await find_same_paper(tx, document, expense, examination, is_there, seen)
    if paper.first is not None:
        return replace(expense, same_paper=SamePaper(document=paper.first.id, reason=paper.reason)), paper.first
    if links:
        is_whole = not (document.cut_off or examination.warnings)
        expense = await note_purchase(tx, document, expense, examination.text, is_whole=is_whole)
    if paper.maybe is not None and expense.same_purchase is UNSET and expense.looks_like is UNSET:
        expense = doubt_paper(expense, paper.maybe, paper.reason)
    return await note_likeness(tx, document, expense, examination.text), None
