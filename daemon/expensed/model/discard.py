"""What is remembered of a discarded document: why a person discarded it, and how to put it back."""

from __future__ import annotations

from dataclasses import dataclass

from expensed.model.states import DiscardReason, DocumentState, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """Why and when a person discarded a document, and what and where it was before."""

    reason: DiscardReason | None
    """None if the person gave no reason."""
    duplicate_of: str | None
    """The id of the document that shows the same expense, if that is the reason."""
    at: str
    """In UTC."""
    state: DocumentState
    outcome: Outcome | None
    path: str | None
    """Relative to the archive; None: it was an upload and lay in the inbox."""
