"""The bodies of requests that file, discard or take back, and what commands use of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from msgspec import UNSET, UnsetType

from expensed.cli.http.line_edits import Sent

Said = str | Decimal | list[Mapping[str, Sent]]
"""What is said of a field: text as it was typed, for the daemon to parse, an amount that was taken, or all lines."""


@dataclass(frozen=True, slots=True)
class Filing:
    """The body of POST /api/process."""

    file_id: str
    expense_data: Mapping[str, Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarding:
    """The body of POST /api/documents/ID/discard."""

    duplicate_of: str | UnsetType = UNSET
    not_an_expense: bool | UnsetType = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """The body of POST /api/undo."""

    document_id: str | UnsetType = UNSET
    entry: int | UnsetType = UNSET
    since: str | UnsetType = UNSET
    lesson: int | UnsetType = UNSET
    before: int | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class Moved:
    """The fields used of the answers: the document was filed or moved, or will be as soon as possible."""

    path: str | None = None
    last_error: str | None = None
