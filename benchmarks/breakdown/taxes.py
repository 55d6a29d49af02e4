"""The sum of a paper's taxes and its tip, as claimed and as labelled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.labels import Labelled
from expensed.model.breakdown import ItemKind
from expensed.model.expense import Expense

NOT_COUNTED = "do not count the tax"
"""What the notes of a label say where the paper contradicts itself."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a paper's label has, and what was claimed: any of `claims` may be meant; none if nothing was claimed."""

    label: Decimal | None
    claims: tuple[Decimal, ...]

    @property
    def is_right(self) -> bool:
        """Whether a claim is the labelled one; a label without a value is met by 0 only."""
        return (self.label or Decimal(0)) in self.claims


def judge_tax(labelled: Labelled, expense: Expense | None) -> Judged | None:
    """Judge the sum of the taxes by rate, else the tax of the paper; None where the label does not count."""
    if NOT_COUNTED in labelled.row.get("notes", ""):
        return None
    taxes = [each.tax for each in expense.taxes if each.tax is not None] if expense else []
    claim = sum(taxes, Decimal(0)) if taxes else expense.tax if expense else None
    return Judged(_money(labelled.row.get("tax")), () if claim is None else (claim,))


def judge_tip(labelled: Labelled, expense: Expense | None) -> Judged:
    """Judge the tip; labels call a service charge so where it is left to the guest, so either may be meant, or both."""
    tip, service = (_sum(expense, {kind}) for kind in (ItemKind.TIP, ItemKind.SERVICE))
    both = _sum(expense, {ItemKind.TIP, ItemKind.SERVICE})
    label = _money(labelled.row.get("tip"))
    claims = (tip, service, both) if label else (tip,)
    return Judged(label, tuple(each for each in claims if each is not None))


def _sum(expense: Expense | None, kinds: Collection[ItemKind]) -> Decimal | None:
    totals = [each.total for each in expense.items if each.kind in kinds and each.total] if expense else []
    return sum(totals, Decimal(0)) if totals else None


def _money(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def show_judged(name: str, found: Collection[Judged]) -> str:
    """Return how many claims are right, and for how many labels there is one."""
    claimed = [each for each in found if each.claims]
    right = sum(each.is_right for each in claimed)
    printed = [each for each in found if each.label]
    covered = sum(bool(each.claims) for each in printed)
    return (
        f"{name:20} right {right} of {len(claimed)} claimed ({_percent(right, len(claimed))}),"
        f" claimed for {covered} of {len(printed)} that print one ({_percent(covered, len(printed))})"
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"
