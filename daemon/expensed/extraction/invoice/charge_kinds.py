"""Tell what a line, a charge or an allowance of an e-invoice is for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from expensed.model.breakdown import ItemKind
from expensed.model.reading import Change
from expensed.model.text import fold_letters

_LONG = 5
"""Letters; shorter words begin others that mean something else."""


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The lists in `charges.toml`."""

    charges: dict[str, ItemKind]
    lines: dict[str, ItemKind]
    delivery: tuple[str, ...]


@cache
def _load() -> _Kinds:
    data = tomllib.loads(files(__package__).joinpath("charges.toml").read_text(encoding="utf-8"))
    words = {fold_letters(word.replace("-", " ")) for word in data["words"]["delivery"].split()}
    return _Kinds(_by_code(data["charges"]), _by_code(data["lines"]), tuple(sorted(words)))


def _by_code(lists: dict[str, str]) -> dict[str, ItemKind]:
    return {code: ItemKind(kind) for kind, codes in lists.items() for code in codes.split()}


def kind_of_change(change: Change) -> ItemKind:
    """Return what an allowance or a charge on the whole is; a charge of which nothing is known is a fee."""
    if not change.is_charge:
        return ItemKind.DISCOUNT
    known = _load().charges.get(change.code or "")
    if known is not None:
        return known
    return ItemKind.DELIVERY if _is_delivery(change.reason or "") else ItemKind.FEE


def _is_delivery(reason: str) -> bool:
    """Whether the reason begins with a word for delivery, or a compound of a long one."""
    whole, first = fold_letters(reason), fold_letters(next(iter(reason.split()), ""))
    return any(word in (whole, first) or (len(word) >= _LONG and whole.startswith(word)) for word in _load().delivery)


def kind_of_line(code: str | None) -> ItemKind | None:
    """Return what a line is by the dialect's own code; None if that says nothing."""
    return _load().lines.get(code or "")
