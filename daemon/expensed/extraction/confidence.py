"""How sure a chosen value is, as a probability, and whether a person should look."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from expensed.extraction.candidates import Candidate, Value
from expensed.extraction.labels import Role, compact
from expensed.extraction.proofs import Proof
from expensed.extraction.sums import MOST_SUMS, Sum, has_role
from expensed.model import Field

VENDOR_SURE = 0.90
_CLEAR_LEAD = 1.5
"""Two totals closer than this contradict each other: an amount due beside a total, two receipts on one page."""
_STRONG = frozenset(("change", "tax", "parts", "items", "card", "table", "rounded"))
_PAID_OR_TOTAL = (Role.FINAL, Role.TOTAL, Role.SUBTOTAL, Role.CARD, Role.CASH)
_STEPS = (Role.TAX, Role.TIP, Role.ROUNDING, Role.DISCOUNT, Role.SERVICE, Role.CHANGE, Role.BALANCE)
_MOST_STEPS = 6
_CASHBACK = re.compile(r"cashback|cashout|bargeldauszahlung|barauszahlung")
_EARLIER = re.compile(r"arrears|broughtforward|^ubertrag")


def logistic(value: float) -> float:
    """The probability whose log-odds is the value."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


def lead(candidates: Sequence[Candidate[Value]], most: float = 8.0) -> float:
    """By how much the best candidate's score exceeds the next one's; alone it leads by `most`."""
    if len(candidates) < 2:
        return most
    return min(most, candidates[0].score - candidates[1].score)


def amount_confidence(
    candidates: Sequence[Candidate[Decimal]], proofs_by_value: Mapping[Decimal, Sequence[Proof]], ocr: float
) -> float:
    """The probability that the best amount is right, from its lead, its label and its proofs."""
    best = candidates[0]
    proofs = proofs_by_value.get(best.value, ())
    strong = sum(proof.kind in _STRONG for proof in proofs)
    odds = -1.3 + 0.42 * min(best.score, 9.0) + 0.35 * lead(candidates, 6.0)
    odds -= 2.0 * is_contradicted(candidates, proofs_by_value)
    odds += 1.1 * min(strong, 3) + 0.3 * (len(proofs) - strong) - 4.0 * max(0.0, 0.9 - ocr)
    return min(0.998, logistic(odds))


def is_amount_proven(candidates: Sequence[Candidate[Decimal]], proofs: Mapping[Decimal, Sequence[Proof]]) -> bool:
    """True where arithmetic confirms a labelled total in two ways, or by the change, and no other comes near it."""
    best = candidates[0]
    kinds = {proof.kind for proof in proofs.get(best.value, ())}
    if best.why == "not labelled" or lead(candidates) < _CLEAR_LEAD or is_contradicted(candidates, proofs):
        return False
    return "change" in kinds or len(kinds & _STRONG) >= 2


def is_contradicted(candidates: Sequence[Candidate[Decimal]], proofs: Mapping[Decimal, Sequence[Proof]]) -> bool:
    """True where another labelled total is proven too, and neither rounding, tip nor discount leads to the best one."""
    best = candidates[0]
    if {proof.kind for proof in proofs.get(best.value, ())} & {"rounded", "parts"}:
        return False
    return any(
        other.is_total
        and abs(other.value - best.value) >= 1
        and any(proof.kind in _STRONG for proof in proofs.get(other.value, ()))
        for other in candidates[1:]
    )


def amount_doubts(candidates: Sequence[Candidate[Decimal]], sums: Sequence[Sum]) -> list[str]:
    """What on the paper speaks against the best amount, as sentences."""
    if not candidates:
        return []
    best = abs(candidates[0].value)
    exact = [each for each in sums if each.money.exact and each.value]
    doubts = []
    here = [each for each in sums if abs(each.value) == best]
    clear = [each for each in here if each.role in _PAID_OR_TOTAL and not each.money.doubtful]
    if any(each.money.doubtful for each in here) and not clear:
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


def date_confidence(candidates: Sequence[Candidate[date]], order_certainty: float) -> float:
    """The probability that the best date is right, from its label, its lead and the order of day and month."""
    best = candidates[0]
    odds = 0.4 + 0.75 * min(best.score, 7.0) + 0.5 * lead(candidates, 4.0)
    sure = min(0.998, logistic(odds))
    return sure * order_certainty


def vendor_confidence(candidates: Sequence[Candidate[str]], ocr: float) -> float:
    """The probability that the best name is the seller's and was read right."""
    best = candidates[0]
    odds = -0.5 + 0.27 * best.score + 0.5 * lead(candidates, 4.0) - 3.0 * max(0.0, 0.97 - ocr)
    return min(0.98, logistic(odds))


def currency_confidence(candidates: Sequence[Candidate[str]]) -> float:
    """The probability that the best currency is right, from the weight of its evidence and its lead."""
    best = candidates[0]
    return min(0.998, logistic(-1.0 + 1.1 * min(best.score, 5.0) + 0.5 * lead(candidates, 3.0)))


def category_confidence(candidates: Sequence[Candidate[str]]) -> float:
    """The probability that the best category is right."""
    return min(0.95, logistic(-0.6 + 0.25 * candidates[0].score + 0.3 * lead(candidates, 4.0)))


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
