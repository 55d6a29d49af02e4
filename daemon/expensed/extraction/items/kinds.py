"""Tell by its words and its sum what a line charges or takes off."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from expensed.extraction.amount.labels import Role, role_of
from expensed.extraction.word_lists import load_phrases, load_word_lists
from expensed.model.breakdown import ItemKind

_BY_ROLE = {
    Role.DISCOUNT: ItemKind.DISCOUNT,
    Role.SERVICE: ItemKind.SERVICE,
    Role.TIP: ItemKind.TIP,
    Role.ROUNDING: ItemKind.ROUNDING,
}
_REFERENCE = "reference"
_LEAST_SHARE = 0.5
"""The share of a line's letters that words of a kind need: `Delivery pizza` is goods."""
_OFF = frozenset((ItemKind.DISCOUNT, ItemKind.VOID))
_WORDS = load_word_lists("items", "words")
_LEADING = {word: kind for kind in ItemKind for word in _WORDS.get(f"leading_{kind}", ())}
_FIRST_WORD = re.compile(r"[\W\d_]*([^\W\d_]+)")
_IN_NAMES = re.compile(r"(?<=[^\W\d_])(?:less|promo)|(?<=[^\W\d_]\s)disc(?![^\W_])", re.IGNORECASE)
"""What looks like a word of a discount in names of goods: `Wireless mouse`, `DVD disc`."""


def kind_of(words: str, role: Role, total: Decimal) -> ItemKind:
    """Return the kind of a line with these words, whose sum has this role; what is taken off is a discount."""
    kind = _BY_ROLE.get(role)
    if kind is None or kind is ItemKind.SERVICE:
        kind = kind_by_words(words) or kind
    if total < 0 and (other := _taken_back(words)) is not None:
        return other
    if kind in _OFF and total > 0:
        kind = None
    if kind is None:
        return ItemKind.DISCOUNT if total < 0 else ItemKind.GOODS
    return kind


def _taken_back(words: str) -> ItemKind | None:
    """Return the kind of what is taken back: a deposit, or a line that was voided, whatever else it names."""
    kinds = load_phrases("items", "kinds").find(words)
    return next((kind for kind in (ItemKind.VOID, ItemKind.DEPOSIT) if kind in kinds), None)


def is_off(words: str, role: Role) -> bool:
    """Whether a line says that it takes something off, whatever the sign of its sum."""
    return role is Role.DISCOUNT or kind_by_words(words) in _OFF


def kind_by_words(words: str) -> ItemKind | None:
    """Return the kind that a line's words name, if they name hardly anything else."""
    named = _named(words)
    return None if named in (None, _REFERENCE) else ItemKind(named)


def names_goods(label: str) -> bool:
    """Whether a label that was taken for a discount only has its letters in the name of a product."""
    rest = _IN_NAMES.sub(" ", label)
    return rest != label and role_of(rest) is not Role.DISCOUNT and kind_by_words(label) is not ItemKind.DISCOUNT


@lru_cache(maxsize=8_000)
def names_discount(words: str) -> bool:
    """Whether words name a discount among others, so that it may be one: `CPN Tide powder`, `Saved by the bell`."""
    return ItemKind.DISCOUNT in load_phrases("items", "kinds").find(words)


def is_reference(words: str) -> bool:
    """Whether a line only tells a price for comparison: the regular one, or that of a kilogram."""
    return _named(words) == _REFERENCE


@lru_cache(maxsize=8_000)
def _named(words: str) -> str | None:
    known = load_phrases("items", "kinds")
    kinds = known.find(words)
    first = _FIRST_WORD.match(words)
    leading = _LEADING.get(first[1].casefold()) if first else None
    if first and leading and len(first[1]) >= _LEAST_SHARE * sum(map(str.isalpha, words)):
        return leading
    if not kinds or known.share(words) < _LEAST_SHARE:
        return None
    return next(kind for kind in known.names if kind in kinds)
