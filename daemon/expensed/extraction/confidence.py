"""How sure a chosen value is, as a probability, and whether a person should look.

The probability is a logistic regression over a few features of the choice. Its numbers lie in `weights.json`;
`benchmarks/reading.py --fit` makes them anew from documents whose fields are known.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from expensed.extraction.candidates import UNLABELLED, Candidate, Value
from expensed.extraction.labels import Role, compact
from expensed.extraction.proofs import Proof
from expensed.extraction.sums import MOST_SUMS, Sum, has_role
from expensed.model import Field

Features = dict[str, float]
"""What a probability rests on, by name; `weights.json` holds a number for each."""
Weights = Mapping[str, Mapping[str, float]]
"""By field, then by feature; `bias` stands alone."""

VENDOR_SURE = 0.90
_SUREST = {"amount": 0.998, "date": 0.998, "currency": 0.998, "vendor": 0.98, "category": 0.95}
"""However clear a choice looks, the words may have been misread."""
_CLEAR_LEAD = 1.5
"""Two totals closer than this contradict each other: an amount due beside a total, two receipts on one page."""
_STRONG = frozenset(("change", "tax", "parts", "items", "card", "table", "rounded", "code"))
_ENOUGH = frozenset(("change", "code"))
"""Each of these is proof enough by itself."""
_PAID_OR_TOTAL = (Role.FINAL, Role.TOTAL, Role.SUBTOTAL, Role.CARD, Role.CASH)
_STEPS = (Role.TAX, Role.TIP, Role.ROUNDING, Role.DISCOUNT, Role.SERVICE, Role.CHANGE, Role.BALANCE)
_MOST_STEPS = 6
_CASHBACK = re.compile(r"cashback|cashout|bargeldauszahlung|barauszahlung")
_EARLIER = re.compile(r"arrears|broughtforward|^ubertrag")


@cache
def fitted_weights() -> Weights:
    """The numbers of `weights.json`."""
    found: Weights = json.loads(files("expensed.extraction").joinpath("weights.json").read_text(encoding="utf-8"))
    return found


def probability(field: str, features: Features, weights: Weights | None = None) -> float:
    """That the chosen value of this field is right, 0..1."""
    own = (weights or fitted_weights())[field]
    odds = own["bias"] + sum(own[name] * value for name, value in features.items())
    return min(_SUREST[field], 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds)))))


def lead(candidates: Sequence[Candidate[Value]], most: float = 8.0) -> float:
    """By how much the best candidate's score exceeds the next one's; alone it leads by `most`."""
    if len(candidates) < 2:
        return most
    return min(most, candidates[0].score - candidates[1].score)


def amount_features(
    candidates: Sequence[Candidate[Decimal]], proofs_by_value: Mapping[Decimal, Sequence[Proof]], ocr: float
) -> Features:
    """Of the best amount: its score and lead, its proofs, whether another is proven too, how well it could be read."""
    best = candidates[0]
    proofs = proofs_by_value.get(best.value, ())
    strong = sum(proof.kind in _STRONG for proof in proofs)
    return {
        "score": min(best.score, 9.0),
        "lead": lead(candidates, 6.0),
        "contradicted": float(is_contradicted(candidates, proofs_by_value)),
        "strong_proofs": float(min(strong, 3)),
        "weak_proofs": float(len(proofs) - strong),
        "illegible": max(0.0, 0.9 - ocr),
    }


def is_amount_proven(candidates: Sequence[Candidate[Decimal]], proofs: Mapping[Decimal, Sequence[Proof]]) -> bool:
    """True where arithmetic confirms a labelled total in two ways, or the change or a payment code does by itself.

    No other may come near it.
    """
    best = candidates[0]
    kinds = {proof.kind for proof in proofs.get(best.value, ())}
    if best.why == UNLABELLED or lead(candidates) < _CLEAR_LEAD or is_contradicted(candidates, proofs):
        return False
    return bool(kinds & _ENOUGH) or len(kinds & _STRONG) >= 2


def is_contradicted(candidates: Sequence[Candidate[Decimal]], proofs: Mapping[Decimal, Sequence[Proof]]) -> bool:
    """True where another labelled total is proven too, and neither rounding, tip nor discount leads to the best one.

    A payment code that asks for the best one settles it.
    """
    best = candidates[0]
    if {proof.kind for proof in proofs.get(best.value, ())} & {"rounded", "parts", "code"}:
        return False
    return any(
        other.is_total
        and abs(other.value - best.value) >= 1
        and any(proof.kind in _STRONG for proof in proofs.get(other.value, ()))
        for other in candidates[1:]
    )


def amount_doubts(
    candidates: Sequence[Candidate[Decimal]], sums: Sequence[Sum], *, is_witnessed: bool = False
) -> list[str]:
    """What on the paper speaks against the best amount, as sentences.

    `is_witnessed`: a payment code says the same, so how its thousands are written is of no matter.
    """
    if not candidates:
        return []
    best = abs(candidates[0].value)
    exact = [each for each in sums if each.money.exact and each.value]
    doubts = []
    here = [each for each in sums if abs(each.value) == best]
    clear = [each for each in here if each.role in _PAID_OR_TOTAL and not each.money.doubtful]
    if any(each.money.doubtful for each in here) and not clear and not is_witnessed:
        doubts.append(f"The thousands of the amount are not clear: {here[0].row.text[:60]!r}.")
    if (odd := _unexplained_card(best, exact)) is not None:
        doubts.append(f"The card was charged {odd}, not {best}.")
    if any(_CASHBACK.search(compact(each.label)) for each in exact):
        doubts.append("Cash was paid out with it.")
    if (other := _unexplained_total(best, exact)) is not None:
        doubts.append(f"Two totals differ: {best} and {other}.")
    if any(_EARLIER.search(compact(each.label)) for each in has_role(exact, Role.BALANCE)):
        doubts.append("An earlier balance stands on it.")
    if len(sums) >= MOST_SUMS:
        doubts.append("It has more sums than are looked at.")
    return doubts


def _unexplained_card(best: Decimal, sums: Sequence[Sum]) -> Decimal | None:
    """A sum paid by card that neither is the amount nor a part of it."""
    cards = {abs(each.value) for each in has_role(sums, Role.CARD)} - {best}
    positive = {each.value for each in sums if each.value > 0}
    cash = {Decimal(0), *(abs(each.value) for each in has_role(sums, Role.CASH, Role.CARD))}
    change = {Decimal(0), *(abs(each.value) for each in has_role(sums, Role.CHANGE))}
    for card in sorted(cards, reverse=True):
        is_split = best - card in positive or sum(cards) == best
        if not is_split and not any(card + more - less == best for more in cash for less in change):
            return card
    return None


def _unexplained_total(best: Decimal, sums: Sequence[Sum]) -> Decimal | None:
    """Another total, at least 1 away, to which no tax, tip, discount, rounding or change leads."""
    totals = [each for each in has_role(sums, Role.TOTAL, Role.FINAL) if each.column == each.columns]
    rows_of_best = {each.row.index for each in sums if abs(each.value) == best}
    steps = list(dict.fromkeys(abs(each.value) for each in has_role(sums, *_STEPS)))[:_MOST_STEPS]
    reachable = {Decimal(0)}
    for step in steps:
        reachable |= {reached + step for reached in reachable} | {reached - step for reached in reachable}
    for each in totals:
        apart = abs(abs(each.value) - best)
        if min(apart, abs(each.value)) >= 1 and each.row.index not in rows_of_best and apart not in reachable:
            return each.value
    return None


def date_features(candidates: Sequence[Candidate[date]]) -> Features:
    """Of the best date: its score, which tells of its label, and its lead."""
    return {"score": min(candidates[0].score, 7.0), "lead": lead(candidates, 4.0)}


def vendor_features(candidates: Sequence[Candidate[str]], ocr: float) -> Features:
    """Of the best name: its score, its lead, and how well it could be read."""
    return {"score": candidates[0].score, "lead": lead(candidates, 4.0), "illegible": max(0.0, 0.97 - ocr)}


def currency_features(candidates: Sequence[Candidate[str]]) -> Features:
    """Of the best currency: the weight of its evidence, and its lead."""
    return {"score": min(candidates[0].score, 5.0), "lead": lead(candidates, 3.0)}


def category_features(candidates: Sequence[Candidate[str]]) -> Features:
    """Of the best category: its score and its lead."""
    return {"score": candidates[0].score, "lead": lead(candidates, 4.0)}


def review_reasons(fields: Mapping[str, Field], warnings: Sequence[str], review_below: float) -> tuple[str, ...]:
    """Why a person should look, as sentences; empty where nobody needs to."""
    reasons = list(warnings)
    for name in ("amount", "date", "currency"):
        field = fields.get(name)
        if field is None or field.value is None:
            reasons.append(f"No {name} was found.")
        elif field.proof is None and field.confidence < review_below:
            reasons.append(f"The {name} is not proven: {field.value} is {field.confidence:.0%} sure.")
    vendor = fields.get("vendor")
    if vendor is None or vendor.value is None:
        reasons.append("No vendor was found.")
    elif vendor.confidence < VENDOR_SURE:
        reasons.append(f"The vendor is uncertain: {vendor.value} is {vendor.confidence:.0%} sure.")
    return tuple(dict.fromkeys(reasons))
