"""Describe a document in full, as its sidecar does and, once its file is gone, the archive's records."""

from __future__ import annotations

import hashlib
import os

from msgspec import UNSET

from expensed.archive.sidecar import Sidecar, Times
from expensed.ledger.rows import Document
from expensed.model.lesson import Lesson
from expensed.model.states import Outcome


def describe_document(
    document: Document,
    kind: Outcome,
    path: str,
    first_id: str | None,
    *,
    note: str | None,
    lesson: Lesson | None,
    at: str,
) -> Sidecar:
    """Return everything that the ledger knows about a document that lies, or lay, at `path` as `kind`.

    `first_id`: the document that it is a twin of. `note`: the text beside it. `at`: when it got there, or was changed
    there, in UTC; the ledger has the same time.
    """
    return Sidecar(
        id=document.id,
        sha256=document.sha256,
        kind=kind,
        path=path,
        source_name=document.file,
        source_name_hex=os.fsencode(document.name).hex(),
        size=document.size,
        media_type=document.kind,
        engine=document.engine,
        times=Times(document.created_at, document.mtime_ns, at),
        duplicate_of=first_id,
        error=document.failure,
        result=document.result,
        corrections=document.corrections,
        text=document.text,
        number=document.number,
        origin=document.origin,
        cut_off=document.cut_off,
        turns=document.turns,
        lessons=() if lesson is None else (lesson,),
        traits=UNSET if document.traits is None else document.traits,
        discarded=document.discarded or UNSET if kind is Outcome.DISCARDED else UNSET,
        folder=UNSET if document.folder is None else document.folder,
        note_sha256=None if note is None else hash_note(note),
    )


def hash_note(note: str) -> str:
    """Return the sha256 of a note's text, in hex."""
    return hashlib.sha256(note.encode()).hexdigest()
