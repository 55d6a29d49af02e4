"""The results of extraction: fields with everything their choice is based on, and the expense made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from expensed.model.expense import Candidate, Choice, Evidence, Expense
from expensed.model.lesson import LabelledSum
from expensed.model.reading import Box


@dataclass(frozen=True, slots=True)
class Field:
    """One chosen value with its evidence: its place, the words there, and why it won."""

    value: str | None
    """As shown to people: an amount with its decimals, a date in ISO form, a name."""
    confidence: float
    """The probability, 0..1, that the value is right."""
    page: int | None = None
    box: Box | None = None
    text: str | None = None
    proof: str | None = None
    """The arithmetic or source that proves it, e.g. `net 44.13 + tax 8.86`; None if unproven."""
    features: Mapping[str, float] = field(default_factory=dict)
    """The inputs of the confidence, by name."""
    others: tuple[str, ...] = ()
    """What else it might be, likeliest first, as shown."""
    labelled: tuple[LabelledSum, ...] = ()
    """Of an amount: the sums that may be it, with their labels, the chosen one first."""
    if_ordered: float | None = None
    """Of a date: its probability if the order of day and month were known."""

    @property
    def evidence(self) -> Evidence:
        """The part of it that is kept and shown."""
        return Evidence(
            value=self.value,
            confidence=self.confidence,
            page=self.page,
            box=self.box,
            text=self.text,
            proof=self.proof,
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """The expense and the basis of its fields, as `extraction.expense.extract_expense` returns them."""

    expense: Expense
    probability: float
    """The probability, 0..1, that amount and date are both right."""
    fields: Mapping[str, Field]
    """By field name: vendor, amount, date, currency, category, ..."""
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    """The choices for each field, best first; only if an explanation was requested."""
    rivals: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    """All values that each field might have, likeliest first; see `extraction.rivals`."""
    doubted: frozenset[str] = frozenset()
    """The names of the fields against which something on the document speaks."""


def show_evidence(fields: Mapping[str, Field]) -> dict[str, Evidence]:
    """Return the evidence of all fields that have a value."""
    return {name: found.evidence for name, found in fields.items() if found.value is not None}
