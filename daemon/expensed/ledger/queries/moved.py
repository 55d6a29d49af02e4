"""Documents by their place in the archive, and those that a person has put into another place there."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from expensed.ledger.rows import Document, Former
from expensed.ledger.store import Ledger, Purpose, Row, Transaction, encode_json
from expensed.model.archive_looks import Remark, Remarked
from expensed.model.json_text import decode, encode_text
from expensed.model.states import DocumentState


@dataclass(frozen=True, slots=True)
class Placed:
    """A document as the ledger expects it in the archive."""

    number: int
    path: str
    state: DocumentState
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Hashed(Placed):
    """The same with the hash of its bytes."""

    sha256: str


MOST_GAPS = 100
"""With more subfolders than this, it is cheaper to read all rows below the folder than those between two of them."""
_AFTER_ALL = b"\xff"
"""No name that is valid UTF-8 comes after it."""
_COLUMNS = "d.number, d.path, d.state, d.size, d.mtime_ns"
_STATES = {state.value: state for state in DocumentState}


def _placed_from(row: Row) -> Placed:
    number, path, state, size, mtime_ns = row
    return Placed(number, os.fsdecode(path), _STATES[state], size, mtime_ns)


def _hashed_from(row: Row) -> Hashed:
    number, path, state, size, mtime_ns, sha256 = row
    return Hashed(number, os.fsdecode(path), _STATES[state], size, mtime_ns, sha256)


async def list_placed(ledger: Ledger, folder: str, without: Sequence[str]) -> list[Placed]:
    """Return the documents in a folder of the archive (`""`: the archive itself) and below it, in the order of paths.

    Those below the subfolders named in `without`, in the order of bytes, are left out.
    """
    start = f"{folder}/" if folder else ""
    first, last = os.fsencode(start), os.fsencode(f"{folder}0") if folder else _AFTER_ALL
    if len(without) > MOST_GAPS:
        subfolders = {f"{start}{name}" for name in without}
        found = await _list_between(ledger, first, last)
        return [each for each in found if start + each.path[len(start) :].partition("/")[0] not in subfolders]
    gaps: list[Placed] = []
    for name in without:
        inside = os.fsencode(f"{start}{name}/")
        gaps += await _list_between(ledger, first, inside)
        first = inside[:-1] + b"0"  # the character after the slash
    return gaps + await _list_between(ledger, first, last)


async def _list_between(ledger: Ledger, first: bytes, last: bytes) -> list[Placed]:
    rows = await ledger.all(
        f"SELECT {_COLUMNS} FROM documents d INDEXED BY documents_place"  # noqa: S608
        " WHERE d.place = 'archive' AND d.path >= ? AND d.path < ? ORDER BY d.path",
        first,
        last,
        by=Purpose.STATISTICS,
    )
    return [_placed_from(row) for row in rows]


async def find_placed(ledger: Ledger, path: str) -> Placed | None:
    """Return the document that lies at this path of the archive, as far as the ledger knows; never one that is gone."""
    row = await ledger.one(
        f"SELECT {_COLUMNS} FROM documents d INDEXED BY documents_place"  # noqa: S608
        " WHERE d.place = 'archive' AND d.path = ? AND d.state <> 'gone' ORDER BY d.number DESC LIMIT 1",
        os.fsencode(path),
        by=Purpose.STATISTICS,
    )
    return _placed_from(row) if row else None


async def list_of_size(ledger: Ledger, size: int, most: int) -> list[Hashed]:
    """Return the documents of the archive with so many bytes, also those that are gone, newest first."""
    rows = await ledger.all(
        f"SELECT {_COLUMNS}, d.sha256 FROM documents d INDEXED BY documents_size"  # noqa: S608
        " WHERE d.place = 'archive' AND d.size = ? ORDER BY d.number DESC LIMIT ?",
        size,
        most,
        by=Purpose.STATISTICS,
    )
    return [_hashed_from(row) for row in rows]


async def list_sizes(ledger: Ledger, sizes: Collection[int]) -> frozenset[int]:
    """Return those of these sizes in bytes that documents of the archive have, also those that are gone."""
    if not sizes:
        return frozenset()
    rows = await ledger.all(
        "SELECT given.value AS size FROM json_each(?) given WHERE EXISTS (SELECT 1 FROM documents d"
        " INDEXED BY documents_size WHERE d.place = 'archive' AND d.size = given.value)",
        encode_text(list(sizes)),
        by=Purpose.STATISTICS,
    )
    return frozenset(row["size"] for row in rows)


async def list_with_bytes(ledger: Ledger, sha256: str) -> list[Hashed]:
    """Return the documents of the archive with these bytes, also those that are gone, newest first."""
    rows = await ledger.all(
        f"SELECT {_COLUMNS}, d.sha256 FROM documents d"  # noqa: S608
        " WHERE d.sha256 = ? AND d.place = 'archive' ORDER BY d.number DESC",
        sha256,
    )
    return [_hashed_from(row) for row in rows]


async def note_move(tx: Transaction, document: int, former: str, path: str) -> None:
    """Note that a person has moved a document from one path to another, whose name is still to be read."""
    await tx.execute(
        "INSERT INTO moved (document, path, former, at) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (document) DO UPDATE SET path = ?2, former = ?3, remark = NULL, at = ?4",
        document,
        os.fsencode(path),
        os.fsencode(former),
        tx.now,
    )


async def list_unread_moves(ledger: Ledger) -> list[int]:
    """Return the numbers of the documents whose new name is still to be read."""
    rows = await ledger.all("SELECT document FROM moved INDEXED BY moved_unread WHERE remark IS NULL")
    return [row["document"] for row in rows]


async def find_move(ledger: Ledger, document: int) -> str | None:
    """Return the path that a person gave a document and that is still to be read, or None."""
    row = await ledger.one("SELECT path FROM moved WHERE document = ? AND remark IS NULL", document)
    return os.fsdecode(row["path"]) if row else None


async def former_of(tx: Transaction, document: Document) -> Former:
    """Return a document's present data; where it lay, if a person has just moved it, is where it lay before that."""
    former = Former.of(document)
    row = await tx.one(
        "SELECT former FROM moved WHERE document = ? AND path = ? AND remark IS NULL",
        document.number,
        os.fsencode(document.place.path),
    )
    return replace(former, path=os.fsdecode(row["former"])) if row else former


async def conclude_move(tx: Transaction, document: int, path: str, remark: Remark | None) -> None:
    """Record that a name was read: it was understood, or there is this to say about it."""
    if remark is None:
        await tx.execute("DELETE FROM moved WHERE document = ? AND path = ?", document, os.fsencode(path))
        return
    await tx.execute(
        "UPDATE moved SET remark = ? WHERE document = ? AND path = ?", encode_json(remark), document, os.fsencode(path)
    )


async def list_remarks(ledger: Ledger) -> list[Remarked]:
    """Return what there is to say about documents that still lie where a person has put them, newest first."""
    rows = await ledger.all(
        "SELECT m.path, m.remark FROM moved m JOIN documents d ON d.number = m.document"
        " WHERE m.remark IS NOT NULL AND d.place = 'archive' AND d.path = m.path AND d.state <> 'gone'"
        " ORDER BY m.at DESC, m.path"
    )
    return [Remarked(os.fsdecode(row["path"]), decode(row["remark"], Remark)) for row in rows]


async def forget_stale_moves(tx: Transaction) -> None:
    """Forget the remarks about documents that no longer lie there."""
    await tx.execute(
        "DELETE FROM moved WHERE remark IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents d"
        " WHERE d.number = moved.document AND d.path = moved.path AND d.place = 'archive' AND d.state <> 'gone')"
    )
