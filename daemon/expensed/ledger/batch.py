"""Small changes that many ask for at once, made together: each whole or not at all, all with one commit.

A transaction of several statements, each handed to the connection's thread and back, and a commit that waits for the
disk, holds everybody else up for some milliseconds; twenty clients of `POST /api/extract` would wait for twenty of
them. A change that waits for nothing but the ledger needs no hand-overs within: it runs in that thread from its
beginning to its end, with all others that came meanwhile, and they share one commit.
"""

from __future__ import annotations

import asyncio
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

    def settle(self, outcome: asyncio.Future[Any]) -> None:
        """Let who waits know."""
        if self.error is not None:
            outcome.set_exception(self.error)
        else:
            outcome.set_result(self.value)


class Together:
    """Collects changes, and has all that have come made together, under a lock, one batch after the other.

    `make` says what became of each; if it raises, that is what all who wait are told.
    """

    def __init__(self, lock: asyncio.Lock, make: Callable[[Sequence[Change[Any]]], Awaitable[Sequence[Made]]]) -> None:
        self._lock = lock
        self._make = make
        self._asked: list[tuple[Change[Any], asyncio.Future[Any]]] = []
        self._making: asyncio.Task[None] | None = None

    async def ask(self, change: Change[T]) -> T:
        """What the change returns, once it has committed.

        Who is cancelled before its turn has changed nothing; who is cancelled while its change is being made is held
        until that is done, so that nobody who comes next sees the past.
        """
        asked = change, asyncio.get_running_loop().create_future()
        self._asked.append(asked)
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make_all())
        outcome: asyncio.Future[T] = asked[1]
        try:
            return await asyncio.shield(outcome)
        except asyncio.CancelledError:
            if asked in self._asked:
                self._asked.remove(asked)
            elif not outcome.done():
                await asyncio.wait({outcome})
            if outcome.done() and not outcome.cancelled():
                outcome.exception()  # taken note of, so that asyncio does not log it as never retrieved
            raise

    async def _make_all(self) -> None:
        while self._asked:
            async with self._lock:
                asked, self._asked = self._asked, []
                if asked:
                    await self._make_batch([change for change, _ in asked], [outcome for _, outcome in asked])

    async def _make_batch(self, changes: Sequence[Change[Any]], outcomes: Sequence[asyncio.Future[Any]]) -> None:
        try:
            for made, outcome in zip(await self._make(changes), outcomes, strict=True):
                made.settle(outcome)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must learn of it
            for outcome in outcomes:
                if not outcome.done():
                    outcome.set_exception(error)
        finally:
            for outcome in outcomes:
                outcome.cancel()  # where even that did not come about, since all is being ended

    async def end(self) -> None:
        """Wait until all that was asked for has been made."""
        if self._making is not None:
            await asyncio.wait({self._making})


def make_changes(connection: sqlite3.Connection, changes: Sequence[Change[Any]]) -> list[Made]:
    """Make these changes and commit them together; what became of each.

    One that raises is undone and does not disturb the others, unless it is SQLite that has trouble with its file: then
    none is made. Raises `sqlite3.Error`.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        made = [_make_change(connection, change) for change in changes]
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return made


def _make_change(connection: sqlite3.Connection, change: Change[Any]) -> Made:
    tx = Transaction(_Direct(connection))
    connection.execute("SAVEPOINT change")
    try:
        made = Made(tx, value=_complete(change(tx)))
    except Exception as error:
        if _stops_all(error):
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


_FOR_ALL = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY,
})  # fmt: skip


def _stops_all(error: Exception) -> bool:
    """Is this trouble with the file itself, after which SQLite may have undone all that came before?"""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF in _FOR_ALL
