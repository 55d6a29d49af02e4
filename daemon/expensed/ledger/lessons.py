"""Lessons: what each document that a person vouched for teaches of its seller, found by what identifies that seller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec import UNSET

from expensed.ledger.store import Ledger, Transaction, encode_json
from expensed.model.json_text import decode, encode_text
from expensed.model.lesson import Lesson

NEWEST_OF_A_KEY = 50
"""A key that more lessons share tells little; the newest of them are looked at."""
MOST_FOUND = 50
"""Lessons that are compared with one document; its seller's share more keys than others."""
_TELLING = 4
"""How many ends of names a number outweighs."""


async def list_lessons(source: Ledger | Transaction, keys: Sequence[str]) -> list[Lesson]:
    """Return the lessons that have one of these keys and are not forgotten; of many, those with most keys.

    Keys come as `kind:value`; one that is no end of a name counts like several.
    """
    if not keys:
        return []
    rows = await source.all(
        "SELECT l.told FROM (SELECT k.lesson, sum(iif(k.key GLOB 'start:*' OR k.key GLOB 'end:*', 1, ?)) AS weight"
        " FROM json_each(?) given CROSS JOIN lesson_keys k ON k.key = given.value AND k.lesson > coalesce("
        " (SELECT o.lesson FROM lesson_keys o WHERE o.key = given.value ORDER BY o.lesson DESC LIMIT 1 OFFSET ?), 0)"
        " GROUP BY k.lesson) found CROSS JOIN lessons l ON l.number = found.lesson WHERE l.forgotten_at IS NULL"
        " ORDER BY found.weight DESC, l.number DESC LIMIT ?",
        _TELLING,
        encode_text(list(keys)),
        NEWEST_OF_A_KEY,
        MOST_FOUND,
    )
    return [decode(row["told"], Lesson) for row in rows]


async def find_lesson(source: Ledger | Transaction, number: int) -> Lesson | None:
    """Return what the document of this number teaches or taught; None if nobody vouched for it."""
    row = await source.one("SELECT told FROM lessons WHERE number = ?", number)
    return None if row is None else decode(row["told"], Lesson)


async def keep_lesson(tx: Transaction, lesson: Lesson, keys: Sequence[str]) -> None:
    """Keep what a document teaches in place of what it taught before; `keys` are those by which it is found."""
    await drop_lesson(tx, lesson.number)
    await tx.execute(
        "INSERT INTO lessons (number, vendor, category, told, taught_at, forgotten_at) VALUES (?, ?, ?, ?, ?, ?)",
        lesson.number,
        lesson.vendor,
        lesson.category,
        encode_json(lesson),
        lesson.at,
        None if lesson.forgotten_at is UNSET else lesson.forgotten_at,
    )
    for key in keys:
        await tx.execute("INSERT OR IGNORE INTO lesson_keys (key, lesson) VALUES (?, ?)", key, lesson.number)


async def forget_lesson(tx: Transaction, lesson: Lesson) -> None:
    """Keep a lesson as one that teaches nothing; the archive must still be told, by a sidecar or by its records."""
    await tx.execute(
        "UPDATE lessons SET told = ?, forgotten_at = ?, is_told = 0 WHERE number = ?",
        encode_json(replace(lesson, forgotten_at=tx.now)),
        tx.now,
        lesson.number,
    )
    await tx.execute(
        "INSERT OR IGNORE INTO unrecorded SELECT number FROM documents WHERE number = ? AND state = 'gone'",
        lesson.number,
    )


async def set_lesson_told(tx: Transaction, number: int, lesson: Lesson | None) -> None:
    """Note that the sidecar of this document has this lesson, unless the ledger has another one by now."""
    if await find_lesson(tx, number) == lesson:
        await tx.execute("UPDATE lessons SET is_told = 1 WHERE number = ?", number)


async def drop_lesson(tx: Transaction, number: int) -> None:
    """Remove what a document taught, as if nobody had vouched for it."""
    await tx.execute("DELETE FROM lesson_keys WHERE lesson = ?", number)
    await tx.execute("DELETE FROM lessons WHERE number = ?", number)
