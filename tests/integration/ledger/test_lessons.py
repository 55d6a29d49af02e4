"""Lessons on a real ledger: one for each document, found by keys, noted where they were used."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from expensed.event_bus import Bus
from expensed.ledger.documents import NewDocument, insert_document, update_document
from expensed.ledger.lessons import MOST_FOUND, NEWEST_OF_A_KEY, drop_lesson, find_lesson, keep_lesson, list_lessons
from expensed.ledger.migrate import find_migrations
from expensed.ledger.store import Ledger
from expensed.model.expense import Expense
from expensed.model.lesson import Lesson
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Root

BEFORE = 13
"""The last schema with lessons by heading."""


async def add(ledger: Ledger, name: str) -> int:
    async with ledger.transaction() as tx:
        new = NewDocument(name, DocumentOrigin.DROP, name, name, "00", 1, 1, Place(Root.INBOX, name))
        number = await insert_document(tx, new, DocumentState.ADMITTED)
        assert number is not None
        return number


async def keep(ledger: Ledger, lesson: Lesson, *keys: str) -> None:
    async with ledger.transaction() as tx:
        await keep_lesson(tx, lesson, keys)


async def test_a_document_teaches_once_and_its_latest_word_counts(ledger: Ledger) -> None:
    first = Lesson(number=await add(ledger, "a"), document="a", vendor="Adobe", at="1")
    second = Lesson(number=await add(ledger, "b"), document="b", vendor="Adobe Inc", at="2")
    await keep(ledger, first, "start:adob", "number:1")
    await keep(ledger, replace(first, vendor="Adobe Systems"), "start:adob")
    await keep(ledger, second, "start:adob")
    found = await list_lessons(ledger, ["start:adob", "end:none"])
    assert [each.vendor for each in found] == ["Adobe Inc", "Adobe Systems"]
    assert await list_lessons(ledger, ["number:1"]) == await list_lessons(ledger, []) == []
    async with ledger.transaction() as tx:
        await drop_lesson(tx, first.number)
    assert await find_lesson(ledger, first.number) is None
    assert await list_lessons(ledger, ["start:adob"]) == [second]


async def test_what_is_forgotten_is_kept_but_not_found(ledger: Ledger) -> None:
    lesson = Lesson(number=await add(ledger, "a"), vendor="Adobe", at="1", forgotten_at="2")
    await keep(ledger, lesson, "start:adob")
    assert (await find_lesson(ledger, 1), await list_lessons(ledger, ["start:adob"])) == (lesson, [])


async def test_of_a_key_that_many_share_the_newest_are_found(ledger: Ledger) -> None:
    for number in range(NEWEST_OF_A_KEY + 5):
        lesson = Lesson(number=await add(ledger, str(number)), vendor=str(number))
        await keep(ledger, lesson, "start:shop", *(["number:1"] if number == 0 else []))
    newest = list(range(NEWEST_OF_A_KEY + 5, 5, -1))
    assert [each.number for each in await list_lessons(ledger, ["start:shop"])] == newest
    assert [each.number for each in await list_lessons(ledger, ["start:shop", "number:1"])] == [1, *newest[:-1]]


async def test_the_lessons_that_a_result_was_made_with_are_noted(ledger: Ledger) -> None:
    number = await add(ledger, "a")
    for lessons in ((3, 5), (5,), ()):
        async with ledger.transaction() as tx:
            await update_document(tx, number, result=Expense(confidence=0, lessons=lessons))
        rows = await ledger.all("SELECT lesson FROM lessons_used WHERE document = ? ORDER BY lesson", number)
        assert tuple(row["lesson"] for row in rows) == lessons


async def test_lessons_by_heading_are_migrated(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        for version, statements in find_migrations():
            if version <= BEFORE:
                for statement in statements:
                    old.execute(statement)
        old.execute(f"PRAGMA user_version = {BEFORE}")
        old.execute(
            "INSERT INTO documents (id, origin, name, file, state, sha256, size, mtime_ns, place, path, created_at,"
            " updated_at) VALUES ('old', 'drop', x'61', 'a.pdf', 'filed', '00', 1, 1, 'archive', x'61', '', '')"
        )
        old.executemany(
            "INSERT INTO lessons VALUES (?, 1, ?, ?, ?)",
            [("nordlichtcafe", "Nordlicht", None, "2024-01-01"), ("shown", "North", "Travel", "2024-01-02")],
        )
        old.commit()
    ledger = Ledger(path, Bus())
    await ledger.open()
    lesson = Lesson(
        number=1, document="old", identifiers=("read:nordlichtcafe", "read:shown"), vendor="North", category="Travel",
        at="2024-01-02",
    )  # fmt: skip
    for key in ("start:nord", "end:cafe", "start:show", "end:hown"):
        assert await list_lessons(ledger, [key]) == [lesson]
    (row,) = await ledger.all("SELECT * FROM lessons")
    assert (row["vendor"], row["category"], row["taught_at"], row["forgotten_at"]) == (
        "North", "Travel", "2024-01-02", None
    )  # fmt: skip
    assert json.loads(row["told"])["number"] == 1
    await ledger.close()


async def test_looking_up_stays_quick_among_many(ledger: Ledger) -> None:
    """Most lessons share the beginning of a name with the document, as in a town whose shops are all called `Shop`."""
    rows = 20_000
    async with ledger.transaction() as tx:
        await tx.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO documents"
            " (id, origin, name, file, state, sha256, size, mtime_ns, place, path, created_at, updated_at)"
            " SELECT i, 'drop', x'61', 'a', 'filed', '00', 1, 1, 'archive', x'61', '', '' FROM n",
            rows,
        )
        await tx.execute(
            "INSERT INTO lessons (number, told, taught_at) SELECT number, json_object('number', number), ''"
            " FROM documents"
        )
        await tx.execute(
            "INSERT INTO lesson_keys SELECT 'start:shop', number FROM documents UNION ALL"
            " SELECT 'number:' || number, number FROM documents"
        )
    keys = ["start:shop", *(f"number:{number}" for number in range(1, 40))]
    started = time.perf_counter()
    assert len(await list_lessons(ledger, keys)) == MOST_FOUND
    assert time.perf_counter() - started < 0.05
