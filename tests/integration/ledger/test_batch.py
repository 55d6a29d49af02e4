"""Changes requested at the same time share one commit, and each is made whole or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from tests.integration.ledger.test_store import new

from expensed.errors import BackendUnavailable
from expensed.event_bus import Bus
from expensed.ledger import store
from expensed.ledger.batch import Change, Connection
from expensed.ledger.documents import find_document, insert_document, update_document
from expensed.ledger.history.events import list_events
from expensed.ledger.store import Ledger, Transaction
from expensed.ledger.task_moves import insert_task
from expensed.model.states import DocumentState, Step, TaskOrigin


def adding(name: str, error: Exception | None = None) -> Change[int]:
    """A change that adds a document and a task for it; with an error, at its very end."""

    async def add(tx: Transaction) -> int:
        number = await insert_document(tx, new(name), DocumentState.ADMITTED)
        assert number is not None
        await insert_task(tx, number, origin=TaskOrigin.DROP, step=Step.EXTRACT)
        if error is not None:
            raise error
        return number

    return add


def count_commits(path: Path) -> int:
    """Count the frames in the write-ahead log that end a transaction: those that state the size of the database."""
    content = path.with_name(path.name + "-wal").read_bytes()
    page = int.from_bytes(content[8:12], "big")
    heads = range(32, len(content), 24 + page)
    return sum(int.from_bytes(content[head + 4 : head + 8], "big") > 0 for head in heads)


async def test_changes_of_one_moment_share_a_commit_and_each_gets_its_own_answer(ledger: Ledger) -> None:
    before = count_commits(ledger.path)
    names = [f"d{number}" for number in range(50)]
    numbers = await asyncio.gather(*(ledger.change(adding(name)) for name in names))
    rows = await ledger.all("SELECT number, id FROM documents ORDER BY number")
    assert [(row["number"], row["id"]) for row in rows] == list(zip(numbers, names, strict=True))
    assert count_commits(ledger.path) - before == 1


async def test_events_go_out_once_each_and_in_order_after_the_commit(ledger: Ledger) -> None:
    with ledger.bus.subscribe() as subscription:
        await asyncio.gather(*(ledger.change(adding(f"d{number}")) for number in range(20)))
        heard = [await subscription.get() for _ in range(20)]
    assert heard == await list_events(ledger, 0)


async def test_one_that_fails_leaves_nothing_and_the_others_as_they_are(ledger: Ledger) -> None:
    with ledger.bus.subscribe() as subscription:
        changes = [adding("a"), adding("b", ZeroDivisionError()), adding("c")]
        found = await asyncio.gather(*map(ledger.change, changes), return_exceptions=True)
        assert [found[0], type(found[1]), found[2]] == [1, ZeroDivisionError, 2]
        heard = [await subscription.get() for _ in range(2)]
        assert [event and event.file for event in heard] == ["a", "c"]
    assert await find_document(ledger, "b") is None
    assert [event.file for event in await list_events(ledger, 0)] == ["a", "c"]


async def test_a_change_that_waits_for_something_else_is_refused_and_undone(ledger: Ledger) -> None:
    async def wait(tx: Transaction) -> None:
        await adding("a")(tx)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="nothing but the ledger"):
        await ledger.change(wait)
    assert await find_document(ledger, "a") is None
    assert await ledger.change(adding("b")) == 1


async def test_a_change_that_may_wait_is_made_once_whether_it_has_to_or_not(ledger: Ledger) -> None:
    async def wait(tx: Transaction) -> int | None:
        number = await adding("a")(tx)
        await asyncio.sleep(0)
        return number

    with ledger.bus.subscribe() as subscription:
        assert await ledger.change_or_wait(wait) == 1
        assert await ledger.change_or_wait(adding("b")) == 2
        heard = [await subscription.get() for _ in range(2)]
    assert [event and event.file for event in heard] == ["a", "b"]
    assert heard == await list_events(ledger, 0)


async def test_an_error_in_what_one_asks_of_sqlite_is_its_own(ledger: Ledger) -> None:
    async def ask_nonsense(tx: Transaction) -> None:
        await adding("b")(tx)
        await tx.one("SELECT json_extract('{bad', '$.message')")

    changes: list[Change[int | None]] = [adding("a"), ask_nonsense, adding("c")]
    found = await asyncio.gather(*map(ledger.change, changes), return_exceptions=True)
    assert [found[0], type(found[1]), found[2]] == [1, BackendUnavailable, 2]
    assert "malformed JSON" in str(found[1])


async def test_with_a_ledger_that_cannot_be_written_none_is_made(ledger: Ledger, monkeypatch) -> None:
    monkeypatch.setattr(store, "BUSY_TIMEOUT_S", 0.1)
    impatient = Ledger(ledger.path, Bus())
    await impatient.open()
    holder = sqlite3.connect(ledger.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        found = await asyncio.gather(*(impatient.change(adding(name)) for name in "abc"), return_exceptions=True)
        assert [type(each) for each in found] == [BackendUnavailable] * 3
        assert "locked" in str(found[0])
    finally:
        holder.close()
    assert await ledger.one("SELECT 1 FROM documents") is None
    assert await impatient.change(adding("a")) == 1
    await impatient.close()


async def test_nobody_waits_for_another_program_after_someone_else_has(ledger: Ledger, monkeypatch) -> None:
    monkeypatch.setattr(store, "BUSY_TIMEOUT_S", 0.4)
    impatient = Ledger(ledger.path, Bus())
    await impatient.open()
    holder = sqlite3.connect(ledger.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    async def add_in_transaction(name: str) -> None:
        async with impatient.transaction() as tx:
            await adding(name)(tx)

    async def add_later(name: str) -> int | None:
        await asyncio.sleep(0.1)
        return await impatient.change(adding(name))

    try:
        began = time.monotonic()
        asked = [*map(add_in_transaction, "abcdef"), impatient.change(adding("g")), *map(add_later, "hi")]
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(each) for each in found] == [BackendUnavailable] * len(asked)
        assert time.monotonic() - began < 2 * 0.4 + 0.3
        assert "locked" in (impatient.condition.trouble or "")
        with pytest.raises(BackendUnavailable, match="locked"):
            await impatient.try_writing()
    finally:
        holder.close()
    assert await impatient.change(adding("z")) is not None
    assert impatient.condition.trouble is None
    await impatient.try_writing()
    await impatient.close()


async def allow_pages(ledger: Ledger, count: int) -> None:
    """Let the file grow to this many pages, as if the disk were then full."""
    async with ledger.transaction() as tx:
        await tx.execute(f"PRAGMA max_page_count = {count}")


async def test_a_disk_that_is_full_in_the_middle_undoes_all_and_tells_nobody(ledger: Ledger) -> None:
    async def add_large(tx: Transaction) -> int:
        number = await adding("large")(tx)
        await update_document(tx, number, text="word " * 100_000)
        return number

    await allow_pages(ledger, 60)
    changes = [adding("a"), add_large, adding("c")]
    with ledger.bus.subscribe() as subscription:
        found = await asyncio.gather(*map(ledger.change, changes), return_exceptions=True)
        assert [type(each) for each in found] == [BackendUnavailable] * 3
        assert len({id(each) for each in found}) == 3, "each has an error of its own"
        assert "full" in str(found[0])
        assert await ledger.all("SELECT 1 FROM documents UNION ALL SELECT 1 FROM events") == []
        await allow_pages(ledger, 100_000)
        assert await asyncio.gather(*map(ledger.change, changes)) == [1, 2, 3]
        heard = [await subscription.get() for _ in range(3)]
    assert [event and event.file for event in heard] == ["a", "large", "c"]


async def test_what_cannot_be_committed_is_not_answered_for(ledger: Ledger) -> None:
    async def add_to_nothing(tx: Transaction) -> None:
        await tx.execute("PRAGMA defer_foreign_keys = ON")
        await tx.execute("UPDATE tasks SET document = 77")

    assert await ledger.change(adding("a")) == 1
    changes: list[Change[int | None]] = [adding("b"), add_to_nothing]
    with ledger.bus.subscribe() as subscription:
        found = await asyncio.gather(*map(ledger.change, changes), return_exceptions=True)
        assert [type(each) for each in found] == [sqlite3.IntegrityError] * 2
        assert await ledger.change(adding("c")) == 2
        event = await subscription.get()
    assert event is not None
    assert event.file == "c"


async def test_a_connection_that_is_of_no_more_use_leaves_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Connection] = []

    def connect(*given: Any, **named: Any) -> Connection:
        made.append(Connection(*given, **named))
        return made[-1]

    monkeypatch.setattr(store, "Connection", connect)
    ledger = Ledger(tmp_path / "ledger.sqlite3", Bus())
    await ledger.open()
    writer, *_ = made
    await writer.close()
    async with asyncio.timeout(5):
        found = await asyncio.gather(*(ledger.change(adding(name)) for name in "ab"), return_exceptions=True)
    assert all(isinstance(each, Exception) for each in found)
    await ledger.close()


async def test_what_was_asked_for_before_the_end_is_made_and_nothing_after_it(ledger: Ledger) -> None:
    asked = [asyncio.create_task(ledger.change(adding(name))) for name in "ab"]
    await asyncio.sleep(0)
    await ledger.close()
    assert await asyncio.gather(*asked) == [1, 2]
    with pytest.raises(BackendUnavailable):
        await ledger.change(adding("c"))


async def test_who_is_cancelled_while_its_change_is_made_is_held_until_that_is_done(ledger: Ledger) -> None:
    begun = threading.Event()

    async def add_slowly(tx: Transaction) -> int:
        begun.set()
        time.sleep(0.2)  # noqa: ASYNC251 - in the connection's own thread, as a slow disk would
        return await adding("a")(tx)

    waiting = asyncio.create_task(ledger.change(add_slowly))
    await asyncio.to_thread(begun.wait)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()
    assert await find_document(ledger, "a") is not None
    assert await ledger.change(adding("b")) == 2


async def test_who_is_cancelled_before_its_turn_has_changed_nothing(ledger: Ledger) -> None:
    async with ledger.transaction():
        waiting = asyncio.create_task(ledger.change(adding("a")))
        other = asyncio.create_task(ledger.change(adding("b")))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert await other == 1
    assert await find_document(ledger, "a") is None


async def test_changes_and_transactions_take_turns(ledger: Ledger) -> None:
    async def transact(name: str) -> int:
        async with ledger.transaction() as tx:
            await asyncio.sleep(0)
            return await adding(name)(tx)

    calls: list[Awaitable[int]] = [
        ledger.change(adding(f"c{n}")) if n % 3 else transact(f"t{n}") for n in range(60)
    ]  # fmt: skip
    assert sorted(await asyncio.gather(*calls)) == list(range(1, 61))
    assert len(await list_events(ledger, 0)) == 60
