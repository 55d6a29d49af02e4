"""Compute the probability that a chosen value is right, and whether a person should look.

The probability is a logistic regression over a few features of the choice. Its weights are in `weights.json`;
`make learn` fits them to choices on documents whose sellers the choosers never saw.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.amount.left_out import find_left_out
from expensed.extraction.amount.misread_sums import misread_doubts
from expensed.extraction.amount.proofs import Proof
from expensed.extraction.amount.sums import MOST_SUMS, Sum, has_role
from expensed.extraction.candidates import UNLABELLED, Candidate, Value
from expensed.extraction.choosing.chooser import log_odds
from expensed.extraction.date.written_dates import find_dates
from expensed.extraction.doubts import CURRENCY_HINT, ORDER_HINT, missing, unconfirmed, vendor_doubt
from expensed.extraction.findings import Field
from expensed.extraction.page.lines import Row
from expensed.extraction.vendor.legal_forms import LEGAL_FORM
from expensed.extraction.vendor.name_forms import is_akin
from expensed.languages.signs import SHARED_SIGNS
from expensed.model.json_text import decode

Features = dict[str, float]
"""The inputs of a probability by name; `weights.json` has a weight for each."""
Weights = Mapping[str, Mapping[str, float]]
"""By field, then by feature; `bias` is the constant term."""

_SUREST = {"amount": 0.998, "date": 0.998, "currency": 0.998, "vendor": 0.98, "category": 0.98}
"""Upper limits by field: however clear a choice looks, the words may have been misread."""
MOST_GUESSED = 0.965
"""Upper limit for a guess, and for an amount that not all ways of choosing agree upon: a person looks at it."""
_CLEAR_LEAD = 1.5
"""Two totals closer than this contradict each other: an amount due beside a total, two receipts on one page."""
_READ_ONE_WAY = 0.995
_CLEAR_DATE = 1.0
_ENOUGH = frozenset(("change", "code", "fiscal"))
"""Each of these is proof enough on its own."""
_GROUPS = (
    frozenset(("code",)),
    frozenset(("fiscal",)),
    frozenset(("change", "tendered")),
    frozenset(("card", "paid")),
    frozenset(("tax", "net", "table", "included", "taxes")),
    frozenset(("items", "last items")),
    frozenset(("parts", "rounded")),
)
"""Groups of proofs that use the same figures."""
_STRONG = frozenset().union(*_GROUPS)
_TELLING = (_STRONG | {"repeated"}) - {"parts", "rounded"}
"""One of these is enough for a total far ahead of the others."""
_FAR_AHEAD = 2.5
_PAID_OR_TOTAL = (Role.FINAL, Role.TOTAL, Role.SUBTOTAL, Role.CARD, Role.CASH)
_STEPS = (Role.TAX, Role.TIP, Role.ROUNDING, Role.DISCOUNT, Role.SERVICE, Role.CHANGE, Role.BALANCE)
_MOST_STEPS = 6
_TELLING_TAX = Decimal("0.30")
_COIN = Decimal("0.10")
_PARTIAL_REST = 5
"""Letters that mark a partial total if left after the usual words are removed, as in `Total Abonnement`."""
_USUAL_WORDS = re.compile(
    r"grand|sub|total[et]?|totaal|summ[ea]|gesamt|betrag|amount|incl\w*|inkl\w*|exkl\w*|gst|vat|mwst|tva|ttc|tax|due|payable"
    r"|paid|eur|euro|usd|myr|chf|gbp|sgd|rm|of|the|net|sales?|bill|invoice|facture|rechnung|payer|zahlen|zu|round\w*|after"
)
_SHORT_NAME = 5
_ROWS_OF_NAME = 120
_MOST_NAMED = 4
"""How many of the currencies that share a sign are named."""
_CASHBACK = re.compile(r"cashback|cashout|bargeldauszahlung|barauszahlung")
_WITH_SUGGESTED_TIP = re.compile(r"\d\s?%\s?(?:tip|gratuity)|(?:tip|gratuity)\W{0,3}\d{1,2}\s?%", re.IGNORECASE)
_EARLIER = re.compile(r"arrears|broughtforward|^ubertrag")


@cache
def fitted_weights() -> Weights:
    """Return the weights in `weights.json`."""
    text = files("expensed.extraction").joinpath("weights.json").read_text(encoding="utf-8")
    found: Weights = decode(text, dict[str, dict[str, float]])
    return found


def probability(field: str, features: Features, weights: Weights | None = None) -> float:
    """Return the probability, 0..1, that the chosen value of this field is right."""
    own = (weights or fitted_weights())[field]
    odds = own["bias"] + sum(own.get(name, 0.0) * value for name, value in features.items())
    return min(_SUREST[field], 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds)))))


def lead(candidates: Sequence[Candidate[Value]], most: float = 8.0) -> float:
    """Return by how much the best candidate's score exceeds the next one's; a lone candidate leads by `most`."""
    if len(candidates) < 2:
        return most
    return max(-most, min(most, candidates[0].score - max(each.score for each in candidates[1:])))


def amount_features(found: AmountFound, doubts: Sequence[str], ocr: float) -> Features:
    """Return the best amount's features: label, lead, proofs, what speaks against it, and legibility."""
    best = found.candidates[0]
    kinds = {proof.kind for proof in found.proofs.get(best.value, ())}
    return {
        "lead": lead(found.candidates, 4.0),
        "labelled": float(best.is_total),
        "bare": float(best.why == "not labelled" and not _independent(kinds)),
        "proofs": float(min(_independent(kinds), 3)),
        "change": float("change" in kinds),
        "repeated": float(bool(kinds & {"repeated", "echoed"})),
        "contradicted": float(is_contradicted(found.candidates, found.proofs)),
        "doubted": float(bool(doubts)),
        "paid_otherwise": float(_unexplained_change(abs(best.value), found) is not None),
        "net": float(is_net_of_table(found)),
        "illegible": max(0.0, 0.95 - ocr),
        "chance": log_odds(best.chance),
        "agreed": float(best.is_agreed),
    }


def _independent(kinds: set[str]) -> int:
    """Count the proofs that use different figures; two ways to add the same tax count once."""
    return sum(bool(kinds & group) for group in _GROUPS)


def has_clear_amount(found: AmountFound) -> bool:
    """Whether no other amount comes near the best one, by the rules."""
    return lead(found.candidates) >= _CLEAR_LEAD


def is_amount_proven(found: AmountFound) -> bool:
    """Whether arithmetic confirms a labelled total and no other comes near it.

    One proof is enough for a total that is labelled as such and far ahead, or if it is the change or a code;
    other amounts need two.
    """
    best = found.candidates[0]
    kinds = {proof.kind for proof in found.proofs.get(best.value, ()) if proof.is_plausible}
    is_alone = "change" in kinds and not any(each.is_total for each in found.candidates)
    if (best.why == UNLABELLED and not is_alone) or not has_clear_amount(found):
        return False
    if is_contradicted(found.candidates, found.proofs) or is_net_of_table(found):
        return False
    ways = _independent(kinds)
    is_ahead = best.is_total and lead(found.candidates) >= _FAR_AHEAD
    return bool(kinds & _ENOUGH) or ways >= 2 or (is_ahead and bool(kinds & _TELLING))


def is_net_of_table(found: AmountFound) -> bool:
    """Whether the best amount is the net beside a tax at its printed rate, so that the total is larger."""
    value = found.candidates[0].value
    return any(row.is_rated and row.net == value and abs(row.tax) >= _TELLING_TAX for row in found.paper.tax_rows)


def is_contradicted(candidates: Sequence[Candidate[Decimal]], proofs: Mapping[Decimal, Sequence[Proof]]) -> bool:
    """Whether another labelled total is also proven, and no rounding, tip or discount leads to the best one.

    A code that names the best one settles it.
    """
    best = candidates[0]
    if {proof.kind for proof in proofs.get(best.value, ())} & {"rounded", "parts", "code", "fiscal"}:
        return False
    return any(
        other.is_total
        and abs(other.value - best.value) >= 1
        and any(proof.kind in _STRONG for proof in proofs.get(other.value, ()))
        for other in candidates[1:]
    )


def amount_doubts(found: AmountFound, *, is_witnessed: bool = False) -> list[str]:
    """Return what on the document speaks against the best amount, as sentences.

    `is_witnessed`: a code states the same amount, so it does not matter how its thousands are written.
    """
    if not found.candidates:
        return []
    best, sums = abs(found.candidates[0].value), found.sums
    exact = [each for each in sums if each.money.exact and each.value]
    doubts = []
    here = [each for each in sums if abs(each.value) == best]
    clear = [each for each in here if each.role in _PAID_OR_TOTAL and not each.money.doubtful]
    kinds = {proof.kind for proof in found.proofs.get(found.candidates[0].value, ())}
    is_added_up = any(kinds & group for group in _GROUPS if not group & {"card"})
    if any(each.money.doubtful for each in here) and not clear and not is_witnessed:
        doubts.append(f"The thousands of the amount are not clear: {here[0].row.text[:60]!r}.")
    doubts += _tip_doubts(best, here, exact)
    doubts += [] if is_witnessed else misread_doubts(found)
    if (odd := _unexplained_card(best, exact)) is not None:
        doubts.append(f"The card was charged {odd}, not {best}.")
    if (paid := _unexplained_change(best, found)) is not None:
        doubts.append(f"What was handed over less the change is {paid}, not {best}.")
    if is_net_of_table(found):
        doubts.append(f"{best} is without the tax that stands beside it.")
    if any(_CASHBACK.search(compact(each.label)) for each in exact):
        doubts.append("Cash was paid out with it.")
    if (other := _unexplained_total(best, exact, is_added_up)) is not None:
        doubts.append(f"Two totals differ: {best} and {other}.")
    earlier = [each for each in has_role(exact, Role.BALANCE) if _EARLIER.search(compact(each.label))]
    if any(not _is_carried(each, earlier) for each in earlier):
        doubts.append("An earlier balance stands on it.")
    if len(sums) >= MOST_SUMS:
        doubts.append("It has more sums than are looked at.")
    return doubts


def _is_carried(each: Sum, earlier: Sequence[Sum]) -> bool:
    """Whether a sum carried from page to page: it is at the foot of one and at the head of the next."""
    return any(other.value == each.value and abs(other.row.page - each.row.page) == 1 for other in earlier)


def _tip_doubts(best: Decimal, here: Sequence[Sum], sums: Sequence[Sum]) -> Iterator[str]:
    """Yield the doubts about a tip or discount that the best total may lack, or include though it is only suggested."""
    if (after := find_left_out(best, sums)) is not None:
        name = "deduction" if after.role is Role.NONE else after.role.value
        yield f"The {name} of {abs(after.value)} below it may not be part of {best}."
    if here and all(_WITH_SUGGESTED_TIP.search(each.row.text) for each in here):
        yield f"{best} may include a tip that is only suggested."


def _unexplained_change(best: Decimal, found: AmountFound) -> Decimal | None:
    """Return cash less change, unless it is the amount or within a coin's rounding of it."""
    change = {abs(each.value) for each in found.paper.having(Role.CHANGE)}
    cash = {abs(each.value) for each in found.paper.having(Role.CASH, Role.CARD)}
    given = sorted(cash | {sum(cash, Decimal(0))})
    paid = [more - less for more in given for less in change if more > less]
    tips = {abs(each.value) for each in found.paper.having(Role.TIP, Role.ROUNDING)}
    explained = any(abs(each - best) <= _COIN or abs(each - best) in tips for each in paid)
    return None if explained or not paid else paid[0]


def _unexplained_card(best: Decimal, sums: Sequence[Sum]) -> Decimal | None:
    """Return a sum paid by card that is neither the amount nor a part of it."""
    cards = {abs(each.value) for each in has_role(sums, Role.CARD)} - {best}
    positive = {each.value for each in sums if each.value > 0}
    cash = {Decimal(0), *(abs(each.value) for each in has_role(sums, Role.CASH, Role.CARD))}
    change = {Decimal(0), *(abs(each.value) for each in has_role(sums, Role.CHANGE))}
    for card in sorted(cards, reverse=True):
        is_split = best - card in positive or sum(cards) == best
        if not is_split and not any(card + more - less == best for more in cash for less in change):
            return card
    return None


def _unexplained_total(best: Decimal, sums: Sequence[Sum], is_added_up: bool) -> Decimal | None:
    """Return another total, at least 1 away, that no tax, tip, discount, rounding or change explains.

    If figures confirm the best total, a smaller partial total such as `Total Abonnement` does not count.
    """
    totals = [each for each in has_role(sums, Role.TOTAL, Role.FINAL) if each.column == each.columns]
    rows_of_best = {each.row.index for each in sums if abs(each.value) == best}
    steps = list(dict.fromkeys(abs(each.value) for each in has_role(sums, *_STEPS)))[:_MOST_STEPS]
    reachable = {Decimal(0)}
    for step in steps:
        reachable |= {reached + step for reached in reachable} | {reached - step for reached in reachable}
    for each in totals:
        apart = abs(abs(each.value) - best)
        if is_added_up and abs(each.value) < best and _is_partial(each.label):
            continue
        if min(apart, abs(each.value)) >= 1 and each.row.index not in rows_of_best and apart not in reachable:
            return each.value
    return None


def _is_partial(label: str) -> bool:
    """Whether a label with more than the usual words makes this the total of a part."""
    return sum(sign.isalpha() for sign in _USUAL_WORDS.sub("", compact(label))) >= _PARTIAL_REST


def date_features(candidates: Sequence[Candidate[date]]) -> Features:
    """Return the best date's features: lead, label, what confirms it, and legibility."""
    return {"lead": lead(candidates, 4.0), **candidates[0].features}


def has_clear_date(candidates: Sequence[Candidate[date]]) -> bool:
    """Whether no other date comes near the best one."""
    return lead(candidates) >= _CLEAR_DATE


def is_read_one_way(certainty: float) -> bool:
    """Whether there is hardly a doubt about the order of day, month and year; `certainty` is its probability."""
    return certainty >= _READ_ONE_WAY


def is_date_proven(candidates: Sequence[Candidate[date]], certainty: float) -> bool:
    """Whether a weekday or a number confirms the date, it has only one reading, and no other date comes near it."""
    return candidates[0].proof is not None and is_read_one_way(certainty) and has_clear_date(candidates)


def date_certainty(
    candidates: Sequence[Candidate[date]], certainty: float, features: Features, weights: Weights | None
) -> tuple[str | None, float]:
    """Return what proves the best date, and its probability; `certainty`: that of the order of day, month and year."""
    proof = candidates[0].proof if is_date_proven(candidates, certainty) else None
    sure = probability("date", features, weights) * certainty
    if not is_read_one_way(certainty) or (proof is None and not has_clear_date(candidates)):
        sure = min(sure, MOST_GUESSED)
    return proof, sure


def vendor_features(candidates: Sequence[Candidate[str]], rows: Sequence[Row], ocr: float) -> Features:
    """Return the best name's features: score, lead, repetition on the document, shortness and legibility."""
    best = candidates[0]
    name = compact(LEGAL_FORM.sub("", best.value))
    return {
        "score": max(-3.0, min(best.score, 4.0)),
        "lead": lead([best, *(each for each in candidates[1:] if not is_akin(each.value, best.value))], 1.5),
        "chance": log_odds(sum(each.chance for each in candidates if each is best or is_akin(each.value, best.value))),
        "agreed": float(best.is_agreed),
        "company": best.described.get("strong legal form", 0.0),
        "brand": best.described.get("brand sure", 0.0),
        "garbled": best.described.get("garbled", 0.0),
        "cut": float(any(name.startswith("cut ") for name in best.described)),
        "joined": best.described.get("lines joined", 0.0),
        "said_again": float(_is_said_again(name, best, rows)),
        "short": float(len(name) < _SHORT_NAME),
        "illegible": max(0.0, 0.97 - ocr),
    }


def _is_said_again(name: str, best: Candidate[str], rows: Sequence[Row]) -> bool:
    """Whether the name also appears in another row, or in a web or mail address."""
    others = (row for row in rows[:_ROWS_OF_NAME] if row.box != best.box and row.text != best.text)
    return len(name) >= _SHORT_NAME and any(name in compact(row.text) for row in others)


def currency_features(candidates: Sequence[Candidate[str]]) -> Features:
    """Return the best currency's features: the weight of its evidence, and its lead."""
    return {"lead": lead(candidates, 3.0), **candidates[0].features}


def category_features(candidates: Sequence[Candidate[str]]) -> Features:
    """Return the best category's features: its score and its lead."""
    return {"score": candidates[0].score, "lead": lead(candidates, 4.0)}


def review_reasons(fields: Mapping[str, Field], warnings: Sequence[str], review_below: float) -> tuple[str, ...]:
    """Return why a person should look, as sentences; empty if no review is needed."""
    reasons = list(warnings)
    for name in ("amount", "date", "currency"):
        field = fields.get(name)
        if field is None or field.value is None:
            reasons.append(missing(name))
        elif field.proof is None and field.confidence < review_below:
            reasons.append(unconfirmed(name, field, field.others))
            if name == "date" and field.features and (readings := _two_readings(field)):
                reasons.append(readings)
            if name == "currency" and field.features.get("unsettled") and (sign := _sign_of(field)):
                reasons.append(_shared_sign(sign, field.value))
    if (doubt := vendor_doubt(fields.get("vendor"))) is not None:
        reasons.append(doubt)
    return tuple(dict.fromkeys(reasons))


def _two_readings(field: Field) -> str | None:
    """Explain an ambiguous date: what it may mean, and which setting decides."""
    for written in find_dates(field.text or ""):
        days = (written.first, written.second)
        if written.is_ambiguous and None not in days and field.value in tuple(map(str, days)):
            first, second = (f"{day.day} {day:%B}" for day in days if day)
            return f"It may be {first} or {second}: {ORDER_HINT}"
    return None


def _sign_of(field: Field) -> str | None:
    """Return the sign that the currency shares with others and that is printed."""
    shown = field.text or ""
    return next((sign for sign, codes in SHARED_SIGNS.items() if field.value in codes and sign in shown), None)


def _shared_sign(sign: str, code: str) -> str:
    others = [each for each in SHARED_SIGNS[sign] if each != code][: _MOST_NAMED - 1]
    return f"Only {sign!r} is printed, which may mean {code} or {' or '.join(others)}: {CURRENCY_HINT}"
