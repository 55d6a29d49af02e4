"""The answer of `GET /api/stats` and its parts; otherwise like `report.answers`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from expensed.model.states import Step
from expensed.report.answers import TaskRow, Yes


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """The work still to be done."""

    count: int
    oldest_at: str | None
    oldest_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """The worker: the age of its last heartbeat, and what it is doing now."""

    heartbeat_age_s: float | None
    trouble: str | None
    registered: tuple[Step, ...]
    active: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingProcesses:
    """The number of child processes that read, how many there may be, and how many documents wait for one."""

    alive: int
    slots: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxNumbers:
    """The watched folder in numbers."""

    waiting: int
    missed_by_events: int
    trouble: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """A file of the archive whose name, place or bytes make no sense, or several with one problem in one folder."""

    file: str
    count: int
    problem: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveNumbers:
    """What people did in the archive and could not be understood; `left_alone` has the first of these files."""

    left_alone: tuple[LeftAlone, ...]
    left_alone_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Documents finished since local midnight, by state, and tasks that ended within the last hour."""

    since: str
    filed: int
    review: int
    duplicate: int
    failed: int
    discarded: int
    tasks_last_hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """The counts, the backlog, the worker and today's progress."""

    success: Yes = True
    version: str
    run: str
    started_at: str
    uptime_s: float
    documents: Mapping[str, int]
    tasks: Mapping[str, int]
    backlog: Backlog
    worker: Worker
    children: ReadingProcesses
    inbox: InboxNumbers
    archive: ArchiveNumbers
    today: Today
    last_success_at: str | None
