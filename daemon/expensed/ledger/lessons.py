"""Lessons of corrections: for a heading as it is read, the vendor's right name and its category."""

from __future__ import annotations

from collections.abc import Sequence

from expensed.ledger.store import Ledger, Transaction
from expensed.model.expense import Lesson


async def keep_lessons(tx: Transaction, document: int, lessons: Sequence[Lesson]) -> None:
    """Keep what a document teaches; a new value replaces what it taught about the same heading before."""
    for lesson in lessons:
        await tx.execute(
            "INSERT INTO lessons (heading, document, vendor, category, taught_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (heading, document) DO UPDATE SET vendor = coalesce(excluded.vendor, vendor),"
            " category = coalesce(excluded.category, category), taught_at = excluded.taught_at",
            lesson.heading,
            document,
            lesson.vendor,
            lesson.category,
            tx.now,
        )


async def list_lessons(source: Ledger | Transaction, heading: str) -> list[Lesson]:
    """Return every lesson about a heading, latest first."""
    rows = await source.all(
        "SELECT heading, vendor, category FROM lessons WHERE heading = ? ORDER BY taught_at DESC, document DESC",
        heading,
    )
    return [Lesson(row["heading"], row["vendor"], row["category"]) for row in rows]
