"""The ledger's file: one writing connection behind a lock, one for each purpose of reading, events after commit.

WAL with `synchronous=FULL`: whatever has been acknowledged is on the disk. Every change goes through `transaction()`
or, if it waits for nothing but the ledger and many may come at once, `change()`; its events go to the bus exactly
once, after the commit.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from expensed.errors import BackendUnavailable, LedgerLost
from expensed.event_bus import Bus
from expensed.ledger.batch import Change, Connection, Made, MustWait, Together, begin, make_changes
from expensed.ledger.file.condition import Condition
from expensed.ledger.migrate import check_version, migrate
from expensed.ledger.transaction import Row, SqlValue, Transaction, timestamp
from expensed.model.json_text import encode_text
from expensed.model.reach import Reach

T = TypeVar("T")

BUSY_TIMEOUT_S = 1.5
"""How long a writer waits for another process (a curious sqlite3 shell) to unlock the file; then clients are told."""
CHUNK_ROWS = 64
"""aiosqlite's default for cursors that are iterated over; there are none here."""
LONGEST_WAL_BYTES = 16 << 20
"""What is left of the WAL after a checkpoint; a burst of work, or a long query meanwhile, makes it grow beyond."""

PRAGMAS = (
    "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", f"journal_size_limit = {LONGEST_WAL_BYTES}",
)  # fmt: skip

__all__ = ("Ledger", "Purpose", "Row", "SqlValue", "Transaction", "encode_json", "timestamp")


class Purpose(Enum):
    """What a query is for. Queries of one purpose wait for each other, and never for those of another."""

    PROMPT = auto()
    """Whatever an index finds at once: tasks, single documents, the first page, events."""
    SEARCH = auto()
    EXPORT = auto()
    STATISTICS = auto()
    """Counts, and the daemon's own rounds over many documents."""


class Ledger:
    """An open ledger; its `id` never changes and is part of the queue's name."""

    def __init__(self, path: Path, bus: Bus) -> None:
        self.path = path
        self.bus = bus
        self.id = ""
        self._lock = asyncio.Lock()
        self._writer: Connection | None = None
        self._together = Together(self._lock, self._make)
        self._is_closing = False
        self._readers: dict[Purpose, Connection] = {}
        self.condition = Condition(path)
        self.reach = Reach()
        self.rebuilt_at: str | None = None
        """When it was made again from the archive; earlier tasks are not known to it."""
        self.former_events = 0
        """The number of the last event before that, as far as the archive knows."""

    async def open(self) -> None:
        """Open or create the file and bring its schema up to date; BackendUnavailable if that fails."""
        self._is_closing = False
        try:
            self._writer = await self._connect(read_only=False)
            await migrate(self._writer)
            async with self.transaction() as tx:
                await tx.execute("INSERT OR IGNORE INTO facts VALUES ('ledger_id', ?)", uuid.uuid4().hex[:12])
            await self._open_readers()
            self.condition.remember_file()
        except BackendUnavailable:
            await self.close()
            raise
        except (OSError, sqlite3.Error) as error:
            await self.close()
            raise BackendUnavailable(
                f"The ledger {self.path} cannot be opened: {error}.",
                hint="Check the folder's permissions and free space; restore the file from a backup if it is broken.",
            ) from error

    async def open_read_only(self) -> None:
        """Open an existing file for reading only; BackendUnavailable if that fails."""
        hint = "Start the daemon once with `expensed run`, or name its settings with -c."
        if not self.path.exists():
            raise BackendUnavailable(f"There is no ledger {self.path} yet.", hint=hint)
        try:
            await self._open_readers()
            await check_version(self._readers[Purpose.PROMPT])
        except (OSError, sqlite3.Error, BackendUnavailable) as error:
            await self.close()
            raise BackendUnavailable(f"The ledger {self.path} cannot be read: {error}.", hint=hint) from error

    async def _open_readers(self) -> None:
        for purpose in Purpose:
            self._readers[purpose] = await self._connect(read_only=True)
        facts = {row["name"]: row["value"] for row in await self.all("SELECT name, value FROM facts")}
        self.id, self.rebuilt_at = str(facts.get("ledger_id", "")), facts.get("rebuilt_at")
        self.former_events = int(facts.get("former_events", 0))
        rows = await self.all("SELECT name, seq FROM sqlite_sequence")
        numbers = {row["name"]: int(row["seq"]) for row in rows}
        self.reach = Reach(numbers.get("filings", 0), numbers.get("events", 0))

    async def _connect(self, *, read_only: bool) -> Connection:
        if not read_only:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        mode = "ro" if read_only else "rwc"
        address = f"file:{quote(str(self.path))}?mode={mode}"
        connect = partial(sqlite3.connect, address, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S)
        connection = Connection(connect, iter_chunk_size=CHUNK_ROWS)
        await connection
        connection.row_factory = sqlite3.Row
        try:
            for pragma in () if read_only else PRAGMAS:
                await connection.execute_fetchall(f"PRAGMA {pragma}")
        except sqlite3.Error:
            await connection.close()
            raise
        return connection

    async def close(self) -> None:
        """Close all connections; an open one would hang the exit."""
        self._is_closing = True
        await self._together.end()
        for connection in (*self._readers.values(), self._writer):
            if connection is not None:
                await connection.close()
        self._readers, self._writer = {}, None

    @property
    def is_open(self) -> bool:
        """Whether it is open for writing."""
        return self._writer is not None

    def _check_open(self) -> None:
        if self._writer is None or self._is_closing:
            raise BackendUnavailable("The ledger is closed.")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Run the block as one atomic change; its events are published after the commit."""
        with self.condition.writing():
            async with self._alone() as tx:
                yield tx

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[Transaction]:
        self._check_open()
        since = time.monotonic()
        async with self._lock, self._translating():
            self.condition.refuse_waiting(since)
            async with self._begun() as tx:
                yield tx

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[Transaction]:
        if self._writer is None:
            raise BackendUnavailable("The ledger is closed.")
        tx = Transaction(self._writer)
        try:
            await self._writer.run(begin, self.condition.check_file)
            yield tx
        except BaseException:  # also on cancellation; the connection's thread keeps the order of statements
            await asyncio.shield(self._writer.rollback())
            raise
        await asyncio.shield(self._commit(tx))

    @asynccontextmanager
    async def _translating(self) -> AsyncIterator[None]:
        """Turn SQLite's trouble with its file (locked, full, unreadable) into BackendUnavailable; other errors stay."""
        try:
            yield
        except LedgerLost as error:
            self.condition.lose(error)
            raise
        except sqlite3.DatabaseError as error:
            if not is_trouble(error):
                raise
            raise self.condition.note(error) from error

    async def _commit(self, tx: Transaction) -> None:
        if self._writer is None:
            raise BackendUnavailable("The ledger is closed.")
        try:
            await self._writer.commit()
        except sqlite3.Error:
            await self._writer.rollback()
            raise
        self._tell(tx)

    def _tell(self, tx: Transaction) -> None:
        events = (event.id for event in tx.events)
        self.reach = Reach(max(self.reach.filing, tx.newest_filing), max(self.reach.event, *events, 0))
        for event in tx.events:
            self.bus.publish(event)
        if tx.wakes:
            self.bus.wake()

    async def change(self, change: Change[T]) -> T:
        """Make a change that waits for nothing but the ledger; return its value once it has committed.

        Changes requested at the same time share one commit; each is made whole or not at all.
        """
        self._check_open()
        with self.condition.writing():
            async with self._translating():
                return await self._together.ask(change)

    async def change_or_wait(self, change: Change[T]) -> T:
        """Make a change as `change` does; if it must wait for something else after all, make it in a transaction.

        So it is handed to the connection's thread once, not statement by statement.
        """
        try:
            return await self.change(change)
        except MustWait:
            async with self.transaction() as tx:
                return await change(tx)

    async def _make(self, changes: Sequence[Change[Any]], since: float) -> list[Made]:
        if self._writer is None:
            raise BackendUnavailable("The ledger is closed.")
        self.condition.refuse_waiting(since)
        try:
            made = await self._writer.run(make_changes, changes, self.condition.check_file)
        except sqlite3.DatabaseError as error:
            self.condition.note(error)  # here already, so that those who wait behind these are refused with them
            raise
        for each in made:
            if each.tx is not None:
                self._tell(each.tx)
        return made

    async def try_writing(self) -> None:
        """Write a fact and commit it; BackendUnavailable if that fails, or if whatever was written last failed."""
        if (trouble := self.condition.trouble) is not None:
            raise BackendUnavailable(trouble)
        async with self._alone() as tx:
            await tx.execute("INSERT OR REPLACE INTO facts VALUES ('tried_at', ?)", tx.now)

    async def one(self, sql: str, *values: SqlValue, by: Purpose = Purpose.PROMPT) -> Row | None:
        """Return the first committed row of a query, or None."""
        return next(iter(await self.all(sql, *values, by=by)), None)

    async def all(self, sql: str, *values: SqlValue, by: Purpose = Purpose.PROMPT) -> list[Row]:
        """Return all committed rows of a query, fetched in one go.

        A statement left unfinished between two steps would keep its snapshot open, and every other query on this
        connection would see the past.
        """
        reader = self._readers.get(by)
        if reader is None:
            raise BackendUnavailable("The ledger is closed.")
        async with self._translating():
            return list(await reader.execute_fetchall(sql, values))


def is_trouble(error: sqlite3.DatabaseError) -> bool:
    """Whether this is SQLite's trouble with its file (locked, full, unreadable), not an error in our statement."""
    return not isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError))


def encode_json(value: object) -> str | None:
    """Encode a value as JSON for a ledger column; None stays NULL."""
    return None if value is None else encode_text(value)
