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
from expensed.ledger.duplicates.purchases import list_papers
from expensed.ledger.queries.export import list_numbers
from expensed.ledger.queries.search import Search
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, ExpenseKind, Outcome, Root
from expensed.pipeline.duplicates.link_purchase import ORPHAN, note_purchase
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


async def test_a_reminder_whose_invoice_is_not_here_waits_with_that_reason(ledger: Ledger) -> None:
    reminder = await file(ledger, "reminder", FAMILIES[0].draw()["reminder"])
    assert reminder.result is not None
    assert (reminder.state, reminder.result.reasons) == (DocumentState.REVIEW, (ORPHAN,))


async def test_two_receipts_that_fit_one_slip_leave_it_to_a_person(ledger: Ledger) -> None:
    till, slip = PAIRS["a receipt and the slip of an hour later"]
    await file(ledger, "one", [*till, "Receipt no. 1-0417"])
    await file(ledger, "two", [*till, "Receipt no. 2-0418"])
    waiting = await file(ledger, "slip", [line.replace("11:31", "10:25") for line in slip])
    assert waiting.result is not None
    assert (waiting.state, waiting.result.looks_like) == (DocumentState.REVIEW, "one")
    assert waiting.result.reasons == ("It may be another paper of the same purchase as one, filed as one.",)


async def test_a_second_slip_is_of_another_purchase(ledger: Ledger) -> None:
    till, slip = PAIRS["a receipt and the slip of an hour later"]
    await file(ledger, "till", till)
    first = await file(ledger, "first", [line.replace("11:31", "10:25") for line in slip])
    assert first.result is not None
    assert first.result.same_purchase == ("till",)
    second = await file(ledger, "second", [line.replace("11:31", "10:26") for line in slip])
    assert second.result is not None
    assert not second.result.same_purchase


@pytest.mark.parametrize("is_whole", [True, False])
async def test_a_paper_that_adds_nothing_needs_no_review_if_it_is_whole(ledger: Ledger, is_whole: bool) -> None:
    invoice = await file(ledger, "invoice", FAMILIES[0].draw()["invoice"])
    again = await file(ledger, "again", ["nothing"])
    assert invoice.result is not None
    read = replace(invoice.result, kind=ExpenseKind.REMINDER, needs_review=True, reasons=("It looks like a reminder.",))
    async with ledger.transaction() as tx:
        noted = await note_purchase(tx, again, read, "", is_whole=is_whole)
    assert (noted.needs_review, noted.reasons) == (not is_whole, () if is_whole else read.reasons)
    assert noted.same_purchase == ("invoice",)
    async with ledger.transaction() as tx:
        lacking = await note_purchase(tx, again, replace(read, date=None), "")
    assert lacking.needs_review
