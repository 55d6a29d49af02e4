"""Ledgers that 0.1.0 wrote, read after their migration."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from expensed.event_bus import Bus
from expensed.ledger.documents import get_document, update_document
from expensed.ledger.filings import NewFiling, find_intent, insert_filing
from expensed.ledger.migrate import find_migrations
from expensed.ledger.queries.search import Search, search_documents
from expensed.ledger.rows import Document, Former, Task, TaskInput
from expensed.ledger.store import Ledger
from expensed.ledger.task_moves import insert_task
from expensed.ledger.tasks import get_task
from expensed.model.discard import Discarded
from expensed.model.expense import Corrections, Evidence, Expense, Said
from expensed.model.place import Place
from expensed.model.states import DocumentState, Outcome, Root, Step, TaskOrigin

RELEASED = 6
"""The schema of 0.1.0."""
UNTYPED = 5
"""The last schema whose JSON was made of whatever a client sent."""
SAID = {"amount": 47.1}
READ = {"vendor": "Adobe", "amount": 47.1, "date": "2024-01-15", "category": None, "confidence": 100, "currency": "EUR"}
BY_A_PERSON = {"value": "47.10", "confidence": 1.0, "page": None, "box": None, "text": None,
               "proof": "a person said so"}  # fmt: skip
EXPENSE = Expense(
    vendor="Adobe", amount=Decimal("47.10"), date=date(2024, 1, 15), confidence=100, currency="EUR",
    fields={"amount": Evidence(value="47.10", confidence=1, proof="a person said so", read_as="470.5")},
)  # fmt: skip


def write_untyped(path: Path, shown: dict[str, Any], read_as: object = 470.5, schema: int = UNTYPED) -> None:
    """Write a ledger with one document, filed and now being corrected by a client that had `shown` this."""
    result = READ | {"fields": {"amount": BY_A_PERSON | {"read_as": read_as}}}
    corrections = {"said": SAID, "original": shown, "confirmed": {"vendor": "Adobe"}, "at": "2024-01-15T12:00:00Z"}
    former = {"outcome": "filed", "result": result, "corrections": corrections}
    input = {"expense_data": SAID, "original_extraction": shown, "former": former}
    with closing(sqlite3.connect(path)) as old:
        for version, statements in find_migrations():
            if version <= schema:
                for statement in statements:
                    old.execute(statement)
        old.execute(f"PRAGMA user_version = {schema}")
        old.execute(
            "INSERT INTO documents (id, origin, name, file, state, sha256, size, mtime_ns, place, path, outcome,"
            " result, corrections, created_at, updated_at) VALUES ('old', 'drop', x'61', 'a.pdf', 'filed', '00', 1, 1,"
            " 'archive', x'61', 'filed', ?, ?, '', '')",
            [json.dumps(result), json.dumps(corrections)],
        )
        old.execute(
            "INSERT INTO tasks (id, document, origin, step, state, status, standing, priority, due_at, input, result,"
            " created_at, updated_at) VALUES ('task', 1, 'process', 'process_document', 'PENDING',"
            " 'Task is waiting in queue', 'due', 0, '', ?, ?, '', '')",
            [json.dumps(input), json.dumps({"data": result, "cached": False})],
        )
        old.commit()


@asynccontextmanager
async def read_migrated(path: Path) -> AsyncIterator[tuple[Document, Task]]:
    ledger = Ledger(path, Bus())
    await ledger.open()
    try:
        yield await get_document(ledger, 1), await get_task(ledger, 1)
    finally:
        await ledger.close()


async def expect_shown(path: Path, shown: Said) -> None:
    """Expect the document and its task to hold what a client had shown in its new form."""
    corrections = Corrections(
        said=Said(amount=Decimal("47.1")),
        original=shown,
        confirmed=Said(vendor="Adobe"),
        at="2024-01-15T12:00:00Z",
    )
    async with read_migrated(path) as (document, task):
        assert (document.result, document.corrections) == (EXPENSE, corrections)
        former = Former(Outcome.FILED, EXPENSE, corrections)
        assert task.input == TaskInput(Said(amount=Decimal("47.1")), shown, former)
        assert task.result is not None
        assert task.result.data == EXPENSE


async def test_of_what_a_client_had_shown_what_has_not_the_right_kind_is_let_go(tmp_path: Path) -> None:
    shown = {"vendor": 7, "amount": "47,10", "date": "15.1.2024", "category": "Other", "currency": "EUR"}
    write_untyped(tmp_path / "ledger.sqlite3", shown)
    await expect_shown(tmp_path / "ledger.sqlite3", Said(category="Other", currency="EUR"))


async def test_what_has_the_right_kind_is_kept(tmp_path: Path) -> None:
    shown = {"vendor": "A", "amount": 52.99, "date": "2024-02-29", "category": None, "currency": "", "description": "x"}
    write_untyped(tmp_path / "ledger.sqlite3", shown)
    kept = Said(
        vendor="A", amount=Decimal("52.99"), date=date(2024, 2, 29), category=None, currency="", description="x"
    )
    await expect_shown(tmp_path / "ledger.sqlite3", kept)


ODD: dict[str, list[object]] = {
    "vendor": [7, 7.5, True, {"x": "y"}, ["x"]],
    "amount": ["52.99", "", False, {}, [5]],
    "date": [
        "15.01.2024", "2024-02-30", "2024-1-15", "01/15/2024", "2024-01-15T12:00", "0000-01-01", "0000-00-00",
        "-001-01-01", "now", "", 20240115, 2.5, True, [],
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in ODD.items() for value in values])
async def test_whatever_a_client_had_shown_it_does_not_keep_the_ledger_from_being_read(
    tmp_path: Path, name: str, value: object
) -> None:
    write_untyped(tmp_path / "ledger.sqlite3", {name: value, "category": "Other"})
    await expect_shown(tmp_path / "ledger.sqlite3", Said(category="Other"))


@pytest.mark.parametrize(("read_as", "kept"), [("470.50", "470.50"), (470, "470"), (470.5, "470.5")])
async def test_the_former_reading_of_an_amount_is_text(tmp_path: Path, read_as: object, kept: str) -> None:
    write_untyped(tmp_path / "ledger.sqlite3", {}, read_as)
    async with read_migrated(tmp_path / "ledger.sqlite3") as (document, _):
        assert document.result is not None
        assert document.result.fields["amount"].read_as == kept


async def test_a_released_ledger_takes_discarded_documents_and_is_as_whole_as_before(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    write_untyped(path, {"vendor": "A"}, "470.5", RELEASED)
    ledger = Ledger(path, Bus())
    await ledger.open()
    discarded = Discarded(
        reason=None, duplicate_of=None, at="2024-05-06T07:08:09.000Z", state=DocumentState.FILED,
        outcome=Outcome.FILED, path="a",
    )  # fmt: skip
    try:
        async with ledger.transaction() as tx:
            await update_document(tx, 1, outcome=Outcome.DISCARDED, state=DocumentState.DISCARDED, discarded=discarded)
            source = Place(Root.ARCHIVE, "a")
            await insert_filing(tx, NewFiling(1, Outcome.DISCARDED, "_discarded/a", "00", "{}", None, source))
            for origin in TaskOrigin:
                await insert_task(tx, 1, origin=origin, step=Step.PROCESS)
        intent = await find_intent(ledger, 1)
        assert intent is not None
        assert intent.kind is Outcome.DISCARDED
        (found,) = await search_documents(ledger, Search(words="adob", state=DocumentState.DISCARDED))
        assert (found.result, found.discarded) == (replace(EXPENSE, fields={}), discarded)  # lists show no evidence
        async with ledger.transaction() as tx:
            await update_document(tx, 1, result=Expense(vendor="Nordlicht", confidence=1), text="Coffee to go")
        assert await search_documents(ledger, Search(words="adobe")) == []
        assert [each.number for each in await search_documents(ledger, Search(words="coffee"))] == [1]
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            async with ledger.transaction() as tx:
                await tx.execute("UPDATE documents SET state = 'lost'")
    finally:
        await ledger.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO documents_words (documents_words) VALUES ('integrity-check')")
        kept = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'documents'"
        assert connection.execute(kept).fetchone() >= (3,)
