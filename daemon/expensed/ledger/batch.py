"""Batch small concurrent changes: each is made whole or not at all, and all share one commit.

A transaction hands each statement to the connection's thread and back, and its commit waits for the disk; that holds
everyone else up for some milliseconds, and twenty clients of `POST /api/extract` would wait for twenty of them. A
change that waits for nothing but the ledger runs in that thread in one go, together with all that came meanwhile.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import aiosqlite

from expensed.ledger.transaction import Row, SqlValue, Transaction

T = TypeVar("T")
Change = Callable[[Transaction], Coroutine[object, None, T]]
"""Statements in a transaction; a change may await these and nothing else."""


Make = Callable[[Sequence[Change[object]], float], Awaitable[Sequence["Made"]]]
"""Makes changes, the first of which has waited since a time of the monotonic clock; returns the outcome of each."""


class MustWait(RuntimeError):
    """A change waits for something other than the ledger; nothing of it was kept."""


class Connection(aiosqlite.Connection):
    """A connection that can also run a whole function in its thread."""

    def run(self, function: Callable[..., T], *values: object) -> Awaitable[T]:
        """Call the function in the connection's thread, with the sqlite3 connection first; return what it returns."""
        found: Awaitable[T] = self._execute(function, self._conn, *values)  # type: ignore[no-untyped-call]
        return found


class _Direct:
    """The statements of a `Transaction` for use in the connection's own thread; awaiting them never suspends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def total_changes(self) -> int:
        return self._connection.total_changes

    async def execute_fetchall(self, sql: str, parameters: Iterable[SqlValue] = ()) -> Iterable[Row]:
        return self._connection.execute(sql, tuple(parameters)).fetchall()

    async def execute_insert(self, sql: str, parameters: Iterable[SqlValue] = ()) -> Row | None:
        self._connection.execute(sql, tuple(parameters))
        found: Row | None = self._connection.execute("SELECT last_insert_rowid()").fetchone()
        return found


@dataclass(frozen=True, slots=True)
class Made:
    """The outcome of one change: its value or its error, and the transaction to announce after the commit."""

    tx: Transaction | None = None
    value: object = None
    error: Exception | None = None

    def settle(self, outcome: asyncio.Future[object]) -> None:
        """Pass the outcome to the caller that waits for it."""
        if self.error is not None:
            outcome.set_exception(self.error)
        else:
            outcome.set_result(self.value)


class Together:
    """Collects changes and makes all that have come together, under a lock, one batch after the other.

    `make` returns the outcome of each; if it raises, every waiting caller gets that error.
    """

    def __init__(self, lock: asyncio.Lock, make: Make) -> None:
        self._lock = lock
        self._make = make
        self._asked: list[tuple[Change[object], asyncio.Future[object], float]] = []
        self._making: asyncio.Task[None] | None = None

    async def ask(self, change: Change[T]) -> T:
        """Return what the change returns, once it has committed.

        A caller cancelled before its turn has changed nothing; one cancelled while its change is being made is held
        until that is done, so that the next caller does not see the past.
        """
        asked = change, asyncio.get_running_loop().create_future(), time.monotonic()
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
                outcome.exception()  # retrieved, so that asyncio does not log it as never retrieved
            raise

    async def _make_all(self) -> None:
        while self._asked:
            async with self._lock:
                asked, self._asked = self._asked, []
                if asked:
                    changes, outcomes, times = zip(*asked, strict=True)
                    await self._make_batch(changes, outcomes, times[0])

    async def _make_batch(
        self, changes: Sequence[Change[object]], outcomes: Sequence[asyncio.Future[object]], since: float
    ) -> None:
        try:
            for made, outcome in zip(await self._make(changes, since), outcomes, strict=True):
                made.settle(outcome)
        except Exception as error:  # noqa: BLE001 - every waiting caller must get it, whatever it is
            for outcome in outcomes:
                if not outcome.done():
                    outcome.set_exception(error)
        finally:
            for outcome in outcomes:
                outcome.cancel()  # in case even that did not happen, at the end of the loop

    async def end(self) -> None:
        """Wait until every requested change has been made."""
        if self._making is not None:
            await asyncio.wait({self._making})


def begin(connection: sqlite3.Connection, check_file: Callable[[], None]) -> None:
    """Begin to write, if `check_file` does not raise."""
    check_file()
    connection.execute("BEGIN IMMEDIATE")


def make_changes(
    connection: sqlite3.Connection, changes: Sequence[Change[object]], check_file: Callable[[], None]
) -> list[Made]:
    """Make these changes and commit them together, if `check_file` does not raise; return the outcome of each.

    A change that raises is undone and does not disturb the others, unless SQLite has trouble with its file: then none
    is made. Raises `sqlite3.Error`.
    """
    try:
        begin(connection, check_file)
        made = [_make_change(connection, change) for change in changes]
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return made


def _make_change(connection: sqlite3.Connection, change: Change[object]) -> Made:
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


def _complete(coroutine: Coroutine[object, None, T]) -> T:
    """Run a coroutine that never has to wait; return what it returns. MustWait if it does have to."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        value: T = end.value
        return value
    coroutine.close()
    raise MustWait("A change must wait for nothing but the ledger: use a transaction for this.")


_FOR_ALL = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY,
})  # fmt: skip


def _stops_all(error: Exception) -> bool:
    """Whether this is trouble with the file itself, after which SQLite may have undone everything before it."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF in _FOR_ALL
