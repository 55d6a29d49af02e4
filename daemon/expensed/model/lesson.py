"""What documents teach each other: the traits of one, and the lesson of one that a person vouched for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from msgspec import UNSET, UnsetType


@dataclass(frozen=True, slots=True)
class LabelledSum:
    """A sum that may be the amount, with its label in plain letters."""

    label: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What of a document is compared with lessons; its reading makes them, and nothing else can."""

    identifiers: tuple[str, ...] = ()
    """What identifies its seller, as `kind:value`; see `extraction.identifiers`."""
    sums: tuple[LabelledSum, ...] = ()
    """Sums that may be the amount, the one that was chosen first."""
    day_first: bool | None = None
    """Whether its date was read with the day before the month; None if it is not written in figures."""
    sure_if_ordered: float | None = None
    """The probability of the date if that order were known; None if the date can be read one way only."""
    words: tuple[str, ...] = ()
    """Words of what was bought, in plain letters."""


NO_TRAITS = Traits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a document teaches of its seller once a person has corrected it, or filed it as it was read.

    What the person did not look at is None. A document has at most one.
    """

    number: int = 0
    """That of its document in the ledger."""
    document: str = ""
    """The id of the document."""
    identifiers: tuple[str, ...] = ()
    """Those of the document, and `read:` with each name by which its seller was read."""
    vendor: str | None = None
    """The right name."""
    category: str | None = None
    read_category: str | None = None
    """The category as it was read."""
    words: tuple[str, ...] = ()
    """Words of what was bought."""
    currency: str | None = None
    day_first: bool | None = None
    """Whether the day stands before the month in its date."""
    amount_label: str | None = None
    """The label of the sum that was charged."""
    read_label: str | None = None
    """The label of the sum that was taken for it, if another."""
    was_right: bool | None = None
    """Whether amount, date and currency had been read rightly; the next paper needs a look if they had not."""
    at: str = ""
    """When it was taught, in UTC."""
    forgotten_at: str | UnsetType = UNSET
    """When a person had it forgotten; it then teaches nothing."""
    heading: str | UnsetType = UNSET
    """Only of lessons that 0.2.0 wrote: the name as it was read, which was all that identified the seller."""
