"""Describe each sum that might be the amount charged by named features, computed once for each printed number.

The learnt chooser (`extraction.choosing`) weighs them. Every feature is a number around 0..1; a share is of the page or
of the largest sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median

from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.amount.proofs import Proof
from expensed.extraction.amount.sums import Sum

Features = dict[str, float]

_PROOFS = (
    "change", "tendered", "tax", "net", "table", "included", "items", "last items", "card", "paid", "rounded",
    "repeated", "echoed", "parts",
)  # fmt: skip
_HIGHEST_RATE = Decimal("0.30")
_LONGEST = 2.5
_MOST_PLACES = 4
_MOST_LARGER = 6


@dataclass(frozen=True)
class SumsOnPage:
    """All sums of a document, with what the features of each compare it to."""

    sums: Sequence[Sum]
    row_count: int

    @cached_property
    def exact(self) -> list[Sum]:
        """The sums with cents."""
        return [each for each in self.sums if each.money.exact]

    @cached_property
    def places(self) -> dict[Decimal, list[Sum]]:
        """The places of each value."""
        found: dict[Decimal, list[Sum]] = {}
        for each in self.sums:
            found.setdefault(each.value, []).append(each)
        return found

    @cached_property
    def usual_height(self) -> float:
        """The median height of a number."""
        return median([each.box[3] - each.box[1] for each in self.exact or self.sums] or [1.0]) or 1.0

    @cached_property
    def edge(self) -> float:
        """The right edge of most sums, as a fraction of the page's width."""
        return median([each.box[2] for each in self.exact] or [1.0])

    @cached_property
    def values(self) -> list[Decimal]:
        """The different sums with cents, largest first."""
        return sorted({abs(each.value) for each in self.exact}, reverse=True)

    @cached_property
    def by_role(self) -> dict[Role, set[Decimal]]:
        """The values that each label marks."""
        found: dict[Role, set[Decimal]] = {role: set() for role in Role}
        for each in self.sums:
            found[each.role].add(abs(each.value))
        return found

    @cached_property
    def roles_by_row(self) -> dict[int, set[Role]]:
        """The roles of each row's sums."""
        found: dict[int, set[Role]] = {}
        for each in self.sums:
            found.setdefault(each.row.index, set()).add(each.role)
        return found

    @cached_property
    def rows_with_sums(self) -> list[int]:
        """The rows that hold a sum with cents, top to bottom."""
        return sorted({each.row.index for each in self.exact})

    @cached_property
    def first_total(self) -> int:
        """The row of the first total or subtotal; past the end if there is none."""
        rows = (each.row.index for each in self.sums if each.role in (Role.TOTAL, Role.FINAL, Role.SUBTOTAL))
        return min(rows, default=self.row_count)

    @cached_property
    def last_item(self) -> int:
        """The last row whose sum has no role."""
        return max((each.row.index for each in self.exact if each.role is Role.NONE), default=0)

    def roles_near(self, row: int, step: int) -> set[Role]:
        """Return the roles in the nearest row with a sum before (`step` -1) or after a row (1)."""
        rows = [other for other in self.rows_with_sums if (other - row) * step > 0]
        if not rows:
            return set()
        return self.roles_by_row[min(rows, key=lambda other: abs(other - row))]


def describe_amount(value: Decimal, page: SumsOnPage, proofs: Sequence[Proof], score: float, lead: float) -> Features:
    """Return the features of a value: where and how it stands, its size, its proofs, and what the rules score it."""
    here = page.places[value]
    roles = {each.role for each in here}
    best = max(here, key=lambda each: (each.role in (Role.FINAL, Role.TOTAL), each.row.index))
    features = {f"labelled {role.value}": float(role in roles) for role in Role if role is not Role.NONE}
    features["only unlabelled"] = float(roles == {Role.NONE})
    features |= {f"proof {kind}": 0.0 for kind in _PROOFS} | {f"proof {proof.kind}": 1.0 for proof in proofs}
    features["proofs"] = min(len(proofs), _MOST_PLACES) / _MOST_PLACES
    features |= {"rules": score / 10, "behind by rules": lead / 10}
    return features | _place(best, here, page) | _form(best, here, page) | _size(value, page) | _against(value, page)


def _place(best: Sum, here: Sequence[Sum], page: SumsOnPage) -> Features:
    rows = page.rows_with_sums or [0]
    before, after = page.roles_near(best.row.index, -1), page.roles_near(best.row.index, 1)
    mates = page.roles_by_row.get(best.row.index, set()) - {best.role}
    paid = {Role.CASH, Role.CARD, Role.CHANGE}
    return {
        "row": best.row.index / max(page.row_count, 1),
        "height on page": (best.box[1] + best.box[3]) / 2,
        "sums below": sum(row > best.row.index for row in rows) / len(rows),
        "last sum": float(best.row.index == rows[-1]),
        "below all items": float(best.row.index > page.last_item),
        "after first total": float(best.row.index > page.first_total),
        "before first total": float(best.row.index < page.first_total),
        "places": min(len(here), _MOST_PLACES) / _MOST_PLACES,
        "rows": min(len({each.row.index for each in here}), _MOST_PLACES) / _MOST_PLACES,
        "below tax": float(Role.TAX in before),
        "below subtotal": float(Role.SUBTOTAL in before or Role.NET in before),
        "below items": float(before == {Role.NONE}),
        "below total": float(bool(before & {Role.TOTAL, Role.FINAL})),
        "below paid": float(bool(before & paid)),
        "above paid": float(bool(after & paid)),
        "above tax": float(Role.TAX in after),
        "above tip": float(Role.TIP in after),
        "above total": float(bool(after & {Role.TOTAL, Role.FINAL})),
        "above items": float(after == {Role.NONE}),
        "beside tax": float(bool(mates & {Role.TAX, Role.NET})),
        "beside others": float(best.columns > 1),
        "last in row": float(best.column == best.columns),
    }


def _form(best: Sum, here: Sequence[Sum], page: SumsOnPage) -> Features:
    heights = [(each.box[3] - each.box[1]) / page.usual_height for each in here]
    label = compact(best.label)
    letters = sum(map(str.isalpha, label))
    return {
        "letter height": min(max(heights), _LONGEST) - 1.0,
        "tallest": float(max(heights) * page.usual_height >= max(each.box[3] - each.box[1] for each in page.sums)),
        "off the edge": min(abs(best.box[2] - page.edge), 0.5),
        "exact": float(any(each.money.exact for each in here)),
        "whole": float(best.money.whole),
        "sign": float(any(each.money.sign is not None for each in here)),
        "repaired": float(best.money.repaired),
        "leading zero": float(best.cell.text[best.money.start : best.money.start + 1] == "0" and abs(best.value) >= 1),
        "legible": best.cell.confidence,
        "no letters": float(letters == 0),
        "long label": min(letters, 40) / 40,
        "label alone": float(len(best.row.cells) <= 2),
        "says total": float("total" in label or "tota" in label),
        "says amount": float("amount" in label or "betrag" in label or "montant" in label or "importe" in label),
    }


def _size(value: Decimal, page: SumsOnPage) -> Features:
    size = abs(value)
    values = page.values or [size]
    larger = sum(each > size for each in values)
    marked = set().union(*(page.by_role[role] for role in (Role.TOTAL, Role.FINAL, Role.SUBTOTAL, Role.NET)))
    unlabelled = page.by_role[Role.NONE]
    return {
        "largest": float(size >= values[0]),
        "larger sums": min(larger, _MOST_LARGER) / _MOST_LARGER,
        "share of largest": float(min(size / values[0], Decimal(2))) if values[0] else 0.0,
        "largest labelled": float(bool(marked) and size == max(marked)),
        "larger than items": float(bool(unlabelled) and size >= max(unlabelled)),
        "negative": float(value < 0),
        "zero": float(value == 0),
        "sums": min(len(values), 30) / 30,
        "labelled total elsewhere": float(bool((page.by_role[Role.TOTAL] | page.by_role[Role.FINAL]) - {size})),
    }


def _against(value: Decimal, page: SumsOnPage) -> Features:
    size = abs(value)
    roles = page.by_role
    totals = set().union(*(roles[role] for role in (Role.TOTAL, Role.FINAL, Role.CASH, Role.CARD)))
    taxes = {each for each in roles[Role.TAX] if 0 < each < size * _HIGHEST_RATE}
    steps = taxes | {each for each in roles[Role.TIP] | roles[Role.SERVICE] if each}
    every = set(page.values)
    rounding = {each for each in roles[Role.ROUNDING] if 0 < each < 1}
    return {
        "net of tax": float(any(size + tax in totals for tax in taxes)),
        "with tax elsewhere": float(any(size + step in every for step in steps)),
        "without tax elsewhere": float(any(size - step in every for step in steps)),
        "rounded further": float(any({size + each, size - each} & totals for each in rounding)),
        "balance apart": float(any({size - each, size + each} & totals for each in roles[Role.BALANCE] if each >= 1)),
        "paid exactly": float(size in roles[Role.CASH] | roles[Role.CARD]),
        "less than paid": float(any(each > size for each in roles[Role.CASH] | roles[Role.CARD])),
        "more than paid": float(any(0 < each < size for each in roles[Role.CASH] | roles[Role.CARD])),
        "sum of two": float(
            any(size - each in every and size - each != each for each in page.values[1:40] if each < size)
        ),
    }
