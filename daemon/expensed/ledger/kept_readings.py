"""Readings: what was found in some bytes with some engine and settings, so that nothing is read twice."""

from __future__ import annotations

from expensed.ledger.store import Ledger, Transaction
from expensed.model.expense import Examination
from expensed.model.json_text import decode, encode_text


async def find_reading(source: Ledger | Transaction, sha256: str, recipe: str) -> Examination | None:
    """Return what was found in these bytes with this recipe; None if they were not read with it.

    Also None if the version that read them stored the result in another form.
    """
    row = await source.one("SELECT examination FROM readings WHERE sha256 = ? AND recipe = ?", sha256, recipe)
    if row is None:
        return None
    try:
        return decode(row["examination"], Examination)
    except ValueError:
        return None


async def keep_reading(tx: Transaction, sha256: str, recipe: str, examination: Examination) -> None:
    """Keep a reading in place of an earlier one."""
    found = encode_text(examination)
    await tx.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?)", sha256, recipe, found, tx.now)


async def forget_other_readings(tx: Transaction, recipe: str) -> None:
    """Remove the readings of every other recipe: of another day, version or setting."""
    await tx.execute("DELETE FROM readings WHERE recipe <> ?", recipe)
