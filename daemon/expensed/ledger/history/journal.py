"""The journal: what was done to documents, by people and by expensed itself, and what each document was before.

An entry *stands* until it is taken back, and again once that is taken back in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from expensed.ledger.rows import Former
from expensed.ledger.store import Ledger, Purpose, Row, SqlValue, Transaction, encode_json
from expensed.model.json_text import decode, encode_text
from expensed.model.states import EntryKind

_SELECT = "SELECT j.*, d.id AS document_id, d.file AS file FROM journal j JOIN documents d ON d.number = j.document"
_STANDS = "j.undone_by IS NULL AND j.undoes IS NULL"
"""The condition of an entry that can be the next to be taken back; an entry that took another one back is no such."""
_BY_ITSELF = {
    EntryKind.AUTO_FILED: "Filed as {}.",
    EntryKind.AUTO_REVIEW: "Sent to review, as {}.",
    EntryKind.AUTO_DUPLICATE: "Set aside as a duplicate, as {}.",
}
"""The sentences about what expensed does by itself; they are not stored."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the journal; `document` is its document's number."""

    number: int
    at: str
    kind: EntryKind
    document: int
    document_id: str
    file: str
    path: str
    """Where the document lay afterwards, relative to the archive."""
    sentence: str
    before: Former | None
    """None if the document had just arrived."""
    undoes: int | None
    """The entry that this one took back."""
    undone_by: int | None
    """The entry that took this one back; None if it stands."""


def _entry_from(row: Row) -> Entry:
    kind = EntryKind(row["kind"])
    return Entry(
        number=row["number"],
        at=row["at"],
        kind=kind,
        document=row["document"],
        document_id=row["document_id"],
        file=row["file"],
        path=row["path"],
        sentence=row["sentence"] or _BY_ITSELF.get(kind, "{}").format(row["path"]),
        before=None if row["before"] is None else decode(row["before"], Former),
        undoes=row["undoes"],
        undone_by=row["undone_by"],
    )


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What was done to a document; without `sentence` and `before`, expensed did it by itself."""

    kind: EntryKind
    document: int
    path: str
    sentence: str | None = None
    before: Former | None = None
    undoes: int | None = None


async def insert_entry(tx: Transaction, new: NewEntry) -> None:
    """Enter what was done; the entry that it undoes, if any, no longer stands."""
    number = await tx.insert(
        "INSERT INTO journal (at, kind, document, path, sentence, before, undoes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        tx.now,
        new.kind,
        new.document,
        new.path,
        new.sentence,
        encode_json(new.before),
        new.undoes,
    )
    if new.undoes is not None:
        await _take_back(tx, new.undoes, number)


async def _take_back(tx: Transaction, target: int, by: int) -> None:
    """Note that an entry was taken back; what it had taken back itself stands again, and so on."""
    undone_by: int | None = by
    while True:
        await tx.execute("UPDATE journal SET undone_by = ? WHERE number = ?", undone_by, target)
        row = await tx.one("SELECT undoes FROM journal WHERE number = ?", target)
        if row is None or row["undoes"] is None:
            return
        undone_by = None if undone_by is not None else target
        target = row["undoes"]


async def find_entry(source: Ledger | Transaction, number: int) -> Entry | None:
    """Return the entry with this number, or None."""
    row = await source.one(f"{_SELECT} WHERE j.number = ?", number)
    return _entry_from(row) if row else None


async def find_later(source: Ledger | Transaction, entry: Entry) -> Entry | None:
    """Return the newest later entry about the same document that stands in the way of taking this one back.

    One that took back what came after this one does not: it is as if neither had been.
    """
    row = await source.one(
        f"{_SELECT} WHERE j.document = ?1 AND j.number > ?2 AND j.undone_by IS NULL"
        " AND coalesce(j.undoes, 0) <= ?2 ORDER BY j.number DESC LIMIT 1",
        entry.document,
        entry.number,
    )
    return _entry_from(row) if row else None


async def find_last_of(source: Ledger | Transaction, document: int) -> Entry | None:
    """Return the last thing that was done to a document and stands, or None."""
    row = await source.one(f"{_SELECT} WHERE j.document = ? AND {_STANDS} ORDER BY j.number DESC LIMIT 1", document)
    return _entry_from(row) if row else None


async def find_last_by_people(source: Ledger | Transaction) -> Entry | None:
    """Return the last thing that a person asked for and that stands, or None."""
    row = await source.one(f"{_SELECT} WHERE j.sentence IS NOT NULL AND {_STANDS} ORDER BY j.number DESC LIMIT 1")
    return _entry_from(row) if row else None


async def list_since(ledger: Ledger, since: str, before: int | None, limit: int) -> list[int]:
    """Return what must be taken back for everything to be as it was at a time (see `timestamp`), latest first.

    Nothing must be for what was taken back since then, and what arrived and went to review stays there.
    """
    rows = await ledger.all(
        "SELECT number FROM journal j WHERE j.at >= ?1 AND j.number < ?2 AND j.undone_by IS NULL AND j.kind <> ?3"
        " AND (j.undoes IS NULL OR j.undoes < (SELECT min(number) FROM journal WHERE at >= ?1))"
        " ORDER BY j.number DESC LIMIT ?4",
        since,
        _LATEST if before is None else before,
        EntryKind.AUTO_REVIEW,
        limit,
    )
    return [row["number"] for row in rows]


_LATEST = 2**63 - 1


async def list_unseen(ledger: Ledger, documents: Sequence[int], before: int | None, limit: int) -> list[int]:
    """Return the last filing or reading of each of these documents that no person has looked at, latest first."""
    rows = await ledger.all(
        "SELECT max(j.number) AS number FROM json_each(?1) given CROSS JOIN journal j ON j.document = given.value"
        " WHERE j.undone_by IS NULL AND j.kind IN (?2, ?3) GROUP BY j.document HAVING max(j.number) < ?4"
        " ORDER BY 1 DESC LIMIT ?5",
        encode_text(list(documents)),
        EntryKind.AUTO_FILED,
        EntryKind.REREAD,
        _LATEST if before is None else before,
        limit,
    )
    return [row["number"] for row in rows]


async def list_using(ledger: Ledger, lesson: int) -> list[int]:
    """Return the numbers of the documents whose data used a lesson."""
    rows = await ledger.all(
        "SELECT document AS number FROM lessons_used WHERE lesson = ?",
        lesson,
        by=Purpose.STATISTICS,
    )
    return [row["number"] for row in rows]


async def list_entries(
    ledger: Ledger,
    *,
    document: int | None = None,
    since: str | None = None,
    before: int | None = None,
    limit: int,
) -> list[Entry]:
    """Return entries, latest first: all, or those of a document, since a time, before a number."""
    wanted: dict[str, SqlValue] = {"j.document = ?": document, "j.at >= ?": since, "j.number < ?": before}
    given = {clause: value for clause, value in wanted.items() if value is not None}
    where = f" WHERE {' AND '.join(given)}" if given else ""
    rows = await ledger.all(f"{_SELECT}{where} ORDER BY j.number DESC LIMIT ?", *given.values(), limit)
    return [_entry_from(row) for row in rows]
