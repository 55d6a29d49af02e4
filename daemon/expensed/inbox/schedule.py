"""The files that are waited for, and the time of each one's next look: a heap, without disk or tasks."""

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
    """How a file was found."""

    START = auto()
    EVENT = auto()
    SCAN = auto()
    CLAIM = auto()


@dataclass(slots=True, eq=False)
class Entry:
    """One file that is waited for; `due` (monotonic) is its next look, None for the next scan or event."""

    path: str
    found: Found
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    history: History = field(default_factory=History)
    structure: Structure | None = None
    size: int = 0
    reason: str = "It was just found and is about to be checked."
    error: str | None = None
    """The last error while handling it."""
    trouble: str | None = None
    """Why it could not be recorded though it was complete; shown until it has settled and is tried again."""
    due: float | None = None
    busy: bool = False
    """Whether it is being looked at or admitted."""
    again: bool = False
    """Whether something happened to it while it was busy."""


class Schedule:
    """Entries by path, in the order in which they are due."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._heap: list[tuple[float, int, Entry]] = []
        self._ticket = itertools.count()

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries.values()))

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, path: str) -> Entry | None:
        """Return the entry for this path, or None."""
        return self._entries.get(path)

    def add(self, path: str, found: Found) -> Entry:
        """Return the entry for this path, creating it if necessary."""
        entry = self._entries.get(path)
        if entry is None:
            entry = self._entries[path] = Entry(path, found)
        return entry

    def forget(self, entry: Entry) -> None:
        """Stop waiting for an entry."""
        entry.due = None
        if self._entries.get(entry.path) is entry:
            del self._entries[entry.path]

    def wake(self, entry: Entry, at: float) -> None:
        """Look at an entry at `at`, or earlier if that was planned; a busy one is looked at again afterwards."""
        if entry.busy:
            entry.again = True
        elif entry.due is None or at < entry.due:
            self.plan(entry, at)

    def plan(self, entry: Entry, at: float | None) -> None:
        """Look at an entry at `at`, whatever was planned."""
        entry.due = at
        if at is not None and self._entries.get(entry.path) is entry:
            heapq.heappush(self._heap, (at, next(self._ticket), entry))

    def pop_due(self, now: float) -> list[Entry]:
        """Return the entries to look at now, marked busy."""
        due = []
        while self._heap and self._heap[0][0] <= now:
            at, _, entry = heapq.heappop(self._heap)
            if entry.due == at and not entry.busy:  # otherwise it was planned again, or forgotten
                entry.due, entry.busy = None, True
                due.append(entry)
        return due

    @property
    def next_due(self) -> float | None:
        """The time at which the next entry is due; None if there is none."""
        return self._heap[0][0] if self._heap else None
