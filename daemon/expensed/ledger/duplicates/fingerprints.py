"""Keep the keys of documents' texts, and find the documents that share most of them."""

from __future__ import annotations

from collections.abc import Sequence

from expensed.ledger.rows import Document, document_from
from expensed.ledger.store import Transaction

NEWEST_OF_A_KEY = 50
"""A key that more documents share (a shop's phone and its tax number) tells little; the newest of them are counted."""
_RANKED = 12
"""How many are looked up; some of them may be no first any more."""


async def add_keys(tx: Transaction, document: int, keys: Sequence[int]) -> None:
    """Keep the keys of a document, beside those of an earlier reading."""
    if keys:
        rows = ", ".join(["(?, ?)"] * len(keys))
        values = [value for key in keys for value in (key, document)]
        await tx.execute(f"INSERT OR IGNORE INTO fingerprints (key, document) VALUES {rows}", *values)  # noqa: S608


async def list_sharing(
    tx: Transaction, keys: Sequence[int], other_than: int, most: int, fewest: int = 1
) -> list[Document]:
    """Return the documents that share most of these keys, most first, if filed, in review or on their way there.

    At most `most`; each shares `fewest` or more.
    """
    if not keys:
        return []
    one = "SELECT * FROM (SELECT document FROM fingerprints WHERE key = ? ORDER BY document DESC LIMIT ?)"
    rows = await tx.all(
        "SELECT d.* FROM (SELECT document, count(*) AS shared FROM ("  # noqa: S608
        + " UNION ALL ".join([one] * len(keys))
        + ") WHERE document <> ? GROUP BY document HAVING shared >= ? ORDER BY shared DESC, document LIMIT ?) c"
        " CROSS JOIN documents d ON d.number = c.document"
        " WHERE d.state IN ('admitted', 'filed', 'review') AND d.outcome IN ('filed', 'review')"
        " ORDER BY c.shared DESC, d.number LIMIT ?",
        *(value for key in keys for value in (key, NEWEST_OF_A_KEY)),
        other_than,
        fewest,
        _RANKED,
        most,
    )
    return [document_from(row) for row in rows]
