"""The ledger's rows as frozen dataclasses, and how a row becomes one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

from expensed.ledger.store import Row
from expensed.model.states import DocumentState, Step, TaskState


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes lie: `root` is `inbox` or `archive`, `path` relative to it (bytes that are no UTF-8 survive)."""

    root: str
    path: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document as the ledger knows it."""

    number: int
    id: str
    origin: str
    name: str
    file: str
    state: DocumentState
    sha256: str
    size: int
    mtime_ns: int
    place: Place
    first: int | None
    cut_off: str | None
    kind: str | None
    engine: str | None
    outcome: str | None
    failure: dict[str, Any] | None
    result: dict[str, Any] | None
    text: str | None
    turns: tuple[int, ...] | None
    corrections: dict[str, Any] | None
    unclean_ends: int
    unclean_alone: int
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class Task:
    """One task as the ledger knows it; `document_id` and `file` are its document's."""

    number: int
    id: str
    document: int
    document_id: str
    file: str
    origin: str
    step: Step
    state: TaskState
    status: str
    standing: str
    priority: int
    attempt: int
    failures: int
    due_at: str
    run: str | None
    input: dict[str, Any] | None
    error: dict[str, Any] | None
    trace: str | None
    created_at: str
    updated_at: str
    result: dict[str, Any] | None = None
    """Of an extraction over HTTP: its `data`, and whether it was `cached`."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a step; `outcome` is None while it runs."""

    task: int
    attempt: int
    step: Step
    started_at: str
    ended_at: str | None
    outcome: str | None
    error: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Filing:
    """An intent to put a document at `path` in the archive, and what became of it."""

    number: int
    document: int
    kind: str
    path: str
    sha256: str
    sidecar: str
    note: str | None
    source: Place
    state: str


def _decode(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)


def document_from(row: Row) -> Document:
    """A row of `documents`."""
    return Document(
        number=row["number"],
        id=row["id"],
        origin=row["origin"],
        name=os.fsdecode(row["name"]),
        file=row["file"],
        state=DocumentState(row["state"]),
        sha256=row["sha256"],
        size=row["size"],
        mtime_ns=row["mtime_ns"],
        place=Place(row["place"], os.fsdecode(row["path"])),
        first=row["first"],
        cut_off=row["cut_off"],
        kind=row["kind"],
        engine=row["engine"],
        outcome=row["outcome"],
        failure=_decode(row["failure"]),
        result=_decode(row["result"]),
        text=row["text"],
        turns=None if row["turns"] is None else tuple(json.loads(row["turns"])),
        corrections=_decode(row["corrections"]),
        unclean_ends=row["unclean_ends"],
        unclean_alone=row["unclean_alone"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def task_from(row: Row) -> Task:
    """A row of `tasks` joined with its document's `document_id` and `file` (see `tasks.SELECT`)."""
    return Task(
        number=row["number"],
        id=row["id"],
        document=row["document"],
        document_id=row["document_id"],
        file=row["file"],
        origin=row["origin"],
        step=Step(row["step"]),
        state=TaskState(row["state"]),
        status=row["status"],
        standing=row["standing"],
        priority=row["priority"],
        attempt=row["attempt"],
        failures=row["failures"],
        due_at=row["due_at"],
        run=row["run"],
        input=_decode(row["input"]),
        error=_decode(row["error"]),
        trace=row["trace"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        result=_decode(row["result"]),
    )


def attempt_from(row: Row) -> Attempt:
    """A row of `attempts`."""
    return Attempt(
        task=row["task"],
        attempt=row["attempt"],
        step=Step(row["step"]),
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        outcome=row["outcome"],
        error=_decode(row["error"]),
    )


def filing_from(row: Row) -> Filing:
    """A row of `filings`."""
    return Filing(
        number=row["number"],
        document=row["document"],
        kind=row["kind"],
        path=row["path"],
        sha256=row["sha256"],
        sidecar=row["sidecar"],
        note=row["note"],
        source=Place(row["source_place"], os.fsdecode(row["source_path"])),
        state=row["state"],
    )
