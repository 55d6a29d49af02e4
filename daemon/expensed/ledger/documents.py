"""Insert, find and update documents, and tell which is the first with the same bytes."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict, Unpack

from expensed.errors import Fault, NotFound
from expensed.ledger.rows import Document, document_from
from expensed.ledger.store import Ledger, SqlValue, Transaction, encode_json
from expensed.model.discard import Discarded
from expensed.model.expense import Corrections, Expense
from expensed.model.lesson import Traits
from expensed.model.place import Place
from expensed.model.states import DocumentOrigin, DocumentState, Outcome


@dataclass(frozen=True, slots=True)
class NewDocument:
    """The data known about a document at its admission."""

    id: str
    origin: DocumentOrigin
    name: str
    file: str
    sha256: str
    size: int
    mtime_ns: int
    place: Place
    cut_off: str | None = None
    kind: str | None = None
    folder: str | None = None
    """The subfolder of the inbox that it was dropped into."""


async def insert_document(tx: Transaction, new: NewDocument, state: DocumentState) -> int | None:
    """Insert a document; return its number, or None if its id exists already (an admission run twice)."""
    row = await tx.one(
        "INSERT OR IGNORE INTO documents (id, origin, name, file, state, sha256, size, mtime_ns, place, path, cut_off,"
        " kind, folder, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
        new.id,
        new.origin,
        os.fsencode(new.name),
        new.file,
        state,
        new.sha256,
        new.size,
        new.mtime_ns,
        new.place.root,
        os.fsencode(new.place.path),
        new.cut_off,
        new.kind,
        new.folder,
        tx.now,
        tx.now,
    )
    return int(row["number"]) if row else None


async def find_document(source: Ledger | Transaction, document_id: str) -> Document | None:
    """Return the document with this id, or None."""
    row = await source.one("SELECT * FROM documents WHERE id = ?", document_id)
    return document_from(row) if row else None


async def seek_document(source: Ledger | Transaction, document_id: str) -> Document:
    """Return the document with an id that someone has named; NotFound if there is none."""
    document = await find_document(source, document_id)
    if document is None:
        raise NotFound(f"There is no document {document_id}.", hint="GET /api/documents lists all documents.")
    return document


async def get_document(source: Ledger | Transaction, number: int) -> Document:
    """Return the document with this number; LookupError if there is none."""
    row = await source.one("SELECT * FROM documents WHERE number = ?", number)
    if row is None:
        raise LookupError(f"no document {number}")
    return document_from(row)


async def list_categories(ledger: Ledger) -> list[str]:
    """Return every category that a document has, in the order of the alphabet; each costs one look into an index."""
    rows = await ledger.all(
        "WITH RECURSIVE used (known) AS (SELECT min(category) FROM documents UNION ALL"
        " SELECT (SELECT min(category) FROM documents WHERE category > known) FROM used WHERE known IS NOT NULL)"
        " SELECT known FROM used WHERE known IS NOT NULL"
    )
    return [row["known"] for row in rows]


async def list_document_numbers(ledger: Ledger) -> list[int]:
    """Return the numbers of all documents, oldest first."""
    return [row["number"] for row in await ledger.all("SELECT number FROM documents ORDER BY number")]


async def count_archived(ledger: Ledger) -> int:
    """Return how many documents lie in the archive."""
    row = await ledger.one("SELECT count(*) AS n FROM documents WHERE place = 'archive' AND state <> 'gone'")
    return int(row["n"]) if row else 0


async def sample_filed(ledger: Ledger, count: int) -> list[str]:
    """Return the paths in the archive of some filed documents, picked at random."""
    rows = await ledger.all("SELECT path FROM documents WHERE state = 'filed' ORDER BY random() LIMIT ?", count)
    return [os.fsdecode(row["path"]) for row in rows]


async def list_archived_paths(ledger: Ledger) -> frozenset[bytes]:
    """Return the path of every document in the archive."""
    rows = await ledger.all("SELECT path FROM documents WHERE place = 'archive' AND state <> 'gone'")
    return frozenset(row["path"] for row in rows)


async def find_archived(ledger: Ledger, sha256: str) -> Document | None:
    """Return the first document in the archive with these bytes, or None."""
    row = await ledger.one(
        "SELECT * FROM documents WHERE sha256 = ? AND place = 'archive' AND state <> 'gone' ORDER BY number LIMIT 1",
        sha256,
    )
    return document_from(row) if row else None


class Changes(TypedDict, total=False):
    """The columns of a document that may change."""

    state: DocumentState
    sha256: str
    size: int
    mtime_ns: int
    place: Place
    first: int | None
    cut_off: str | None
    kind: str | None
    engine: str | None
    outcome: Outcome | None
    failure: Fault | None
    result: Expense | None
    text: str | None
    turns: tuple[float, ...] | None
    traits: Traits | None
    corrections: Corrections | None
    discarded: Discarded | None
    unclean_ends: int
    unclean_alone: int
    updated_at: str
    """The present time if it is not given."""


_AS_JSON = ("failure", "result", "turns", "traits", "corrections", "discarded")


async def update_document(tx: Transaction, number: int, **changes: Unpack[Changes]) -> None:
    """Change some columns of a document."""
    columns: dict[str, SqlValue] = {"updated_at": tx.now}
    if "place" in changes:
        place = changes.pop("place")
        columns |= {"place": place.root, "path": os.fsencode(place.path)}
    for name, value in changes.items():
        columns[name] = encode_json(value) if name in _AS_JSON else _plain(value)
    settings = ", ".join(f"{name} = ?" for name in columns)
    await tx.execute(f"UPDATE documents SET {settings} WHERE number = ?", *columns.values(), number)  # noqa: S608


async def find_first(
    tx: Transaction, document: int, sha256: str, is_there: Callable[[Place], Awaitable[bool]]
) -> Document | None:
    """Return the lowest-numbered other document with these bytes that is filed, in review or on its way there.

    Or the one that shows the same paper, by what was read of the document. One that a person has discarded, or is
    discarding, does not count.

    `is_there(place)` tells whether a document's bytes lie where the ledger says; one whose bytes do not is set `gone`
    and does not count. Among documents not yet at rest, only those without a first count. The caller must tie its
    document to the result (see `join_first`) in the same transaction, so that two documents can neither wait for each
    other nor both be first.
    """
    rows = await tx.all(
        "SELECT d.* FROM documents d WHERE (d.sha256 = ?1 OR d.id ="
        " (SELECT json_extract(o.result, '$.same_paper.document') FROM documents o WHERE o.number = ?2))"
        " AND d.number <> ?2 AND ("
        " (d.state IN ('filed', 'review') AND d.outcome IS NOT 'discarded') OR (d.first IS NULL AND EXISTS ("
        "  SELECT 1 FROM tasks t WHERE t.document = d.number AND t.standing <> 'ended'"
        "   AND t.origin IN ('drop', 'process', 'discard', 'undo')"
        "   AND coalesce(d.outcome, 'filed') IN ('filed', 'review'))))"
        " ORDER BY d.number",
        sha256,
        document,
    )
    for row in rows:
        candidate = document_from(row)
        if await is_there(candidate.place):
            return candidate
        if candidate.state in (DocumentState.FILED, DocumentState.REVIEW):
            await update_document(tx, candidate.number, state=DocumentState.GONE)
    return None


def _plain(value: object) -> SqlValue:
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} does not fit into a column")


MOST_ALIKE = 100


async def list_of_amount(tx: Transaction, day: date, amount: Decimal, other_than: int) -> list[Document]:
    """Return the documents of a day and amount that are filed, in review or on their way there, oldest first.

    At most `MOST_ALIKE`.
    """
    rows = await tx.all(
        "SELECT * FROM documents WHERE day = ? AND amount = json_extract(?, '$') AND number <> ?"
        " AND state IN ('admitted', 'filed', 'review') AND outcome IN ('filed', 'review') ORDER BY number LIMIT ?",
        day.isoformat(),
        str(amount),
        other_than,
        MOST_ALIKE,
    )
    return [document_from(row) for row in rows]


async def list_twins(tx: Transaction, first: int) -> list[Document]:
    """Return the documents that wait for `first`, oldest first."""
    rows = await tx.all(
        "SELECT d.* FROM documents d WHERE d.first = ? AND EXISTS ("
        " SELECT 1 FROM tasks t WHERE t.document = d.number AND t.standing = 'waiting') ORDER BY d.number",
        first,
    )
    return [document_from(row) for row in rows]


async def find_discarded(tx: Transaction, sha256: str, other_than: int) -> Document | None:
    """Return the newest other document with these bytes that was discarded, or None."""
    row = await tx.one(
        "SELECT * FROM documents WHERE sha256 = ? AND state = 'discarded' AND number <> ? ORDER BY number DESC LIMIT 1",
        sha256,
        other_than,
    )
    return document_from(row) if row else None


async def list_duplicate_ids(ledger: Ledger, first: int) -> list[str]:
    """Return the ids of all twins of `first`, oldest first."""
    rows = await ledger.all("SELECT id FROM documents WHERE first = ? ORDER BY number", first)
    return [row["id"] for row in rows]
