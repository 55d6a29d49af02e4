"""The two halves of India's tax, those of the union and of a state, which are always of the same size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from expensed.extraction.items.lines import Line
from expensed.extraction.items.misread_totals import differ_in_a_digit
from expensed.extraction.taxes.labels import find_name, is_tax_name, twins_in
from expensed.extraction.taxes.rate_options import bare_rates
from expensed.extraction.taxes.rates import fits_net
from expensed.extraction.taxes.tax_rows import TaxRow, unpointed_sum

_MOST_VALUES = 8
_BOTH = 2
_ROWS_ABOVE = 3


def with_twins(rows: Sequence[TaxRow], lines: Sequence[Line]) -> list[TaxRow]:
    """Return the rows with both halves of each tax, where the paper names both."""
    named = {line.place: twins for line in lines if (twins := twins_in(line.text))}
    if len(frozenset().union(*named.values())) < _BOTH:
        return list(rows)
    by_place = {each.line.place: [each] for each in rows}
    for line in lines:
        if halves := _halves(line, lines[max(line.place - _ROWS_ABOVE, 0) : line.place]):
            by_place[line.place] = halves
        elif len(named.get(line.place, ())) == _BOTH:
            by_place.pop(line.place, None)  # names and rates, whose sums stand below
    for place in sorted(by_place):
        row = by_place[place][0]
        for beside in (place - 1, place + 1):
            is_read = any(each.tax == row.tax and each.net == row.net for each in by_place.get(beside, ()))
            if not is_read and _is_other_half(row, beside, named) and (half := _half(row, lines[beside])) is not None:
                by_place[beside] = [half]
    return [_spelt(row, named) for place in sorted(by_place) for row in by_place[place]]


def _spelt(row: TaxRow, named: dict[int, frozenset[str]]) -> TaxRow:
    """Return a half with its name as it is spelt, if that was misread."""
    twins = named.get(row.line.place, frozenset())
    if len(twins) != 1 or is_tax_name(row.name or ""):
        return row
    return replace(row, name=next(iter(twins)).upper())


def _halves(line: Line, above: Sequence[Line]) -> list[TaxRow]:
    """Return both halves that a line states side by side, at a rate in it or in a line above."""
    values = [each.value for each in line.prices[:_MOST_VALUES]]
    taxes = {value for value in values if value and values.count(value) == _BOTH}
    rates = [*line.percents, *(rate for other in reversed(above) for rate in other.percents), *bare_rates(line)]
    for tax in taxes:
        for net in (value for value in values if value > tax):
            rate = next((rate for rate in rates if rate and fits_net(net, tax, rate)), None)
            if rate is not None:
                gross = net + 2 * tax if net + 2 * tax in values else None
                proof = f"{rate.normalize():f} % of {net}"
                return [TaxRow(line, tax, name, rate, None, net, gross, proof) for name in ("CGST", "SGST")]
    return []


def _is_other_half(row: TaxRow, beside: int, named: dict[int, frozenset[str]]) -> bool:
    own, theirs = named.get(row.line.place, frozenset()), named.get(beside, frozenset())
    return len(own) == len(theirs) == 1 and own != theirs


def _half(row: TaxRow, line: Line) -> TaxRow | None:
    """Return the other half in a line that states the same tax, maybe with a digit misread; None if it does not."""
    values = [each.value for each in line.prices]
    if row.tax in values or unpointed_sum(line) == row.tax:
        return replace(row, line=line, name=find_name(line))
    misread = next((each for each in values[-1:] if differ_in_a_digit(each, row.tax)), None)
    return None if misread is None else replace(row, line=line, name=find_name(line), is_near=True, read_as=misread)
