"""The answers about sellers and their names; see `report.answers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from expensed.report.answers import Yes


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorShown:
    """A seller with its filed documents, under all its names."""

    name: str
    aliases: Annotated[tuple[str, ...], Meta(description="Its other names.")]
    documents: Annotated[int, Meta(description="The number of its filed documents.")]
    categories: Annotated[tuple[str, ...], Meta(description="Of these, the most frequent first.")]
    first: Annotated[str | None, Meta(description="The first date on them.")]
    last: Annotated[str | None, Meta(description="The last date on them.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferShown:
    """Two names that probably mean one seller; `into` has more documents."""

    name: str
    into: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """Sellers, those with most documents first, and names that probably mean one."""

    success: Yes = True
    vendors: tuple[VendorShown, ...]
    total: Annotated[int, Meta(description="The number of all that match.")]
    offers: tuple[OfferShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDocument:
    """A filed document that was corrected to the seller's name, and where it lies now."""

    document_id: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedMove:
    """A document that was not corrected, and why."""

    document_id: str
    error: str
    code: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMove:
    """A document that will be corrected as soon as the archive, or another document, is ready."""

    document_id: str
    task_id: str
    last_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of a seller's filed documents, if they were to get its name."""

    success: Yes = True
    name: str
    moved: tuple[MovedDocument, ...]
    refused: tuple[RefusedMove, ...]
    waiting: tuple[WaitingMove, ...]
    next: Annotated[int | None, Meta(description="There are more: ask again with this as `before`.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated:
    """The name that means its own seller again."""

    success: Yes = True
    name: str
