"""The lessons as people look at them: all, with what each of them has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from expensed.ledger.rows import Document, document_from
from expensed.ledger.store import Ledger, Purpose, Transaction
from expensed.model.json_text import decode, encode_text
from expensed.model.lesson import Lesson

NEWEST_USES = 100
"""A lesson may have been used thousands of times; which fields it changed is told by the newest of these."""
_LATEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson, the file name of the document that taught it, and how many documents used it."""

    lesson: Lesson
    file: str
    used: int


async def list_taught(source: Ledger | Transaction, before: int | None, limit: int) -> list[Taught]:
    """Return lessons, also forgotten ones, newest document first; those with a smaller number than `before`."""
    rows = await source.all(
        "SELECT l.told, d.file, (SELECT count(*) FROM lessons_used u WHERE u.lesson = l.number) AS used"
        " FROM lessons l JOIN documents d ON d.number = l.number WHERE l.number < ? ORDER BY l.number DESC LIMIT ?",
        _LATEST if before is None else before,
        limit,
    )
    return [Taught(decode(row["told"], Lesson), row["file"], row["used"]) for row in rows]


async def list_changed_fields(ledger: Ledger, proofs: Mapping[int, str]) -> dict[int, tuple[str, ...]]:
    """Return by lesson the names of the fields that it taught; `proofs` are those of the lessons, by their numbers."""
    rows = await ledger.all(
        "SELECT given.key AS lesson, f.key AS field FROM json_each(?) given CROSS JOIN lessons_used u"
        " ON u.lesson = CAST(given.key AS INTEGER) AND u.document >= coalesce((SELECT o.document FROM lessons_used o"
        " WHERE o.lesson = CAST(given.key AS INTEGER) ORDER BY o.document DESC LIMIT 1 OFFSET ?), 0)"
        " CROSS JOIN documents d ON d.number = u.document, json_each(d.result, '$.fields') f"
        " WHERE json_extract(f.value, '$.proof') = given.value GROUP BY 1, 2",
        encode_text({str(number): proof for number, proof in proofs.items()}),
        NEWEST_USES - 1,
        by=Purpose.STATISTICS,
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[int(row["lesson"])] = (*found.get(int(row["lesson"]), ()), row["field"])
    return found


async def list_users(ledger: Ledger, lesson: int, before: int | None, limit: int) -> list[Document]:
    """Return the documents whose data used a lesson, newest first; those with a smaller number than `before`."""
    rows = await ledger.all(
        "SELECT d.* FROM lessons_used u CROSS JOIN documents d ON d.number = u.document"
        " WHERE u.lesson = ? AND u.document < ? ORDER BY u.document DESC LIMIT ?",
        lesson,
        _LATEST if before is None else before,
        limit,
    )
    return [document_from(row) for row in rows]


async def list_with_untold_lessons(ledger: Ledger, document: int | None = None) -> list[Document]:
    """Return the documents in the archive whose sidecars have their lessons as they were, oldest first; or this one."""
    rows = await ledger.all(
        "SELECT d.* FROM lessons l JOIN documents d ON d.number = l.number WHERE NOT l.is_told"
        " AND d.place = 'archive' AND d.state <> 'gone' AND (?1 IS NULL OR l.number = ?1) ORDER BY l.number",
        document,
    )
    return [document_from(row) for row in rows]
