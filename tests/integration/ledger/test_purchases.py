"""The papers of one purchase in a real ledger: which of them counts, and what remains to be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from expensed.ledger.documents import NewDocument, get_document, insert_document, update_document
from expensed.ledger.duplicates.purchases import (
    PaperTold,
    find_counted,
    find_purchase,
    lead_purchase,
    link_papers,
    list_of_days,
    list_of_numbers,
    list_papers,
    list_untold,
    set_told,
    tie_papers,
)
from expensed.ledger.queries.export import list_numbers
from expensed.ledger.queries.search import Search
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.model.breakdown import TaxLine
from expensed.model.expense import Expense
from expensed.model.place import Place
from expensed.model.purchase import number_key, rank_paper
from expensed.model.states import DocumentOrigin, DocumentState, ExpenseKind, Outcome, Root

READ = Expense(vendor="Shop", date=date(2024, 1, 1), amount=Decimal(17), currency="EUR", confidence=99)
FILED = Search(state=DocumentState.FILED)
INVOICE, RECEIPT = replace(READ, kind=ExpenseKind.INVOICE), replace(READ, kind=ExpenseKind.RECEIPT)
SLIP, REMINDER = replace(READ, kind=ExpenseKind.CARD_SLIP), replace(READ, kind=ExpenseKind.REMINDER)


async def add(ledger: Ledger, name: str, read: Expense, state: DocumentState = DocumentState.FILED) -> Document:
    async with ledger.transaction() as tx:
        place = Place(Root.ARCHIVE, name)
        number = await insert_document(tx, NewDocument(name, DocumentOrigin.DROP, name, name, name, 1, 1, place), state)
        assert number is not None
        await update_document(tx, number, result=read, outcome=Outcome(state.value))
        return await get_document(tx, number)


async def link(ledger: Ledger, document: Document, *others: Document) -> None:
    async with ledger.transaction() as tx:
        assert document.result is not None
        result = await link_papers(tx, document, document.result, others)
        await update_document(tx, document.number, result=result)


async def count(ledger: Ledger) -> list[int]:
    return list(await list_numbers(ledger, FILED))


async def set_state(ledger: Ledger, document: Document, state: DocumentState) -> None:
    async with ledger.transaction() as tx:
        await update_document(tx, document.number, state=state)


@pytest.mark.parametrize(
    "reads", [(SLIP, REMINDER, RECEIPT, INVOICE), (INVOICE, REMINDER, RECEIPT, SLIP), (INVOICE, INVOICE)]
)
async def test_the_best_paper_that_is_filed_counts(ledger: Ledger, reads: tuple[Expense, ...]) -> None:
    papers = [await add(ledger, str(number), read) for number, read in enumerate(reads)]
    for number, paper in enumerate(papers[1:], 1):
        await link(ledger, paper, *papers[:number])
    for best in sorted(papers, key=lambda each: (rank_paper(each.result or READ) or 0, each.number)):
        assert await count(ledger) == [best.number]
        for paper in papers:
            counted = await find_counted(ledger, paper.number)
            is_filed = (await get_document(ledger, paper.number)).state is DocumentState.FILED
            assert counted == (None if paper.number == best.number or not is_filed else best.id)
        await set_state(ledger, best, DocumentState.DISCARDED)
    assert await count(ledger) == []


async def test_a_paper_in_review_takes_nothing_from_the_one_that_is_filed(ledger: Ledger) -> None:
    slip = await add(ledger, "slip", SLIP)
    await link(ledger, await add(ledger, "invoice", INVOICE, DocumentState.REVIEW), slip)
    assert await count(ledger) == [slip.number]


async def test_each_paper_names_all_others_and_those_that_were_there_must_be_told(ledger: Ledger) -> None:
    first, second = await add(ledger, "first", INVOICE), await add(ledger, "second", RECEIPT)
    await link(ledger, second, first)
    assert [each.id for each in await list_untold(ledger, second.number)] == ["first"]
    third = await add(ledger, "third", REMINDER)
    await link(ledger, third, second)
    for document in (first, second, third):
        now = await get_document(ledger, document.number)
        assert now.result is not None
        assert now.result.same_purchase == tuple(each for each in ("first", "second", "third") if each != document.id)
        assert [each.id for each in await list_papers(ledger, document.number)] == list(now.result.same_purchase)
    untold = await list_untold(ledger)
    assert [each.id for each in untold] == ["first", "second"]
    async with ledger.transaction() as tx:
        await set_told(tx, first)  # as it was before it changed
        await set_told(tx, untold[1])
    assert [each.id for each in await list_untold(ledger)] == ["first"]


async def test_two_purchases_that_turn_out_to_be_one_are_joined(ledger: Ledger) -> None:
    papers = [await add(ledger, name, read) for name, read in (("a", SLIP), ("b", RECEIPT), ("c", REMINDER))]
    last = await add(ledger, "d", SLIP)
    await link(ledger, papers[1], papers[0])
    await link(ledger, last, papers[2])
    invoice = await add(ledger, "e", INVOICE)
    await link(ledger, invoice, papers[0], last)
    assert await count(ledger) == [invoice.number]
    assert len(await list_papers(ledger, papers[2].number)) == 4


async def test_the_first_one_filed_leads(ledger: Ledger) -> None:
    reminder = await add(ledger, "reminder", REMINDER, DocumentState.REVIEW)
    invoice = await add(ledger, "invoice", INVOICE)
    await link(ledger, invoice, reminder)
    assert await find_purchase(ledger, invoice.number) == reminder.number
    async with ledger.transaction() as tx:
        await lead_purchase(tx, invoice.number)
    assert await find_purchase(ledger, reminder.number) == invoice.number
    async with ledger.transaction() as tx:
        await lead_purchase(tx, reminder.number)
    assert await find_purchase(ledger, reminder.number) == invoice.number


async def test_papers_are_tied_again_as_the_archive_tells(ledger: Ledger) -> None:
    for name, read in (("a", SLIP), ("b", INVOICE), ("c", RECEIPT), ("d", SLIP)):
        await add(ledger, name, read)
    told = {
        1: PaperTold(3, (2,), (False, 30, 1)),
        2: PaperTold(0, (1, 3), (False, 28, 2)),
        3: PaperTold(1, (2, 9), (True, 20, 3)),
    }
    async with ledger.transaction() as tx:
        await tie_papers(tx, told)
    assert [await find_purchase(ledger, number) for number in (1, 2, 3, 4)] == [2, 2, 2, None]
    assert await count(ledger) == [2, 4]
    assert await list_untold(ledger) == []


async def test_papers_are_found_by_any_spelling_of_their_number(ledger: Ledger) -> None:
    for number in ("INV-2024/0093", "inv 2024.0093", "INV20240093", "INV-2024/0094"):
        await add(ledger, number, replace(READ, invoice_number=number))
    async with ledger.transaction() as tx:
        found = await list_of_numbers(tx, [number_key("Inv_2024:0093"), "other"], 2)
    assert [each.number for each in found] == [3, 1]


async def test_papers_are_found_by_their_amount_within_some_days(ledger: Ledger) -> None:
    for apart in (-61, -60, 3, 60, 61, 0):
        await add(ledger, str(apart), replace(READ, date=READ.date and READ.date + timedelta(days=apart)))
    await add(ledger, "other", replace(READ, amount=Decimal(18)))
    async with ledger.transaction() as tx:
        found = await list_of_days(tx, date(2024, 1, 1), 60, Decimal(17), 99)
        assert await list_of_days(tx, date.max, 60, Decimal(17), 99) == []
    assert sorted(each.id for each in found) == ["-60", "0", "3", "60"]


async def test_the_look_ups_use_their_indexes(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ways: list[str] = []
    async with ledger.transaction() as tx:
        ask = tx.all

        async def explain(sql: str, *values: Any) -> Any:
            ways.extend(row["detail"] for row in await ask(f"EXPLAIN QUERY PLAN {sql}", *values))
            return []

        monkeypatch.setattr(tx, "all", explain)
        await list_of_numbers(tx, ["lh40871"], 1)
        await list_of_days(tx, date(2024, 1, 1), 60, Decimal("17.00"), 1)
    assert any("documents_invoice (invoice=?)" in way for way in ways)
    assert any("documents_day_amount (day=? AND amount=?)" in way for way in ways)
    assert not any(way.startswith("SCAN d") for way in ways)


def test_a_receipt_with_its_taxes_ranks_before_one_of_payment() -> None:
    whole = replace(RECEIPT, taxes=(TaxLine(rate=Decimal(20), tax=Decimal(3)),))
    reads = (INVOICE, whole, RECEIPT, SLIP, REMINDER)
    assert [rank_paper(read) for read in reads] == [0, 1, 2, 3, 4]
    assert rank_paper(replace(READ, kind=ExpenseKind.STATEMENT)) is None
