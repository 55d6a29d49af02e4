"""Put documents back into a new ledger, with all that can be told of them; tasks, events and journal start again."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from expensed.errors import Fault, Gone
from expensed.ledger.duplicates.fingerprints import add_keys
from expensed.ledger.filings import reservation
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction, encode_json
from expensed.model.fingerprint import make_fingerprint
from expensed.model.reach import Reach
from expensed.model.states import DocumentState, Outcome, Root, Status, Step, TaskState
from expensed.model.text import display_name


@dataclass(frozen=True, slots=True)
class Restored:
    """A document to put back; `filed_as` is None if it never reached the archive. `note` is the text beside it."""

    document: Document
    filed_as: Outcome | None
    note: str | None
    reserves: bool = True
    """Whether its name in the archive is its own; false if another document has the same but for upper case."""


async def restore_documents(tx: Transaction, restored: Sequence[Restored]) -> None:
    """Insert these documents, each with a filing and an ended task; `first` is left to `tie_twins`."""
    for each in restored:
        await _insert_document(tx, each.document)
        await add_keys(tx, each.document.number, make_fingerprint(each.document.text or ""))
        if each.filed_as is not None:
            await _insert_filing(tx, each, each.filed_as)
        await _insert_task(tx, each.document)


async def _insert_document(tx: Transaction, document: Document) -> None:
    await tx.execute(
        "INSERT INTO documents (number, id, origin, name, file, state, sha256, size, mtime_ns, place, path, cut_off,"
        " kind, engine, outcome, failure, result, text, turns, traits, corrections, discarded, folder, created_at,"
        " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        document.number,
        document.id,
        document.origin,
        os.fsencode(document.name),
        document.file,
        document.state,
        document.sha256,
        document.size,
        document.mtime_ns,
        document.place.root,
        os.fsencode(document.place.path),
        document.cut_off,
        document.kind,
        document.engine,
        document.outcome,
        encode_json(document.failure),
        encode_json(document.result),
        document.text,
        encode_json(document.turns),
        encode_json(document.traits),
        encode_json(document.corrections),
        encode_json(document.discarded),
        document.folder,
        document.created_at,
        document.updated_at,
    )


async def _insert_filing(tx: Transaction, restored: Restored, kind: Outcome) -> None:
    document = restored.document
    path = display_name(document.place.path)  # the same, unless a person gave it a name that is no text
    await tx.execute(
        "INSERT INTO filings (document, kind, path, reserved, sha256, sidecar, note, source_place, source_path, state,"
        " created_at, updated_at) VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, 'closed', ?, ?)",
        document.number,
        kind,
        path,
        reservation(path) if restored.reserves else None,
        document.sha256,
        restored.note,
        Root.INBOX,
        b"",
        document.updated_at,
        document.updated_at,
    )


async def _insert_task(tx: Transaction, document: Document) -> None:
    """Insert the task by which a document can be tried again; it ended as the document did."""
    error = document.failure if document.state is DocumentState.FAILED else None
    if document.state is DocumentState.GONE and document.place.root is Root.INBOX:
        error = Gone(f"{document.file} was removed before it could be filed.").fault
    has_failed = error is not None or document.state is DocumentState.FAILED
    await tx.execute(
        "INSERT INTO tasks (id, document, origin, step, state, status, standing, priority, due_at, error, created_at,"
        " updated_at) VALUES (?, ?, 'drop', ?, ?, ?, 'ended', 1, ?, ?, ?, ?)",
        str(uuid.uuid4()),
        document.number,
        Step.PROCESS,
        TaskState.FAILURE if has_failed else TaskState.SUCCESS,
        Status.FAILED if has_failed else Status.COMPLETED,
        document.updated_at,
        encode_json((error or Fault()) if has_failed else None),
        document.created_at,
        document.updated_at,
    )


async def tie_twins(tx: Transaction, firsts: Mapping[int, int]) -> None:
    """Tie twins to their firsts, by number."""
    for twin, first in firsts.items():
        await tx.execute("UPDATE documents SET first = ? WHERE number = ?", first, twin)


async def conclude(tx: Transaction, ledger_id: str, former: Reach) -> None:
    """Give the ledger its id, let filings and events go on after those of the former one, and note all this."""
    facts = {"ledger_id": ledger_id, "rebuilt_at": tx.now, "former_events": str(former.event)}
    for name, value in facts.items():
        await tx.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)
    for table, number in (("filings", former.filing), ("events", former.event)):
        await tx.execute("INSERT INTO sqlite_sequence (name, seq) SELECT ?1, 0 WHERE NOT EXISTS"
                         " (SELECT 1 FROM sqlite_sequence WHERE name = ?1)", table)  # fmt: skip
        await tx.execute("UPDATE sqlite_sequence SET seq = max(seq, CAST(? AS INTEGER)) WHERE name = ?", number, table)
    await tx.execute("DELETE FROM unrecorded")
