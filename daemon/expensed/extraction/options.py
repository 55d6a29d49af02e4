"""What the extraction room is told; it has no clock and no settings file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ExtractionOptions:
    """How fields are chosen, and how sure is sure."""

    today: date
    """The local date; anything later than tomorrow is refused."""
    default_currency: str = ""
    """An ISO 4217 code, used where the document gives no clue at all; empty: none."""
    day_first: str = "auto"
    """How 03/04/2024 is read: `yes` 3 April, `no` March 4, `auto` as the document suggests."""
    review_below: float = 0.99
    """Amount, date and currency below this probability, and unproven, send the document to a person."""
    categories: tuple[str, ...] = ()
    """The names of the categories allowed; empty: those of `category.CATEGORIES`."""
    explain: bool = False
    """Also tell what each field was chosen from."""
    weights: Mapping[str, Mapping[str, float]] | None = None
    """The numbers of the probabilities, by field and feature; None: the fitted ones."""
