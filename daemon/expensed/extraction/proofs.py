"""Arithmetic that shows an amount to be the total: cash − change, net + tax, items add up, printed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from expensed.extraction.labels import Role
from expensed.extraction.sums import Sum, has_role

_MOST_ADJUSTMENTS = 6
_MOST_ITEMS = 400
_LOWEST_RATE, _HIGHEST_RATE = Decimal("0.005"), Decimal("0.30")


@dataclass(frozen=True, slots=True)
class Proof:
    """One way in which the paper confirms a total; `kind` names the way, `sentence` shows the figures."""

    kind: str
    sentence: str


def prove_total(value: Decimal, sums: Sequence[Sum]) -> list[Proof]:
    """Every proof that the sums on the document give for this total, at most one of each kind."""
    if value == 0:
        return []
    exact = [each for each in sums if each.money.exact]
    proofs = [prove(value, exact) for prove in (_change, _tax, _table, _items, _card, _rounded)]
    return [proof for proof in (*proofs, _repeated(value, sums)) if proof is not None]


def _change(value: Decimal, sums: Sequence[Sum]) -> Proof | None:
    given = {abs(each.value) for each in has_role(sums, Role.CASH, Role.CARD)}
    returned = {abs(each.value) for each in has_role(sums, Role.CHANGE)}
    for cash in sorted(given):
        for change in sorted(returned):
            if change and cash - change == abs(value):
                return Proof("change", f"cash {cash} − change {change}")
    return None


def _tax(value: Decimal, sums: Sequence[Sum]) -> Proof | None:
    """Subtotal or net, with some of the taxes, fees, tips, roundings and discounts."""
    bases = {each.value for each in has_role(sums, Role.NET, Role.SUBTOTAL, Role.TOTAL) if each.value} - {value}
    changes = _adjustments(sums)
    for base in sorted(bases, reverse=True):
        for count in range(1, len(changes) + 1):
            for chosen in combinations(changes, count):
                if base + sum(amount for _, amount in chosen) == value:
                    parts = "".join(f" {'+' if amount > 0 else '−'} {name} {abs(amount)}" for name, amount in chosen)
                    return Proof("tax" if any(name == "tax" for name, _ in chosen) else "parts", f"net {base}{parts}")
    return None


def _rounded(value: Decimal, sums: Sequence[Sum]) -> Proof | None:
    """Another total with its rounding or tip makes this one."""
    totals = {each.value for each in has_role(sums, Role.TOTAL, Role.FINAL)} - {value}
    for total in sorted(totals):
        for change in has_role(sums, Role.ROUNDING, Role.TIP):
            if change.value and total + change.value == value:
                return Proof("rounded", f"total {total} with {change.role.value} {change.value}")
    return None


def _adjustments(sums: Sequence[Sum]) -> list[tuple[str, Decimal]]:
    found: dict[tuple[str, Decimal], None] = {}
    for each in has_role(sums, Role.TAX, Role.SERVICE, Role.TIP, Role.ROUNDING, Role.DISCOUNT):
        amount = -abs(each.value) if each.role is Role.DISCOUNT else each.value
        if amount:
            found[(each.role.value, amount)] = None
    return list(found)[:_MOST_ADJUSTMENTS]


def _table(value: Decimal, sums: Sequence[Sum]) -> Proof | None:
    """A row of a tax table: net and tax stand side by side and make the total, at a rate that taxes have."""
    rows: dict[int, list[Decimal]] = {}
    for each in sums:
        rows.setdefault(each.row.index, []).append(each.value)
    for values in rows.values():
        if not 2 <= len(values) <= 4:
            continue
        for net, tax in combinations(sorted(values, key=abs, reverse=True), 2):
            if net + tax == value and net and _LOWEST_RATE <= tax / net <= _HIGHEST_RATE:
                return Proof("table", f"net {net} + tax {tax}")
    return None


def _items(value: Decimal, sums: Sequence[Sum]) -> Proof | None:
    """The last sums of the unlabelled rows above the total add up to it, or to a subtotal that it repeats."""
    totals = [each.row.index for each in has_role(sums, Role.TOTAL, Role.FINAL, Role.SUBTOTAL)]
    end = next((index for index in totals), None)
    if end is None:
        return None
    last_of_row = {
        each.row.index: each for each in sums if each.row.index < end and each.role in (Role.NONE, Role.DISCOUNT)
    }
    items = [each.value for each in last_of_row.values()][:_MOST_ITEMS]
    if len(items) >= 2 and sum(items) == value:
        return Proof("items", f"{len(items)} items add up to {value}")
    return None


def _card(value: Decimal, sums: Sequence[Sum]) -> Proof | None:
    if any(abs(each.value) == abs(value) for each in has_role(sums, Role.CARD)):
        return Proof("card", f"paid by card: {abs(value)}")
    return None


def _repeated(value: Decimal, sums: Sequence[Sum]) -> Proof | None:
    rows = {each.row.index for each in has_role(sums, Role.TOTAL, Role.FINAL, Role.CASH) if each.value == value}
    if len(rows) >= 2:
        return Proof("repeated", f"{value} is printed as the total {len(rows)} times")
    return None
