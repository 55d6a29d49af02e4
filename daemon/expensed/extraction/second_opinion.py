"""Two findings from one document, before and after a second look: which counts, and what they disagree on."""

from __future__ import annotations

from dataclasses import replace

from expensed.extraction.findings import Field, Findings

_COMPARED = ("amount", "date")


def reconcile(first: Findings, second: Findings) -> Findings:
    """Return the findings of the second look, or of the first if that knew more; what differs is a doubt.

    Whatever was proven at first and is not found again is kept: a second look settles doubts and makes none.
    """
    if any(_is_lost(first.fields.get(name), second.fields.get(name)) for name in _COMPARED):
        return first
    doubts = tuple(
        f"The {name} was read as {one.value} at first, and as {other.value} when it was looked at again."
        for name in _COMPARED
        if (one := first.fields.get(name)) and (other := second.fields.get(name)) and one.value != other.value
    )
    if not doubts:
        return second
    expense = second.expense
    return replace(
        second, expense=replace(expense, needs_review=True, reasons=tuple(dict.fromkeys((*expense.reasons, *doubts))))
    )


def _is_lost(before: Field | None, now: Field | None) -> bool:
    """Whether a field that had a value has none, or had a proof and is another without one."""
    if before is None:
        return False
    return now is None or (before.proof is not None and now.proof is None and now.value != before.value)
