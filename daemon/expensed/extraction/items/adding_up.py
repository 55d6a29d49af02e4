"""Find the sum that charges add up to, in the plainest way: as they stand, or with few of them counted otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from expensed.extraction.items.charges import Charge

_MOST_DOUBTED = 6
_MOST_CHANGES = 2


@dataclass(frozen=True, slots=True)
class Added:
    """Charges that add up to a sum."""

    charges: Sequence[Charge]
    value: Decimal
    changes: int
    """How many of them count otherwise than they seem to."""


def add_up(charges: Sequence[Charge], targets: Mapping[Decimal, object]) -> Added | None:
    """Return the charges, those that count for nothing left out, if they add up to one of the targets."""
    seeming = sum((each.value for each in charges), Decimal(0))
    for changes, changed in _variants(charges):
        value = seeming + sum(new - charges[place].value for place, new in changed)
        if value in targets and value:
            counted = list(charges)
            for place, new in changed:
                counted[place] = replace(charges[place], value=new)
            return Added([each for each in counted if each.value], value, changes)
    return None


def _variants(charges: Sequence[Charge]) -> Iterator[tuple[int, tuple[tuple[int, Decimal], ...]]]:
    """Yield which charges may count for what else, few changes first."""
    yield 0, ()
    doubted = [place for place, each in enumerate(charges) if each.others][:_MOST_DOUBTED]
    for count in range(1, _MOST_CHANGES + 1):
        for places in combinations(doubted, count):
            for values in product(*(charges[place].others for place in places)):
                yield count, tuple(zip(places, values, strict=True))
