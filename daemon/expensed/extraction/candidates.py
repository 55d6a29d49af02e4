"""A candidate: one value a field might take, where it stood, how good it looks and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from expensed.model.expense import Field
from expensed.model.reading import Box

Value = TypeVar("Value")
UNLABELLED = "not labelled"
"""Why a sum is a candidate that has no word beside it."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Value]):
    """A possible value of a field. `score` only compares candidates of one field on one document."""

    field: str
    value: Value
    score: float
    page: int | None = None
    box: Box | None = None
    text: str = ""
    why: str = ""
    is_total: bool = False
    """An amount that is labelled as a total."""
    proof: str | None = None
    features: Mapping[str, float] = dataclasses.field(default_factory=dict)
    """What its probability rests on besides score and lead, by name."""


def best_first(candidates: Iterable[Candidate[Value]]) -> list[Candidate[Value]]:
    """Candidates by falling score; equals keep the order in which they stood."""
    return sorted(candidates, key=lambda candidate: -candidate.score)


def as_field(candidate: Candidate[Value], shown: str, confidence: float, features: Mapping[str, float]) -> Field:
    """The chosen candidate as the evidence that clients see, with the features that its probability rests on."""
    return Field(
        value=shown,
        confidence=confidence,
        page=candidate.page,
        box=candidate.box,
        text=candidate.text[:200] or None,
        proof=candidate.proof,
        features=features,
    )
