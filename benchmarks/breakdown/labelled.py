"""Items, taxes and sums of papers labelled by eye (`items_truth.json`), and how an answer is judged by them.

By folder and file, as printed: *items*, each with its quantity (null if none is printed), its line total, and its kind
if it is not goods; *taxes*, each with what is printed of it; *sums*, each with the values that may be called so. A
charge of 0.00 is no item, nor is a suggested tip or a coupon among the payments. Where no sum of the taxes is printed,
it is theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from expensed.model.breakdown import CheckedSum, Item, ItemKind, SumName, TaxLine
from expensed.model.expense import Expense

TRUTH = Path(__file__).parents[1] / "items_truth.json"


class Line(NamedTuple):
    """An item."""

    quantity: Decimal
    """One where none is printed."""
    total: Decimal
    kind: ItemKind = ItemKind.GOODS

    def __str__(self) -> str:
        kind = "" if self.kind is ItemKind.GOODS else f" ({self.kind})"
        return f"{self.quantity} for {self.total}{kind}"


@dataclass(frozen=True, slots=True)
class Truth:
    """What one paper says."""

    lines: tuple[Line, ...]
    taxes: tuple[Mapping[str, Decimal], ...]
    sums: Mapping[SumName, tuple[Decimal, ...]]

    def accepts(self, said: CheckedSum) -> bool:
        """Whether a sum is the labelled one; papers call the sum of the lines a subtotal or net alike."""
        names = {SumName.SUBTOTAL, SumName.NET} if said.name in (SumName.SUBTOTAL, SumName.NET) else {said.name}
        return said.value in [each for name in names for each in self.sums.get(name, ())]


def load_truth(path: Path = TRUTH) -> dict[str, Truth]:
    """Load the labels by folder and file."""
    return {name: _truth(row) for name, row in json.loads(path.read_text(encoding="utf-8")).items()}


def _truth(row: Mapping[str, Any]) -> Truth:
    return Truth(
        tuple(
            Line(Decimal(quantity or 1), Decimal(total), *map(ItemKind, kind))
            for quantity, total, *kind in row["items"]
        ),
        tuple({name: Decimal(value) for name, value in tax.items()} for tax in row["taxes"]),
        {SumName(name): tuple(map(Decimal, values)) for name, values in row["sums"].items()},
    )


def _labelled_line(quantity: str | None, total: str, kind: str = ItemKind.GOODS) -> Line:
    return Line(Decimal(quantity or 1), Decimal(total), ItemKind(kind))


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the answer for one paper fares."""

    claimed: int
    labelled: int
    right: int
    """Claimed items with the quantity and the total of a label."""
    kinds_right: int
    """Those of them that are also known for what they are: goods, a discount, a tip, ..."""
    wrong: tuple[Line, ...]
    missed: tuple[Line, ...]
    taxes_claimed: int
    taxes_labelled: int
    taxes_right: int
    is_proven: bool
    """Whether the total or the subtotal is proven."""
    violations: tuple[CheckedSum, ...]
    """Sums called proven that are not the labelled ones."""


def judge(truth: Truth, expense: Expense | None) -> Judgement:
    """Compare an answer with the label."""
    items = [_line(each) for each in expense.items if _counts(each)] if expense else []
    matched, wrong, missed = _match(truth.lines, items)
    taxes = [each for each in expense.taxes if each.tax is not None] if expense else []
    right = _count_taxes(truth.taxes, taxes)
    proven = [each for each in expense.sums if each.proof] if expense else []
    is_proven = any(each.name in (SumName.TOTAL, SumName.SUBTOTAL) for each in proven)
    bad = tuple(each for each in proven if not truth.accepts(each))
    return Judgement(
        len(items), len(truth.lines), len(matched), sum(one.kind is other.kind for one, other in matched),
        tuple(wrong), tuple(missed),
        len(taxes), len(truth.taxes), right, is_proven, bad,
    )  # fmt: skip


def _line(item: Item) -> Line:
    return Line(Decimal(1) if item.quantity is None else item.quantity, item.total or Decimal(0), item.kind)


def _counts(item: Item) -> bool:
    return item.total is not None and (item.kind is ItemKind.GOODS or item.total != 0)


def _match(labels: Sequence[Line], said: Sequence[Line]) -> tuple[list[tuple[Line, Line]], list[Line], list[Line]]:
    """Return what was said beside its label, what has none, and the labels that are left."""
    matched, others, left = [], [], list(labels)
    for line in said:
        alike = [each for each in left if each[:2] == line[:2]]
        if alike:
            label = next((each for each in alike if each.kind is line.kind), alike[0])
            left.remove(label)
            matched.append((label, line))
        else:
            others.append(line)
    return matched, others, left


def _count_taxes(labels: Sequence[Mapping[str, Decimal]], said: Sequence[TaxLine]) -> int:
    left = list(labels)
    for tax in said:
        match = next((each for each in left if is_same_tax(each, tax)), None)
        if match is not None:
            left.remove(match)
    return len(labels) - len(left)


def is_same_tax(label: Mapping[str, Decimal], said: TaxLine) -> bool:
    """Whether rate and tax are the labelled ones, and net and gross where both are known."""
    own = {"rate": said.rate, "net": said.net, "tax": said.tax, "gross": said.gross}
    is_known = all(name not in label or own[name] == label[name] for name in ("rate", "tax"))
    return is_known and all(own[name] in (None, value) for name, value in label.items())
