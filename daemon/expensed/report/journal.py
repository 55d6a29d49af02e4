"""The answers about the journal, and about what was taken back; see `report.answers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from expensed.model.states import EntryKind
from expensed.report.answers import Yes


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """What was done to a document, by a person or by expensed itself."""

    number: int
    at: str
    kind: EntryKind
    document_id: str
    file: str
    sentence: str
    undoes: Annotated[int | None, Meta(description="The entry that this one took back.")]
    undone_by: Annotated[int | None, Meta(description="The entry that took this one back; null: it stands.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Latest first; `next` is the `before` of the following page."""

    success: Yes = True
    entries: tuple[JournalEntry, ...]
    next: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEntry:
    """An entry that was not taken back, and why."""

    entry: int
    error: str
    code: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingEntry:
    """An entry that will be taken back as soon as the archive, or another document, is ready."""

    entry: int
    task_id: str
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The entries that were taken back, latest first, and those that were not."""

    success: Yes = True
    undone: tuple[JournalEntry, ...]
    refused: tuple[RefusedEntry, ...]
    waiting: tuple[WaitingEntry, ...]
    next: Annotated[int | None, Meta(description="There are more: ask again with this as `before`.")]
