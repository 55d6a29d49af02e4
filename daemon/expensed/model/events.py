"""Transitions of tasks as the ledger keeps them and clients follow them."""

from __future__ import annotations

from dataclasses import dataclass

from expensed.model.states import Step, TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One transition of a task."""

    id: int
    """Always rises; gaps mean nothing."""
    at: str
    document_id: str
    task_id: str | None
    file: str
    state: TaskState
    status: str
    attempt: int | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotTask:
    """One task in a snapshot."""

    task_id: str
    document_id: str
    file: str
    step: Step
    state: TaskState
    status: str
    attempt: int
    error: str | None
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The state of everything at one moment."""

    id: int
    """The id of the newest event."""
    unfinished: int
    documents: dict[str, int]
    """How many there are by state; states without documents are left out."""
    tasks: tuple[SnapshotTask, ...]
