"""The ledger on a real SQLite file."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from expensed.errors import BackendUnavailable, Fault
from expensed.event_bus import Bus
from expensed.ledger.documents import NewDocument, find_document, find_first, insert_document, update_document
from expensed.ledger.filings import NewFiling, insert_filing, is_reserved
from expensed.ledger.history.events import list_events
from expensed.ledger.store import Ledger, timestamp
from expensed.ledger.task_moves import insert_task, renew_attempt, start_attempt
from expensed.ledger.tasks import find_unfinished_task, list_due, list_tasks, list_work
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Outcome, Root, Status, Step, TaskOrigin, TaskState


def new(name: str, sha256: str = "00") -> NewDocument:
    place = Place(Root.INBOX, f".expensed/{name}/{name}")
    return NewDocument(name, DocumentOrigin.DROP, name, name, sha256, 1, 1, place)


async def add(ledger: Ledger, name: str, sha256: str = "00") -> int:
    async with ledger.transaction() as tx:
        number = await insert_document(tx, new(name, sha256), DocumentState.ADMITTED)
        assert number is not None
        await insert_task(tx, number, origin=TaskOrigin.DROP, step=Step.EXTRACT)
        return number


async def fail(ledger: Ledger) -> None:
    async with ledger.transaction() as tx:
        number = await insert_document(tx, new("a"), DocumentState.ADMITTED)
        assert number is not None
        await insert_task(tx, number, origin=TaskOrigin.DROP, step=Step.EXTRACT)
        raise ZeroDivisionError


async def test_a_transaction_that_fails_leaves_nothing_and_tells_nobody(ledger: Ledger) -> None:
    with ledger.bus.subscribe() as subscription:
        with pytest.raises(ZeroDivisionError):
            await fail(ledger)
        assert await find_document(ledger, "a") is None
        assert await list_events(ledger, 0) == []
        await add(ledger, "b")
        event = await subscription.get()
        assert event is not None
        assert event.file == "b"


async def test_a_cancelled_transaction_leaves_the_ledger_usable(ledger: Ledger) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with ledger.transaction() as tx:
            await insert_document(tx, new("a"), DocumentState.ADMITTED)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await add(ledger, "b")
    assert await find_document(ledger, "a") is None
    assert await find_document(ledger, "b") is not None


async def test_what_was_committed_is_seen_by_every_reader_at_once(ledger: Ledger) -> None:
    """One unfinished statement on the readers' connection would show all of them the past."""
    ended = asyncio.Event()

    async def read_all_the_time() -> None:
        while not ended.is_set():
            await list_due(ledger, 100)

    readers = [asyncio.create_task(read_all_the_time()) for _ in range(4)]
    for number in range(100):
        await add(ledger, f"d{number}")
        assert await find_document(ledger, f"d{number}") is not None
    ended.set()
    await asyncio.gather(*readers)


async def test_the_same_admission_twice_is_one_document(ledger: Ledger) -> None:
    await add(ledger, "a")
    async with ledger.transaction() as tx:
        assert await insert_document(tx, new("a"), DocumentState.ADMITTED) is None


async def test_an_attempt_is_started_once(ledger: Ledger) -> None:
    number = await add(ledger, "a")
    async with ledger.transaction() as tx:
        await tx.execute("INSERT INTO runs (id, started_at) VALUES ('r', ?)", tx.now)
        task = await find_unfinished_task(tx, number)
        assert task is not None
        assert await start_attempt(tx, task, "r", Status.READING)
        assert not await start_attempt(tx, task, "r", Status.READING)
        assert not await renew_attempt(tx, task)
    assert await list_due(ledger, 10) == []


async def test_due_work_comes_in_order_of_priority_then_age(ledger: Ledger) -> None:
    for name in "abc":
        await add(ledger, name)
    async with ledger.transaction() as tx:
        await tx.execute("UPDATE tasks SET priority = 0 WHERE number = 3")
        soon = timestamp(datetime.now(UTC) + timedelta(seconds=60))
        await tx.execute("UPDATE tasks SET due_at = ? WHERE number = 1", soon)
    assert [task.file for task in await list_due(ledger, 10)] == ["c", "b"]


async def test_the_bell_is_told_of_filings_then_of_what_clients_wait_for_then_of_some_others(ledger: Ledger) -> None:
    for name in "abcdef":
        await add(ledger, name)
    async with ledger.transaction() as tx:
        await tx.execute("UPDATE tasks SET step = ? WHERE number IN (2, 6)", Step.PROCESS)
        await tx.execute("UPDATE tasks SET priority = 0 WHERE number = 5")
        await tx.execute("UPDATE tasks SET standing = 'waiting' WHERE number = 6")
    work = await list_work(ledger, filings=9, awaited=9, bulk=2)
    assert [task.file for task in work] == ["b", "e", "a", "c"]
    assert [task.file for task in await list_work(ledger, filings=0, awaited=0, bulk=9)] == ["a", "c", "d"]


async def test_a_clock_that_was_ahead_once_keeps_nothing_waiting(ledger: Ledger) -> None:
    await add(ledger, "a")
    async with ledger.transaction() as tx:
        await tx.execute("UPDATE tasks SET due_at = '2099-01-01T00:00:00.000000Z'")
    assert [task.file for task in await list_due(ledger, 10)] == ["a"]


async def test_names_that_are_no_utf8_come_back_byte_for_byte(ledger: Ledger) -> None:
    name = b"caf\xe9.pdf".decode("utf-8", "surrogateescape")
    async with ledger.transaction() as tx:
        place = Place(Root.INBOX, f".expensed/id/{name}")
        document = NewDocument("id", DocumentOrigin.DROP, name, "caf?.pdf", "00", 1, 1, place)
        await insert_document(tx, document, DocumentState.ADMITTED)
    found = await find_document(ledger, "id")
    assert found is not None
    assert (found.name, found.place.path) == (name, f".expensed/id/{name}")


async def test_a_reserved_name_covers_its_companions_and_other_spellings(ledger: Ledger) -> None:
    number, inbox = await add(ledger, "a"), Place(Root.INBOX, "x")
    async with ledger.transaction() as tx:
        await insert_filing(tx, NewFiling(number, Outcome.REVIEW, "_review/Straße.pdf", "00", "{}", None, inbox))
        for taken in ("_review/STRASSE.PDF", "_review/straße.pdf.json", "_review/straße.pdf.why.txt"):
            assert await is_reserved(tx, taken)
        assert not await is_reserved(tx, "_review/straße_2.pdf")
        with pytest.raises(sqlite3.IntegrityError):
            await insert_filing(tx, NewFiling(number, Outcome.REVIEW, "_review/b", "00", "{}", None, inbox))


async def test_the_first_of_the_same_bytes_is_the_oldest_whose_bytes_are_there(ledger: Ledger) -> None:
    first, second, third = [await add(ledger, name, "aa") for name in ("a", "b", "c")]
    there = {".expensed/a/a", ".expensed/b/b"}

    async def is_there(place: Place) -> bool:
        return place.path in there

    async with ledger.transaction() as tx:
        found = await find_first(tx, third, "aa", is_there)
        assert found is not None
        assert found.number == first
        for twin in (second, third):
            await update_document(tx, twin, first=first)
        assert await find_first(tx, first, "aa", is_there) is None, "two never wait for each other"
        await update_document(tx, second, first=None)
        found = await find_first(tx, first, "aa", is_there)
        assert found is not None
        assert found.number == second, "which was there before the other does not matter while neither is at rest"
        await update_document(tx, first, state=DocumentState.FILED)
        there.discard(".expensed/a/a")
        found = await find_first(tx, third, "aa", is_there)
        assert found is not None
        assert found.number == second
    gone = await find_document(ledger, "a")
    assert gone is not None
    assert gone.state is DocumentState.GONE


async def test_a_ledger_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    with pytest.raises(BackendUnavailable, match="9999"):
        await Ledger(path, Bus()).open()


async def test_a_broken_ledger_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(BackendUnavailable, match="cannot be opened") as caught:
        await Ledger(path, Bus()).open()
    assert "backup" in caught.value.hint


async def test_it_keeps_its_name_and_every_state_of_a_task_is_an_event(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    first = Ledger(path, Bus())
    await first.open()
    await add(first, "a")
    await first.close()
    second = Ledger(path, Bus())
    await second.open()
    assert second.id == first.id
    assert [event.state for event in await list_events(second, 0)] == [TaskState.PENDING]
    await second.close()


async def test_a_ledger_of_another_schema_is_not_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    ledger = Ledger(path, Bus())
    await ledger.open()
    await ledger.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(BackendUnavailable, match="schema 0"):
        await Ledger(path, Bus()).open_read_only()


async def test_a_list_of_tasks_does_not_carry_what_no_list_shows(ledger: Ledger) -> None:
    for name in "abc":
        await add(ledger, name)
    async with ledger.transaction() as tx:
        await tx.execute("UPDATE tasks SET input = '{}', result = '{}', trace = 'x', error = '{}'")
    assert {(task.input, task.result, task.trace) for task in await list_tasks(ledger)} == {(None, None, None)}
    assert [task.error for task in await list_tasks(ledger, before=2)] == [Fault()]
    assert [task.number for task in await list_tasks(ledger, document=2)] == [2]
    assert [task.number for task in await list_tasks(ledger, file="c", state=TaskState.PENDING)] == [3]
