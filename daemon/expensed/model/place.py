"""Where bytes lie, as the ledger keeps it: below the inbox or below the archive."""

from __future__ import annotations

from dataclasses import dataclass

from expensed.model.states import Root


@dataclass(frozen=True, slots=True)
class Place:
    """The place of some bytes; `path` is relative to the root (bytes that are not UTF-8 survive)."""

    root: Root
    path: str
