"""Where documents and tasks stand: every state as an enum."""

from __future__ import annotations

from enum import StrEnum


class DocumentState(StrEnum):
    """Where a document stands (DocumentState.GONE: a person took it away)."""

    ADMITTED = "admitted"
    UPLOADED = "uploaded"
    READ = "read"
    FILED = "filed"
    REVIEW = "review"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    GONE = "gone"


class TaskState(StrEnum):
    """The four states of a task, as clients know them."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"


class Step(StrEnum):
    """The two jobs a task may need, by the names of their arq functions."""

    EXTRACT = "extract_document"
    PROCESS = "process_document"


class Status(StrEnum):
    """The sentences a client sees, word for word."""

    PENDING = "Task is waiting in queue"
    READING = "Running OCR..."
    ENHANCING = "Applying ML enhancements..."
    CURRENCY = "Detecting currency..."
    DUPLICATES = "Checking for duplicates..."
    FINALIZING = "Finalizing..."
    FILING = "Filing document..."
    COMPLETED = "Completed"
    FAILED = "Failed"
