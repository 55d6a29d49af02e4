"""Merge a person's data into what was read: it wins, is certain, and is recorded as a correction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from msgspec import UNSET

from expensed.ledger.rows import Document
from expensed.model.expense import (
    CONFIRMED,
    LISTS,
    SAID,
    SAYABLE,
    Corrections,
    Evidence,
    Expense,
    Said,
    read_value,
    without_review,
    write_value,
)
from expensed.model.money import most_decimals
from expensed.pipeline.requests.breakdown import prove_again


def merge_said(expense: Expense | None, said: Said) -> Expense:
    """Return a reading with a person's data merged in: it wins, is certain, and needs no review."""
    read = expense or Expense(confidence=0)
    merged = prove_again(read, _round_amount(said.applied_to(read)), said.names())
    fields = dict(merged.fields) | {name: _say(name, read, merged) for name in said.names()}
    certain = replace(without_review(merged), fields=fields, confidence=100)
    return replace(certain, looks_like=UNSET, same_paper=UNSET)


def _round_amount(expense: Expense) -> Expense:
    """Return the expense with no more decimals in its amount than its currency has, or two."""
    if expense.amount is None:
        return expense
    return replace(expense, amount=round(expense.amount, most_decimals(expense.currency)))


def _say(name: str, read: Expense, merged: Expense) -> Evidence:
    if name in LISTS:
        return Evidence(value=write_value(read_value(merged, name), None), confidence=1.0, proof=SAID)
    before = read.fields.get(name)
    if before is None:
        read_as = write_value(read_value(read, name), read.currency)
    else:
        read_as = before.value if before.read_as is UNSET else before.read_as
    value = write_value(read_value(merged, name), merged.currency)
    return Evidence(value=value, confidence=1.0, proof=SAID, read_as=UNSET if read_as is None else read_as)


def confirm(expense: Expense, said: Said) -> Expense:
    """Return the expense with the fields a person let stand made certain too; they keep their other evidence."""
    fields = dict(expense.fields)
    for name in _unsaid(said):
        if name in fields and read_value(expense, name) is not None:
            fields[name] = replace(fields[name], confidence=1.0, proof=fields[name].proof or CONFIRMED)
    return replace(expense, fields=fields)


def note_corrections(read: Expense, said: Said, original: Said | None, now: str) -> Corrections:
    """Return what a person said of a document in review, the values before that, and what they let stand."""
    kept = [name for name in _unsaid(said) if read_value(read, name) is not None]
    before = Said.of(read, said.names())
    if original is not None:  # what a client says that it had shown; of lists, it is not asked
        before = original.over(before.only(LISTS))
    return Corrections(said=said, original=before, confirmed=Said.of(read, kept), at=now)


def add_correction(before: Corrections | None, read: Expense | None, said: Said) -> Corrections:
    """Return everything people said so far, where the latest wins, and the values before the first correction."""
    original = Said.of(read, said.names())
    if before is None:
        return Corrections(said=said, original=original)
    confirmed = before.confirmed
    if confirmed is not UNSET:
        confirmed = confirmed.only(confirmed.names() - said.names())
    return replace(before, said=said.over(before.said), original=before.original.over(original), confirmed=confirmed)


def _unsaid(said: Said) -> Iterable[str]:
    names = said.names()
    return (name for name in SAYABLE if name not in names and name not in LISTS)


def keep_said(document: Document, found: Expense) -> Expense:
    """Return a new reading in which everything a person said of the document, or confirmed, is as it was.

    A person who has corrected or confirmed anything has looked at the document, so it needs no review.
    """
    corrections, before = document.corrections, document.result
    if corrections is None or before is None:
        return found
    names = _said_names(corrections)
    kept = {name: before.fields[name] for name in names if name in before.fields}
    said = replace(Said.of(before, names).applied_to(found), fields={**found.fields, **kept})
    settled = without_review(prove_again(found, said, names))
    return replace(settled, confidence=before.confidence, looks_like=UNSET, same_paper=UNSET)


def _said_names(corrections: Corrections) -> frozenset[str]:
    confirmed = corrections.confirmed
    return corrections.said.names() | (frozenset() if confirmed is UNSET else confirmed.names())
