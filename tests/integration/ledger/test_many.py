"""What keeps a ledger with many documents cheap: kept counts, connections of their own, and nothing that piles up."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from expensed.errors import Corrupt
from expensed.event_bus import Bus
from expensed.ledger.documents import NewDocument, insert_document, update_document
from expensed.ledger.filings import NewFiling, find_intent, insert_filing, leave_earlier_filings, set_filing_state
from expensed.ledger.history.events import list_events, take_snapshot
from expensed.ledger.migrate import find_migrations
from expensed.ledger.queries.counts import count_all, list_running
from expensed.ledger.queries.export import list_numbers, read_page
from expensed.ledger.queries.search import Search, search_documents
from expensed.ledger.store import LONGEST_WAL_BYTES, Ledger, Purpose, Transaction, timestamp
from expensed.ledger.task_moves import end_task, forget_progress, insert_task, pass_on, set_status, start_attempt
from expensed.ledger.tasks import get_task
from expensed.model.expense import Expense
from expensed.model.place import Place
from expensed.model.states import (
    DocumentOrigin,
    DocumentState,
    FilingState,
    Outcome,
    Root,
    Status,
    Step,
    TaskOrigin,
    TaskState,
)

SLOW = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600000) SELECT max(i) AS most FROM n"
"""A query that takes a good tenth of a second."""
NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=100)


async def insert(tx: Transaction, name: str, state: DocumentState = DocumentState.ADMITTED) -> int:
    place = Place(Root.INBOX, f".expensed/{name}/{name}")
    number = await insert_document(tx, NewDocument(name, DocumentOrigin.DROP, name, name, name, 1, 1, place), state)
    assert number is not None
    return number


async def add(ledger: Ledger, name: str) -> tuple[int, int]:
    """Add a document with its task; return the numbers of both."""
    async with ledger.transaction() as tx:
        await tx.execute("INSERT OR IGNORE INTO runs (id, started_at) VALUES ('run', '')")
        document = await insert(tx, name)
        return document, await insert_task(tx, document, origin=TaskOrigin.DROP, step=Step.EXTRACT)


def count(path: Path, table: str) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as counting:
        return dict(counting.execute(f"SELECT state, count(*) FROM {table} GROUP BY 1"))


async def expect_right_counts(ledger: Ledger) -> None:
    found = await count_all(ledger, NOW, NOW)
    for table, counts in (("documents", found.documents), ("tasks", found.tasks)):
        assert {state: number for state, number in counts.items() if number} == count(ledger.path, table)
    assert (await take_snapshot(ledger)).documents == count(ledger.path, "documents")


async def test_the_kept_counts_follow_every_change(ledger: Ledger) -> None:
    await expect_right_counts(ledger)
    numbers = [await add(ledger, name) for name in "abcd"]
    await expect_right_counts(ledger)
    async with ledger.transaction() as tx:
        assert await insert_document(
            tx, NewDocument("a", DocumentOrigin.DROP, "a", "a", "a", 1, 1, Place(Root.INBOX, "a")), DocumentState.READ
        ) is None  # fmt: skip
        await update_document(tx, numbers[0][0], state=DocumentState.FILED)
        await update_document(tx, numbers[1][0], state=DocumentState.ADMITTED)
        await start_attempt(tx, await get_task(tx, numbers[0][1]), "run", Status.READING)
        await end_task(tx, await get_task(tx, numbers[0][1]), TaskState.SUCCESS)
    await expect_right_counts(ledger)

    async def fail(tx: Transaction) -> None:
        await update_document(tx, numbers[2][0], state=DocumentState.REVIEW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ledger.change(fail)
    await expect_right_counts(ledger)
    with closing(sqlite3.connect(ledger.path)) as person:
        person.execute("DELETE FROM attempts")
        person.execute("DELETE FROM tasks WHERE number = ?", [numbers[3][1]])
        person.execute("DELETE FROM documents WHERE number = ?", [numbers[3][0]])
        person.commit()
    await expect_right_counts(ledger)
    assert count(ledger.path, "documents") == {"admitted": 2, "filed": 1}


@pytest.fixture
async def plans(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ways by which SQLite answers each query, as EXPLAIN QUERY PLAN says."""
    ways: list[str] = []
    ask = ledger.all

    async def note(sql: str, *values: object, **how: object) -> object:
        with closing(sqlite3.connect(ledger.path)) as explaining:
            ways.extend(str(way) for *_, way in explaining.execute(f"EXPLAIN QUERY PLAN {sql}", values))
        return await ask(sql, *values, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger, "all", note)
    return ways


async def test_no_count_looks_at_all_documents_or_tasks(ledger: Ledger, plans: list[str]) -> None:
    await add(ledger, "a")
    await count_all(ledger, NOW, NOW)
    await take_snapshot(ledger)
    await list_running(ledger, 5)
    scans = [way for way in plans if way.startswith("SCAN") and way.split()[1] in {"documents", "tasks", "d", "t"}]
    assert [way for way in scans if not way.endswith("tasks_unfinished")] == []


async def test_a_ledger_from_before_the_counts_were_kept_has_right_ones_after_its_migration(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        for version, statements in find_migrations():
            if version <= 6:
                for statement in statements:
                    old.execute(statement)
        old.execute("PRAGMA user_version = 6")
        for number, state in enumerate(("filed", "filed", "review"), start=1):
            old.execute(
                "INSERT INTO documents (id, origin, name, file, state, sha256, size, mtime_ns, place, path, created_at,"
                " updated_at) VALUES (?, 'drop', x'61', 'a.pdf', ?, '00', 1, 1, 'archive', x'61', '', '')",
                [f"a{number}", state],
            )
            old.execute(
                "INSERT INTO tasks (id, document, origin, step, state, status, standing, priority, due_at, created_at,"
                " updated_at) VALUES (?, ?, 'drop', 'process_document', 'SUCCESS', 'Completed', 'ended', 0, '', '',"
                " '')",
                [f"t{number}", number],
            )
            old.execute(
                "INSERT INTO filings (document, kind, path, sha256, sidecar, note, source_place, source_path, state,"
                " created_at, updated_at) VALUES (?, 'filed', 'a', '00', '{}', 'n', 'inbox', x'61', ?, '', '')",
                [number, ("closed", "left", "filed")[number - 1]],
            )
        old.commit()
    ledger = Ledger(path, Bus())
    await ledger.open()
    try:
        await expect_right_counts(ledger)
        await add(ledger, "new")
        await expect_right_counts(ledger)
        rows = await ledger.all("SELECT state, sidecar, note FROM filings ORDER BY number")
        assert [tuple(row) for row in rows] == [("closed", "", "n"), ("left", "", "n"), ("filed", "{}", "n")]
    finally:
        await ledger.close()


async def test_no_long_query_keeps_one_of_another_purpose_waiting(ledger: Ledger) -> None:
    await add(ledger, "a")
    for quick in Purpose:
        other = next(purpose for purpose in Purpose if purpose is not quick)
        slow = asyncio.create_task(ledger.all(SLOW, by=other))
        await asyncio.sleep(0)
        (row,) = await ledger.all("SELECT count(*) AS number FROM documents", by=quick)
        assert row["number"] == 1
        assert not slow.done()
        await slow


FACTS = (
    ("Bakery", DocumentState.FILED, "Groceries", date(2024, 1, 5)),
    ("Bookshop", DocumentState.REVIEW, "Other", None),
    ("Bakery", DocumentState.FILED, "Other", date(2024, 1, 1)),
    ("Café", DocumentState.FILED, "Groceries", date(2023, 12, 31)),
    ("Cobbler", DocumentState.FAILED, None, date(2024, 1, 5)),
    ("Baker & Café", DocumentState.FILED, "Groceries", date(2024, 1, 1)),
)


async def add_facts(ledger: Ledger) -> None:
    async with ledger.transaction() as tx:
        for number, (vendor, state, category, day) in enumerate(FACTS):
            document = await insert(tx, f"scan_{number}.pdf", state)
            expense = Expense(vendor=vendor, category=category, date=day, amount=Decimal(number + 1), confidence=0)
            await update_document(tx, document, result=expense, text=f"page {number}")


async def test_any_search_finds_what_matches_all_that_was_asked_newest_first(ledger: Ledger) -> None:
    await add_facts(ledger)
    for words, state, category, since, until, before in itertools.product(
        (None, "ba", "page", "ca ba"), (None, DocumentState.FILED, DocumentState.FAILED), (None, "Groceries"),
        (None, "2024-01-01"), (None, "2024-01-04"), (None, 5),
    ):  # fmt: skip
        search = Search(words=words, state=state, category=category, since=since, until=until, before=before, limit=2)
        expected = []
        for number, (vendor, has_state, has_category, day) in reversed(list(enumerate(FACTS, start=1))):
            text = f"{vendor} scan page {number - 1}".lower().replace("é", "e").replace("&", "").split()
            is_said = all(any(each.startswith(word) for each in text) for word in (words or "").split())
            is_in_time = (since is None or (day is not None and str(day) >= since)) and (
                until is None or (day is not None and str(day) <= until)
            )
            is_of_kind = state in (None, has_state) and category in (None, has_category)
            if is_said and is_in_time and is_of_kind and (before is None or number < before):
                expected.append(number)
        found = [document.number for document in await search_documents(ledger, search)]
        assert found == expected[:2], search


async def test_no_search_sorts_or_reads_rows_that_it_does_not_show(ledger: Ledger, plans: list[str]) -> None:
    await add_facts(ledger)
    for search in (
        Search(words="ba"), Search(words="ba", state=DocumentState.FILED), Search(since="2024-01-01"),
        Search(words="ba", before=5), Search(category="Other"), Search(state=DocumentState.FILED, until="2024-01-01"),
    ):  # fmt: skip
        plans.clear()
        await search_documents(ledger, search)
        assert not any("TEMP B-TREE" in way for way in plans), (search, plans)
        rows = [way for way in plans if way.startswith(("SCAN d ", "SCAN documents "))]
        assert rows == [], (search, plans)


async def test_an_export_is_in_the_order_of_days_and_pages_are_read_as_they_are_then(ledger: Ledger) -> None:
    await add_facts(ledger)
    numbers = await list_numbers(ledger, Search())
    assert list(numbers) == [4, 3, 6, 1, 5, 2]
    assert list(await list_numbers(ledger, Search(words="ba", state=DocumentState.FILED))) == [3, 6, 1]
    assert list(await list_numbers(ledger, Search(words="nowhere"))) == []
    async with ledger.transaction() as tx:
        await update_document(tx, 6, result=Expense(vendor="Corrected", confidence=0))
    page = await read_page(ledger, numbers[1:3])
    assert [(each.number, each.result.vendor if each.result else None) for each in page] == [
        (3, "Bakery"), (6, "Corrected")
    ]  # fmt: skip


async def file(ledger: Ledger, document: int, path: str) -> None:
    new = NewFiling(document, Outcome.FILED, path, "00", '{"much": "text"}', "a note", Place(Root.INBOX, "x"))
    async with ledger.transaction() as tx:
        await insert_filing(tx, new)
        filing = await find_intent(tx, document)
        assert filing is not None
        assert filing.sidecar == '{"much": "text"}'
        await set_filing_state(tx, filing, FilingState.FILED)
        await set_filing_state(tx, filing, FilingState.CLOSED)
        await leave_earlier_filings(tx, filing.document, filing.number)


async def test_a_closed_filing_forgets_its_sidecar_and_keeps_its_note(ledger: Ledger) -> None:
    document, _ = await add(ledger, "a")
    await file(ledger, document, "2024/a.pdf")
    await file(ledger, document, "2024/b.pdf")
    rows = await ledger.all("SELECT state, sidecar, note FROM filings ORDER BY number")
    assert [tuple(row) for row in rows] == [("left", "", "a note"), ("closed", "", "a note")]


async def go_all_the_way(ledger: Ledger, name: str, at: datetime) -> None:
    document, task = await add(ledger, name)
    async with ledger.transaction() as tx:
        tx.now = timestamp(at)
        await start_attempt(tx, await get_task(tx, task), "run", Status.READING)
        await set_status(tx, task, Status.ENHANCING)
        await pass_on(tx, await get_task(tx, task))
        await update_document(tx, document, state=DocumentState.FAILED)
        await end_task(tx, await get_task(tx, task), TaskState.FAILURE, Corrupt("broken").fault)


async def test_of_what_ended_long_ago_the_progress_is_forgotten_and_the_end_is_kept(ledger: Ledger) -> None:
    await go_all_the_way(ledger, "old", LONG_AGO)
    await go_all_the_way(ledger, "new", NOW)
    _, running = await add(ledger, "running")
    async with ledger.transaction() as tx:
        tx.now = timestamp(LONG_AGO)
        await start_attempt(tx, await get_task(tx, running), "run", Status.READING)
    before = await list_events(ledger, 0)
    async with ledger.transaction() as tx:
        await forget_progress(tx, timestamp(NOW - timedelta(days=30)), 2)
    assert len(await list_events(ledger, 0)) == len(before) - 2
    async with ledger.transaction() as tx:
        await forget_progress(tx, timestamp(NOW - timedelta(days=30)), 1000)
    kept = [(event.document_id, event.state) for event in await list_events(ledger, 0)]
    assert kept[:2] == [("old", TaskState.PENDING), ("old", TaskState.FAILURE)]
    assert kept[2:] == [(event.document_id, event.state) for event in before if event.document_id != "old"]
    resumed = await list_events(ledger, before[1].id)
    assert resumed[0].error == "broken"


async def test_the_wal_shrinks_again_after_a_burst(ledger: Ledger) -> None:
    wal = ledger.path.with_name(f"{ledger.path.name}-wal")

    async def write(number: int, mb: int) -> None:
        async with ledger.transaction() as tx:
            await tx.execute(
                "INSERT OR REPLACE INTO readings VALUES (?, 'r', hex(zeroblob(?)), '')", str(number), mb << 19
            )

    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as slow:
        slow.execute("BEGIN")
        slow.execute("SELECT * FROM facts").fetchall()  # a snapshot that no checkpoint can pass
        for number in range(5):
            await write(number, 6)
        assert wal.stat().st_size > LONGEST_WAL_BYTES + (4 << 20)
    for number in range(3):
        await write(number, 1)
    assert wal.stat().st_size <= LONGEST_WAL_BYTES
