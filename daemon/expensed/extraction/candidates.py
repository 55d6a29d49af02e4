"""Candidates: a value a field might take, its place, how good it looks and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from expensed.extraction.findings import Field
from expensed.model.reading import Box

Value = TypeVar("Value")
UNLABELLED = "not labelled"
"""The reason given for an amount without a label."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Value]):
    """A possible value of a field; `score` only compares candidates of one field on one document."""

    field: str
    value: Value
    score: float
    page: int | None = None
    box: Box | None = None
    text: str = ""
    why: str = ""
    is_total: bool = False
    """Whether this amount is labelled as a total."""
    proof: str | None = None
    doubt: str | None = None
    """A sentence that sends the document to review if this value is chosen."""
    features: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """The features of its probability other than score and lead, by name."""
    described: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """What the learnt chooser weighs, by name."""
    chance: float = 0.0
    """The probability, 0..1, that the learnt chooser gives it."""
    is_agreed: bool = False
    """Whether the rules and both learnt models would choose it."""


def best_first(candidates: Iterable[Candidate[Value]]) -> list[Candidate[Value]]:
    """Sort candidates by falling score; equal ones keep their order on the document."""
    return sorted(candidates, key=lambda candidate: -candidate.score)


def as_field(candidate: Candidate[Value], shown: str, confidence: float, features: Mapping[str, float]) -> Field:
    """Return the chosen candidate as a field, with the features that its probability is based on."""
    return Field(
        value=shown,
        confidence=confidence,
        page=candidate.page,
        box=candidate.box,
        text=candidate.text[:200] or None,
        proof=candidate.proof,
        features=features,
    )
