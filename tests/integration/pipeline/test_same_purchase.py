"""Papers of one purchase and pairs that only look alike, read and judged as the pipeline does, on a real ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from tests.documents.purchases import FAMILIES, ORDERS, PAIRS, Family
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.ledger.documents import NewDocument, get_document, insert_document, update_document
from expensed.ledger.purchases import list_papers
from expensed.ledger.queries.export import list_numbers
from expensed.ledger.queries.search import Search
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, ExpenseKind, Outcome, Root
from expensed.pipeline.duplicates.link_purchase import note_purchase
from expensed.pipeline.duplicates.same_expense import note_likeness

OPTIONS = ExtractionOptions(today=date(2025, 1, 1))


async def file(ledger: Ledger, name: str, lines: Sequence[str]) -> Document:
    """Read a paper and put it where the pipeline would."""
    text = "\n".join(line.replace(" | ", "  ") for line in lines)
    expense = extract_expense(make_reading(*lines), OPTIONS).expense
    expense = replace(expense, needs_review=not (expense.kind is None or expense.kind.is_expense), reasons=())
    async with ledger.transaction() as tx:
        new = NewDocument(name, DocumentOrigin.DROP, name, name, name, 1, 1, Place(Root.ARCHIVE, name))
        number = await insert_document(tx, new, DocumentState.ADMITTED)
        assert number is not None
        document = await get_document(tx, number)
        expense = await note_likeness(tx, document, await note_purchase(tx, document, expense, text), text)
        state = DocumentState.REVIEW if expense.needs_review else DocumentState.FILED
        await update_document(tx, number, result=expense, text=text, outcome=Outcome(state.value), state=state)
        return await get_document(tx, number)


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.sellers[0])
async def test_a_family_is_one_purchase(ledger: Ledger, family: Family, order: Sequence[str]) -> None:
    drawn = family.draw()
    filed = {name: await file(ledger, name, drawn[name]) for name in order}
    numbers = list(await list_numbers(ledger, Search(state=DocumentState.FILED)))
    told = {name: (each.state.value, each.result) for name, each in filed.items()}
    assert numbers == [filed["invoice"].number], told
    assert len(await list_papers(ledger, filed["invoice"].number)) == 3, told


def test_there_are_twenty_of_each() -> None:
    assert (len(FAMILIES), len(PAIRS)) == (20, 20)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", PAIRS)
async def test_a_pair_that_only_looks_alike_stays_two(ledger: Ledger, name: str, turned: bool) -> None:
    papers = [
        await file(ledger, f"{number}", lines) for number, lines in enumerate(PAIRS[name][:: -1 if turned else 1])
    ]
    assert not any(paper.result and (paper.result.same_purchase or paper.result.looks_like) for paper in papers)
    filed = [paper.number for paper in papers if paper.result and paper.result.kind is not ExpenseKind.REMINDER]
    assert sorted(await list_numbers(ledger, Search(state=DocumentState.FILED))) == filed
