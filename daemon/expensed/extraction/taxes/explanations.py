"""Explain a total by its taxes: as a table of rates, as taxes added to a sum, as taxes that it contains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product
from math import prod

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum
from expensed.extraction.items.kinds import kind_by_words
from expensed.extraction.taxes.labels import usual_rates
from expensed.extraction.taxes.rate_options import rate_options, usual_rates_near
from expensed.extraction.taxes.rates import fits_gross, fits_net
from expensed.extraction.taxes.tax_rows import TaxRow
from expensed.model.breakdown import ItemKind

BASES = (Role.SUBTOTAL, Role.NET, Role.TOTAL)
"""What the labels of a sum before tax may say."""
_EXTRAS = (Role.SERVICE, Role.TIP, Role.ROUNDING, Role.DISCOUNT)
_KINDS_OF_EXTRAS = (ItemKind.SERVICE, ItemKind.TIP, ItemKind.DELIVERY, ItemKind.FEE, ItemKind.DISCOUNT)
_COIN = Decimal("0.05")
_HALF_CENT = Decimal("0.0051")
_TELLING = Decimal("0.30")
_FEWEST_RATES = 2
_MOST_MISREAD, _MOST_RATED = 4, 3
_MOST_EXTRAS = 5
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Around:
    """The sums around the taxes of a paper that may explain its total with them."""

    bases: Sequence[Decimal]
    """What may be the sum before tax, the largest first."""
    subtotals: frozenset[Decimal]
    extras: Sequence[tuple[str, Decimal]]
    """What else is added or taken off, with its name."""
    roles: Mapping[Decimal, frozenset[Role]]
    """What the labels of each sum say."""
    rows: Mapping[Decimal, frozenset[int]]
    """In which rows each sum stands."""


def look_around(sums: Sequence[Sum], amount: Decimal) -> Around:
    """Return which of the sums may explain this total with its taxes."""
    exact = [each for each in sums if each.money.exact]
    bases = {each.value for each in exact if each.role in BASES and 0 < abs(each.value) < 2 * abs(amount)}
    roles: dict[Decimal, frozenset[Role]] = {}
    rows: dict[Decimal, frozenset[int]] = {}
    for each in exact:
        roles[each.value] = roles.get(each.value, frozenset()) | {each.role}
        rows[each.value] = rows.get(each.value, frozenset()) | {each.row.index}
    subtotals = frozenset(each.value for each in exact if each.role is Role.SUBTOTAL)
    return Around(sorted(bases, reverse=True), subtotals, _extras(exact), roles, rows)


def as_table(rows: Sequence[TaxRow], _: Around, amount: Decimal) -> tuple[str, bool | None] | None:
    """Explain the total as what the table of rates adds up to."""
    parts = _grosses(rows)
    if not any(each.tax for each in rows):
        return None
    if parts is None or abs(sum(parts, _NOTHING) - amount) > (_COIN / 2 if len(parts) > 1 else _NOTHING):
        return None
    shown = " + ".join(map(str, parts))
    return (f"{shown} = {amount}" if len(parts) > 1 else rows[0].proof or f"net + tax = {amount}"), None


def _grosses(rows: Sequence[TaxRow]) -> list[Decimal] | None:
    """Return what each net makes with its taxes, or the gross that is printed; None if a row states neither."""
    by_net: dict[Decimal, Decimal] = {}
    found = []
    for row in rows:
        if row.net is not None:
            by_net[row.net] = by_net.get(row.net, row.net) + row.tax
        elif row.gross is not None:
            found.append(row.gross)
        else:
            return None
    return [*by_net.values(), *found]


def as_added(rows: Sequence[TaxRow], around: Around, amount: Decimal) -> tuple[str, bool] | None:
    """Explain the total as a sum before tax, the taxes, and what else the paper adds."""
    tax = sum((each.tax for each in rows), _NOTHING)
    if not tax:
        return None
    for base in around.bases:
        for count in range(len(around.extras) + 1):
            for some in combinations(around.extras, count):
                if base + tax + sum(value for _, value in some) == amount and _are_sound(rows, base, some):
                    rest = "".join(f" {'+' if value > 0 else '−'} {name} {abs(value)}" for name, value in some)
                    return f"{base} + tax {tax}{rest} = {amount}", False
    return None


def _are_sound(rows: Sequence[TaxRow], base: Decimal, extras: Sequence[tuple[str, Decimal]]) -> bool:
    """Whether those of the rows that need not be taxes have a rate that leads from the sum before tax to them."""
    nets = [base + sum((value for _, value in extras[:count]), _NOTHING) for count in range(len(extras) + 1)]
    has_named = any(each.is_named for each in rows)
    return all(
        each.proof is not None
        or (has_named and not each.line.words)
        or any(fits_net(net, each.tax, rate) for net in nets for rate in rates_of(each))
        for each in rows
        if each.is_near
    )


def rates_of(row: TaxRow) -> list[Decimal]:
    """Return the rates in percent that a row may state: the printed one first, at last those that an odd one may be."""
    printed = [row.rate] if row.rate else []
    odd = [rate for rate in printed if rate.normalize() not in usual_rates()]
    return [*printed, *rate_options(row.line), *(usual for rate in odd for usual in usual_rates_near(rate))]


def _extras(sums: Sequence[Sum]) -> list[tuple[str, Decimal]]:
    found = set()
    for each in sums:
        name = _name_of_extra(each) if each.value else None
        if name == Role.DISCOUNT.value:
            found.add((name, -abs(each.value)))
        elif name == Role.ROUNDING.value:
            found |= {(name, each.value), (name, -each.value)}  # its sign is small and often lost
        elif name is not None:
            found.add((name, each.value))
    return sorted(found)[:_MOST_EXTRAS]


def _name_of_extra(each: Sum) -> str | None:
    """Return what a sum is that stands between a subtotal and the total, if it is neither of them nor a tax."""
    if each.role in _EXTRAS:
        return each.role.value
    if each.role is Role.BALANCE and each.value < 0:
        return Role.DISCOUNT.value
    kind = kind_by_words(each.label) if each.role is Role.NONE and each.columns == 1 else None
    return kind.value if kind in _KINDS_OF_EXTRAS else None


def as_included(rows: Sequence[TaxRow], around: Around, amount: Decimal) -> tuple[str, bool | None] | None:
    """Explain the taxes as contained in the total: at their rate, or since the rest of it is printed as the net.

    A tax that could as well be added to the total, or one too small to tell, explains nothing.
    """
    tax = sum((each.tax for each in rows), _NOTHING)
    rest = amount - tax
    if tax < _TELLING or any(0 < value < amount and value != rest for value in around.subtotals):
        return None
    if len(rows) == 1 and (rate := rows[0].rate) and fits_gross(amount, tax, rate) and not fits_net(amount, tax, rate):
        return f"{rate.normalize():f} % in {amount}", True
    is_printed = not around.roles.get(rest, frozenset()).isdisjoint(BASES) or any(
        each.line.row.index in around.rows.get(rest, ()) for each in rows
    )
    return (f"{rest} + tax {tax} = {amount}", None) if is_printed and _are_sound(rows, rest, ()) else None


def at_rates(
    rows: Sequence[TaxRow], _: Around | None, amount: Decimal, *, of_rates: int = 1
) -> tuple[str, bool] | None:
    """Explain the total as what several taxes are contained in, at the rates that are printed with them.

    The more may be meant, `of_rates` rates and rows that may state no tax, the closer their sum has to be bound.
    """
    if len(rows) < _FEWEST_RATES or not all(each.rate and each.tax for each in rows):
        return None
    whole = sum((each.tax * (100 + (each.rate or 1)) / (each.rate or 1) for each in rows), _NOTHING)
    slack = sum((_HALF_CENT * (100 + (each.rate or 1)) / (each.rate or 1) for each in rows), _NOTHING)
    halves = of_rates * (3 if any(each.is_near for each in rows) else 2)
    if abs(whole - amount) > slack or slack * halves > amount / 50:
        return None
    return " + ".join(
        f"{each.tax} at {each.rate.normalize():f} %" for each in rows if each.rate
    ) + f" in {amount}", True


def rated_together(rows: Sequence[TaxRow], amount: Decimal) -> Sequence[TaxRow] | None:
    """Return several taxes with the rates at which they are contained in the total, if some of these were misread."""
    if not _FEWEST_RATES <= len(rows) <= _MOST_RATED or not all(each.tax for each in rows):
        return None
    for rates in product(*map(_likely_rates, rows)):
        rated = [replace(each, rate=rate) for each, rate in zip(rows, rates, strict=True)]
        if at_rates(rated, None, amount) is not None:
            return rated
    return None


def _likely_rates(row: TaxRow) -> list[Decimal]:
    return [rate for rate in dict.fromkeys(rates_of(row)) if _agrees(row, rate)][:_MOST_MISREAD]


def _agrees(row: TaxRow, rate: Decimal) -> bool:
    """Whether a rate leads from the net of a row to its tax, or from its gross if only that is known."""
    if row.net is not None:
        return fits_net(row.net, row.tax, rate)
    return row.gross is None or fits_gross(row.gross, row.tax, rate)


def count_ratings(rows: Sequence[TaxRow]) -> int:
    """Return in how many ways the rows may be rated."""
    return prod(len(_likely_rates(each)) for each in rows)
