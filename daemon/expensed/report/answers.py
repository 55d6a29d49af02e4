"""The shapes of answers, for the OpenAPI document: what a client may rely on. Further keys may come with time."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from expensed.model.states import DocumentState, Step, TaskState


class Refused(BaseModel):
    """What every request that is refused is answered with; the HTTP status says the same."""

    success: Literal[False]
    error: str = Field(description="A sentence: what is wrong.")
    code: str = Field(description="A stable slug for programs.")
    hint: str = Field(description="What to do.")


class Evidence(BaseModel):
    """Where a field's value stood, how sure it is (0..1), and what proves it."""

    value: Any = None
    confidence: float | None = None
    page: int | None = None
    box: list[float] | None = Field(None, description="Left, top, right, bottom as fractions of the upright page.")
    text: str | None = None
    proof: str | None = None
    read_as: str | float | None = Field(None, description="What stood there before it was corrected or learnt better.")


class Expense(BaseModel):
    """What a document says of an expense."""

    vendor: str | None
    amount: float | None
    date: str | None = Field(description="A day in ISO form.")
    category: str | None
    confidence: int = Field(description="Percent: amount and date are both right.", ge=0, le=100)
    currency: str | None = None
    kind: str | None = None
    description: str | None = None
    tax: float | None = None
    invoice_number: str | None = None
    amount_due: float | None = None
    fields: dict[str, Evidence] = {}
    duplicate_of: str | None = None
    needs_review: bool = False
    reasons: list[str] = []


class Result(BaseModel):
    """What came of a task."""

    success: Literal[True]
    data: Expense
    file_id: str
    path: str | None = Field(None, description="Where it lies, relative to the archive.")
    document_state: DocumentState


class Extraction(BaseModel):
    """What an extraction over HTTP found; `cached`: the same bytes had been read before."""

    success: Literal[True]
    data: Expense
    file_id: str
    cached: bool


class Task(BaseModel):
    """How far a task is: `result` with SUCCESS; `error`, `code` and `hint` with FAILURE."""

    state: TaskState
    status: str
    result: Result | Extraction | None = None
    error: str | None = None
    code: str | None = None
    hint: str | None = None
    path: str | None = None
    last_error: str | None = None
    attempts_allowed: int | None = Field(None, description="The number of its last attempt, should all fail.")
    next_attempt_at: str | None = None
    waits_for: str | None = None
    task_id: str
    document_id: str
    file: str
    step: Step
    attempt: int
    created_at: str
    updated_at: str
    trace: str | None = None


class TaskRow(BaseModel):
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


class Tasks(BaseModel):
    """Newest first; `next` is the `before` of the following page."""

    success: Literal[True]
    tasks: list[TaskRow]
    next: int | None


class QueuedExtraction(BaseModel):
    """It will be read; the task says how far it is."""

    success: Literal[True]
    task_id: str
    status: Literal["processing"]
    message: str
    file_id: str | None = None


class Queued(QueuedExtraction):
    """It will be filed; the task says how far it is."""

    last_error: str | None = None


class TriedAgain(Queued):
    """A failed task that is due again."""

    state: TaskState
    attempt: int


class Extracted(Extraction):
    """What a document says, and the task by which that was found out."""

    task_id: str


class Uploaded(BaseModel):
    """A file that was taken; with `extract`, also what it says."""

    success: Literal[True]
    file_id: str
    data: Expense | None = None
    cached: bool | None = None
    task_id: str | None = None


class CancelledTask(BaseModel):
    """A task that was cancelled."""

    success: Literal[True]
    task_id: str
    status: Literal["cancelled"]
    message: str
    state: TaskState
    file_id: str


class Filed(BaseModel):
    """Where a document was filed."""

    success: Literal[True]
    file_id: str
    data: Expense
    path: str | None
    state: DocumentState
    task_id: str


class DocumentRow(BaseModel):
    """A document in a list."""

    document_id: str
    file: str
    state: DocumentState
    vendor: str | None
    amount: float | None
    date: str | None
    category: str | None
    confidence: int | None
    currency: str | None
    kind: str | None
    description: str | None
    tax: float | None
    invoice_number: str | None
    needs_review: bool | None
    reasons: list[str] | None
    path: str | None
    created_at: str
    updated_at: str


class Documents(BaseModel):
    """Newest first; `next` is the `before` of the following page."""

    success: Literal[True]
    documents: list[DocumentRow]
    next: int | None


class Attempt(BaseModel):
    """One try at a step."""

    attempt: int
    step: Step
    started_at: str
    ended_at: str | None
    outcome: str | None
    error: str | None


class TaskWithAttempts(TaskRow):
    """A task with all its tries."""

    attempts: list[Attempt]


class Event(BaseModel):
    """One transition of a task; also what /api/events sends."""

    id: int
    at: str
    document_id: str
    task_id: str | None
    file: str
    state: TaskState
    status: str
    attempt: int | None
    error: str | None


class Failure(BaseModel):
    """Why a document could not be read."""

    error: str
    code: str
    hint: str


class Corrections(BaseModel):
    """What people said, and what stood there before."""

    said: dict[str, Any]
    original: dict[str, Any] | None
    confirmed: dict[str, Any] = {}
    """What a person let stand when they filed it from review."""
    at: str | None = None
    """When that was."""


class Links(BaseModel):
    """Where the rest is to be had."""

    self: str
    file: str
    pages: list[str]


class Document(BaseModel):
    """All that is known of a document."""

    success: Literal[True]
    document_id: str
    file_id: str
    file: str
    state: DocumentState
    data: Expense
    path: str | None
    origin: str
    media_type: str | None
    engine: str | None
    pages: int | None
    size: int
    sha256: str
    failure: Failure | None
    duplicate_of: str | None
    duplicates: list[str]
    corrections: Corrections | None
    text: str | None
    created_at: str
    updated_at: str
    links: Links
    tasks: list[TaskWithAttempts]
    events: list[Event]


class InboxFile(BaseModel):
    """A file that is not taken yet, and why."""

    file: str
    reason: str
    size: int
    since: str
    refused: bool


class Inbox(BaseModel):
    """What waits in the watched folder, oldest first."""

    success: Literal[True]
    inbox: list[InboxFile]


class Alive(BaseModel):
    """The daemon lives."""

    status: Literal["ok"]
    version: str
    run: str
    started_at: str
    uptime_s: float


class Check(BaseModel):
    """One thing that must work."""

    ok: bool
    message: str


class Ready(BaseModel):
    """All works."""

    success: Literal[True]
    status: Literal["ready"]
    checks: dict[str, Check]


class NotReady(Refused):
    """Something does not work; `checks` says what."""

    status: Literal["not ready"]
    checks: dict[str, Check]


class Backlog(BaseModel):
    """What is still to be done."""

    count: int
    oldest_at: str | None
    oldest_s: float | None


class Worker(BaseModel):
    """Who does it, when it was last heard of, and what it does right now."""

    heartbeat_age_s: float | None
    trouble: str | None
    registered: list[str]
    active: list[TaskRow]


class ReadingProcesses(BaseModel):
    """The child processes that read, how many there may be, and how many documents wait for one."""

    alive: int
    slots: int
    waiting: int


class InboxNumbers(BaseModel):
    """The watched folder in numbers."""

    waiting: int
    missed_by_events: int
    trouble: str | None


class Today(BaseModel):
    """Documents that came to rest since local midnight, by state, and tasks that ended within the last hour."""

    since: str
    filed: int
    review: int
    duplicate: int
    failed: int
    tasks_last_hour: int


class Stats(BaseModel):
    """How much there is, how much is to be done, who does it, and how fast it goes."""

    success: Literal[True]
    version: str
    run: str
    started_at: str
    uptime_s: float
    documents: dict[str, int]
    tasks: dict[str, int]
    backlog: Backlog
    worker: Worker
    children: ReadingProcesses
    inbox: InboxNumbers
    today: Today
    last_success_at: str | None
