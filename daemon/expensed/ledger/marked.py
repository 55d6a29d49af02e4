"""Which of its places the ledger has seen marked: from then on, a folder without the mark is not that place."""

from __future__ import annotations

from expensed.disk.marked_folder import PlaceName
from expensed.ledger.store import Ledger


async def has_been_marked(ledger: Ledger, place: PlaceName) -> bool:
    """Whether the ledger has seen this place marked."""
    return await ledger.one("SELECT 1 FROM facts WHERE name = ?", _name(place)) is not None


async def remember_marked(ledger: Ledger, place: PlaceName) -> None:
    """Remember that this place is marked."""
    async with ledger.transaction() as tx:
        await tx.execute("INSERT OR IGNORE INTO facts VALUES (?, ?)", _name(place), tx.now)


def _name(place: PlaceName) -> str:
    return f"marked_{place}"
