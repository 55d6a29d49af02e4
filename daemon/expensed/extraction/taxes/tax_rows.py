"""Read the rows that state a tax: with its name, with its rate, or in a table of rates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum, has_role
from expensed.extraction.items.headers import heads_items
from expensed.extraction.items.kinds import kind_by_words
from expensed.extraction.items.lines import Line
from expensed.extraction.taxes.labels import (
    find_name,
    is_near_tax,
    is_tax_label,
    is_tax_table,
    names_place,
    usual_rates,
)
from expensed.extraction.taxes.rate_options import bare_rates, decimals, may_be_free, rate_options
from expensed.extraction.taxes.rates import HIGHEST_RATE, Split, free, split

_MARK = re.compile(
    r"^\W*(?P<mark>[A-Z]{1,3}\d?|\d|[*#])(?=[\s=:)\]|(])\s*[=:)\]|(]*\s*(?:[A-Za-z]{0,6}\s*\(?\s*)?\d{1,2}(?:[.,]\d{1,3})?\s?%"
)
_BARE_MARK = re.compile(r"^\W*(?P<mark>[A-Z]{1,3}\d?)(?![^\W_])")
_MOST_ROWS_OF_TABLE = 8
_NET_TAX_GROSS = 3
_USUAL_DECIMALS = 2
_RATE_AND_TAX = 2
_MOST_VALUES = 8
_MOST_RATES, _MOST_FOUND = 24, 60
_OTHER_STEPS = (Role.SERVICE, Role.TIP, Role.DISCOUNT, Role.ROUNDING)
_UNPOINTED = re.compile(r"(?<![\d.,])(\d{1,4})[ .,]{0,2}(\d{2})\W*$")


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One statement of a tax; several may state the same."""

    line: Line
    tax: Decimal
    name: str | None = None
    rate: Decimal | None = None
    """In percent."""
    mark: str | None = None
    net: Decimal | None = None
    gross: Decimal | None = None
    proof: str | None = None
    is_named: bool = False
    """Whether its words name a tax."""
    is_near: bool = False
    """Whether it is a tax only if the sums say so: its name or its figures may be misread."""
    read_as: Decimal | None = None
    """What was read instead of the tax."""
    says_total: bool = False
    """Whether they say that it is all tax together."""


def find_tax_rows(lines: Sequence[Line], sums: Sequence[Sum]) -> list[TaxRow]:
    """Return every row that states a tax with it, top to bottom."""
    by_row: dict[int, list[Sum]] = {}
    for each in sums:
        by_row.setdefault(each.row.index, []).append(each)
    found: list[TaxRow] = []
    left, is_below = 0, False
    between = _between_sums(lines)
    for line in lines:
        left = _MOST_ROWS_OF_TABLE if is_tax_table(line) and not heads_items(line) else left - 1
        row = _read(line, by_row.get(line.row.index, []), in_table=left >= 0, is_below=is_below)
        if row is None and line.place in between:
            row = _unnamed(line)
        is_below |= line.role in (Role.TOTAL, Role.FINAL) and bool(line.prices)
        if row is not None:
            found.append(row)
        if len(found) >= _MOST_FOUND:
            break
    return found


def _read(line: Line, sums: Sequence[Sum], *, in_table: bool, is_below: bool) -> TaxRow | None:
    values = [each.value for each in line.prices]
    if not values or not any(each.money.exact for each in sums):
        return _unpointed(line, sums)
    if len(values) > _MOST_VALUES:
        return None
    rates = list(dict.fromkeys(rate for rate in line.percents if rate <= HIGHEST_RATE))
    named = [
        each
        for each in sums
        if each.money.exact
        and is_tax_label(_label(each, line), each.role, is_rated=bool(rates), has_base=len(values) > 1)
    ]
    if len(values) <= _RATE_AND_TAX and any(each.role is Role.NONE and names_place(each.label) for each in sums):
        return TaxRow(line, values[-1], find_name(line), rates[0] if len(rates) == 1 else None)
    if len(values) == 1 and values[0] % 1 and (late := unpointed_sum(line)) is not None and late < values[0]:
        values = [*values, late]
    is_table = in_table or (is_below and _is_whole_row(line, values))
    is_near = not named and not is_table and _is_near(line, sums, is_below=is_below)
    if not named and not is_near and (not (rates or is_table) or is_other(line, sums)):
        return None
    is_tax = bool(named) or is_near
    for rate, found in _splits(line, values, rates, is_table=is_table or is_tax, is_named=is_tax):
        mark = find_mark(line) or (_bare_mark(line) if not named else None)
        return TaxRow(
            line, found.tax, find_name(line), rate, mark, found.net, found.gross,
            found.proof, is_named=bool(named), is_near=is_near or not (named or found.is_printed),
            read_as=found.read_as, says_total=_says_total(line),
        )  # fmt: skip
    if not is_tax or not (named or line.has_name):
        return None
    tax = named[-1].value if named else values[-1]
    if values[-2:-1] == [tax] and _is_rate(line, tax):
        tax = values[-1]
    rate = rates[0] if len(rates) == 1 else None
    return TaxRow(
        line, tax, find_name(line), rate, None, is_named=bool(named), says_total=_says_total(line), is_near=is_near
    )


def _is_near(line: Line, sums: Sequence[Sum], *, is_below: bool) -> bool:
    """Whether a line may state a tax if the sums agree: it nearly names one, or is of figures alone; with a rate."""
    if is_other(line, sums) or not (line.percents or rate_options(line)):
        return False
    if line.role in (Role.NONE, Role.TAX) and is_near_tax(line.before(line.prices[-1])):
        return True
    return is_below and not line.has_name and len(line.prices) > 1


def _between_sums(lines: Sequence[Line]) -> range:
    """Return the places between the sum before tax and the total."""
    totals = [line.place for line in lines if line.role in (Role.TOTAL, Role.FINAL) and line.prices]
    before = [line.place for line in lines if line.role in (Role.SUBTOTAL, Role.NET) and line.prices]
    first = before[0] if before else totals[0] if len(totals) > 1 else None
    last = next((place for place in totals if first is not None and place > first), None)
    return range(0) if first is None or last is None else range(first + 1, last)


def _unnamed(line: Line) -> TaxRow | None:
    """Return what a line between the sums may state if nothing is left of its words."""
    if len(line.prices) != 1 or line.role not in (Role.NONE, Role.TAX) or line.has_name or is_other(line, ()):
        return None
    rate = line.percents[0] if len(line.percents) == 1 else None
    return TaxRow(line, line.prices[0].value, find_name(line), rate, is_near=True)


def _is_rate(line: Line, value: Decimal) -> bool:
    return value.normalize() in usual_rates() and value in rate_options(line)


def _unpointed(line: Line, sums: Sequence[Sum]) -> TaxRow | None:
    """Return the tax of a line that names one with a rate, but has no sum with a decimal point."""
    tax = unpointed_sum(line)
    if tax is None or not (line.percents or rate_options(line)) or is_other(line, sums):
        return None
    if line.role is not Role.TAX and not is_near_tax(line.words):
        return None
    rate = line.percents[0] if len(line.percents) == 1 else None
    return TaxRow(line, tax, find_name(line), rate, is_near=True)


def unpointed_sum(line: Line) -> Decimal | None:
    """Return the sum at the end of a line whose decimal point was not read: `3 58`, `341`."""
    match = _UNPOINTED.search(line.text)
    return Decimal(f"{match[1]}.{match[2]}") if match is not None else None


def find_mark(line: Line) -> str | None:
    """Return the mark before a line's rate; none if it is the name of the tax."""
    match = _MARK.match(line.text)
    return match["mark"] if match and not is_tax_label(match["mark"], line.role) else None


def _bare_mark(line: Line) -> str | None:
    match = _BARE_MARK.match(line.text)
    return match["mark"] if match and not is_tax_label(match["mark"], line.role) else None


def _without(values: Sequence[Decimal], rate: Decimal) -> list[Decimal]:
    """Return the sums of a line without the rate, which may stand among them."""
    rest = list(values)
    if rate in rest:
        rest.remove(rate)
    return rest


def _oddness(rate: Decimal, found: Split, *, is_printed: bool) -> tuple[bool, bool, bool, bool, int]:
    """Return how odd a reading of a line is: some sum unexplained, an unusual rate, one that was mended."""
    places = decimals(rate)
    return (
        found.net is None or found.gross is None,
        rate.normalize() not in usual_rates(),
        places > _USUAL_DECIMALS,
        not is_printed,
        places,
    )


def _is_whole_row(line: Line, values: list[Decimal]) -> bool:
    """Whether a line of sums alone states a rate with its net, tax and gross, which only a table of taxes does."""
    if len(values) < _NET_TAX_GROSS or line.has_name:
        return False
    rates = [rate for rate in rate_options(line, in_sums=True) if rate.normalize() in usual_rates()]
    return any((found := split(_without(values, rate), rate)) and found.net and found.gross for rate in rates)


def _label(each: Sum, line: Line) -> str:
    """Return a sum's label; all words before it if it is the only sum of its line, so that no letters are lost."""
    return line.words if len(line.prices) == 1 and not any(map(str.isalpha, each.label[:2])) else each.label


def is_other(line: Line, sums: Sequence[Sum]) -> bool:
    """Whether a line with a rate charges service or takes a discount."""
    return bool(has_role(sums, *_OTHER_STEPS)) or kind_by_words(line.words) is not None


def _splits(
    line: Line, values: list[Decimal], rates: list[Decimal], *, is_table: bool, is_named: bool
) -> Iterator[tuple[Decimal | None, Split]]:
    for rate in filter(None, rates):
        if (found := split(values, rate)) is not None:
            yield rate, found
    zero = [(Decimal(0), found)] if may_be_free(line) and (found := free(values)) is not None else []
    if not is_table:
        yield from zero
        return
    bare = bare_rates(line)  # only at such a rate, or a usual one, is a tax told that is not printed
    every = [*bare, *(rate_options(line, in_sums=True) if is_named or not line.has_name else ())]
    fitting = [
        (rate, found)
        for rate in list(dict.fromkeys(every))[:_MOST_RATES]
        if (found := split(_without(values, rate), rate)) is not None
        and (rate in bare or found.tax in values or rate.normalize() in usual_rates())
    ]
    yield from sorted(fitting, key=lambda each: _oddness(*each, is_printed=each[0] in bare))
    if (found := split(values, None)) is not None:
        yield None, found
    yield from zero


def _says_total(line: Line) -> bool:
    return "tot" in line.text.lower() or line.role in (Role.TOTAL, Role.FINAL)
