"""The names of sellers, as documents that are filed have them, and the numbers that lessons about several share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from expensed.ledger.store import Ledger, Purpose
from expensed.model.json_text import encode_text

_LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """The filed documents with one name and one category: how many, and their first and last date."""

    vendor: str
    category: str | None
    count: int
    first: str | None
    last: str | None


async def list_named(ledger: Ledger) -> list[NamedDocuments]:
    """Return how many filed documents have which seller's name and category."""
    rows = await ledger.all(
        "SELECT vendor, category, count(*) AS count, min(day) AS first, max(day) AS last FROM documents"
        " INDEXED BY documents_sellers"
        " WHERE state = 'filed' AND vendor IS NOT NULL GROUP BY vendor, category ORDER BY vendor, category",
        by=Purpose.STATISTICS,
    )
    return [NamedDocuments(row["vendor"], row["category"], row["count"], row["first"], row["last"]) for row in rows]


async def list_filed_as(
    ledger: Ledger, vendors: Sequence[str], before: int | None, limit: int
) -> list[tuple[int, str]]:
    """Return numbers and ids of the filed documents with one of these very names, newest first."""
    rows = await ledger.all(
        "SELECT number, id FROM documents INDEXED BY documents_sellers WHERE state = 'filed' AND number < ?"
        " AND vendor IN (SELECT value FROM json_each(?)) ORDER BY number DESC LIMIT ?",
        _LATEST if before is None else before,
        encode_text(list(vendors)),
        limit,
        by=Purpose.STATISTICS,
    )
    return [(row["number"], row["id"]) for row in rows]


async def list_shared_numbers(ledger: Ledger) -> list[tuple[str, str]]:
    """Return numbers and accounts, as `kind:value`, that lessons about several names have, with each name."""
    rows = await ledger.all(
        "SELECT DISTINCT k.key, l.vendor FROM lesson_keys k JOIN lessons l ON l.number = k.lesson"
        " WHERE l.vendor IS NOT NULL AND l.forgotten_at IS NULL AND k.key IN (SELECT s.key FROM lesson_keys s"
        "  JOIN lessons t ON t.number = s.lesson WHERE (s.key GLOB 'number:*' OR s.key GLOB 'account:*')"
        "  AND t.forgotten_at IS NULL GROUP BY s.key HAVING count(DISTINCT t.vendor) > 1) ORDER BY 1, 2",
        by=Purpose.STATISTICS,
    )
    return [(row["key"], row["vendor"]) for row in rows]
