"""Join a tax with its net or gross where they stand in two rows: `Netto 19% 45.65` above `MwSt 19% 8.67`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum
from expensed.extraction.items.lines import Line
from expensed.extraction.taxes.labels import find_name, usual_rates
from expensed.extraction.taxes.rate_options import rate_options
from expensed.extraction.taxes.rates import split
from expensed.extraction.taxes.tax_rows import TaxRow, find_mark, is_other

_ROWS_ABOVE = 2
_TELLING = Decimal("0.10")
"""A tax below this fits several rates of the sum above it."""


def with_pairs(rows: Sequence[TaxRow], lines: Sequence[Line], sums: Sequence[Sum]) -> list[TaxRow]:
    """Return the rows with the nets and grosses that stand in the rows above them, and the taxes found by these."""
    nets = {each.row.index for each in sums if each.role is Role.NET and each.money.exact}
    read = {each.line.place: each for each in rows}
    found = {}
    for line in lines:
        row = read.get(line.place)
        if row is None or (row.net is None and row.gross is None):
            pair = next(_pairs(line, lines[max(line.place - _ROWS_ABOVE, 0) : line.place], nets), None)
            if pair is not None:
                found[line.place] = pair if row is None else _joined(row, pair)
    return [*(found.pop(each.line.place, each) for each in rows), *found.values()]


def _joined(row: TaxRow, pair: TaxRow) -> TaxRow:
    return replace(
        row, tax=pair.tax, rate=pair.rate, mark=row.mark or pair.mark, net=pair.net, gross=pair.gross, proof=pair.proof,
        is_near=row.is_near and pair.is_near,
    )  # fmt: skip


def _pairs(line: Line, above: Sequence[Line], nets: set[int]) -> Iterator[TaxRow]:
    """Yield the tax of a line for each row above it that states what it is calculated on, the nearest first.

    That row is labelled as a net, or states the same rate.
    """
    if len(line.prices) != 1 or is_other(line, ()) or line.role in (Role.FINAL, Role.TOTAL, Role.NET):
        return
    tax, own = line.prices[0].value, _rates(line)
    for other in reversed(above):
        if len(other.prices) != 1 or not 0 < tax < other.prices[0].value:
            continue
        theirs = _rates(other)
        is_net = other.row.index in nets
        shared = [rate for rate in own if rate in theirs and _is_usual(rate)] if tax >= _TELLING else []
        rates = shared or ((own or theirs) if is_net else [])
        for rate in rates:
            part = split([other.prices[0].value, tax], rate)
            if part is not None and part.tax == tax and (is_net or part.net is not None):
                yield TaxRow(
                    line, tax, find_name(line), rate, find_mark(line), part.net, part.gross, part.proof,
                    is_near=not is_net,
                )  # fmt: skip


def _rates(line: Line) -> list[Decimal]:
    return list(dict.fromkeys([*filter(None, line.percents), *rate_options(line)]))


def _is_usual(rate: Decimal) -> bool:
    return rate.normalize() in usual_rates()
