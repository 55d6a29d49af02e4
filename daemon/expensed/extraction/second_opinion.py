"""Two findings from one document, before and after a second look: which counts for each field, and what they differ in.

What both say is as sure as either; where they differ in amount, date or seller, a person should look.
"""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from expensed.extraction.findings import Field, Findings, show_evidence
from expensed.model.expense import Expense

_ALIKE = 85.0
"""Per cent of their letters that two readings of one name share."""
_SURER = {"amount": 0.005, "vendor": -0.1}
"""By how much more probable another value must be to replace the first, whose surroundings were read as well."""
_OF_THE_AMOUNT = ("amount", "tax", "kind", "payment_method", "amount_due")


def reconcile(first: Findings, second: Findings) -> Findings:
    """Return the findings of the second look, with what the first knew better, and a doubt for each difference."""
    doubts = tuple(
        f"The {name} was read as {one.value} at first, and as {other.value} when it was looked at again."
        for name in ("amount", "date", "vendor")
        if (one := first.fields.get(name)) and (other := second.fields.get(name)) and _differ(name, one, other)
    )
    kept = [name for name in ("amount", "date", "vendor") if _knew_better(name, first, second)]
    if not doubts and not kept:
        return second
    expense, fields = second.expense, dict(second.fields)
    for name in kept:
        expense = _take(name, first.expense, expense)
        fields[name] = first.fields[name]
    missed = tuple(f"The {name} {first.fields[name].value} was not seen when it was looked at again." for name in kept)
    said = tuple(reason for reason in expense.reasons if reason not in {f"No {name} was found." for name in kept})
    reasons = tuple(dict.fromkeys((*said, *(doubts or missed))))
    expense = replace(expense, needs_review=True, reasons=reasons, fields=show_evidence(fields))
    return replace(second, expense=expense, fields=fields)


def _differ(name: str, one: Field, other: Field) -> bool:
    if name == "vendor":
        return fuzz.ratio((one.value or "").casefold(), (other.value or "").casefold()) < _ALIKE
    return one.value != other.value


def _knew_better(name: str, first: Findings, second: Findings) -> bool:
    """Whether a field of the first findings is kept: the second lacks it, or has another value that is less sure."""
    one, other = first.fields.get(name), second.fields.get(name)
    if one is None or other is None:
        return one is not None
    if name not in _SURER or one.value == other.value:
        return False
    is_proven = other.proof is not None and one.proof is None
    return not is_proven and other.confidence <= one.confidence + _SURER[name]


def _take(name: str, source: Expense, target: Expense) -> Expense:
    """Return the target with a field of the source, and with what depends on it."""
    names = _OF_THE_AMOUNT if name == "amount" else (name,)
    return replace(target, **{each: getattr(source, each) for each in names})
