"""What is noted of a document that looks like another one, on a real ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from expensed.ledger.documents import NewDocument, get_document, insert_document, update_document
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.model.discard import Discarded
from expensed.model.expense import Expense
from expensed.model.place import Place
from expensed.model.states import DiscardReason, DocumentOrigin, DocumentState, Outcome, Root
from expensed.pipeline.duplicates.same_expense import note_likeness

READ = Expense(vendor="Shop", date=date(2024, 1, 1), amount=Decimal(17), currency="EUR", confidence=99)


async def add(ledger: Ledger, name: str, state: DocumentState, read: Expense = READ, sha256: str = "") -> Document:
    async with ledger.transaction() as tx:
        new = NewDocument(name, DocumentOrigin.DROP, name, name, sha256 or name, 1, 1, Place(Root.ARCHIVE, name))
        number = await insert_document(tx, new, state)
        assert number is not None
        await update_document(tx, number, result=read, outcome=Outcome.FILED)
        return await get_document(tx, number)


async def note(ledger: Ledger, document: Document) -> Expense:
    async with ledger.transaction() as tx:
        return await note_likeness(tx, document, READ, "")


async def test_what_is_noted_stays_true_when_the_other_one_is_filed_later(ledger: Ledger) -> None:
    await add(ledger, "first", DocumentState.ADMITTED)
    noted = await note(ledger, await add(ledger, "second", DocumentState.ADMITTED))
    assert noted.reasons == ("It looks like the same expense as first.",)
    assert (noted.looks_like, noted.needs_review) == ("first", True)


async def test_of_two_that_look_alike_only_one_waits(ledger: Ledger) -> None:
    first = await add(ledger, "first", DocumentState.REVIEW)
    await add(ledger, "second", DocumentState.REVIEW, replace(READ, looks_like="first"))
    assert await note(ledger, first) == READ


async def test_bytes_that_were_discarded_before_need_a_look(ledger: Ledger) -> None:
    before = await add(ledger, "before", DocumentState.DISCARDED, sha256="same")
    discarded = Discarded(
        reason=DiscardReason.DUPLICATE, duplicate_of="first", at="2024-05-06T07:08:09.000Z",
        state=DocumentState.REVIEW, outcome=Outcome.REVIEW, path="_review/before",
    )  # fmt: skip
    async with ledger.transaction() as tx:
        await update_document(tx, before.number, discarded=discarded)
    noted = await note(ledger, await add(ledger, "again", DocumentState.ADMITTED, sha256="same"))
    assert noted.reasons == ("The same bytes were discarded on 2024-05-06 as a duplicate of first (document before).",)
