"""The words that point to categories, which are in `data/words.toml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from expensed.extraction.word_lists import load_word_lists


@cache
def load_words(name: str = "words") -> Mapping[str, Sequence[str]]:
    """Return by category the words of a file: `words` of goods and names, or `signs` of forms."""
    return load_word_lists("category", f"data/{name}")
