"""Explain fields: the choices that each was chosen from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.candidates import Candidate
from expensed.extraction.findings import Field
from expensed.model.expense import Choice

MOST_CHOICES = 6
"""For each field; the rest never came near."""


def explain_choices(
    found: AmountFound, others: Mapping[str, Sequence[Candidate[Any]]]
) -> dict[str, tuple[Choice, ...]]:
    """Return the best candidates of every field, amounts with all their proofs."""
    amounts = tuple(
        _choice(each, tuple(f"{proof.kind}: {proof.sentence}" for proof in found.proofs.get(each.value, ())))
        for each in found.candidates[:MOST_CHOICES]
    )
    rest = {name: tuple(_choice(each, ()) for each in found[:MOST_CHOICES]) for name, found in others.items()}
    return {"amount": amounts, **rest}


def explain_fields(fields: Mapping[str, Field]) -> dict[str, tuple[Choice, ...]]:
    """Return the only choice for each field that was stated outright instead of chosen among candidates."""
    return {name: (_only_choice(each),) for name, each in fields.items()}


def _only_choice(field: Field) -> Choice:
    """Return the only choice for a field; it has no place if it is on no page."""
    text = (field.text or "") if field.page is not None else ""
    return Choice(field.value or "", 0.0, field.page, field.box, text, field.proof or "by the words on it")


def _choice(candidate: Candidate[Any], proofs: tuple[str, ...]) -> Choice:
    value = candidate.value.isoformat() if isinstance(candidate.value, date) else str(candidate.value)
    return Choice(
        value, round(candidate.score, 2), candidate.page, candidate.box, candidate.text[:200], candidate.why, proofs
    )
