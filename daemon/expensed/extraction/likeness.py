"""How alike two names are, as compact letters: misread letters, and one within the other, are forgiven."""

from __future__ import annotations

from rapidfuzz import fuzz

_SHORTEST_PART = 3
"""A name this short may be the beginning of another; within it, it has to be longer."""
_LONG = 5


def likeness(one: str, other: str) -> float:
    """From 0 to 1: 1 for the same letters, 0.9 where one holds the other, less for letters misread."""
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _SHORTEST_PART and longer.startswith(shorter):
        return 0.9
    if len(shorter) < _LONG:
        return 0.0
    if shorter in longer:
        return 0.9
    return float(fuzz.partial_ratio(shorter, longer)) / 100
