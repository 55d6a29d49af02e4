"""Tell by its words and its sum what a line charges or takes off."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from tomllib import loads

from expensed.extraction.amount.labels import Role
from expensed.languages.phrases import Phrases
from expensed.languages.scripts import Script, script_of
from expensed.model.breakdown import ItemKind

_BY_ROLE = {
    Role.DISCOUNT: ItemKind.DISCOUNT,
    Role.SERVICE: ItemKind.SERVICE,
    Role.TIP: ItemKind.TIP,
    Role.ROUNDING: ItemKind.ROUNDING,
}
_OFF = frozenset((ItemKind.DISCOUNT, ItemKind.VOID))
_EXTRA = frozenset((ItemKind.SERVICE, ItemKind.TIP, ItemKind.ROUNDING, ItemKind.DELIVERY))


def kind_of(words: str, role: Role, total: Decimal) -> ItemKind:
    """Return the kind of a line with these words, whose sum has this role; what is taken off is a discount."""
    kind = _BY_ROLE.get(role)
    if kind is None or kind is ItemKind.SERVICE:
        kind = kind_by_words(words) or kind
    if kind is ItemKind.VOID and total > 0:
        kind = None
    if kind is None:
        return ItemKind.DISCOUNT if total < 0 else ItemKind.GOODS
    return kind


def is_extra(words: str, role: Role) -> bool:
    """Whether a line says that it charges no goods but service, delivery, a tip or the rounding."""
    kind = _BY_ROLE.get(role) or kind_by_words(words)
    return kind in _EXTRA


def is_off(words: str, role: Role) -> bool:
    """Whether a line says that it takes something off, whatever the sign of its sum."""
    return role is Role.DISCOUNT or kind_by_words(words) in _OFF


@lru_cache(maxsize=2_000)
def kind_by_words(words: str) -> ItemKind | None:
    """Return the kind that a line's words name."""
    known = _phrases().get(script_of(words))
    found = {kind for _, kind in known.in_text(words)} if known is not None else set()
    return next((kind for kind in _order() if kind in found), None)


@cache
def _lists() -> dict[ItemKind, list[str]]:
    text = files("expensed.extraction.items").joinpath("kinds.toml").read_text(encoding="utf-8")
    return {ItemKind(kind): phrases for kind, phrases in loads(text).items()}


@cache
def _order() -> tuple[ItemKind, ...]:
    return tuple(_lists())


@cache
def _phrases() -> dict[Script | None, Phrases[ItemKind]]:
    """Return the phrases by script; None stands for the Latin."""
    by_script: dict[Script | None, dict[str, ItemKind]] = {}
    for kind, phrases in _lists().items():
        for phrase in phrases:
            by_script.setdefault(script_of(phrase), {}).setdefault(phrase, kind)
    return {script: Phrases(meanings, script) for script, meanings in by_script.items()}
