"""The amount charged: candidates from labelled sums, scored by label, proofs and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from expensed.extraction.amount.describe_amounts import SumsOnPage, describe_amount
from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.amount.proofs import Paper, Proof, prove_total
from expensed.extraction.amount.sums import Sum, find_sums, has_role
from expensed.extraction.candidates import UNLABELLED, Candidate, best_first
from expensed.extraction.choosing.put_first import put_learnt_first
from expensed.extraction.page.lines import Row
from expensed.languages.vocabulary import vocabulary_of
from expensed.model.lesson import LabelledSum

_LABEL_SCORE = {
    Role.FINAL: 6.0,
    Role.TOTAL: 5.0,
    Role.CARD: 2.6,
    Role.SUBTOTAL: 2.0,
    Role.CASH: 1.4,
    Role.NET: 0.5,
    Role.NONE: 0.0,
    Role.FOREIGN: -1.5,
    Role.BALANCE: -2.0,
    Role.TAX: -2.0,
    Role.SERVICE: -2.0,
    Role.TIP: -2.0,
    Role.DISCOUNT: -2.5,
    Role.ROUNDING: -3.0,
    Role.CHANGE: -3.0,
    Role.COUNT: -4.0,
}
_PROOF_SCORE = {
    "change": 4.0,
    "tendered": 2.5,
    "net": 1.5,
    "paid": 0.5,
    "included": 1.5,
    "last items": 1.0,
    "echoed": 0.4,
    "tax": 2.5,
    "parts": 2.0,
    "table": 2.0,
    "items": 2.0,
    "card": 1.2,
    "rounded": 1.5,
    "repeated": 0.8,
}
_CENTS = Decimal("0.01")
_LARGEST = Decimal(10) ** 11
_HIGHEST_RATE = Decimal("0.30")
_LARGEST_SHARE = Decimal("0.35")
_ENOUGH_CENTS = 3
_MOST_CANDIDATES = 60
_MOST_LABELLED = 6
"""Candidates whose labels are told."""
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class AmountFound:
    """The candidates, best first, and the basis of their evidence."""

    candidates: list[Candidate[Decimal]]
    proofs: dict[Decimal, list[Proof]]
    paper: Paper

    @property
    def sums(self) -> Sequence[Sum]:
        """Every number on the document with its label."""
        return self.paper.all

    @property
    def labelled(self) -> tuple[LabelledSum, ...]:
        """The candidates that have labels, best first, with plain letters for a label; some have several."""
        labels: dict[Decimal, dict[str, None]] = {}
        for each in self.sums:
            if each.money.exact and (label := _DIGITS.sub("", compact(each.label))):
                labels.setdefault(abs(each.value), {})[label] = None
        best = self.candidates[:_MOST_LABELLED]
        return tuple(LabelledSum(label, each.value) for each in best for label in labels.get(abs(each.value), ()))


def find_amounts(rows: Sequence[Row]) -> AmountFound:
    """Return every sum that might be the amount charged, best first."""
    sums = find_sums(rows)
    exact = [each for each in sums if each.money.exact]
    writes_cents = len(exact) >= _ENOUGH_CENTS or bool(has_role(exact, Role.FINAL, Role.TOTAL))
    usable = [each for each in sums if _is_possible(each, writes_cents)]
    values = _most_promising(usable)
    paper = Paper(sums, [row.text for row in rows if "%" in row.text])
    proofs = {value: prove_total(value, paper) for value in values}
    candidates = best_first(_candidate(value, usable, sums, proofs[value], len(rows)) for value in values)
    page = SumsOnPage(usable, len(rows))
    described = [_described(each, page, proofs[each.value], candidates[0]) for each in candidates]
    roundings = {each.value for each in has_role(sums, Role.ROUNDING) if 0 < abs(each.value) < 1}
    chosen = put_learnt_first(described, lambda one, other: abs(one.value - other.value) in map(abs, roundings))
    return AmountFound(_without_sign(_after_rounding(chosen, roundings), proofs, paper), proofs, paper)


def _after_rounding(candidates: list[Candidate[Decimal]], roundings: set[Decimal]) -> list[Candidate[Decimal]]:
    """Put the total to which a printed rounding leads before the one that it starts from: that is what was charged."""
    if not candidates:
        return []
    best, *others = candidates
    charged = next((each for each in others if each.is_total and each.value - best.value in roundings), None)
    if charged is None:
        return candidates
    others.remove(charged)
    chance = min(best.chance + charged.chance, 1.0)  # that it is one of the two
    return [replace(charged, chance=chance, is_agreed=best.is_agreed), best, *others]


def _described(
    each: Candidate[Decimal], page: SumsOnPage, proofs: Sequence[Proof], best: Candidate[Decimal]
) -> Candidate[Decimal]:
    """Return a candidate with the features that the learnt chooser weighs."""
    return replace(each, described=describe_amount(each.value, page, proofs, each.score, each.score - best.score))


def _without_sign(
    candidates: list[Candidate[Decimal]], proofs: dict[Decimal, list[Proof]], paper: Paper
) -> list[Candidate[Decimal]]:
    """Put the total without its first digit before it, if nothing proves the one and the other's items add up to it.

    In other scripts than the Latin, the sign before a total is read as a digit: `₪98.40` as `298.40`. It keeps no
    proof, so that a person looks at it.
    """
    best = candidates[0] if candidates else None
    if best is None or not best.is_total or proofs[best.value] or best.value < 1 or vocabulary_of(best.text) is None:
        return candidates
    rest = Decimal(f"{best.value:f}"[1:] or 0)
    is_proven = rest >= 1 and any(proof.kind == "items" for proof in prove_total(rest, paper))
    proofs.setdefault(rest, [])
    return [replace(best, value=rest, proof=None), *candidates] if is_proven else candidates


def as_credit(found: AmountFound) -> AmountFound:
    """Make the best candidate negative, because a credit note gives money back whatever sign it prints."""
    if not found.candidates or found.candidates[0].value <= 0:
        return found
    best = found.candidates[0]
    credit = replace(best, value=-best.value)
    proofs = {**found.proofs, credit.value: found.proofs.get(best.value, [])}
    return AmountFound([credit, *found.candidates[1:]], proofs, found.paper)


def find_tax(found: AmountFound) -> Decimal | None:
    """Return the tax in the best amount: the sum of the tax table, else the largest labelled tax that fits."""
    if not found.candidates:
        return None
    total = abs(found.candidates[0].value)
    rows = [row for row in found.paper.tax_rows if row.is_rated]
    if (one := next((row for row in rows if row.net + row.tax == total), None)) is not None:
        return one.tax
    if rows and sum(row.net + row.tax for row in rows) == total:
        return sum((row.tax for row in rows), Decimal(0))
    fitting = [
        each.value for each in found.paper.having(Role.TAX) if each.value and 0 < each.value < total * _LARGEST_SHARE
    ]
    return max(fitting, default=None)


def _is_possible(each: Sum, writes_cents: bool) -> bool:
    """Whether a number may be money; a whole number without a sign is only on documents that print no cents."""
    if abs(each.value) >= _LARGEST:
        return False
    if each.money.exact or each.money.sign:
        return True
    return not writes_cents and each.role in (Role.FINAL, Role.TOTAL) and abs(each.value) >= 1


def _most_promising(sums: Sequence[Sum]) -> list[Decimal]:
    """Return the values worth proving: those with the best labels, the largest first among equals."""
    label: dict[Decimal, float] = {}
    for each in sums:
        label[each.value] = max(label.get(each.value, -9.0), _LABEL_SCORE[each.role])
    return sorted(label, key=lambda value: (label[value], abs(value)), reverse=True)[:_MOST_CANDIDATES]


def _candidate(
    value: Decimal, usable: Sequence[Sum], sums: Sequence[Sum], proofs: list[Proof], row_count: int
) -> Candidate[Decimal]:
    here = [each for each in usable if each.value == value]
    best = max(here, key=lambda each: _sum_score(each, row_count))
    score = _sum_score(best, row_count)
    score += sum(_PROOF_SCORE[proof.kind] for proof in proofs)
    score += _standing(value, sums)
    return Candidate(
        field="amount",
        value=value.quantize(_CENTS) if _has_cents(value) and best.money.exact and not best.money.whole else value,
        score=score,
        page=best.row.page,
        box=best.box,
        text=best.row.text,
        why=f"labelled {best.role.value}" if best.role is not Role.NONE else UNLABELLED,
        is_total=best.role in (Role.FINAL, Role.TOTAL),
        proof=proofs[0].sentence if proofs else None,
    )


def _has_cents(value: Decimal) -> bool:
    """Whether the value has two decimals at most, not the three of a dinar."""
    return value == value.quantize(_CENTS)


def _sum_score(each: Sum, row_count: int) -> float:
    """Score how much one printed sum looks like the total, by its label and place."""
    score = _LABEL_SCORE[each.role]
    score += 0.6 * each.row.index / max(row_count, 1)
    if not each.money.exact or each.money.whole:
        score -= 1.5 if each.money.sign is None else 0.3
    if each.money.repaired:
        score -= 0.4
    if each.cell.text[each.money.start : each.money.start + 1] == "0" and abs(each.value) >= 1:
        score -= 1.5  # 035.00 has a misread digit
    if each.columns > 1 and each.column < each.columns:
        score -= 0.8
    if each.columns > 1 and each.role in (Role.TOTAL, Role.FINAL):
        score -= 1.2
    return score


def _is_net(value: Decimal, sums: Sequence[Sum], totals: set[Decimal]) -> bool:
    """Whether a printed tax leads from this value to another total."""
    taxes = {each.value for each in has_role(sums, Role.TAX) if each.money.exact and each.value > 0}
    return any(value + tax in totals and tax < value * _HIGHEST_RATE for tax in taxes)


def _includes_a_balance(value: Decimal, sums: Sequence[Sum]) -> bool:
    """Whether an earlier balance or a deposit separates this value from a labelled total."""
    totals = {each.value for each in has_role(sums, Role.TOTAL, Role.FINAL)} - {value}
    balances = {abs(each.value) for each in has_role(sums, Role.BALANCE) if each.money.exact and abs(each.value) >= 1}
    return any(value - balance in totals or value + balance in totals for balance in balances)


def _standing(value: Decimal, sums: Sequence[Sum]) -> float:
    """Score a value against the other sums: rounded further, zero, negative, net of tax, or the largest."""
    score = 0.0
    totals = {each.value for each in has_role(sums, Role.TOTAL, Role.FINAL, Role.CASH, Role.CARD)}
    for rounding in {each.value for each in has_role(sums, Role.ROUNDING) if abs(each.value) < 1}:
        if rounding and ({value + rounding, value - rounding} & totals) and value % Decimal("0.05"):
            score -= 2.5
    if value == 0:
        score -= 4.0
    if value < 0:
        score -= 3.0
    score -= 2.0 * _is_net(value, sums, totals) + 2.5 * _includes_a_balance(value, sums)
    labelled = {each.value for each in has_role(sums, Role.TOTAL, Role.FINAL, Role.SUBTOTAL, Role.NET)}
    if labelled and value == max(labelled):
        score += 0.8
    return score
