"""The journal in a real ledger: which entries stand, what stands in whose way, and how they are found."""

from __future__ import annotations

from random import Random

import pytest

from expensed.ledger.documents import NewDocument, insert_document
from expensed.ledger.history.journal import (
    Entry,
    NewEntry,
    find_entry,
    find_last_by_people,
    find_last_of,
    find_later,
    insert_entry,
    list_entries,
    list_since,
)
from expensed.ledger.rows import Former
from expensed.ledger.store import Ledger
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, EntryKind, Root

LATEST = 10**6


async def add(ledger: Ledger, name: str = "a.pdf") -> int:
    async with ledger.transaction() as tx:
        new = NewDocument(name, DocumentOrigin.DROP, name, name, "00", 1, 1, Place(Root.ARCHIVE, name))
        number = await insert_document(tx, new, DocumentState.FILED)
        assert number is not None
        return number


async def enter(ledger: Ledger, document: int, value: str, before: str, undoes: int | None = None) -> None:
    """Enter that a document became `value`, which is told by its path here, and was `before`."""
    former = Former(outcome=None, result=None, corrections=None, path=before)
    kind = EntryKind.CORRECT if undoes is None else EntryKind.UNDO
    async with ledger.transaction() as tx:
        await insert_entry(tx, NewEntry(kind, document, value, "Done.", former, undoes))


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_may_be_undone_leads_to_what_the_standing_entries_say(ledger: Ledger, seed: int) -> None:
    random, document, value = Random(seed), await add(ledger), "0"
    allowed = 0
    for step in range(1, 41):
        entries = await list_entries(ledger, document=document, limit=LATEST)
        open_ones = [each for each in entries if each.undone_by is None and await find_later(ledger, each) is None]
        if random.random() < 0.3 or not open_ones:
            before, value = value, str(step)
            await enter(ledger, document, value, before)
            continue
        chosen = random.choice(open_ones)
        allowed += 1
        assert chosen.before is not None
        before, value = value, str(chosen.before.path)
        await enter(ledger, document, value, before, chosen.number)
        standing = [each for each in await list_entries(ledger, limit=LATEST) if each.undone_by is None]
        assert value == next((each.path for each in standing if each.undoes is None), "0")
    assert allowed > 10
    assert await find_last_of(ledger, document) == await find_last_by_people(ledger)


async def test_an_entry_that_stands_is_in_the_way_of_an_earlier_one_about_the_same_document(ledger: Ledger) -> None:
    one, two = await add(ledger), await add(ledger, "b.pdf")
    await enter(ledger, one, "1", "0")
    await enter(ledger, two, "1", "0")
    await enter(ledger, one, "2", "1")
    first = await find(ledger, 1)
    assert (await find_later(ledger, first)) == await find(ledger, 3)
    await enter(ledger, one, "1", "2", undoes=3)
    assert await find_later(ledger, first) is None
    await enter(ledger, one, "2", "1", undoes=4)
    assert [(await find(ledger, number)).undone_by for number in range(1, 6)] == [None, None, None, 5, None]
    assert (await find_later(ledger, first)) == await find(ledger, 3)


async def find(ledger: Ledger, number: int) -> Entry:
    entry = await find_entry(ledger, number)
    assert entry is not None
    return entry


async def test_however_much_arrives_indexes_find_what_people_did_and_when(ledger: Ledger) -> None:
    document = await add(ledger)
    async with ledger.transaction() as tx:
        for _ in range(500):
            await insert_entry(tx, NewEntry(EntryKind.AUTO_FILED, document, "a.pdf"))
    await enter(ledger, document, "1", "0")
    last = await find_last_by_people(ledger)
    assert last is not None
    assert last.number == 501
    assert await list_since(ledger, last.at, None, 10) == [501]
    assert await list_since(ledger, "2024", 3, 10) == [2, 1]
    condition = "sentence IS NOT NULL AND undone_by IS NULL AND undoes IS NULL"
    (plan,) = await ledger.all(
        f"EXPLAIN QUERY PLAN SELECT number FROM journal WHERE {condition} ORDER BY number DESC LIMIT 1"
    )
    assert "journal_by_people" in plan["detail"]
