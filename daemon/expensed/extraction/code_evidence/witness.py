"""Use a code on the page as proof of what is printed, and as the source of what is not.

A code is exact where it is read at all, so what it proves needs no other proof, and what it alone says is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import compact
from expensed.extraction.amount.proofs import Proof
from expensed.extraction.candidates import UNLABELLED, Candidate, Value, best_first
from expensed.extraction.page.lines import clean_text
from expensed.extraction.vendor.legal_forms import LEGAL_FORM
from expensed.extraction.vendor.names import LONGEST_NAME
from expensed.model.reading import Box

PAYMENT, FISCAL = "payment code", "fiscal code"
"""The two kinds of codes; also the reason given for a candidate that is nowhere else on the document."""
PROOF_KINDS = {PAYMENT: "code", FISCAL: "fiscal"}
PRINTED_TOO = {
    PAYMENT: "printed, and asked for by the payment code",
    FISCAL: "printed, and named by the fiscal code",
}
"""The reason for an amount that no label explains, but a code."""
ARITHMETIC = frozenset(("change", "tax", "parts", "items", "table"))
"""Proofs that leave no room for another total."""
_AMOUNT_SCORE = 6.0
_PROOF_SCORE = 4.0
_AMOUNT_LEAD = 1.5
_CURRENCY_SCORE, _CURRENCY_LEAD = 8.0, 3.0
_VENDOR_SCORE, _VENDOR_BONUS = 3.5, 2.5
_DATE_SCORE, _DATE_BONUS = 6.0, 3.0


@dataclass(frozen=True, slots=True)
class Witness:
    """A code that says something of the expense: which kind it is, what it says, and where it stands."""

    kind: str
    sentence: str
    page: int
    box: Box


def is_only_in_code(candidate: Candidate[Decimal] | Candidate[str] | Candidate[date]) -> bool:
    """Whether the value is nowhere on the document but in a code."""
    return candidate.why in PROOF_KINDS


def has_code_proof(found: AmountFound, *kinds: str) -> bool:
    """Whether a code (of one of these kinds, if named) names the best amount."""
    best = next(iter(found.candidates), None)
    wanted = {PROOF_KINDS[kind] for kind in kinds or PROOF_KINDS}
    return best is not None and any(proof.kind in wanted for proof in found.proofs.get(best.value, ()))


def prove_amount(found: AmountFound, amount: Decimal, witness: Witness, sentence: str | None = None) -> AmountFound:
    """Add the code's proof to an amount, whatever its sign."""
    proof = Proof(PROOF_KINDS[witness.kind], sentence or witness.sentence)
    candidates = [
        _proven(each, proof, witness.kind) if abs(each.value) == abs(amount) else each for each in found.candidates
    ]
    values = {each.value for each in candidates if abs(each.value) == abs(amount)}
    proofs = {**found.proofs, **{value: [*found.proofs.get(value, []), proof] for value in values}}
    return AmountFound(best_first(candidates), proofs, found.paper)


def put_first(found: AmountFound, amount: Decimal) -> AmountFound:
    """Return the amounts with this one clearly first, for a code that leaves no other."""
    top = max((each.score for each in found.candidates if abs(each.value) != abs(amount)), default=0.0) + _AMOUNT_LEAD
    candidates = [
        replace(each, score=max(each.score, top)) if abs(each.value) == abs(amount) else each
        for each in found.candidates
    ]
    return AmountFound(best_first(candidates), found.proofs, found.paper)


def supply_amount(found: AmountFound, amount: Decimal, witness: Witness) -> AmountFound:
    """Add an amount that only the code names, unless it is there already."""
    if any(abs(each.value) == abs(amount) for each in found.candidates):
        return found
    candidate = _supplied("amount", amount, witness, _AMOUNT_SCORE, is_total=True)
    return AmountFound([*found.candidates, candidate], found.proofs, found.paper)


def prove_currency(found: list[Candidate[str]], currency: str, witness: Witness) -> list[Candidate[str]]:
    """Return the currencies with the code's own first."""
    others = [each for each in found if each.value != currency]
    score = max([_CURRENCY_SCORE, *(each.score + _CURRENCY_LEAD for each in others)])
    return best_first([_supplied("currency", currency, witness, score), *others])


def prove_vendor(found: Sequence[Candidate[str]], text: str, witness: Witness) -> list[Candidate[str]]:
    """Return the names including the code's, which is likelier the seller if also printed on the page."""
    vendors, name = list(found), clean_text(text, LONGEST_NAME)
    same = [index for index, each in enumerate(vendors) if _is_same_name(each.value, name)]
    for index in same:
        vendors[index] = replace(vendors[index], score=vendors[index].score + _VENDOR_BONUS, is_agreed=True)
    if not same and any(sign.isalpha() for sign in name):
        vendors.append(_supplied("vendor", name, witness, _VENDOR_SCORE))
    return best_first(vendors)


def prove_date(found: Sequence[Candidate[date]], days: Sequence[date], witness: Witness) -> list[Candidate[date]]:
    """Return the dates with the code's own proven; if it leaves no choice, it also supplies one that is not printed."""
    dates = list(found)
    same = [index for index, each in enumerate(dates) if each.value in days]
    for index in same:
        dates[index] = replace(dates[index], score=dates[index].score + _DATE_BONUS, proof=witness.sentence)
    if not same and len(days) == 1:
        dates.append(_supplied("date", days[0], witness, _DATE_SCORE))
    return best_first(dates)


def _proven(candidate: Candidate[Decimal], proof: Proof, kind: str) -> Candidate[Decimal]:
    """Return the candidate with its proof, which also replaces a label."""
    if is_only_in_code(candidate):
        return candidate
    why = PRINTED_TOO[kind] if candidate.why == UNLABELLED else candidate.why
    return replace(
        candidate, score=candidate.score + _PROOF_SCORE, proof=proof.sentence, why=why, is_total=True, is_agreed=True
    )


def _supplied(field: str, value: Value, witness: Witness, score: float, *, is_total: bool = False) -> Candidate[Value]:
    sentence = witness.sentence
    return Candidate(
        field, value, score, witness.page, witness.box, sentence, witness.kind, is_total, sentence, is_agreed=True
    )


def _is_same_name(one: str, other: str) -> bool:
    """Whether one name contains the other, apart from legal forms."""
    left, right = compact(LEGAL_FORM.sub("", one)), compact(LEGAL_FORM.sub("", other))
    return min(len(left), len(right)) >= 3 and (left in right or right in left)
