"""What is known about whether the ledger works: its last failed write, and whether its file is lost."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from expensed.errors import BackendUnavailable, LedgerLost
from expensed.ledger.file.soundness import FileIdentity, is_damage

REMEMBERED_S = 30.0
_HELD = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Condition:
    """The condition of one open ledger; every write passes through it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._trouble: tuple[str, float] | None = None
        """Why the last write failed, and when; None once one has succeeded."""
        self.loss: LedgerLost | None = None
        """Why this ledger must not be used any longer."""
        self.lost = asyncio.Event()
        self._identity: FileIdentity | None = None
        self._held_at = float("-inf")
        self._held: BackendUnavailable | None = None

    def remember_file(self) -> None:
        """Remember which file was opened."""
        self._identity = FileIdentity.of(self.path)

    def check_file(self) -> None:
        """Raise LedgerLost if the file is no longer the one that was opened; a few microseconds, before each write."""
        change = self._identity.find_change(self.path) if self._identity is not None else None
        if change is not None:
            raise LedgerLost(f"The ledger {self.path.name} {change}.")

    def refuse_waiting(self, since: float) -> None:
        """Raise the error of the last attempt if another program held the ledger in it, for who has waited `since`.

        Otherwise those who wait for their turn would each wait for that program, one after the other.
        """
        if self._held is not None and self._held_at > since:
            raise BackendUnavailable(self._held.message, hint=self._held.hint)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Remember whether the block, a write, succeeds."""
        try:
            yield
        except BackendUnavailable as error:
            self._trouble = error.message, time.monotonic()
            raise
        self._trouble = None

    @property
    def trouble(self) -> str | None:
        """Why the last write failed, as a sentence; None if one has succeeded since, or nobody has tried for a while.

        What is written often, and fails each time, thus stays trouble even if something else can be written.
        """
        if self._trouble is None or time.monotonic() - self._trouble[1] > REMEMBERED_S:
            return None
        return self._trouble[0]

    def note(self, error: sqlite3.DatabaseError) -> BackendUnavailable:
        """Return SQLite's trouble with the file as an error for people, and remember what it means."""
        if is_damage(error):
            return self.lose(LedgerLost(f"The ledger {self.path.name} is damaged: {error}."))
        found = BackendUnavailable(
            f"The ledger {self.path.name} does not answer: {error}.",
            hint="Check its disk, and programs that hold it locked; expensed tries again automatically.",
        )
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF in _HELD:
            self._held, self._held_at = found, time.monotonic()
        return found

    def lose(self, loss: LedgerLost) -> LedgerLost:
        """Remember that this ledger must not be used any longer, and return why."""
        if self.loss is None:
            self.loss = loss
            self.lost.set()
        return loss
