"""Find the sum that charges add up to, in the plainest way: as they stand, or with few of them counted otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from expensed.extraction.items.charges import Charge

_MOST_DOUBTED = 6
_MOST_CHANGES = 2
_FEWEST_IN_RUN, _MOST_BEFORE = 2, 4
_DAY = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2}|\d{1,2}:\d{2}")


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
    return _run(charges, targets)


def _variants(charges: Sequence[Charge]) -> Iterator[tuple[int, tuple[tuple[int, Decimal], ...]]]:
    """Yield which charges may count for what else, few changes first; all of one kind together count as one."""
    yield 0, ()
    doubted = [place for place, each in enumerate(charges) if each.others]
    kinds: dict[tuple[object, ...], list[int]] = {}
    for place in doubted:
        each = charges[place]
        signs = each.value > 0, each.value < 0, each.others[0] < 0
        kinds.setdefault((each.line.role, each.line.has_name, *signs), []).append(place)
    for places in kinds.values():
        if len(places) > _MOST_CHANGES:
            yield 1, tuple((place, charges[place].others[0]) for place in places)
    for count in range(1, _MOST_CHANGES + 1):
        for some in combinations(doubted[:_MOST_DOUBTED], count):
            for values in product(*(charges[place].others for place in some)):
                yield count, tuple(zip(some, values, strict=True))


def _run(charges: Sequence[Charge], targets: Mapping[Decimal, object]) -> Added | None:
    """Return the last charges if those alone add up: what stands before them belongs to the head of the paper."""
    counted = [each for each in charges if each.value]
    for first in range(1, min(len(counted) - _FEWEST_IN_RUN, _MOST_BEFORE) + 1):
        value = sum((each.value for each in counted[first:]), Decimal(0))
        if value in targets and all(map(_is_of_head, counted[:first])):
            return Added(counted[first:], value, _MOST_CHANGES)
    return None


def _is_of_head(charge: Charge) -> bool:
    """Whether a line may belong to the head of the paper: it has no name, or a day stands in it."""
    return not charge.name or _DAY.search(charge.line.text) is not None
