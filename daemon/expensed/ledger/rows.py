"""The ledger's rows as frozen dataclasses, and the conversion to them."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TypeVar

from msgspec import UNSET, UnsetType

from expensed.errors import Fault
from expensed.ledger.transaction import Row
from expensed.model.discard import Discarded
from expensed.model.expense import Corrections, Expense, Said
from expensed.model.json_text import decode
from expensed.model.lesson import Lesson, Traits
from expensed.model.place import Place
from expensed.model.states import (
    AttemptOutcome,
    DocumentOrigin,
    DocumentState,
    FilingState,
    Outcome,
    Root,
    Standing,
    Step,
    TaskOrigin,
    TaskState,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """One document as the ledger knows it."""

    number: int
    id: str
    origin: DocumentOrigin
    name: str
    """The name as it was dropped; bytes that are not UTF-8 survive."""
    file: str
    """The name for display."""
    state: DocumentState
    sha256: str
    size: int
    mtime_ns: int
    place: Place
    first: int | None
    """The number of the document that this one is a twin of, or shows the same paper as."""
    cut_off: str | None
    kind: str | None
    """The media type."""
    engine: str | None
    outcome: Outcome | None
    failure: Fault | None
    result: Expense | None
    text: str | None
    turns: tuple[float, ...] | None
    traits: Traits | None
    """None if it was read before there were any."""
    corrections: Corrections | None
    discarded: Discarded | None
    """Set from the moment a person discards it until it has been put back."""
    unclean_ends: int
    unclean_alone: int
    created_at: str
    updated_at: str
    folder: str | None = None
    """The first of the subfolders of the inbox in which it was dropped."""


@dataclass(frozen=True, slots=True)
class Former:
    """What a document was before a person asked for something: restored if that fails, or if it is undone later.

    Tasks that an earlier version accepted have no `state`: they can fail, but not be undone.
    """

    outcome: Outcome | None
    result: Expense | None
    corrections: Corrections | None
    discarded: Discarded | None = None
    updated_at: str | UnsetType = UNSET
    state: DocumentState | UnsetType = UNSET
    path: str | None = None
    """Where it lay, relative to the archive; None: in the inbox."""
    first: int | None = None
    taught: tuple[Lesson, ...] = ()
    """The lesson that it had taught, if any; only in the journal."""

    @classmethod
    def of(cls, document: Document) -> Former:
        """Return a document's present data."""
        return cls(
            outcome=document.outcome,
            result=document.result,
            corrections=document.corrections,
            discarded=document.discarded,
            updated_at=document.updated_at,
            state=document.state,
            path=document.place.path if document.place.root is Root.ARCHIVE else None,
            first=document.first,
        )

    def having_taught(self, lesson: Lesson | None) -> Former:
        """Return the same with the lesson that the document had taught, for the journal."""
        return replace(self, taught=() if lesson is None else (lesson,))


@dataclass(frozen=True, slots=True)
class Undoing:
    """Which entry of the journal a task takes back, and where the document therefore belongs."""

    entry: int
    outcome: Outcome
    path: str | None
    """Where it lay, relative to the archive; None: wherever its outcome puts it."""


@dataclass(frozen=True, slots=True)
class TaskInput:
    """A person's data for a document, as it was sent."""

    expense_data: Said
    original_extraction: Said | None
    """The data that the client showed to the person, by its own account."""
    former: Former | UnsetType = UNSET
    """Removed once the task has ended."""
    apply: bool = False
    """Whether a document that is read again is changed even if it is filed."""
    undoing: Undoing | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Extraction:
    """The result of an extraction over HTTP; `cached` says that the same bytes had been read before."""

    data: Expense
    cached: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One task as the ledger knows it; `document_id` and `file` are its document's."""

    number: int
    id: str
    document: int
    document_id: str
    file: str
    origin: TaskOrigin
    step: Step
    state: TaskState
    status: str
    standing: Standing
    priority: int
    attempt: int
    """Rises with every attempt, whatever comes of it; see `tries`."""
    tries: int
    """The number of the try at the present step, as a person counts."""
    failures: int
    due_at: str
    run: str | None
    input: TaskInput | None
    error: Fault | None
    trace: str | None
    created_at: str
    updated_at: str
    result: Extraction | None = None
    """The result of an extraction over HTTP."""

    def is_due_at(self, step: Step, attempt: int) -> bool:
        """Whether exactly this attempt at this step is still to be made."""
        return (self.standing, self.step, self.attempt) == (Standing.DUE, step, attempt)

    @property
    def hold_id(self) -> str:
        """The id the daemon holds while it works on the task: the document's, or the task's own if it only reads.

        An extraction over HTTP therefore does not keep anyone from filing the document meanwhile.
        """
        return self.id if self.origin is TaskOrigin.EXTRACT else self.document_id

    @property
    def former(self) -> Former | None:
        """The document's data before the task; None if there was none, or if it has been removed."""
        former = self.input.former if self.input is not None else UNSET
        return None if former is UNSET else former

    @property
    def undoing(self) -> Undoing | None:
        """What the task takes back; None if it does anything else."""
        undoing = self.input.undoing if self.input is not None else UNSET
        return None if undoing is UNSET else undoing


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a step; `outcome` is None while it runs."""

    task: int
    attempt: int
    step: Step
    started_at: str
    ended_at: str | None
    outcome: AttemptOutcome | None
    error: Fault | None


@dataclass(frozen=True, slots=True)
class Filing:
    """An intent to put a document at `path` in the archive, and its state."""

    number: int
    document: int
    kind: Outcome
    path: str
    sha256: str
    sidecar: str
    note: str | None
    source: Place
    state: FilingState
    created_at: str


def document_from(row: Row) -> Document:
    """Convert a row of `documents`."""
    return Document(
        number=row["number"],
        id=row["id"],
        origin=DocumentOrigin(row["origin"]),
        name=os.fsdecode(row["name"]),
        file=row["file"],
        state=DocumentState(row["state"]),
        sha256=row["sha256"],
        size=row["size"],
        mtime_ns=row["mtime_ns"],
        place=Place(Root(row["place"]), os.fsdecode(row["path"])),
        first=row["first"],
        cut_off=row["cut_off"],
        kind=row["kind"],
        engine=row["engine"],
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        failure=_decode(row["failure"], Fault),
        result=_decode(row["result"], Expense),
        text=row["text"],
        turns=_decode(row["turns"], tuple[float, ...]),
        traits=_decode(row["traits"], Traits),
        corrections=_decode(row["corrections"], Corrections),
        discarded=_decode(row["discarded"], Discarded),
        unclean_ends=row["unclean_ends"],
        unclean_alone=row["unclean_alone"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        folder=row["folder"],
    )


def task_from(row: Row) -> Task:
    """Convert a row of `tasks` joined with its document's `document_id` and `file` (see `tasks.SELECT`)."""
    return Task(
        number=row["number"],
        id=row["id"],
        document=row["document"],
        document_id=row["document_id"],
        file=row["file"],
        origin=TaskOrigin(row["origin"]),
        step=Step(row["step"]),
        state=TaskState(row["state"]),
        status=row["status"],
        standing=Standing(row["standing"]),
        priority=row["priority"],
        attempt=row["attempt"],
        tries=row["tries"],
        failures=row["failures"],
        due_at=row["due_at"],
        run=row["run"],
        input=_decode(row["input"], TaskInput),
        error=_decode(row["error"], Fault),
        trace=row["trace"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        result=_decode(row["result"], Extraction),
    )


def attempt_from(row: Row) -> Attempt:
    """Convert a row of `attempts`."""
    return Attempt(
        task=row["task"],
        attempt=row["attempt"],
        step=Step(row["step"]),
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        outcome=None if row["outcome"] is None else AttemptOutcome(row["outcome"]),
        error=_decode(row["error"], Fault),
    )


def filing_from(row: Row) -> Filing:
    """Convert a row of `filings`."""
    return Filing(
        number=row["number"],
        document=row["document"],
        kind=Outcome(row["kind"]),
        path=row["path"],
        sha256=row["sha256"],
        sidecar=row["sidecar"],
        note=row["note"],
        source=Place(Root(row["source_place"]), os.fsdecode(row["source_path"])),
        state=FilingState(row["state"]),
        created_at=row["created_at"],
    )


def _decode(text: str | None, kind: type[T]) -> T | None:
    return None if text is None else decode(text, kind)
