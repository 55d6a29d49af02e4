"""The answer of `GET /api/review` and its parts; otherwise like `report.answers`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from expensed.model.expense import Candidate
from expensed.model.reading import Box
from expensed.report.answers import Links, Yes


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateShown(Candidate):
    """Another value that a field might have, with the address of a picture of its place."""

    crop: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInReview:
    """A field of a document in review: what was read, whether that is doubtful, and what else it might be."""

    value: str | None
    confidence: float | None
    proof: str | None
    page: int | None
    box: Box | None
    text: str | None
    crop: Annotated[str | None, Meta(description="The address of a picture of its place.")]
    is_doubtful: bool
    candidates: tuple[CandidateShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtShown:
    """One thing that a person should look at; `field` is null if it concerns no single field."""

    field: str | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InReview:
    """A document that waits for a person, with all that the person needs to decide."""

    document_id: str
    file: str
    doubts: tuple[DoubtShown, ...]
    fields: Mapping[str, FieldInReview]
    lacking: Annotated[tuple[str, ...], Meta(description="What must be given before it can be filed.")]
    looks_like: Annotated[str | None, Meta(description="The id of a document that seems to be the same expense.")]
    path: str | None
    pages: int | None
    created_at: str
    links: Links


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The documents that wait for a person, newest first; `next` is the `before` of the following page."""

    success: Yes = True
    documents: tuple[InReview, ...]
    next: int | None
