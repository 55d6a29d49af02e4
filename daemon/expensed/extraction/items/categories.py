"""Give items a category of their own where their words clearly name another one than the document's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from expensed.extraction.category.words import find_words
from expensed.model.breakdown import Item, ItemKind

_FOOD = frozenset(("Meals & Entertainment", "Groceries"))
"""What is eaten belongs to either by where it was bought, which its words do not tell."""
_CLEAR = 1.0
"""The weight of a word that stands for its category wherever it is."""


def with_categories(items: Sequence[Item], category: str | None, allowed: Collection[str]) -> tuple[Item, ...]:
    """Return the items with the allowed categories that their descriptions name, besides the document's own."""
    return tuple(
        replace(each, category=named)
        if each.kind is ItemKind.GOODS
        and (named := _named(each.description or "")) in allowed
        and named is not None
        and named != category
        and not {named, category} <= _FOOD
        else each
        for each in items
    )


@lru_cache(maxsize=1_000)
def _named(description: str) -> str | None:
    """Return the category that clear words name; None if there are none, or they name several."""
    found = find_words([description])
    clear = [category for category, words in found.items() if max(words.values()) >= _CLEAR]
    return clear[0] if len(clear) == 1 == len(found) else None
