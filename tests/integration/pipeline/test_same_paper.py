"""Other scans of a paper, on a real ledger: who is a first, and which of several."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from msgspec import UNSET
from tests.documents.samples import TILL_RECEIPT

from expensed.extraction.same_paper import Verdict
from expensed.ledger.documents import NewDocument, find_first, get_document, insert_document, update_document
from expensed.ledger.duplicates.fingerprints import NEWEST_OF_A_KEY, add_keys, list_sharing
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger
from expensed.model.expense import Examination, Expense
from expensed.model.fingerprint import make_fingerprint
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, ExpenseKind, Likeness, Outcome, Root
from expensed.pipeline.duplicates.known_before import compare_with_known
from expensed.pipeline.duplicates.same_paper import Seen
from expensed.pipeline.extract import store_reading

TEXT = "\n".join(TILL_RECEIPT)
READ = Expense(
    vendor="Birkenhof Bakery",
    date=date(2024, 3, 17),
    amount=Decimal(13),
    currency="GBP",
    kind=ExpenseKind.RECEIPT,
    confidence=99,
)


def examined(text: str) -> Examination:
    return Examination(
        kind="image/png", engine="none", text=text, warnings=(), expense=READ, fingerprint=make_fingerprint(text)
    )


async def add(ledger: Ledger, name: str, state: DocumentState, text: str = TEXT) -> Document:
    async with ledger.transaction() as tx:
        new = NewDocument(name, DocumentOrigin.DROP, name, name, name, 1, 1, Place(Root.ARCHIVE, name))
        number = await insert_document(tx, new, state)
        assert number is not None
        await store_reading(tx, await get_document(tx, number), examined(text), READ)
        if state is DocumentState.DISCARDED:
            await update_document(tx, number, outcome=Outcome.DISCARDED)
        return await get_document(tx, number)


async def compare(ledger: Ledger, document: Document, text: str, *gone: str) -> tuple[Expense, Document | None]:
    async def is_there(place: Place) -> bool:
        return place.path not in gone

    async with ledger.transaction() as tx:
        return await compare_with_known(tx, document, READ, examined(text), is_there)


async def test_a_sure_copy_names_its_first_and_finds_it_again_by_that(ledger: Ledger) -> None:
    await add(ledger, "another", DocumentState.FILED, TEXT.replace("09:41", "12:18"))
    first = await add(ledger, "first", DocumentState.REVIEW)
    copy = await add(ledger, "copy", DocumentState.ADMITTED)
    found, other = await compare(ledger, copy, TEXT.replace("7.60", "7.80"))
    assert other == first
    assert found.same_paper is not UNSET
    assert (found.same_paper.document, found.needs_review) == ("first", False)
    assert found.same_paper.reason == "has the same time and the same numbers"
    async with ledger.transaction() as tx:
        await update_document(tx, copy.number, result=found)

        async def is_there(_: Place) -> bool:
            return True

        assert await find_first(tx, copy.number, copy.sha256, is_there) == first
        await update_document(tx, first.number, state=DocumentState.DISCARDED, outcome=Outcome.DISCARDED)
        assert await find_first(tx, copy.number, copy.sha256, is_there) is None


@pytest.mark.parametrize("state", [DocumentState.DISCARDED, DocumentState.FAILED, DocumentState.GONE])
async def test_whoever_does_not_count_is_no_first(ledger: Ledger, state: DocumentState) -> None:
    await add(ledger, "first", state)
    found, first = await compare(ledger, await add(ledger, "copy", DocumentState.ADMITTED), TEXT)
    assert (found, first) == (READ, None)


async def test_one_whose_file_is_not_there_is_no_first(ledger: Ledger) -> None:
    await add(ledger, "first", DocumentState.FILED)
    _, first = await compare(ledger, await add(ledger, "copy", DocumentState.ADMITTED), TEXT, "first")
    assert first is None


async def test_what_its_picture_shows_counts_if_the_other_one_still_does(ledger: Ledger) -> None:
    first = await add(ledger, "first", DocumentState.FILED)
    copy = await add(ledger, "copy", DocumentState.ADMITTED, "")

    async def look(likeness: Likeness, *, is_there: bool = True) -> tuple[Expense, Document | None]:
        async def tell(_: Place) -> bool:
            return is_there

        seen = Seen(first.number, Verdict(likeness, "has the same picture"))
        async with ledger.transaction() as tx:
            return await compare_with_known(tx, copy, READ, examined("illegible"), tell, seen=seen)

    found, other = await look(Likeness.SURE)
    assert other == first
    assert found.same_paper is not UNSET
    assert found.same_paper.reason == "has the same picture"
    found, other = await look(Likeness.UNSURE)
    assert (found.looks_like, other) == ("first", None)
    assert (await look(Likeness.SURE, is_there=False))[1] is None
    async with ledger.transaction() as tx:
        await update_document(tx, first.number, state=DocumentState.DISCARDED, outcome=Outcome.DISCARDED)
    assert (await look(Likeness.SURE))[1] is None


async def test_keys_count_only_if_enough_are_shared(ledger: Ledger) -> None:
    first = await add(ledger, "first", DocumentState.FILED, "")
    async with ledger.transaction() as tx:
        await add_keys(tx, first.number, (1, 2, 3, 4))
        assert await list_sharing(tx, (1, 5, 6, 7), 0, 3, 2) == []
        assert [each.id for each in await list_sharing(tx, (1, 2, 6, 7), 0, 3, 2)] == ["first"]


async def test_what_may_be_a_copy_waits_for_a_person_with_both_named(ledger: Ledger) -> None:
    bare = TEXT.replace(" | Time: 09:41", "")
    first = await add(ledger, "first", DocumentState.FILED, bare)
    copy = await add(ledger, "copy", DocumentState.ADMITTED)
    unnamed = replace(READ, vendor=None)
    async with ledger.transaction() as tx:
        found, other = await compare_with_known(tx, copy, unnamed, examined(bare), _always)
    assert other is None
    assert (found.looks_like, found.needs_review, found.same_paper) == ("first", True, UNSET)
    (reason,) = found.reasons
    assert reason.startswith(
        f"It may be another scan of first, filed as {first.place.path}: it has the same numbers, but"
    )


async def _always(_: Place) -> bool:
    return True


async def test_those_that_share_most_keys_come_first_and_common_keys_do_not_hide_them(ledger: Ledger) -> None:
    keys = make_fingerprint(TEXT)
    first = await add(ledger, "first", DocumentState.FILED)
    for number in range(NEWEST_OF_A_KEY + 5):
        other = await add(ledger, f"{number}", DocumentState.FILED, "")
        async with ledger.transaction() as tx:
            await add_keys(tx, other.number, keys[:2])
    async with ledger.transaction() as tx:
        found = await list_sharing(tx, keys, 0, 3)
        assert (found[0].id, len(found)) == (first.id, 3)
        assert await list_sharing(tx, (), 0, 3) == []
