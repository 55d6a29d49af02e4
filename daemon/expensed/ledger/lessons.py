"""Lessons of corrections: for a heading as it is read, the vendor's right name and its category."""

from __future__ import annotations

from collections.abc import Sequence

from expensed.ledger.store import Ledger, Transaction
from expensed.model.expense import Lesson, Taught


async def keep_lessons(tx: Transaction, document: int, lessons: Sequence[Lesson], at: str | None = None) -> None:
    """Keep what a document teaches `at` a time (UTC, now); see `merge_lessons`."""
    await _keep(tx, document, await merge_lessons(tx, document, lessons, at or tx.now))


async def set_taught(tx: Transaction, document: int, taught: Sequence[Taught]) -> None:
    """Have a document teach this and nothing else."""
    await tx.execute("DELETE FROM lessons WHERE document = ?", document)
    await _keep(tx, document, taught)


async def _keep(tx: Transaction, document: int, lessons: Sequence[Taught]) -> None:
    for taught in lessons:
        await tx.execute(
            "INSERT OR REPLACE INTO lessons (heading, document, vendor, category, taught_at) VALUES (?, ?, ?, ?, ?)",
            taught.heading,
            document,
            taught.vendor,
            taught.category,
            taught.at,
        )


async def merge_lessons(
    source: Ledger | Transaction, document: int, lessons: Sequence[Lesson], at: str
) -> tuple[Taught, ...]:
    """Return all that a document will have taught with these lessons, in the order of the headings.

    A new value replaces what it taught about the same heading before.
    """
    taught = {each.heading: each for each in await list_taught(source, document)}
    for lesson in lessons:
        before = taught.get(lesson.heading, lesson)
        vendor, category = lesson.vendor or before.vendor, lesson.category or before.category
        taught[lesson.heading] = Taught(lesson.heading, vendor, category, at)
    return tuple(taught[heading] for heading in sorted(taught))


async def list_taught(source: Ledger | Transaction, document: int) -> tuple[Taught, ...]:
    """Return all that a document has taught, in the order of the headings."""
    rows = await source.all(
        "SELECT heading, vendor, category, taught_at FROM lessons WHERE document = ? ORDER BY heading", document
    )
    return tuple(Taught(row["heading"], row["vendor"], row["category"], row["taught_at"]) for row in rows)


async def list_lessons(source: Ledger | Transaction, heading: str) -> list[Lesson]:
    """Return every lesson about a heading, latest first."""
    rows = await source.all(
        "SELECT heading, vendor, category FROM lessons WHERE heading = ? ORDER BY taught_at DESC, document DESC",
        heading,
    )
    return [Lesson(row["heading"], row["vendor"], row["category"]) for row in rows]
