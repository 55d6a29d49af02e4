"""Documents: inserting, finding, moving from state to state, and who is the first of the same bytes."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from expensed.ledger.rows import Document, Place, document_from
from expensed.ledger.store import Ledger, Transaction, encode_json
from expensed.model.states import DocumentState


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What admission knows of a document."""

    id: str
    origin: str
    name: str
    file: str
    sha256: str
    size: int
    mtime_ns: int
    place: Place
    cut_off: str | None = None
    kind: str | None = None


async def insert_document(tx: Transaction, new: NewDocument, state: DocumentState) -> int | None:
    """Insert a document; its number, or None if that id is already there (an admission run twice)."""
    row = await tx.one(
        "INSERT OR IGNORE INTO documents (id, origin, name, file, state, sha256, size, mtime_ns, place, path, cut_off,"
        " kind, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
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
        tx.now,
        tx.now,
    )
    return int(row["number"]) if row else None


async def find_document(source: Ledger | Transaction, document_id: str) -> Document | None:
    """The document of that id."""
    row = await source.one("SELECT * FROM documents WHERE id = ?", document_id)
    return document_from(row) if row else None


async def get_document(source: Ledger | Transaction, number: int) -> Document:
    """The document of that number; LookupError if there is none."""
    row = await source.one("SELECT * FROM documents WHERE number = ?", number)
    if row is None:
        raise LookupError(f"no document {number}")
    return document_from(row)


async def list_document_numbers(ledger: Ledger) -> list[int]:
    """The numbers of all documents, oldest first."""
    return [row["number"] for row in await ledger.all("SELECT number FROM documents ORDER BY number")]


_COLUMNS = frozenset({
    "state", "sha256", "size", "mtime_ns", "first", "cut_off", "kind", "engine", "outcome", "text",
    "unclean_ends", "unclean_alone",
})  # fmt: skip


async def update_document(tx: Transaction, number: int, **changes: Any) -> None:
    """Change some columns; `place` takes a Place, `result`, `corrections`, `failure`, `turns` what JSON can hold."""
    columns: dict[str, Any] = {"updated_at": tx.now}
    for name, value in changes.items():
        if name == "place":
            columns |= {"place": value.root, "path": os.fsencode(value.path)}
        elif name in {"result", "corrections", "failure", "turns"}:
            columns[name] = encode_json(value)
        elif name in _COLUMNS:
            columns[name] = value
        else:
            raise ValueError(f"documents have no changeable column {name}")
    settings = ", ".join(f"{name} = ?" for name in columns)
    await tx.execute(f"UPDATE documents SET {settings} WHERE number = ?", *columns.values(), number)  # noqa: S608


async def find_first(
    tx: Transaction, document: int, sha256: str, is_there: Callable[[Place], Awaitable[bool]]
) -> Document | None:
    """The lowest-numbered other document with these bytes that is filed, in review or on its way there.

    `is_there(place)` says whether a document's bytes lie where the ledger says; one whose bytes do not is set `gone`
    and does not count. While their fate is open, only documents without a first count. Who asks must tie the asking
    document to what is found (see `join_first`) in this very transaction: then two can neither wait for each other nor
    both be first.
    """
    rows = await tx.all(
        "SELECT d.* FROM documents d WHERE d.sha256 = ?1 AND d.number <> ?2 AND ("
        " d.state IN ('filed', 'review') OR (d.first IS NULL AND EXISTS ("
        "  SELECT 1 FROM tasks t WHERE t.document = d.number AND t.standing <> 'ended' AND ("
        "   t.origin = 'drop' OR t.origin = 'process')"
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


MOST_ALIKE = 100


async def list_of_amount(tx: Transaction, day: str, amount: float, other_than: int) -> list[Document]:
    """The documents of a day (ISO) and amount that are filed, in review, or read and on their way there, oldest first.

    At most `MOST_ALIKE`.
    """
    rows = await tx.all(
        "SELECT * FROM documents WHERE day = ? AND amount = ? AND number <> ?"
        " AND state IN ('admitted', 'filed', 'review') AND outcome IN ('filed', 'review') ORDER BY number LIMIT ?",
        day,
        amount,
        other_than,
        MOST_ALIKE,
    )
    return [document_from(row) for row in rows]


async def list_twins(tx: Transaction, first: int) -> list[Document]:
    """The documents that wait for `first`, oldest first."""
    rows = await tx.all(
        "SELECT d.* FROM documents d WHERE d.first = ? AND EXISTS ("
        " SELECT 1 FROM tasks t WHERE t.document = d.number AND t.standing = 'waiting') ORDER BY d.number",
        first,
    )
    return [document_from(row) for row in rows]


async def list_duplicate_ids(ledger: Ledger, first: int) -> list[str]:
    """The ids of all documents that are twins of `first`, oldest first."""
    rows = await ledger.all("SELECT id FROM documents WHERE first = ? ORDER BY number", first)
    return [row["id"] for row in rows]
