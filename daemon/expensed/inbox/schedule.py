"""The files that are waited for, and when each is looked at next. A heap of due looks; no disk, no tasks."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto

from expensed.formats.completeness import Structure
from expensed.inbox.settle import History


class Found(Enum):
    """How a file came to our knowledge."""

    START = auto()
    EVENT = auto()
    SCAN = auto()
    CLAIM = auto()


@dataclass(slots=True, eq=False)
class Entry:
    """One file that is waited for. `due` (monotonic): its next look; None: at the next scan or event."""

    path: str
    found: Found
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    history: History = field(default_factory=History)
    structure: Structure | None = None
    size: int = 0
    reason: str = "It was just found and is about to be looked at."
    error: str | None = None
    """What went wrong when it was handled last."""
    due: float | None = None
    busy: bool = False
    """It is being looked at or admitted."""
    again: bool = False
    """Something happened to it while it was busy."""


class Roster:
    """Entries by path, and the order in which they are due."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._heap: list[tuple[float, int, Entry]] = []
        self._ticket = itertools.count()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries.values()))

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, path: str) -> Entry | None:
        """The entry of that path, if it is waited for."""
        return self._entries.get(path)

    def add(self, path: str, found: Found) -> Entry:
        """The entry of that path, made if need be."""
        entry = self._entries.get(path)
        if entry is None:
            entry = self._entries[path] = Entry(path, found)
        return entry

    def forget(self, entry: Entry) -> None:
        """Wait for it no longer."""
        entry.due = None
        if self._entries.get(entry.path) is entry:
            del self._entries[entry.path]

    def wake(self, entry: Entry, at: float) -> None:
        """Look at it at `at`, or earlier if that was planned; again after what is done with it now."""
        if entry.busy:
            entry.again = True
        elif entry.due is None or at < entry.due:
            self.plan(entry, at)

    def plan(self, entry: Entry, at: float | None) -> None:
        """Look at it at `at`, whatever was planned."""
        entry.due = at
        if at is not None and self._entries.get(entry.path) is entry:
            heapq.heappush(self._heap, (at, next(self._ticket), entry))

    def pop_due(self, now: float) -> list[Entry]:
        """The entries to look at now, marked busy."""
        due = []
        while self._heap and self._heap[0][0] <= now:
            at, _, entry = heapq.heappop(self._heap)
            if entry.due == at and not entry.busy:  # else it was planned anew, or forgotten
                entry.due, entry.busy = None, True
                due.append(entry)
        return due

    @property
    def next_due(self) -> float | None:
        """When something is due next."""
        return self._heap[0][0] if self._heap else None
