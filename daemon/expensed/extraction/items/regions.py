"""Find the region of a document that lists its items: the lines before a total whose charges add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expensed.extraction.amount.labels import Role
from expensed.extraction.items.adding_up import Added, add_up
from expensed.extraction.items.charges import Charge, find_charges, is_itemlike
from expensed.extraction.items.headers import is_header
from expensed.extraction.items.lines import Line
from expensed.extraction.taxes.labels import is_tax_table

_ENDS = frozenset((Role.SUBTOTAL, Role.TOTAL, Role.FINAL, Role.NET))
_PAID = frozenset((Role.TAX, Role.CASH, Role.CARD, Role.CHANGE))
_MOST_ENDS, _MOST_STARTS, _MOST_CHARGES = 8, 4, 2_000
_COLUMNS = (-1, -2, -3)
_LONG = 500
"""So many lines are read in one way only."""
Targets = Mapping[Decimal, Role]
"""The sums that items may add up to, with the roles that they have."""


@dataclass(frozen=True, slots=True)
class Region:
    """Consecutive lines with what they charge; `end` is the place of the total after them."""

    start: int
    end: int
    charges: Sequence[Charge]
    added: Added | None
    column: int = -1
    """The column of prices that its totals stand in, counted from the end."""

    @property
    def is_plain(self) -> bool:
        """Whether every line counts as it seems to, in the last column."""
        return self.added is not None and not self.added.changes and self.column == -1


def find_region(lines: Sequence[Line], targets: Targets, amount: Decimal | None) -> Region | None:
    """Return the region whose charges add up to one of the targets in the plainest way; else the likeliest one."""
    every = [place for place, line in enumerate(lines) if _is_end(line)]
    first = every[0] if every else len(lines)
    every = sorted({*every, *(place for place, line in enumerate(lines) if _states(line, amount))})
    ends = every if len(every) <= _MOST_ENDS else [*every[: _MOST_ENDS // 2], *every[-_MOST_ENDS // 2 :]]
    heads = [place + 1 for place, line in enumerate(lines) if is_header(line)][:_MOST_STARTS]
    for starts in ([*heads, 0], [place + 1 for place in ends][:_MOST_STARTS]):
        proven = [each for each in _regions(lines, starts, ends, targets) if _is_telling(each, lines, first)]
        if proven:
            return min(proven, key=_plainness)
    return _likeliest(lines, heads, ends)


def _states(line: Line, amount: Decimal | None) -> bool:
    return any(each.value == amount for each in line.prices)


def _is_telling(region: Region, lines: Sequence[Line], first: int) -> bool:
    """Whether charges that add up are items, and not a total that is printed again."""
    if region.added is None:
        return False
    charges = region.added.charges
    is_headed = region.start > 0 and is_header(lines[region.start - 1])
    if region.end <= first or is_headed:
        return len(charges) > 1 or bool(charges[0].name)
    return len(charges) > 1 and all(each.line.has_name and each.line.role not in _PAID for each in charges)


def _is_end(line: Line) -> bool:
    """Whether a line ends the items above it: a total, or the head of a table of taxes."""
    return is_tax_table(line) or (bool(line.figures) and line.role in _ENDS and not is_itemlike(line))


def _regions(lines: Sequence[Line], starts: Sequence[int], ends: Sequence[int], targets: Targets) -> Iterator[Region]:
    for end in ends:
        for start in (place for place in dict.fromkeys(starts) if place < end):
            part = lines[start:end]
            for column in _COLUMNS if len(part) <= _LONG else _COLUMNS[:1]:
                if column != -1 and not any(len(line.prices) >= -column for line in part):
                    continue
                charges = find_charges(part, column, _whole_edge(lines[end]))
                if charges and len(charges) <= _MOST_CHARGES:
                    yield Region(start, end, charges, add_up(charges, targets), column)


def _whole_edge(end: Line) -> float | None:
    """Return the right edge of a total that is printed without cents."""
    last = end.figures[-1] if end.figures else None
    return None if last is None or int(last.value.as_tuple().exponent) < 0 else last.right


def _plainness(region: Region) -> tuple[int, int, int]:
    """Return how plain a proof is, least is best: few changes, then many goods, and an early end."""
    added = region.added
    goods = sum(each.line.role is Role.NONE for each in added.charges) if added else 0
    return (added.changes if added else 0) + (region.column != -1), -goods, region.end


def _likeliest(lines: Sequence[Line], heads: Sequence[int], ends: Sequence[int]) -> Region | None:
    """Return the lines from the head of the table, or the beginning, to the first total or payment after them."""
    paid = [place for place, line in enumerate(lines) if line.role in _PAID and line.prices]
    for start in (*heads, 0):
        for end in ends or paid:
            charges = find_charges(lines[start:end], whole=_whole_edge(lines[end]))
            if any(each.value for each in charges):
                return Region(start, end, charges, None)
    return None
