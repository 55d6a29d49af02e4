"""Tell by a few common words whether a text is language, or what a font with wrong characters made of it.

Measured on 170 pages with a text layer: one right page has too few common words; of 6,084 texts made by exchanging the
letters of those pages, one has enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from expensed.reading.common_words import PIECES, WORDS

_LETTERS = re.compile(r"[^\W\d_]{3,}")
_ENOUGH = 3
"""Different common words; fewer may be there by chance."""
_FEWEST = 5
"""Words on a page without which nothing can be said."""
_CLEARLY = 2
"""How many more common words make a text the better one."""


def is_doubtful(texts: Iterable[str]) -> bool:
    """Whether hardly any of the words are common ones, as if the letters had been exchanged."""
    text = _joined(texts)
    return len(_LETTERS.findall(text)) >= _FEWEST and _count(text) < _ENOUGH


def is_clearer(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether the first of two texts has clearly more common words than the second."""
    return _count(_joined(one)) >= _count(_joined(other)) + _CLEARLY


def _joined(texts: Iterable[str]) -> str:
    return " ".join(texts).lower()


def _count(text: str) -> int:
    """Count the different common words."""
    return len(WORDS.intersection(_LETTERS.findall(text))) + sum(piece in text for piece in PIECES)
