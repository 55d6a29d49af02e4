"""Two findings from one document, before and after a second look: which counts for each field, and what they differ in.

What both say is as sure as either. Where they differ in amount, date, currency or seller, a person should look; and no
doubt of the first look is forgotten, because the second may have passed over the very line that raised it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from rapidfuzz import fuzz

from expensed.extraction.confidence import review_reasons
from expensed.extraction.doubts import VENDOR_SURE, read_twice
from expensed.extraction.findings import Field, Findings, show_evidence
from expensed.extraction.rivals import join_rivals
from expensed.model.expense import BY_DEFAULT, Expense

_COMPARED = ("amount", "date", "currency", "vendor")
_DEPENDENT = {
    "amount": ("amount", "tax", "kind", "payment_method", "amount_due", "items", "taxes", "sums"),
    "vendor": ("vendor", "legal_name", "legal_form", "category"),
}
"""What changes with a field, by the names in `Expense`."""
_ALIKE = 85.0
"""Per cent of their letters that two readings of one name share."""
_MIXED = re.compile(r"(?<![^\W_])(?=[^\W_]{4})(?:[^\W\d_]+\d|\d+[^\W\d_]{2})")
_KEPT_IF_SURER = ("amount", "vendor")
_SURER = 0.05
"""By how much more probable a first value must be to be kept: the second look reads letters and figures better."""


def reconcile(first: Findings, second: Findings, review_below: float) -> Findings:
    """Return the findings of the second look, with what the first knew better, and a doubt for each difference."""
    kept = [name for name in _COMPARED if _knew_better(name, first.fields.get(name), second.fields.get(name))]
    expense, fields = second.expense, dict(second.fields)
    for name in kept:
        expense = _take(name, first, expense, fields)
    differences = _differences(first, second)
    doubts = (*_doubts(first, review_below), *_doubts(second, review_below), *differences.values())
    second = replace(second, doubted=second.doubted | differences.keys())
    return _conclude(_joined(first, second), expense, fields, doubts, review_below)


def _joined(one: Findings, other: Findings) -> Findings:
    """Return the other findings with the rivals and the doubted fields of both."""
    return replace(other, rivals=join_rivals(one, other), doubted=one.doubted | other.doubted)


def complete(found: Findings, last: Findings, review_below: float) -> Findings:
    """Return the findings with the amount or the date that they lack, if a last look has it; all else stays.

    Measured on photos: what was found before is more often right than what the larger model makes of a whole page.
    """
    expense, fields = found.expense, dict(found.fields)
    for name in ("amount", "date"):
        if name not in fields and name in last.fields:
            expense = _take(name, last, expense, fields)
    if fields == found.fields:
        return found
    doubts = (*_doubts(found, review_below), *_doubts(last, review_below))
    return _conclude(_joined(last, found), expense, fields, doubts, review_below)


def agree(one: Findings, other: Findings) -> bool:
    """Whether both found the same amount and the same date, or none."""
    return all(_value(one, name) == _value(other, name) for name in ("amount", "date"))


def _value(findings: Findings, name: str) -> str | None:
    return found.value if (found := findings.fields.get(name)) else None


def _conclude(
    findings: Findings, expense: Expense, fields: Mapping[str, Field], doubts: Sequence[str], review_below: float
) -> Findings:
    """Return the findings with this expense, its probability and its reasons made anew of these fields and doubts."""
    reasons = review_reasons(fields, doubts, review_below)
    probability = _probability(fields, findings)
    expense = replace(
        expense,
        confidence=round(probability * 100),
        needs_review=bool(reasons),
        reasons=reasons,
        fields=show_evidence(fields),
    )
    return replace(findings, expense=expense, probability=probability, fields=fields)


def _probability(fields: Mapping[str, Field], otherwise: Findings) -> float:
    """Return the probability that amount and date are right; that of the findings if one of them is missing."""
    amount, date = fields.get("amount"), fields.get("date")
    return otherwise.probability if amount is None or date is None else amount.confidence * date.confidence


def _doubts(findings: Findings, review_below: float) -> tuple[str, ...]:
    """Return the reasons that say more than how probable a field is: what speaks against it, what is odd."""
    of_fields = review_reasons(findings.fields, (), review_below)
    return tuple(reason for reason in findings.expense.reasons if reason not in of_fields)


def _differences(first: Findings, second: Findings) -> dict[str, str]:
    """Return what differs as a sentence, by field."""
    found: dict[str, str] = {}
    for name in _COMPARED:
        one, other = first.fields.get(name), second.fields.get(name)
        if one is None or one.proof == BY_DEFAULT:
            continue
        if other is None or other.proof == BY_DEFAULT:
            found[name] = f"The {name} {one.value} was not seen when it was looked at again."
        elif _differ(name, one, other):
            found[name] = read_twice(name, one, other)
    return found


def _differ(name: str, one: Field, other: Field) -> bool:
    if name == "vendor":
        return not _are_alike(one, other)
    if name == "amount" and one.value is not None and other.value is not None:
        return Decimal(one.value) != Decimal(other.value)
    return one.value != other.value


def _are_alike(one: Field, other: Field) -> bool:
    return fuzz.ratio((one.value or "").casefold(), (other.value or "").casefold()) >= _ALIKE


def _knew_better(name: str, one: Field | None, other: Field | None) -> bool:
    """Whether the first field is kept: the second has none, another that is less sure, or the same less surely."""
    if one is None or other is None:
        return one is not None
    if BY_DEFAULT in (one.proof, other.proof):
        return other.proof == BY_DEFAULT
    if one.value == other.value:
        return (one.proof is not None, one.confidence) > (other.proof is not None, other.confidence)
    if (one.proof is None) != (other.proof is None):
        return one.proof is not None
    if name == "amount" and not Decimal(other.value or 0):
        return True  # nothing is what a purchase costs only if both looks say so
    if name == "vendor" and _are_alike(one, other):
        is_sure = one.confidence >= max(VENDOR_SURE, other.confidence)
        return (_spelling(one), is_sure) > (_spelling(other), False)
    if name == "vendor" and (_is_brand(one) > _is_brand(other) or one.confidence >= VENDOR_SURE > other.confidence):
        return True
    return name in _KEPT_IF_SURER and one.confidence >= other.confidence + _SURER


def _spelling(name: Field) -> tuple[float, int]:
    """Return how well a name is spelt: as a known brand, and with few words that mix letters and digits.

    Such words are seldom meant: `PAL10`, `H1lls`, but not `A1`.
    """
    return _is_brand(name), -len(_MIXED.findall(name.value or ""))


def _is_brand(name: Field) -> float:
    """Return 1 if a name contains a known brand, and the page shows that it is the seller's; else 0."""
    return name.features.get("brand", 0.0)


def _take(name: str, source: Findings, target: Expense, fields: dict[str, Field]) -> Expense:
    """Return the target with a field of the source and what depends on it; change `fields` in the same way."""
    names = _DEPENDENT.get(name, (name,))
    for each in names:
        if each in source.fields:
            fields[each] = source.fields[each]
    return replace(target, **{each: getattr(source.expense, each) for each in names})
