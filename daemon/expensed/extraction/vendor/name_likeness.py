"""How alike two names are, as compact letters: misread letters, and one within the other, are forgiven."""

from __future__ import annotations

from difflib import SequenceMatcher

_SHORTEST_PART = 3
"""A name this short may be the beginning of another; within it, it has to be longer."""
_LONG = 5
_PART = 0.9


def likeness(one: str, other: str) -> float:
    """From 0 to 1: 1 for the same letters, 0.9 where one holds the other, less for letters misread."""
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _SHORTEST_PART and longer.startswith(shorter):
        return _PART
    if len(shorter) < _LONG:
        return 0.0
    if shorter in longer:
        return _PART
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return min(_PART, matcher.ratio()) if matcher.quick_ratio() > 0.5 else 0.0
