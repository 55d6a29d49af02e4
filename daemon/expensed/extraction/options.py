"""The options of extraction, which has neither a clock nor its own settings file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from expensed.model.categories import STANDARD, Categories


@dataclass(frozen=True, slots=True)
class ExtractionOptions:
    """How fields are chosen, and which probability is sure enough."""

    today: date
    """The local date; dates later than tomorrow are refused."""
    default_currency: str = ""
    """An ISO 4217 code, used if the document gives no clue at all; empty for none."""
    day_first: str = "auto"
    """How 03/04/2024 is read: `yes` 3 April, `no` March 4, `auto` as the document suggests."""
    review_below: float = 0.97
    """An unproven amount, date or currency below this probability sends the document to review."""
    categories: Categories = STANDARD
    """The categories in force, with what the settings say of them."""
    explain: bool = False
    """Whether to return what each field was chosen from."""
    weights: Mapping[str, Mapping[str, float]] | None = None
    """The weights of the probabilities, by field and feature; None for the fitted ones."""
