"""Give items a category of their own where their words clearly name another one than the document's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from expensed.extraction.category.own_categories import name_by_words
from expensed.extraction.category.words import find_words
from expensed.extraction.findings import Field
from expensed.model.breakdown import Item, ItemKind
from expensed.model.categories import OTHER, Categories

_FOOD = frozenset(("Meals & Entertainment", "Groceries"))
"""What is eaten belongs to either by where it was bought, which its words do not tell."""
_CLEAR = 1.0
"""The weight of a word that stands for its category wherever it is."""


def with_categories(items: Sequence[Item], category: Field, ordinary: Field, known: Categories) -> tuple[Item, ...]:
    """Return the items with the categories that their descriptions name, besides the document's own.

    `ordinary` is the document's category without the settings. Where these decide it, only they do for its items.
    """
    is_ordinary = category.value is not None and ordinary.value is not None and category.proof == ordinary.proof
    named = (
        _name(each, ordinary.value if is_ordinary else None, known) if each.kind is ItemKind.GOODS else None
        for each in items
    )
    return tuple(
        each if name in (None, category.value) else replace(each, category=name)
        for each, name in zip(items, named, strict=True)
    )


def _name(item: Item, ordinary: str | None, known: Categories) -> str | None:
    """Return the category of an item on a document of an ordinary one; None if nothing names it clearly."""
    description = item.description or ""
    own = name_by_words(description, known)
    named = _named(description) if own is None and ordinary is not None else None
    if named is None or {named, ordinary} <= _FOOD or (called := known.called(named)) == known.called(OTHER):
        return own
    return called


@lru_cache(maxsize=1_000)
def _named(description: str) -> str | None:
    """Return the category that clear words name; None if there are none, or they name several."""
    found = find_words([description])
    clear = [category for category, words in found.items() if max(words.values()) >= _CLEAR]
    return clear[0] if len(clear) == 1 == len(found) else None
