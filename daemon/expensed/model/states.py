"""Every state, kind and origin in expensed, as enums."""

from __future__ import annotations

from enum import StrEnum


class DocumentState(StrEnum):
    """The state of a document."""

    ADMITTED = "admitted"
    """Dropped, complete and claimed; not filed yet."""
    UPLOADED = "uploaded"
    """Sent over HTTP; nobody has read it yet."""
    READ = "read"
    """An upload that has been read."""
    FILED = "filed"
    REVIEW = "review"
    """Waits for a person."""
    DUPLICATE = "duplicate"
    FAILED = "failed"
    DISCARDED = "discarded"
    """A person said that it is no expense of its own."""
    GONE = "gone"
    """A person removed its file."""


class DocumentOrigin(StrEnum):
    """How a document arrived."""

    DROP = "drop"
    """A file in the inbox."""
    UPLOAD = "upload"
    """A file sent over HTTP."""


class Outcome(StrEnum):
    """The place where filing puts a document; also the kind of a filing."""

    FILED = "filed"
    REVIEW = "review"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    DISCARDED = "discarded"


class Root(StrEnum):
    """The two folders below which documents lie."""

    INBOX = "inbox"
    ARCHIVE = "archive"


class Likeness(StrEnum):
    """Whether two documents show the same paper."""

    SURE = "sure"
    UNSURE = "unsure"
    DIFFERENT = "different"


class TaskState(StrEnum):
    """The four states of a task, as clients know them."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"


class TaskOrigin(StrEnum):
    """The purpose of a task."""

    DROP = "drop"
    """Read and file a dropped file."""
    EXTRACT = "extract"
    """Read a document for a client; never files it."""
    PROCESS = "process"
    """File or correct a document with a person's data."""
    DISCARD = "discard"
    """Discard a document, or put it back."""
    REREAD = "reread"
    """Read a document again and judge it with today's settings."""
    UNDO = "undo"
    """Take back what an entry of the journal says."""


class Standing(StrEnum):
    """A task's internal state; clients see its `TaskState` instead."""

    DUE = "due"
    """Its step is due to run."""
    RUNNING = "running"
    """Its step is running."""
    WAITING = "waiting"
    """Its document is a twin and waits for the first."""
    UNSETTLED = "unsettled"
    """The bytes changed after admission and must settle again."""
    ENDED = "ended"


class AttemptOutcome(StrEnum):
    """How one attempt at a step ended."""

    DONE = "done"
    HANDED_BACK = "handed-back"
    """Another step is needed first."""
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The daemon stopped; this uses up no try."""
    INTERNAL = "internal"
    """An internal error while filing."""


class FilingState(StrEnum):
    """The progress of a filing."""

    INTENDED = "intended"
    """Its name is reserved; the document may or may not lie there yet."""
    FILED = "filed"
    """The document lies there; its source may still exist."""
    CLOSED = "closed"
    """The document lies there, and its source has been removed."""
    LEFT = "left"
    """The document has moved on, and the name is free again."""


class AdmissionOutcome(StrEnum):
    """The outcome of handing a complete file to the pipeline."""

    ADMITTED = "admitted"
    """Recorded in the ledger."""
    UNSETTLED = "unsettled"
    """Changed or still has a writer, and must settle again."""
    WAITS = "waits"
    """Stays where it is, for a reason."""


class DiscardReason(StrEnum):
    """Why a person discarded a document."""

    DUPLICATE = "duplicate"
    """Another document shows the same expense."""
    NOT_AN_EXPENSE = "not-an-expense"


class EntryKind(StrEnum):
    """What an entry of the journal says was done to a document."""

    AUTO_FILED = "auto-filed"
    """The first three are what expensed does by itself with a document that arrives."""
    AUTO_REVIEW = "auto-review"
    AUTO_DUPLICATE = "auto-duplicate"
    FILE = "file"
    """A person filed an upload, or a document in review."""
    RELEASE = "release"
    """A person filed another scan of a paper, which had been taken for a duplicate."""
    CORRECT = "correct"
    DISCARD = "discard"
    PUT_BACK = "put-back"
    REREAD = "reread"
    FORGET = "forget"
    """A person had what the document taught forgotten."""
    UNDO = "undo"
    """An entry was taken back."""


class ExpenseKind(StrEnum):
    """The kind of a document; only the first four are expenses."""

    RECEIPT = "receipt"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"
    CARD_SLIP = "card-slip"
    """What a card terminal prints; the purchase's receipt is another paper."""
    REMINDER = "reminder"
    """Asks again for money that an invoice has asked for."""
    PRO_FORMA = "pro-forma"
    """Looks like an invoice, but asks for nothing yet: also a draft."""
    QUOTATION = "quotation"
    ORDER = "order"
    """An order or its confirmation."""
    DELIVERY_NOTE = "delivery-note"
    STATEMENT = "statement"
    """Of an account: several purchases, each with a paper of its own."""
    PAYSLIP = "payslip"
    LETTER = "letter"
    OTHER = "other"
    """None of these, or nothing that was read says which."""

    @property
    def is_expense(self) -> bool:
        """Whether a paper of this kind shows money spent, or given back."""
        return self in _EXPENSES


_EXPENSES = frozenset((ExpenseKind.RECEIPT, ExpenseKind.INVOICE, ExpenseKind.CREDIT_NOTE, ExpenseKind.CARD_SLIP))


class Stage(StrEnum):
    """The stages of a reading process after it has read the words."""

    EXTRACTION = "extraction"
    CURRENCY = "currency"


class Step(StrEnum):
    """The two steps a task may need, by the names of their arq functions."""

    EXTRACT = "extract_document"
    PROCESS = "process_document"


class Status(StrEnum):
    """The status sentences that clients see, word for word."""

    PENDING = "Task is waiting in queue"
    READING = "Running OCR..."
    ENHANCING = "Applying ML enhancements..."
    CURRENCY = "Detecting currency..."
    DUPLICATES = "Checking for duplicates..."
    FINALIZING = "Finalizing..."
    FILING = "Filing document..."
    COMPLETED = "Completed"
    FAILED = "Failed"
