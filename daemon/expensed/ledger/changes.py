"""Small changes that many ask for at once, made together: each whole or not at all, all with one commit.

A transaction of several statements, each handed to the connection's thread and back, and a commit that waits for the
disk, holds everybody else up for some milliseconds; twenty clients of `POST /api/extract` would wait for twenty of
them. A change that waits for nothing but the ledger needs no hand-overs within: it runs in that thread from its
beginning to its end, with all others that came meanwhile, and they share one commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import aiosqlite

from expensed.ledger.transaction import Row, Transaction

T = TypeVar("T")
Change = Callable[[Transaction], Coroutine[Any, Any, T]]
"""Statements in a transaction; it may wait for these, and for nothing else."""


class Connection(aiosqlite.Connection):
    """A connection that also takes a whole function to its thread."""

    def run(self, function: Callable[..., T], *values: Any) -> Awaitable[T]:
        """What the function returns, called with the connection of sqlite3 first."""
        found: Awaitable[T] = self._execute(function, self._conn, *values)  # type: ignore[no-untyped-call]
        return found


class _Direct:
    """The statements of a `Transaction`, for use in the connection's own thread: done as soon as they are awaited."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def total_changes(self) -> int:
        return self._connection.total_changes

    async def execute_fetchall(self, sql: str, parameters: Iterable[Any] = ()) -> Iterable[Row]:
        return self._connection.execute(sql, tuple(parameters)).fetchall()

    async def execute_insert(self, sql: str, parameters: Iterable[Any] = ()) -> Row | None:
        self._connection.execute(sql, tuple(parameters))
        found: Row | None = self._connection.execute("SELECT last_insert_rowid()").fetchone()
        return found


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one change: what it returned, or its error; and what is to be told of it after the commit."""

    tx: Transaction | None = None
    value: Any = None
    error: Exception | None = None


def make_changes(connection: sqlite3.Connection, changes: Sequence[Change[Any]]) -> list[Made]:
    """Make these changes and commit them together; what became of each.

    One that raises is undone and does not disturb the others, unless it is SQLite that has trouble with its file: then
    none is made. Raises `sqlite3.Error`.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        made = [_make(connection, change) for change in changes]
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return made


def _make(connection: sqlite3.Connection, change: Change[Any]) -> Made:
    tx = Transaction(_Direct(connection))
    connection.execute("SAVEPOINT change")
    try:
        made = Made(tx, value=_complete(change(tx)))
    except Exception as error:
        if is_trouble(error):
            raise
        connection.execute("ROLLBACK TO change")
        made = Made(error=error)
    connection.execute("RELEASE change")
    return made


def _complete(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that never has to wait."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    coroutine.close()
    raise RuntimeError("A change may wait for nothing but the ledger: use a transaction for this.")


def is_trouble(error: BaseException) -> bool:
    """Is this SQLite's trouble with its file (locked, full, unreadable), and not with what we ask of it?"""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, (sqlite3.IntegrityError, sqlite3.ProgrammingError)
    )
