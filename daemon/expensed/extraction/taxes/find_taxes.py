"""Find the taxes of a document by rate: of all that state one, those that fit the total and each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from msgspec import UNSET

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum
from expensed.extraction.items.lines import Line
from expensed.extraction.items.misread_totals import differ_in_a_digit
from expensed.extraction.taxes.explanations import (
    BASES,
    Around,
    as_added,
    as_included,
    as_table,
    at_rates,
    count_ratings,
    look_around,
    rated_together,
    rates_of,
)
from expensed.extraction.taxes.labels import usual_rates
from expensed.extraction.taxes.rate_options import rate_of, rate_options, rate_without_sign
from expensed.extraction.taxes.rates import fits_gross, fits_net, split
from expensed.extraction.taxes.same_tax import are_twins, merge_rows, without_sums
from expensed.extraction.taxes.tax_pairs import with_pairs
from expensed.extraction.taxes.tax_rows import TaxRow, find_tax_rows
from expensed.extraction.taxes.twin_taxes import with_twins
from expensed.model.breakdown import TaxLine

_LARGEST_SHARE = Decimal("0.35")
_MOST_ROWS, _MOST_CHOSEN, _MOST_NEAR = 14, 6, 6
_ROUNDED = Decimal("0.05")
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class TaxesFound:
    """The taxes, their sum and its proof; `is_proven` if they explain the total."""

    lines: tuple[TaxLine, ...] = ()
    total: Decimal | None = None
    proof: str | None = None
    is_included: bool | None = None


def find_taxes(lines: Sequence[Line], sums: Sequence[Sum], amount: Decimal | None) -> TaxesFound:
    """Return the taxes that are in `amount`; none if that is not known."""
    if amount is None or not amount:
        return TaxesFound()
    every = with_twins(with_pairs(find_tax_rows(lines, sums), lines, sums), lines)
    rows = without_sums(merge_rows(_likeliest([each for each in every if _is_possible(each, amount)])))
    chosen, proof, is_included = _choose(rows, sums, amount)
    if proof is None and (_is_contradicted(chosen, sums, amount) or any(_is_misread(each, amount) for each in every)):
        return TaxesFound()
    if not all(map(_has_usual_rate, chosen)):
        chosen = rated_together(chosen, amount) or chosen
    net = amount - sum((each.tax for each in chosen), _NOTHING)
    chosen = [_with_rate(each, sums, amount, net, is_included=is_included) for each in chosen]
    taxes = [_tax_line(each, is_included, amount, alone=len(chosen) == 1) for each in chosen]
    return TaxesFound(tuple(taxes), sum((each.tax for each in chosen), _NOTHING), proof, is_included)


def _likeliest(rows: Sequence[TaxRow]) -> list[TaxRow]:
    """Return the rows without too many of which most are none: first those that name a tax, then the last ones."""
    named = [each for each in rows if not each.is_near][:_MOST_ROWS]
    near = [each for each in rows if each.is_near][-min(_MOST_NEAR, _MOST_ROWS - len(named)) :]
    kept = {id(each) for each in (*named, *(near if len(named) < _MOST_ROWS else ()))}
    return [each for each in rows if id(each) in kept]


def _is_possible(row: TaxRow, amount: Decimal) -> bool:
    size = abs(amount)
    gross = row.gross if row.gross is not None else (row.net or _NOTHING) + row.tax
    return row.tax >= 0 and abs(row.tax) <= size * _LARGEST_SHARE and abs(gross) <= size * (1 + _LARGEST_SHARE)


def _with_rate(row: TaxRow, sums: Sequence[Sum], amount: Decimal, net: Decimal, *, is_included: bool | None) -> TaxRow:
    """Return a row with the rate that its figures lead to, if its sign for percent was misread."""
    is_alone = len(row.line.prices) == 1
    if not row.tax or (row.rate is not None and (row.proof is not None or (is_alone and _has_usual_rate(row)))):
        return row
    bases = {each.value for each in sums if each.role in (Role.SUBTOTAL, Role.NET) and each.money.exact} | {net}
    nets, grosses = _bases_of(row) or (bases, set() if is_included is False else {amount})
    for rate in rates_of(row):
        is_added = any(fits_net(each, row.tax, rate) for each in nets)
        if is_added or any(fits_gross(each, row.tax, rate) for each in grosses):
            return replace(row, rate=rate)
    values = [each.value for each in row.line.prices if each.value != row.tax]
    for rate in rate_options(row.line):
        for value in values:
            if (found := split([value, row.tax], rate)) is not None and found.tax == row.tax:
                return replace(row, rate=rate, net=found.net, gross=found.gross, proof=found.proof)
    if row.net is not None:
        return row if row.rate is not None else replace(row, rate=rate_of(row.net, row.tax))
    alone = rate_without_sign(row.line) if row.rate is None and row.gross is None else None
    return row if alone is None or row.tax > net * alone / 100 + _ROUNDED else replace(row, rate=alone)


def _bases_of(row: TaxRow) -> tuple[set[Decimal], set[Decimal]] | None:
    """Return the net and the gross that a row states, as sets; None if it states neither."""
    nets, grosses = ({each} if each is not None else set() for each in (row.net, row.gross))
    return (nets, grosses if not nets else set()) if nets or grosses else None


def _has_usual_rate(row: TaxRow) -> bool:
    return row.rate is not None and row.rate.normalize() in usual_rates()


def _is_misread(row: TaxRow, amount: Decimal) -> bool:
    """Whether a named tax is more than the total, or its own rate, allows."""
    if not row.is_named:
        return False
    most = _LARGEST_SHARE if not row.rate else row.rate / 100
    return abs(row.tax) > abs(amount) * most + _ROUNDED


def _is_contradicted(rows: Sequence[TaxRow], sums: Sequence[Sum], amount: Decimal) -> bool:
    """Whether no tax is named, or none is charged though the total is more than the subtotal."""
    if not rows:
        return True
    bases = {each.value for each in sums if each.role is Role.SUBTOTAL and each.money.exact}
    return not any(each.tax for each in rows) and any(0 < base < amount for base in bases)


def _choose(
    rows: Sequence[TaxRow], sums: Sequence[Sum], amount: Decimal
) -> tuple[Sequence[TaxRow], str | None, bool | None]:
    """Return the most rows that explain the total, how, and whether the prices contain them; else all that may be."""
    around = look_around(sums, amount)
    for some in _subsets(rows):
        if not all(each in some or _may_be_left_out(each, some) for each in rows):
            continue
        for explain in (as_table, as_added, as_included, at_rates):
            if (found := explain(some, around, amount)) is not None:
                return some, *found
    taxed = [each for each in rows if each.tax and (each.is_named or each.is_near)]
    rated = rated_together(taxed, amount)
    if rated is not None and (found := at_rates(rated, around, amount, of_rates=count_ratings(taxed))) is not None:
        return rated, *found
    if (mended := _mended(rows, sums, around, amount)) is not None:
        return mended
    last = max((each.row.index for each in sums if each.role in BASES and each.money.exact), default=0)
    named = [each for each in rows if (each.is_named or each.proof is not None) and _is_clear(each, last)]
    totals = [each for each in named if each.says_total]
    if totals and len(named) > 1:
        named = [max(totals, key=lambda each: abs(each.tax))]
    return named, None, None


def _is_clear(row: TaxRow, last: int) -> bool:
    """Whether a row states a tax though no sum says so; a name that is nearly one needs a base and a rate."""
    if not row.is_near:
        return True
    return row.proof is not None and row.line.has_name and row.line.row.index > last


def _mended(
    rows: Sequence[TaxRow], sums: Sequence[Sum], around: Around, amount: Decimal
) -> tuple[Sequence[TaxRow], str, bool | None] | None:
    """Return the one tax with a misread digit mended, if its rate, the sum before it and the total agree upon it."""
    found = []
    bases = {each.value for each in sums if each.money.exact and each.columns == 1}
    roundings = [value for name, value in around.extras if name == Role.ROUNDING.value]
    for row in rows if len(rows) == 1 else ():
        for base, rounding in product(bases, (_NOTHING, *roundings)):
            tax = amount - rounding - base
            if tax <= _NOTHING or not differ_in_a_digit(tax, row.tax):
                continue
            if any(fits_net(base, tax, rate) and not fits_net(base, row.tax, rate) for rate in rates_of(row)):
                rest = f" {'+' if rounding > 0 else '−'} rounding {abs(rounding)}" if rounding else ""
                found.append((replace(row, tax=tax, read_as=row.tax), f"{base} + tax {tax}{rest} = {amount}", False))
    return ([found[0][0]], *found[0][1:]) if len(found) == 1 else None


def _may_be_left_out(row: TaxRow, chosen: Sequence[TaxRow]) -> bool:
    """Whether a row may state no tax of its own: it says total, states none or another row's, or has no rate."""
    if row.says_total or row.is_near or not row.tax or (row.proof is None and row.rate is None):
        return True
    return any(each.tax == row.tax and not are_twins(each, row) for each in chosen)


def _subsets(rows: Sequence[TaxRow]) -> Iterator[Sequence[TaxRow]]:
    for count in range(min(len(rows), _MOST_CHOSEN), 0, -1):
        yield from combinations(rows, count)


def _tax_line(row: TaxRow, is_included: bool | None, amount: Decimal, *, alone: bool) -> TaxLine:
    net, gross, proof = row.net, row.gross, row.proof
    if proof is None and row.rate and alone:
        if is_included is not False and fits_gross(amount, row.tax, row.rate):
            proof = f"{row.rate.normalize():f} % in {amount}"
        elif fits_net(amount - row.tax, row.tax, row.rate):
            proof = f"{row.rate.normalize():f} % of {amount - row.tax}"
    return TaxLine(
        name=row.name, rate=row.rate, mark=row.mark, net=net, tax=row.tax, gross=gross, is_included=is_included,
        page=row.line.row.page, box=row.line.row.box, proof=proof,
        read_as=UNSET if row.read_as is None else f"{row.read_as:f}",
    )  # fmt: skip
