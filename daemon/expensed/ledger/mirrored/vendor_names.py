"""Names that mean the same seller: what people have said of them, which the archive's records must tell, too.

`key` is a name reduced to its letters; names of the same letters have one entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from expensed.ledger.store import Ledger, Row, Transaction
from expensed.model.json_text import encode_text
from expensed.model.vendor_name import VendorName


def _name_from(row: Row) -> VendorName:
    return VendorName(row["alias"], row["name"], row["at"])


async def find_vendor_name(source: Ledger | Transaction, key: str) -> str | None:
    """Return what the seller is called whose name has this key; None if people have said nothing of it."""
    row = await source.one("SELECT name FROM vendor_names WHERE key = ?", key)
    return row["name"] if row else None


async def find_vendor_names(source: Ledger | Transaction, keys: Sequence[str]) -> dict[str, str]:
    """Return by key what the sellers are called whose names have these keys, as far as people have said it."""
    rows = await source.all(
        "SELECT key, name FROM vendor_names WHERE key IN (SELECT value FROM json_each(?)) AND name IS NOT NULL",
        encode_text(list(keys)),
    )
    return {row["key"]: row["name"] for row in rows}


async def list_vendor_names(source: Ledger | Transaction) -> dict[str, VendorName]:
    """Return by key the names that are in force."""
    rows = await source.all("SELECT key, alias, name, at FROM vendor_names WHERE name IS NOT NULL ORDER BY alias")
    return {row["key"]: _name_from(row) for row in rows}


async def set_vendor_name(tx: Transaction, key: str, name: VendorName, *, is_recorded: bool = False) -> None:
    """Note what the seller of this key is called, in place of what was said before."""
    await tx.execute(
        "INSERT OR REPLACE INTO vendor_names (key, alias, name, at, is_recorded) VALUES (?, ?, ?, ?, ?)",
        key,
        name.alias,
        name.name,
        name.at,
        int(is_recorded),
    )


async def list_unrecorded_names(ledger: Ledger, limit: int) -> dict[str, VendorName]:
    """Return by key the first `limit` names that the archive's records must still tell."""
    rows = await ledger.all("SELECT key, alias, name, at FROM vendor_names WHERE NOT is_recorded LIMIT ?", limit)
    return {row["key"]: _name_from(row) for row in rows}


async def set_names_recorded(tx: Transaction, names: Mapping[str, VendorName]) -> None:
    """Note that these are told, unless something else was said since they were listed."""
    for key, name in names.items():
        await tx.execute("UPDATE vendor_names SET is_recorded = 1 WHERE key = ? AND at = ?", key, name.at)


async def restore_vendor_names(tx: Transaction, names: Mapping[str, VendorName]) -> None:
    """Put names, by their keys, into a new ledger; the records tell them already."""
    for key, name in names.items():
        await set_vendor_name(tx, key, name, is_recorded=True)
