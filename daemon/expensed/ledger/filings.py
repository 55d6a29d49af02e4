"""Filings: intents that reserve a name in the archive, and their outcomes."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass

from expensed.ledger.rows import Filing, filing_from
from expensed.ledger.store import Ledger, Transaction
from expensed.model.place import Place
from expensed.model.states import FilingState, Outcome


@dataclass(frozen=True, slots=True)
class NewFiling:
    """A destination, the sidecar and note beside it, and the source of the bytes."""

    document: int
    kind: Outcome
    path: str
    sha256: str
    sidecar: str
    note: str | None
    source: Place


def reservation(path: str) -> str:
    """Return the key under which two paths are the same to a case-insensitive file system."""
    return unicodedata.normalize("NFC", path).casefold()


async def is_reserved(tx: Transaction, path: str) -> bool:
    """Whether this path, or a companion that it needs, is reserved for another document."""
    key = reservation(path)
    keys = {key, f"{key}.json", f"{key}.why.txt", key.removesuffix(".json"), key.removesuffix(".why.txt")}
    marks = ", ".join("?" * len(keys))
    return await tx.one(f"SELECT 1 FROM filings WHERE reserved IN ({marks})", *keys) is not None  # noqa: S608


async def insert_filing(tx: Transaction, new: NewFiling) -> int:
    """Record an intent and return its number; sqlite3.IntegrityError if the path is reserved or another intent open."""
    tx.newest_filing = await tx.insert(
        "INSERT INTO filings (document, kind, path, reserved, sha256, sidecar, note, source_place, source_path, state,"
        " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'intended', ?, ?)",
        new.document,
        new.kind,
        new.path,
        reservation(new.path),
        new.sha256,
        new.sidecar,
        new.note,
        new.source.root,
        os.fsencode(new.source.path),
        tx.now,
        tx.now,
    )
    return tx.newest_filing


async def insert_move(tx: Transaction, new: NewFiling) -> None:
    """Record that a document lies where a person has put it, and release its former names.

    The new name is not reserved: the file itself is there.
    """
    tx.newest_filing = await tx.insert(
        "INSERT INTO filings (document, kind, path, reserved, sha256, sidecar, note, source_place, source_path, state,"
        " created_at, updated_at) VALUES (?, ?, ?, NULL, ?, '', ?, ?, ?, 'closed', ?, ?)",
        new.document,
        new.kind,
        new.path,
        new.sha256,
        new.note,
        new.source.root,
        os.fsencode(new.source.path),
        tx.now,
        tx.now,
    )
    await leave_earlier_filings(tx, new.document, tx.newest_filing)


async def find_intent(source: Ledger | Transaction, document: int) -> Filing | None:
    """Return the unfinished filing of a document, or None."""
    row = await source.one("SELECT * FROM filings WHERE document = ? AND state = 'intended'", document)
    return filing_from(row) if row else None


async def list_filings(source: Ledger | Transaction, state: FilingState) -> list[Filing]:
    """Return all filings that are `intended` or `filed`, oldest first."""
    rows = await source.all(
        "SELECT * FROM filings INDEXED BY filings_open WHERE state IN ('intended', 'filed') AND state = ?"
        " ORDER BY number",
        state,
    )
    return [filing_from(row) for row in rows]


async def current_filing(source: Ledger | Transaction, document: int, state: FilingState) -> Filing | None:
    """Return a document's newest filing that is `filed` (its source may still be there) or `closed` (it is not)."""
    row = await source.one(
        "SELECT * FROM filings WHERE document = ? AND state = ? ORDER BY number DESC", document, state
    )
    return filing_from(row) if row else None


async def has_open_filing(ledger: Ledger, document: int) -> bool:
    """Whether a document is being filed, or has not left its former place yet."""
    row = await ledger.one("SELECT 1 FROM filings WHERE document = ? AND state IN ('intended', 'filed')", document)
    return row is not None


async def last_kind(ledger: Ledger, document: int) -> Outcome | None:
    """Return how a document was last filed; None if it never was."""
    row = await ledger.one(
        "SELECT kind FROM filings WHERE document = ? AND state IN ('filed', 'closed') ORDER BY number DESC LIMIT 1",
        document,
    )
    return Outcome(row["kind"]) if row else None


async def find_note(source: Ledger | Transaction, document: int, path: str) -> str | None:
    """Return the note as it was written beside a document at this path of the archive, or None."""
    row = await source.one(
        "SELECT note FROM filings WHERE document = ? AND path = ? AND state IN ('closed', 'left')"
        " ORDER BY number DESC LIMIT 1",
        document,
        path,
    )
    return row["note"] if row else None


async def renew_filing(tx: Transaction, document: int, path: str, kind: Outcome, note: str | None) -> None:
    """Record as what a document now lies where it is, and the note beside it, in place of those it was filed with."""
    await tx.execute(
        "UPDATE filings SET kind = ?, note = ? WHERE number ="
        " (SELECT max(number) FROM filings WHERE document = ? AND path = ? AND state IN ('filed', 'closed'))",
        kind,
        note,
        document,
        path,
    )


async def set_filing_state(tx: Transaction, filing: Filing, state: FilingState) -> None:
    """Set a filing's state; the state `left` releases its name.

    Once nothing is left to do for it, its sidecar is forgotten, which lies in the archive and repeats the document.
    """
    await tx.execute(
        "UPDATE filings SET state = ?1, reserved = CASE WHEN ?1 = 'left' THEN NULL ELSE reserved END,"
        " sidecar = CASE WHEN ?1 IN ('closed', 'left') THEN '' ELSE sidecar END, updated_at = ?2 WHERE number = ?3",
        state,
        tx.now,
        filing.number,
    )


async def leave_earlier_filings(tx: Transaction, document: int, number: int) -> None:
    """Release the former names of a document that has moved: those of its closed filings below this number."""
    await tx.execute(
        "UPDATE filings SET state = 'left', reserved = NULL, updated_at = ?"
        " WHERE document = ? AND number < ? AND state = 'closed'",
        tx.now,
        document,
        number,
    )


async def leave_all_filings(tx: Transaction, document: int) -> None:
    """Release the names of a document that has left the archive."""
    await leave_earlier_filings(tx, document, 2**62)


async def drop_intent(tx: Transaction, filing: Filing) -> None:
    """Delete an intent that was not carried out, because its name was taken or its document changed."""
    await tx.execute("DELETE FROM filings WHERE number = ? AND state = 'intended'", filing.number)
