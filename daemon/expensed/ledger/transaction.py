"""A transaction as the queries of this room see it: statements, and what is to be told once it has committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

Row = sqlite3.Row


def timestamp(moment: datetime | None = None) -> str:
    """A UTC time as the ledger stores it: fixed width, so that text order is time order."""
    return (moment or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Statements(Protocol):
    """What a transaction needs of a connection; an `aiosqlite.Connection` is one."""

    @property
    def total_changes(self) -> int:
        """Rows changed since the connection was opened."""

    async def execute_fetchall(self, sql: str, parameters: Iterable[Any] = ...) -> Iterable[Row]:
        """All rows of a statement."""

    async def execute_insert(self, sql: str, parameters: Iterable[Any] = ...) -> Row | None:
        """Run an INSERT; a row with the new row's number."""


class Transaction:
    """One open transaction: statements, and the events that go out when it has committed.

    Others wait for the whole of it, and each statement may be a hand-over to the connection's thread and back: it
    should take few of them.
    """

    def __init__(self, connection: Statements) -> None:
        self._connection = connection
        self.now = timestamp()
        self.events: list[dict[str, Any]] = []
        self.wakes = False

    async def execute(self, sql: str, *values: Any) -> bool:
        """Run one statement; has it changed any row?"""
        before = self._connection.total_changes
        await self._connection.execute_fetchall(sql, values)
        return self._connection.total_changes != before

    async def insert(self, sql: str, *values: Any) -> int:
        """Run one INSERT of one row; its number."""
        row = await self._connection.execute_insert(sql, values)
        if row is None:
            raise sqlite3.IntegrityError("nothing was inserted")
        return int(row[0])

    async def one(self, sql: str, *values: Any) -> Row | None:
        """The first row of a query, or of what a change is RETURNING, or None."""
        return next(iter(await self._connection.execute_fetchall(sql, values)), None)

    async def all(self, sql: str, *values: Any) -> list[Row]:
        """All rows of a query."""
        return list(await self._connection.execute_fetchall(sql, values))

    def wake_bell(self) -> None:
        """Tell the bell, after commit, that work may be due."""
        self.wakes = True
