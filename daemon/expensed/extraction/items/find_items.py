"""Find the items of a document and the sum that they add up to.

Every line that may charge something is a candidate; the printed totals decide which of them do. What adds up to no
printed sum is returned as read, without a proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from msgspec import UNSET

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum
from expensed.extraction.items.charges import Charge, is_itemlike
from expensed.extraction.items.headers import names_quantity
from expensed.extraction.items.kinds import kind_by_words, kind_of
from expensed.extraction.items.lines import Line, without_count
from expensed.extraction.items.misread_totals import mend
from expensed.extraction.items.quantities import Explained, explain
from expensed.extraction.items.regions import Region, find_region
from expensed.extraction.taxes.labels import is_tax
from expensed.model.breakdown import Item, ItemKind

_TARGETS = (Role.FINAL, Role.TOTAL, Role.NET, Role.SUBTOTAL)
_NOTHING = Explained()
_MOST_ITEMS = 2_000
_FEWEST_POSITIONS = 3
_FEWEST_TO_PROVE = 3
_LARGEST_COUNT = 12
_FEWEST_COUNTS = 2
_MOST_PIECES = 1_000
_MOST_TIMES = 20
_MOST_PRICES_OF_EXTRA = 2
_CLEAR = (Role.NONE, Role.DISCOUNT, Role.BALANCE)
_EXTRAS = frozenset((Role.SERVICE, Role.TIP, Role.ROUNDING, Role.DISCOUNT))


@dataclass(frozen=True, slots=True)
class ItemsFound:
    """The items, with the sum that they add up to and its meaning; None if they add up to none."""

    items: tuple[Item, ...] = ()
    value: Decimal | None = None
    role: Role = Role.NONE
    is_plain: bool = False
    """Whether at least three lines add up to it just as they stand, and nothing was added or taken off below them."""


def find_items(lines: Sequence[Line], sums: Sequence[Sum], amount: Decimal | None) -> ItemsFound:
    """Return what the lines charge; `amount` is the total that was chosen, None if there is none."""
    targets = _targets(sums, amount)
    region = find_region(lines, targets, amount)
    if region is None:
        return ItemsFound()
    added = region.added or mend(region.charges, targets)
    most = max(map(abs, targets), default=None)
    charges = added.charges if added is not None else [each for each in region.charges if _is_clear(each, most)]
    has_counts = _has_counts(charges)
    has_column = any(names_quantity(line) for line in lines[: region.end])
    items = [_item(each, has_counts=has_counts, has_column=has_column) for each in charges[:_MOST_ITEMS]]
    extras = _extras(lines, region)
    items += extras
    if added is None:
        return ItemsFound(tuple(items))
    is_plain = region.is_plain and len(added.charges) >= _FEWEST_TO_PROVE and not extras
    return ItemsFound(tuple(items), added.value, targets[added.value], is_plain)


def _targets(sums: Sequence[Sum], amount: Decimal | None) -> dict[Decimal, Role]:
    """Return the printed totals, the last of each row, with their meanings; of two meanings the one before tax."""
    found = {} if amount is None else {amount: Role.TOTAL}
    last = {each.row.index: each for each in sums if each.money.exact} or {each.row.index: each for each in sums}
    whole = {each.row.index: each for each in sums if each.row.index not in last}
    for role in _TARGETS:
        found |= {each.value: role for each in (*whole.values(), *last.values()) if each.role is role and each.value}
    return found


def _is_clear(charge: Charge, most: Decimal | None) -> bool:
    """Whether a line charges something if no sum says so: no number far above all totals does."""
    if most is not None and abs(charge.value) > _MOST_TIMES * most:
        return False
    return bool(charge.value) and (charge.line.role in _CLEAR or is_itemlike(charge.line))


def _has_counts(charges: Sequence[Charge]) -> bool:
    """Whether the number before the words of many lines is a count, and not their position in the list."""
    leading = [each.line.leading for each in charges if each.line.has_name or each.name]
    given = [each for each in leading if each is not None]
    small = [each for each in given if each <= _LARGEST_COUNT]
    if len(given) >= _FEWEST_POSITIONS and given == list(range(given[0], given[0] + len(given))):
        return False
    return 2 * len(given) > len(leading) or (len(small) >= _FEWEST_COUNTS and 4 * len(small) >= len(leading))


def _item(charge: Charge, *, has_counts: bool, has_column: bool) -> Item:
    line, total = charge.line, charge.value
    figure = charge.total if charge.read_as is None else replace(charge.total, value=total)
    found = explain(line, figure, charge.details) or _NOTHING
    if found is _NOTHING and line.times is not None:
        found = Explained(Decimal(line.times))
    if found is _NOTHING and has_counts and line.leading:
        found = Explained(Decimal(line.leading))
    if found is _NOTHING and has_column and (count := _count_beside(charge)) is not None:
        found = Explained(count)
    return Item(
        kind=kind_of(charge.name or line.words, line.role, total),
        description=_name(charge, found, has_counts=has_counts) or None,
        quantity=found.quantity,
        unit=found.unit,
        unit_price=found.unit_price,
        discount=found.discount,
        total=total,
        tax_rate=line.percents[0] if len(line.percents) == 1 else None,
        tax_mark=line.mark,
        page=line.row.page,
        box=line.row.box,
        proof=found.proof,
        read_as=UNSET if charge.read_as is None else f"{charge.read_as:f}",
    )


def _count_beside(charge: Charge) -> Decimal | None:
    """Return the whole number left of a total, in a table that has a column of counts."""
    before = [each for each in charge.line.figures if each.right < charge.total.right]
    last = before[-1] if before else None
    return last.value if last is not None and not last.is_exact and 0 < last.value < _MOST_PIECES else None


def _name(charge: Charge, found: Explained, *, has_counts: bool) -> str:
    """Return a name without the count around it, and with the number at its beginning if that is no count: `7 Up`."""
    name = charge.name
    if found.unit_price is not None:
        units = {
            unit for line in (charge.line, *charge.details) for value, unit in line.counts if value == found.quantity
        }
        name = without_count(name, found.quantity, units - {None})
    leading = charge.line.leading
    is_own = charge.line.has_name and leading is not None and found.quantity is None and not has_counts
    return f"{leading} {name}" if is_own and not charge.line.times else name


def _extras(lines: Sequence[Line], region: Region) -> list[Item]:
    """Return what is added or taken off between the items and the last total: service, tip, rounding, discount."""
    last = max((place for place, line in enumerate(lines) if line.role in (Role.FINAL, Role.TOTAL)), default=-1)
    below = [line for line in lines[region.end : last + 2] if line.prices and line.prices[-1].value]
    return [item for item in map(_extra, below) if item is not None]


def _extra(line: Line) -> Item | None:
    kind = kind_by_words(line.words) if line.role in (Role.NONE, *_EXTRAS) else None
    if (line.role not in _EXTRAS and kind is None) or is_tax(line):
        return None
    value = line.prices[-1].value
    total = -abs(value) if line.role is Role.DISCOUNT or kind is ItemKind.DISCOUNT else value
    kind = kind_of(line.words, line.role, total)
    if kind is ItemKind.GOODS or len(line.prices) > _MOST_PRICES_OF_EXTRA:
        return None
    return Item(kind=kind, description=line.description or None, total=total, page=line.row.page, box=line.row.box)
