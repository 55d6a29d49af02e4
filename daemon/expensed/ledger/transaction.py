"""A transaction as the ledger's queries see it: statements, and the events to publish once it has committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

from expensed.model.events import Event

Row = sqlite3.Row
SqlValue: TypeAlias = str | int | bytes | None
"""A value a statement takes. States are text, and so are amounts, which queries compare as numbers."""


def timestamp(moment: datetime | None = None) -> str:
    """Format a UTC time as the ledger stores it: fixed width, so that text order is time order."""
    return (moment or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Statements(Protocol):
    """The connection interface that a transaction needs; an `aiosqlite.Connection` provides it."""

    @property
    def total_changes(self) -> int:
        """How many rows have changed since the connection was opened."""

    async def execute_fetchall(self, sql: str, parameters: Iterable[SqlValue] = ...) -> Iterable[Row]:
        """Run a statement; return all its rows."""

    async def execute_insert(self, sql: str, parameters: Iterable[SqlValue] = ...) -> Row | None:
        """Run an INSERT; return a row with the new row's number."""


class Transaction:
    """One open transaction: its statements, and the events that go out once it has committed.

    Others wait for all of it, and each statement may be a hand-over to the connection's thread and back, so use few.
    """

    def __init__(self, connection: Statements) -> None:
        self._connection = connection
        self.now = timestamp()
        self.events: list[Event] = []
        self.wakes = False
        self.newest_filing = 0
        """The number of the last filing begun in it; 0 if there is none."""

    async def execute(self, sql: str, *values: SqlValue) -> bool:
        """Run one statement; return whether it changed any row."""
        before = self._connection.total_changes
        await self._connection.execute_fetchall(sql, values)
        return self._connection.total_changes != before

    async def insert(self, sql: str, *values: SqlValue) -> int:
        """Insert one row; return its number."""
        row = await self._connection.execute_insert(sql, values)
        if row is None:
            raise sqlite3.IntegrityError("nothing was inserted")
        return int(row[0])

    async def one(self, sql: str, *values: SqlValue) -> Row | None:
        """Return the first row of a query or of a RETURNING clause, or None."""
        return next(iter(await self._connection.execute_fetchall(sql, values)), None)

    async def all(self, sql: str, *values: SqlValue) -> list[Row]:
        """Return all rows of a query."""
        return list(await self._connection.execute_fetchall(sql, values))

    def wake_bell(self) -> None:
        """Tell the bell, after the commit, that work may be due."""
        self.wakes = True
