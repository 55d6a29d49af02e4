"""Find the region of a document that lists its items: the lines before a total whose charges add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expensed.extraction.amount.labels import Role
from expensed.extraction.items.adding_up import Added, add_up
from expensed.extraction.items.charges import Charge, find_charges
from expensed.extraction.items.headers import is_header
from expensed.extraction.items.lines import Line

_ENDS = frozenset((Role.SUBTOTAL, Role.TOTAL, Role.FINAL, Role.NET))
_MOST_ENDS, _MOST_STARTS, _MOST_CHARGES = 8, 4, 400
_COLUMNS = (-1, -2, -3)
Targets = Mapping[Decimal, Role]
"""The sums that items may add up to, with the roles that they have."""


@dataclass(frozen=True, slots=True)
class Region:
    """Consecutive lines with what they charge; `end` is the place of the total after them."""

    start: int
    end: int
    charges: Sequence[Charge]
    added: Added | None


def find_region(lines: Sequence[Line], targets: Targets, amount: Decimal | None) -> Region | None:
    """Return the region whose charges add up to one of the targets in the plainest way; else the likeliest one."""
    ends = [place for place, line in enumerate(lines) if _is_end(line, amount)][:_MOST_ENDS]
    proven = [each for each in _regions(lines, ends or [len(lines)], targets) if each.added is not None]
    if proven:
        return min(proven, key=_plainness)
    return _likeliest(lines, ends)


def _is_end(line: Line, amount: Decimal | None) -> bool:
    return bool(line.figures) and (line.role in _ENDS or any(each.value == amount for each in line.prices))


def _regions(lines: Sequence[Line], ends: Sequence[int], targets: Targets) -> Iterator[Region]:
    heads = [place + 1 for place, line in enumerate(lines) if is_header(line)]
    for end in ends:
        for start in _starts(heads, ends, end):
            part = lines[start:end]
            for column in _COLUMNS:
                if column != -1 and sum(len(line.prices) >= -column for line in part) < 1:
                    continue
                charges = find_charges(part, column)
                if charges and len(charges) <= _MOST_CHARGES and (len(charges) > 1 or end == ends[0] or heads):
                    yield Region(start, end, charges, add_up(charges, targets))


def _starts(heads: Sequence[int], ends: Sequence[int], end: int) -> list[int]:
    above = [place for place in heads if place <= end]
    after = [place + 1 for place in ends if place < end]
    return list(dict.fromkeys([*above[:_MOST_STARTS], 0, *after[-_MOST_STARTS:]]))


def _plainness(region: Region) -> tuple[int, int, int]:
    """Return how plain a proof is, least is best: few changes, then many items, and an early end."""
    added = region.added
    changes = added.changes if added else 0
    return changes, -len(added.charges if added else ()), region.end


def _likeliest(lines: Sequence[Line], ends: Sequence[int]) -> Region | None:
    """Return the lines from the head of the table, or the beginning, to the first total after them."""
    head = next((place + 1 for place, line in enumerate(lines) if is_header(line)), 0)
    end = next((place for place in ends if place > head and find_charges(lines[head:place])), None)
    if end is None:
        return None
    return Region(head, end, find_charges(lines[head:end]), None)
