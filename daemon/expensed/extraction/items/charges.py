"""Tell which lines of a region charge something, what belongs to them, and where that is doubtful."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.items.headers import is_header
from expensed.extraction.items.kinds import is_off, is_reference, kind_by_words, names_discount
from expensed.extraction.items.lines import Figure, Line
from expensed.extraction.items.quantities import gives, gives_with_count_of
from expensed.extraction.taxes.labels import is_tax
from expensed.extraction.word_lists import load_word_lists
from expensed.model.breakdown import ItemKind

_OWN = frozenset((Role.NONE, Role.DISCOUNT, Role.SERVICE, Role.TIP, Role.ROUNDING))
"""The roles of sums that a line of a table may charge or take off."""
_NEVER = frozenset((Role.SUBTOTAL, Role.TOTAL, Role.FINAL, Role.NET, Role.CHANGE, Role.FOREIGN))
_NOTHING = Decimal(0)
_SAYS_TOTAL = re.compile("|".join((r"[t1il][o0c][t1ilf][aeo][l1i]", *load_word_lists("items", "words")["totals"])))
"""`total`, also misread, and other words of sums."""
_FEWEST_ALIGNED = 3
_SAME_EDGE = 0.04
"""Share of the page's width; totals with right edges this close stand in one column."""
_SAME_LEFT = 0.01
"""The same for left edges of words."""
_LONG_LABEL, _LONGEST_LABEL = 9, 16
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}:\d{2}|@|www|https?:")


@dataclass(frozen=True, slots=True)
class Charge:
    """A line that seems to charge something."""

    line: Line
    total: Figure
    value: Decimal
    """With its sign; 0 if it counts for nothing unless the sums say otherwise."""
    others: tuple[Decimal, ...] = ()
    """What else it may count for."""
    name: str = ""
    details: tuple[Line, ...] = ()
    """Lines without a name that belong to it."""
    read_as: Decimal | None = None
    """What was read in place of `value`, if that was mended."""


def find_charges(lines: Sequence[Line], column: int = -1, whole: float | None = None) -> list[Charge]:
    """Return the charges among consecutive lines; their totals stand in this column of prices, counted from the end.

    `whole` is the right edge of totals on a paper that prints no cents.
    """
    totals = {place: total for place, line in enumerate(lines) if (total := _total(line, column, whole)) is not None}
    closing = _closing(lines)
    owners = {place - 1: place for place in closing} | _owners(lines, totals)
    names = _names(lines, totals, owners) | {place: place - 2 for place in closing if place > 1}
    clear = [place for place in totals if lines[place].role in _OWN and place not in owners]
    wrapped = _wrapped(lines, totals, {*names.values(), *owners})
    last, edge, coupons = max(clear, default=-1), _edge(lines, totals), _coupons(lines)
    found = []
    for place, total in totals.items():
        if place in owners or is_tax(lines[place]):
            continue
        named = names.get(place)
        details = tuple(lines[other] for other, owner in owners.items() if owner == place)
        if place in closing:
            name = lines[named].description if named is not None else ""
            found.append(Charge(lines[place], total, total.value, (), name, details))
            continue
        name = lines[named].description if named is not None else lines[place].description
        before, after = wrapped.get(place, ("", ""))
        name = " ".join(filter(None, (before, name, after)))
        has_name = named is not None or lines[place].has_name or _is_aligned(total, edge)
        charge = _charge(lines[place], total, name, details, has_name=has_name, is_within=place < last)
        is_coupon = place in coupons and charge.value > 0 and lines[place].role is Role.NONE
        found.append(replace(charge, others=(-charge.value,)) if is_coupon else charge)
    return found


def _coupons(lines: Sequence[Line]) -> set[int]:
    """Return the places of lines that may take something off: they name a discount, or stand below its heading."""
    found, is_headed = set(), False
    for place, line in enumerate(lines):
        if not line.figures:
            is_headed = kind_by_words(line.text) is ItemKind.DISCOUNT
        elif is_headed or names_discount(line.words):
            found.add(place)
    return found


def _closing(lines: Sequence[Line]) -> set[int]:
    """Return the places of lines that take something off the product above them and state what remains."""
    return {
        place
        for place, line in enumerate(lines)
        if place and line.role is Role.DISCOUNT and len(line.prices) == 2 and _remains(lines[place - 1], line)
    }


def _remains(product: Line, closing: Line) -> bool:
    less, rest = closing.prices
    return not product.has_name and gives(product, rest.value + abs(less.value))


def _edge(lines: Sequence[Line], totals: Mapping[int, Figure]) -> float | None:
    """Return the right edge of most totals of lines with a name."""
    edges = [total.right for place, total in totals.items() if lines[place].has_name]
    return median(edges) if len(edges) >= _FEWEST_ALIGNED else None


def _is_aligned(total: Figure, edge: float | None) -> bool:
    return edge is not None and total.is_exact and abs(total.right - edge) < _SAME_EDGE


def is_itemlike(line: Line) -> bool:
    """Whether a line that is labelled as a total looks like an item: it begins with a count, or has a long name."""
    letters = sum(map(str.isalpha, line.description))
    if line.role is Role.NET or _SAYS_TOTAL.search(compact(line.description)):
        return False
    return letters > _LONGEST_LABEL or (letters > _LONG_LABEL and line.leading is not None)


def _total(line: Line, column: int, whole_edge: float | None) -> Figure | None:
    prices = line.prices
    if prices and whole_edge is None:
        return _in_column(line, column)
    signed = [each for each in line.figures if each.has_sign]
    if signed:
        return signed[-1]
    last = line.figures[-1] if line.figures else None
    if last is not None and whole_edge is not None and abs(last.right - whole_edge) < 2 * _SAME_EDGE:
        return last
    if prices:
        return _in_column(line, column)
    whole = last if len(line.figures) > 2 else None
    return whole if whole is not None and gives(line, whole.value, without=whole) else None


def _in_column(line: Line, column: int) -> Figure:
    """Return the price in a column; the last one if the others explain that."""
    last = line.prices[-1]
    is_explained = column != -1 and gives(line, last.value, without=last)
    return last if is_explained else line.prices[max(column, -len(line.prices))]


def _owners(lines: Sequence[Line], totals: Mapping[int, Figure]) -> dict[int, int]:
    """Return the places of lines that only tell how another line's total comes about, with the place of that line."""
    found: dict[int, int] = {}
    for place, line in enumerate(lines):
        if not line.figures:
            continue
        for other in (place - 1, place + 1):
            if other not in totals or other in found or not lines[other].has_name:
                continue
            total = totals[other].value
            if ((not line.has_name or line.is_unit_price) and gives(line, total)) or (
                len(line.prices) == 1 and gives_with_count_of(lines[other], line, total)
            ):
                found[place] = other
    return found


def _names(lines: Sequence[Line], totals: Mapping[int, Figure], owners: Mapping[int, int]) -> dict[int, int]:
    """Return for each nameless line the place of the line that names it: above, or below where that is usual here."""
    nameless = [place for place in totals if not lines[place].has_name and place not in owners]
    above = {place for place in nameless if place > 0 and _is_name(lines[place - 1])}
    below = {place for place in nameless if place + 1 < len(lines) and _is_name(lines[place + 1])}
    is_below = len(below) > len(above)
    found: dict[int, int] = {}
    for place in nameless:
        for has, step in ((below, 1), (above, -1)) if is_below else ((above, -1), (below, 1)):
            if place in has and place + step not in found.values():
                found[place] = place + step
                break
    return found


def _wrapped(lines: Sequence[Line], totals: Mapping[int, Figure], taken: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return what stands above and below lines with a total that belongs to their names, where these are wrapped.

    What begins with a small letter goes on with the line above it, if not most names here begin so; what stands below
    a name that a number precedes, at the same left edge, does too.
    """
    found: dict[int, tuple[str, str]] = {}
    free = {place for place, line in enumerate(lines) if place not in taken and not line.figures and _is_name(line)}
    named = [place for place in totals if lines[place].has_name and place not in taken]
    small = sum(lines[place].description[:1].islower() for place in named)
    for place in named:
        line = lines[place]
        if line.role is not Role.NONE or kind_by_words(line.words) is not None:
            continue
        above, below = lines[place - 1] if place - 1 in free else None, lines[place + 1 : place + 2]
        if above is not None and line.leading is None and 2 * small <= len(named) and _goes_on(above, line):
            free.discard(place - 1)
            found[place] = (above.description, "")
        elif place + 1 in free and (_goes_on(line, below[0]) or _stands_below(line, below[0])):
            free.discard(place + 1)
            found[place] = ("", below[0].description)
    return found


def _goes_on(line: Line, other: Line) -> bool:
    """Whether a line that begins with a small letter goes on with one that has a capital, and others than capitals."""
    name, rest = line.description, other.description
    is_name = name[:1].isupper() and not name.isupper()
    return is_name and rest[:1].islower() and not _SAYS_TOTAL.search(compact(rest))


def _stands_below(line: Line, other: Line) -> bool:
    """Whether another line begins at the left edge of a name that stands right of a number."""
    cells = line.row.cells
    named = next((place for place, cell in enumerate(cells) if any(map(str.isalpha, cell.text))), 0)
    return named > 0 and abs(cells[named].box[0] - other.row.cells[0].box[0]) < _SAME_LEFT


def _is_name(line: Line) -> bool:
    return line.has_name and not line.prices and not is_header(line) and not _DATE.search(line.text)


def _charge(
    line: Line, total: Figure, name: str, details: tuple[Line, ...], *, has_name: bool, is_within: bool
) -> Charge:
    value = total.value
    if line.role in _NEVER:
        return Charge(line, total, value if is_itemlike(line) else _NOTHING, (value, _NOTHING), name, details)
    if is_reference(line.words):
        return Charge(line, total, _NOTHING, (value,), name, details)
    is_deposit = line.role is Role.BALANCE and kind_by_words(line.words) is ItemKind.DEPOSIT
    if line.role not in _OWN and not is_within and not is_deposit:
        return Charge(line, total, _NOTHING, (value,), name, details)
    if not has_name or (line.is_unit_price and len(line.prices) == 1 and not gives(line, value, without=total)):
        return Charge(line, total, _NOTHING, (value,), name, details)
    if value > 0 and is_off(line.words, line.role):
        is_named = kind_by_words(line.words) is ItemKind.DISCOUNT
        return Charge(line, total, -value, (_NOTHING,) if is_named else (value, _NOTHING), name, details)
    if value < 0:
        return Charge(line, total, value, (_NOTHING,), name, details)
    if value > 0 and kind_by_words(line.words) is ItemKind.DEPOSIT:
        return Charge(line, total, value, (-value,), name, details)
    others = (_NOTHING,) if line.role is not Role.NONE or not line.has_name else ()
    return Charge(line, total, value, others, name, details)
