"""Join the rows that state the same tax, and leave out those that only add others up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from expensed.extraction.taxes.labels import twins_in
from expensed.extraction.taxes.tax_rows import TaxRow

_MOST_ADDED = 6


def merge_rows(rows: Sequence[TaxRow]) -> list[TaxRow]:
    """Return the rows with those that state the same tax joined; what one does not say is taken from the other."""
    found: list[TaxRow] = []
    for row in rows:
        place = next((place for place, other in enumerate(found) if _are_same(row, other)), None)
        if place is None:
            found.append(row)
        else:
            found[place] = _joined(found[place], row)
    return found


def _are_same(one: TaxRow, other: TaxRow) -> bool:
    if one.tax != other.tax or one.line is other.line or are_twins(one, other):
        return False
    if (
        one.name
        and other.name
        and one.is_named
        and other.is_named
        and one.name != other.name
        and _are_halves(one, other)
    ):
        return False
    return all(
        mine is None or theirs is None or mine == theirs
        for mine, theirs in ((one.rate, other.rate), (one.net, other.net), (one.gross, other.gross))
    )


def are_twins(one: TaxRow, other: TaxRow) -> bool:
    """Whether they are the two halves of India's tax, which are always of the same size."""
    mine, theirs = twins_in(one.line.words), twins_in(other.line.words)
    return bool(mine) and bool(theirs) and mine != theirs


def _are_halves(one: TaxRow, other: TaxRow) -> bool:
    """Whether two taxes of the same size stand one below the other, as those of the union and a state do."""
    return abs(one.line.place - other.line.place) == 1 and one.net is None and other.net is None and one.tax != 0


def _joined(one: TaxRow, other: TaxRow) -> TaxRow:
    fuller, rest = (one, other) if one.proof is not None or other.proof is None else (other, one)
    return replace(
        fuller,
        name=fuller.name if fuller.is_named or not rest.is_named else rest.name or fuller.name,
        rate=fuller.rate if fuller.rate is not None else rest.rate,
        mark=fuller.mark or rest.mark,
        net=fuller.net if fuller.net is not None else rest.net,
        gross=fuller.gross if fuller.gross is not None else rest.gross,
        is_named=one.is_named or other.is_named,
        is_near=one.is_near and other.is_near,
        says_total=one.says_total and other.says_total,
    )


def without_sums(rows: list[TaxRow]) -> list[TaxRow]:
    """Return the rows without those that are the sum of others."""
    found = list(rows)
    for row in rows:
        others = [each for each in found if each is not row and each.tax]
        for count in range(2, min(len(others), _MOST_ADDED) + 1):
            if row.tax and any(sum(each.tax for each in some) == row.tax for some in combinations(others, count)):
                found.remove(row)
                break
    return found
