"""The answers about lessons; see `report.answers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from expensed.model.states import DocumentState
from expensed.report.answers import Change, Yes
from expensed.report.journal import Undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One thing by which the seller is known again: `kind` is read, number, account, domain or head."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonShown:
    """What a document teaches of its seller; what the person did not look at is null."""

    number: int
    document_id: Annotated[str, Meta(description="The document that taught it.")]
    file: str
    vendor: str | None
    category: str | None
    currency: str | None
    day_first: Annotated[bool | None, Meta(description="Whether the day stands before the month.")]
    amount_label: Annotated[str | None, Meta(description="The label of the sum that was charged, in plain letters.")]
    identified_by: tuple[Identifier, ...]
    taught_at: str
    forgotten_at: Annotated[str | None, Meta(description="Since then it teaches nothing.")]
    used: Annotated[int, Meta(description="The number of documents whose data it changed or made sure.")]
    fields: Annotated[tuple[str, ...], Meta(description="The fields that it taught to the newest of them.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """Newest document first; `next` is the `before` of the following page."""

    success: Yes = True
    lessons: tuple[LessonShown, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonUse:
    """A document that used a lesson, and what that changed: `before` is null if it only made the value sure."""

    document_id: str
    file: str
    state: DocumentState
    changes: dict[str, Change]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonUses:
    """A lesson with the documents that used it, newest first; `next` is the `before` of the following page."""

    success: Yes = True
    lesson: LessonShown
    documents: tuple[LessonUse, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """The lesson as it is now, and what was taken back with it."""

    success: Yes = True
    lesson: LessonShown
    undone: Annotated[Undone | None, Meta(description="As POST /api/undo answers; null if that was not asked for.")]
