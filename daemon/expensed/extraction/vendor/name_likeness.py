"""Compare two names as compact letters; misread letters, and one name within the other, are tolerated."""

from __future__ import annotations

from rapidfuzz.distance import Indel

_SHORTEST_PART = 3
"""A name this short may be the beginning of another; inside it, it must be longer."""
_LONG = 5
_PART = 0.9
_LEAST = 0.5
"""A lower likeness is common between any two names."""


def likeness(one: str, other: str) -> float:
    """Return 1 for the same letters, 0.9 if one contains the other, and less, down to 0, for misread letters."""
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _SHORTEST_PART and longer.startswith(shorter):
        return _PART
    if len(shorter) < _LONG:
        return 0.0
    if shorter in longer:
        return _PART
    return min(_PART, Indel.normalized_similarity(one, other, score_cutoff=_LEAST))
