"""What a query of the ledger is for; each purpose has a read connection of its own."""

from __future__ import annotations

from enum import Enum, auto


class Purpose(Enum):
    """Queries of one purpose wait for each other, and never for those of another."""

    PROMPT = auto()
    """Whatever is found at once by an index: tasks, single documents, the first page, events."""
    SEARCH = auto()
    EXPORT = auto()
    STATISTICS = auto()
    """Counts, and the daemon's own rounds over many documents."""
