"""Link the papers of one purchase as they are read; the paper that only repeats another needs no review of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from msgspec import UNSET

from expensed.ledger.duplicates.purchases import link_papers, list_of_days, list_of_numbers, list_papers
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.model.expense import Expense, list_lacking, without_review
from expensed.model.purchase import rank_paper
from expensed.model.states import DocumentState, ExpenseKind, Outcome
from expensed.pipeline.duplicates.same_expense import describe_likeness
from expensed.pipeline.duplicates.same_purchase import LONGEST, REMINDED_DAYS, Paper, Verdict, compare, list_keys

ORPHAN = "The invoice that it reminds of is not here."


@dataclass(frozen=True, slots=True)
class _Found:
    """The documents that show the same purchase as a paper, oldest first, and one that may."""

    same: Sequence[Document]
    doubtful: Document | None


async def note_purchase(
    tx: Transaction, document: Document, expense: Expense, text: str, *, is_whole: bool = True
) -> Expense:
    """Link a document that was just read to the other papers of its purchase; return its expense.

    If another paper that counts is filed, or about to be, its values were confirmed by that one, so that it needs no
    review; one that is not `is_whole` (cut off, or read with warnings) still does. If it is not sure, it needs one.
    """
    paper = Paper(expense, text[:LONGEST])
    found = await _find(tx, document, paper)
    same = found.same or await list_papers(tx, document.number)
    if same:
        linked = await link_papers(tx, document, expense, same)
        papers = await list_papers(tx, document.number)
        return _confirm(linked) if is_whole and _is_shown_by_another(linked, papers) else linked
    if found.doubtful is not None:
        return replace(
            expense,
            needs_review=True,
            reasons=(*expense.reasons, _describe(found.doubtful, paper)),
            looks_like=found.doubtful.id,
        )
    if paper.kind is ExpenseKind.REMINDER:
        return replace(expense, needs_review=True, reasons=(*expense.reasons, ORPHAN))
    return expense


async def _find(tx: Transaction, document: Document, paper: Paper) -> _Found:
    """Compare a paper with every document that has its number, or its amount within the days that count."""
    if rank_paper(paper.expense) is None:
        return _Found((), None)
    candidates = {each.number: each for each in await list_of_numbers(tx, list_keys(paper), document.number)}
    read = paper.expense
    if read.date is not None and read.amount is not None:
        near = await list_of_days(tx, read.date, REMINDED_DAYS, read.amount, document.number)
        candidates |= {each.number: each for each in near}
    verdicts: dict[Verdict, list[Document]] = {verdict: [] for verdict in Verdict}
    for number in sorted(candidates):
        other = candidates[number]
        if other.result is not None:
            verdicts[compare(paper, Paper(other.result, (other.text or "")[:LONGEST]))].append(other)
    same = verdicts[Verdict.SAME]
    fitting = [each for each in verdicts[Verdict.FITS] if await _lacks(tx, each, paper)]
    if await _are_one(tx, fitting):
        same = sorted([*same, *fitting], key=lambda each: each.number)
    for other in (*fitting, *verdicts[Verdict.UNSURE]):
        if not same and await _is_rival(tx, other, document, paper):
            return _Found((), other)
    return _Found(same, None)


async def _is_rival(tx: Transaction, other: Document, document: Document, paper: Paper) -> bool:
    """Whether a paper must wait because another one may be of its purchase; not if that one waits itself."""
    known = other.result
    waits = known is not None and (known.looks_like == document.id or known.kind is ExpenseKind.REMINDER)
    return not waits and await _lacks(tx, other, paper)


async def _lacks(tx: Transaction, other: Document, paper: Paper) -> bool:
    """Whether a document's purchase lacks a paper of this kind; there may be any number of reminders.

    A document that is a purchase's only paper lacks every other one.
    """
    papers = await list_papers(tx, other.number)
    if not papers or paper.kind is ExpenseKind.REMINDER:
        return True
    return all(each.result is None or each.result.kind is not paper.kind for each in (other, *papers))


async def _are_one(tx: Transaction, papers: Sequence[Document]) -> bool:
    """Whether these, at least one, are papers of one purchase."""
    if not papers:
        return False
    known = {papers[0].number, *(each.number for each in await list_papers(tx, papers[0].number))}
    return all(each.number in known for each in papers)


def _is_shown_by_another(expense: Expense, papers: Iterable[Document]) -> bool:
    """Whether a paper that shows the purchase as well or better is filed or about to be, so that this one adds nothing.

    It must have all that it would need if it were to count one day.
    """
    own = rank_paper(expense)
    ranks = [
        rank_paper(each.result)
        for each in papers
        if each.result is not None
        and each.outcome is Outcome.FILED
        and each.state in (DocumentState.ADMITTED, DocumentState.FILED)
    ]
    return own is not None and not list_lacking(expense) and any(rank is not None and rank <= own for rank in ranks)


def _confirm(expense: Expense) -> Expense:
    return replace(without_review(expense), looks_like=UNSET)


def _describe(other: Document, paper: Paper) -> str:
    if other.result is not None and (other.result.kind, other.result.date) == (paper.expense.kind, paper.expense.date):
        return describe_likeness(other)
    where = f", filed as {other.place.path}" if other.state is DocumentState.FILED else ""
    return f"It may be another paper of the same purchase as {other.id}{where}."
