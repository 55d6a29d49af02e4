"""Readings: what was found in some bytes by some engine and settings, so that nothing is read twice."""

from __future__ import annotations

from expensed.ledger.store import Ledger, Transaction


async def find_reading(source: Ledger | Transaction, sha256: str, recipe: str) -> str | None:
    """What was found in these bytes by this recipe, as JSON; None if they were not read so."""
    row = await source.one("SELECT examination FROM readings WHERE sha256 = ? AND recipe = ?", sha256, recipe)
    return str(row["examination"]) if row else None


async def keep_reading(tx: Transaction, sha256: str, recipe: str, examination: str) -> None:
    """Keep what was found, in place of what an earlier reading found."""
    await tx.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?)", sha256, recipe, examination, tx.now)


async def forget_other_readings(tx: Transaction, recipe: str) -> None:
    """Let go of what was found by any other recipe: another day's, version's or setting's."""
    await tx.execute("DELETE FROM readings WHERE recipe <> ?", recipe)
