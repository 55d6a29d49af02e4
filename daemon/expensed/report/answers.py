"""Every answer of the HTTP interface as the model that is sent; its OpenAPI schema is generated from these classes.

A field whose type includes `UnsetType` is left out when unset; every other field is always present.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from expensed.model.breakdown import CheckedSum, Item, TaxLine
from expensed.model.discard import Discarded
from expensed.model.events import Event
from expensed.model.expense import Corrections, Expense, Facts
from expensed.model.states import (
    AttemptOutcome,
    DocumentOrigin,
    DocumentState,
    Step,
    TaskState,
)

Yes = Annotated[bool, Meta(extra_json_schema={"const": True})]
No = Annotated[bool, Meta(extra_json_schema={"const": False})]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The answer to every refused request; the HTTP status says the same."""

    success: No = False
    error: Annotated[str, Meta(description="What is wrong, as a sentence.")]
    code: Annotated[str, Meta(description="A stable slug for programs.")]
    hint: Annotated[str, Meta(description="What to do.")]
    file_id: Annotated[str | UnsetType, Meta(description="The document that was to be read or filed.")] = UNSET
    task_id: Annotated[str | UnsetType, Meta(description="The task that failed.")] = UNSET
    document: Annotated[str | UnsetType, Meta(description="The address of an expired task's document.")] = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A value before and after a change, as text; None if there is none."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The outcome of reading a filed document again: its new data, and the fields in which it differs."""

    data: Expense
    changes: Mapping[str, Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of a task; a filing sets `path` and `document_state`, an extraction `cached`."""

    success: Yes = True
    data: Expense
    file_id: str
    path: Annotated[str | UnsetType | None, Meta(description="Its path, relative to the archive.")] = UNSET
    document_state: DocumentState | UnsetType = UNSET
    cached: Annotated[bool | UnsetType, Meta(description="Whether the same bytes had been read before.")] = UNSET
    compared: Annotated[
        Comparison | UnsetType,
        Meta(description="What would change if a filed document that was read again were changed."),
    ] = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The progress of a task: `result` with SUCCESS; `error`, `code`, `hint` and `path` with FAILURE."""

    state: TaskState
    status: str
    result: Result | UnsetType = UNSET
    error: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    hint: str | UnsetType = UNSET
    path: str | UnsetType | None = UNSET
    last_error: str | UnsetType = UNSET
    attempts_allowed: Annotated[
        int | UnsetType | None, Meta(description="The number of its last attempt if all fail.")
    ] = UNSET
    next_attempt_at: str | UnsetType = UNSET
    waits_for: Annotated[
        str | UnsetType, Meta(description="The id of the document with the same bytes, or of the same paper.")
    ] = UNSET
    task_id: str
    document_id: str
    file: str
    step: Step
    attempt: int
    created_at: str
    updated_at: str
    trace: str | UnsetType | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task in a list."""

    task_id: str
    document_id: str
    file: str
    step: Step
    state: TaskState
    status: str
    attempt: int
    error: str | None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """Newest first; `next` is the `before` of the following page."""

    success: Yes = True
    tasks: tuple[TaskRow, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """The document will be read or filed; the task tells its progress."""

    success: Yes = True
    task_id: str
    status: Literal["processing"] = "processing"
    message: str
    file_id: str | UnsetType = UNSET
    last_error: str | UnsetType | None = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedAgain(Queued):
    """A failed task that is due again."""

    state: TaskState
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledTask:
    """A task that was cancelled."""

    success: Yes = True
    task_id: str
    status: Literal["cancelled"] = "cancelled"
    message: str
    state: TaskState
    file_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The data of a document, and the task that extracted it."""

    success: Yes = True
    data: Expense
    file_id: str
    cached: Annotated[bool, Meta(description="Whether the same bytes had been read before.")]
    task_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A file that was accepted; with `file`, the task that files it; with `extract`, its data."""

    success: Yes = True
    file_id: str
    data: Expense | UnsetType = UNSET
    cached: bool | UnsetType = UNSET
    task_id: str | UnsetType = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A document that was filed, and its path."""

    success: Yes = True
    file_id: str
    data: Expense
    path: str | None
    state: DocumentState
    duplicate_of: str | None
    task_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A document that was discarded or put back, and its path."""

    success: Yes = True
    file_id: str
    path: str | None
    state: DocumentState
    task_id: str


@dataclass(frozen=True, kw_only=True)  # without slots, so that a class can inherit from it and `Facts`
class RowHead:
    """The first fields of a document's row in a list."""

    document_id: str
    file: str
    state: DocumentState


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow(Facts, RowHead):
    """A document in a list, with the facts of its expense."""

    description: str | None
    needs_review: bool | None
    reasons: tuple[str, ...] | None
    error: Annotated[str | None, Meta(description="Why it could not be read, if it failed.")]
    path: str | None
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedDocument(DocumentRow):
    """A document in an export, also with what its expense is made of."""

    items: tuple[Item, ...]
    taxes: tuple[TaxLine, ...]
    sums: tuple[CheckedSum, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Newest first; `next` is the `before` of the following page."""

    success: Yes = True
    documents: tuple[DocumentRow, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The addresses of everything else about a document."""

    self: str
    file: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at a step."""

    attempt: int
    step: Step
    started_at: str
    ended_at: str | None
    outcome: AttemptOutcome | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWithAttempts(TaskRow):
    """A task with all its attempts."""

    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The reason why a document could not be read."""

    error: str
    code: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Everything known about a document."""

    success: Yes = True
    document_id: str
    file_id: str
    file: str
    state: DocumentState
    data: Expense
    path: str | None
    origin: DocumentOrigin
    media_type: str | None
    engine: str | None
    pages: int | None
    size: int
    sha256: str
    failure: Failure | None
    duplicate_of: str | None
    duplicates: tuple[str, ...]
    counted_by: Annotated[
        str | None, Meta(description="The filed paper of the same purchase that exports count instead of this one.")
    ]
    discarded: Discarded | None
    corrections: Corrections | None
    text: str | None
    created_at: str
    updated_at: str
    links: Links
    tasks: tuple[TaskWithAttempts, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFile:
    """A file that has not been claimed yet, and why."""

    file: str
    reason: str
    size: int
    since: str
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """The files that wait in the watched folder, oldest first."""

    success: Yes = True
    inbox: tuple[InboxFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """The daemon is alive."""

    status: Literal["ok"] = "ok"
    version: str
    run: str
    started_at: str
    uptime_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must work."""

    ok: bool
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Everything works."""

    success: Yes = True
    status: Literal["ready"] = "ready"
    checks: Mapping[str, Check]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReady:
    """Something does not work; `checks` says which part."""

    success: No = False
    error: str
    code: str
    hint: str
    status: Literal["not ready"] = "not ready"
    checks: Mapping[str, Check]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """The event id that the client sent is of another ledger; a snapshot follows."""

    newest: int
