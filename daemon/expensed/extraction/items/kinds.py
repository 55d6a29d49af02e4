"""Tell by its words and its sum what a line charges or takes off."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from expensed.extraction.amount.labels import Role
from expensed.extraction.word_lists import load_phrases
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


def is_reference(words: str) -> bool:
    """Whether a line only tells a price for comparison: the regular one, or that of a kilogram."""
    return _named(words) == _REFERENCE


@lru_cache(maxsize=2_000)
def _named(words: str) -> str | None:
    known = load_phrases("items", "kinds")
    kinds = known.find(words)
    if not kinds or known.share(words) < _LEAST_SHARE:
        return None
    return next(kind for kind in known.names if kind in kinds)
