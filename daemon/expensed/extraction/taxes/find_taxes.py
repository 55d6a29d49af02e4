"""Find the taxes of a document by rate: of all that state one, those that fit the total and each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum
from expensed.extraction.items.lines import Line
from expensed.extraction.taxes.labels import nearest_letters
from expensed.extraction.taxes.rates import fits_gross, fits_net, split
from expensed.extraction.taxes.tax_rows import TaxRow, find_tax_rows, misread_rates
from expensed.model.breakdown import TaxLine

_LARGEST_SHARE = Decimal("0.35")
_MOST_ROWS, _MOST_CHOSEN = 14, 6
_EXTRAS = (Role.SERVICE, Role.TIP, Role.ROUNDING, Role.DISCOUNT)
_BASES = (Role.SUBTOTAL, Role.NET, Role.TOTAL)
_ROUNDED = Decimal("0.05")
_TWIN = re.compile(r"^(c|s|ut)gst")
_HALF_CENT = Decimal("0.0051")
_TELLING = Decimal("0.30")
_FEWEST_RATES = 2
_MOST_MISREAD = 4
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
    every = find_tax_rows(lines, sums)
    rows = _without_sums(_merged([each for each in every if _is_possible(each, amount)][:_MOST_ROWS]))
    chosen, proof, is_included = _choose(rows, sums, amount)
    if proof is None and (_is_contradicted(chosen, sums, amount) or any(_is_misread(each, amount) for each in every)):
        return TaxesFound()
    net = amount - sum((each.tax for each in chosen), _NOTHING)
    chosen = [_with_rate(each, sums, amount, net, is_included=is_included) for each in chosen]
    taxes = [_tax_line(each, is_included, amount, alone=len(chosen) == 1) for each in chosen]
    return TaxesFound(tuple(taxes), sum((each.tax for each in chosen), _NOTHING), proof, is_included)


def _is_possible(row: TaxRow, amount: Decimal) -> bool:
    size = abs(amount)
    gross = row.gross if row.gross is not None else (row.net or _NOTHING) + row.tax
    return row.tax >= 0 and abs(row.tax) <= size * _LARGEST_SHARE and abs(gross) <= size * (1 + _LARGEST_SHARE)


def _with_rate(row: TaxRow, sums: Sequence[Sum], amount: Decimal, net: Decimal, *, is_included: bool | None) -> TaxRow:
    """Return a row with the rate that its figures lead to, if its sign for percent was misread."""
    if not row.tax or (row.rate is not None and (row.proof is not None or len(row.line.prices) == 1)):
        return row
    nets = {each.value for each in sums if each.role in (Role.SUBTOTAL, Role.NET) and each.money.exact} | {net}
    for rate in misread_rates(row.line):
        if row.net is not None:
            fits = fits_net(row.net, row.tax, rate)
        elif row.gross is not None:
            fits = fits_gross(row.gross, row.tax, rate)
        elif is_included is False:
            fits = any(fits_net(net, row.tax, rate) for net in nets)
        else:
            fits = fits_gross(amount, row.tax, rate) or any(fits_net(net, row.tax, rate) for net in nets)
        if fits:
            return replace(row, rate=rate)
    values = [each.value for each in row.line.prices if each.value != row.tax]
    for rate in misread_rates(row.line):
        for value in values:
            if (found := split([value, row.tax], rate)) is not None and found.tax == row.tax:
                return replace(row, rate=rate, net=found.net, gross=found.gross, proof=found.proof)
    return row


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


def _merged(rows: Sequence[TaxRow]) -> list[TaxRow]:
    """Return the rows with those that state the same tax joined; what one does not say is taken from the other."""
    found: list[TaxRow] = []
    for row in rows:
        place = next((place for place, other in enumerate(found) if _are_same(row, other)), None)
        if place is None:
            found.append(row)
        else:
            found[place] = _joined(found[place], row)
    return found


def _are_same(one: TaxRow, other: TaxRow) -> bool:
    if one.tax != other.tax or one.line is other.line or _are_twins(one, other):
        return False
    if (
        one.name
        and other.name
        and one.is_named
        and other.is_named
        and one.name != other.name
        and _are_halves(one, other)
    ):
        return False
    return all(
        mine is None or theirs is None or mine == theirs
        for mine, theirs in ((one.rate, other.rate), (one.net, other.net), (one.gross, other.gross))
    )


def _are_twins(one: TaxRow, other: TaxRow) -> bool:
    """Whether they are the two halves of India's tax, which are always of the same size."""
    names = [match[1] for row in (one, other) if (match := _TWIN.search(nearest_letters(row.line.words)))]
    return len(set(names)) > 1


def _are_halves(one: TaxRow, other: TaxRow) -> bool:
    """Whether two taxes of the same size stand one below the other, as those of the union and a state do."""
    return abs(one.line.place - other.line.place) == 1 and one.net is None and other.net is None and one.tax != 0


def _joined(one: TaxRow, other: TaxRow) -> TaxRow:
    fuller, rest = (one, other) if one.proof is not None or other.proof is None else (other, one)
    return replace(
        fuller,
        name=fuller.name if fuller.is_named or not rest.is_named else rest.name or fuller.name,
        rate=fuller.rate if fuller.rate is not None else rest.rate,
        mark=fuller.mark or rest.mark,
        net=fuller.net if fuller.net is not None else rest.net,
        gross=fuller.gross if fuller.gross is not None else rest.gross,
        is_named=one.is_named or other.is_named,
        says_total=one.says_total and other.says_total,
    )


def _without_sums(rows: list[TaxRow]) -> list[TaxRow]:
    """Return the rows without those that are the sum of others."""
    found = list(rows)
    for row in rows:
        others = [each for each in found if each is not row and each.tax]
        for count in range(2, min(len(others), _MOST_CHOSEN) + 1):
            if row.tax and any(sum(each.tax for each in some) == row.tax for some in combinations(others, count)):
                found.remove(row)
                break
    return found


def _choose(
    rows: Sequence[TaxRow], sums: Sequence[Sum], amount: Decimal
) -> tuple[Sequence[TaxRow], str | None, bool | None]:
    """Return the most rows that explain the total, how, and whether the prices contain them; else all that may be."""
    for some in _subsets(rows):
        if not all(each in some or _may_be_left_out(each, some) for each in rows):
            continue
        for explain in (_as_table, _as_added, _as_included, _at_rates):
            if (found := explain(some, sums, amount)) is not None:
                return some, *found
    if (together := _at_misread_rates(rows, amount)) is not None:
        return together
    named = [each for each in rows if each.is_named or each.proof is not None]
    totals = [each for each in named if each.says_total]
    if totals and len(named) > 1:
        named = [max(totals, key=lambda each: abs(each.tax))]
    return named, None, None


def _may_be_left_out(row: TaxRow, chosen: Sequence[TaxRow]) -> bool:
    """Whether a row may state no tax of its own: it says total, states none or another row's, or has no rate."""
    if row.says_total or not row.tax or (row.proof is None and row.rate is None):
        return True
    return any(each.tax == row.tax and not _are_twins(each, row) for each in chosen)


def _subsets(rows: Sequence[TaxRow]) -> Iterator[Sequence[TaxRow]]:
    for count in range(min(len(rows), _MOST_CHOSEN), 0, -1):
        yield from combinations(rows, count)


def _as_table(rows: Sequence[TaxRow], _: Sequence[Sum], amount: Decimal) -> tuple[str, bool | None] | None:
    """Explain the total as what the table of rates adds up to."""
    parts = _grosses(rows)
    if not any(each.tax for each in rows):
        return None
    if parts is None or abs(sum(parts, _NOTHING) - amount) > (_ROUNDED / 2 if len(parts) > 1 else _NOTHING):
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


def _as_added(rows: Sequence[TaxRow], sums: Sequence[Sum], amount: Decimal) -> tuple[str, bool] | None:
    """Explain the total as a sum before tax, the taxes, and what else the paper adds."""
    tax = sum((each.tax for each in rows), _NOTHING)
    if not tax:
        return None
    bases = {
        each.value
        for each in sums
        if each.role in _BASES and each.money.exact and 0 < abs(each.value) < 2 * abs(amount)
    }
    extras = _extras(sums)
    for base in sorted(bases, reverse=True):
        for count in range(len(extras) + 1):
            for some in combinations(extras, count):
                if base + tax + sum(value for _, value in some) == amount:
                    rest = "".join(f" {'+' if value > 0 else '−'} {name} {abs(value)}" for name, value in some)
                    return f"{base} + tax {tax}{rest} = {amount}", False
    return None


def _extras(sums: Sequence[Sum]) -> list[tuple[str, Decimal]]:
    found = {
        (each.role.value, -abs(each.value) if each.role is Role.DISCOUNT else each.value)
        for each in sums
        if each.role in _EXTRAS and each.money.exact and each.value
    }
    return sorted(found)[:4]


def _as_included(rows: Sequence[TaxRow], sums: Sequence[Sum], amount: Decimal) -> tuple[str, bool | None] | None:
    """Explain the taxes as contained in the total: at their rate, or since the rest of it is printed as the net.

    A tax that could as well be added to the total, or one too small to tell, explains nothing.
    """
    tax = sum((each.tax for each in rows), _NOTHING)
    rest = amount - tax
    before = {each.value for each in sums if each.role is Role.SUBTOTAL and each.money.exact}
    if tax < _TELLING or any(0 < value < amount and value != rest for value in before):
        return None
    if len(rows) == 1 and (rate := rows[0].rate) and fits_gross(amount, tax, rate) and not fits_net(amount, tax, rate):
        return f"{rate.normalize():f} % in {amount}", True
    places = {each.line.row.index for each in rows}
    nets = [
        each
        for each in sums
        if each.value == rest and each.money.exact
        and (each.role in (Role.NET, Role.SUBTOTAL, Role.TOTAL) or each.row.index in places)
    ]  # fmt: skip
    return (f"{rest} + tax {tax} = {amount}", None) if nets else None


def _at_rates(rows: Sequence[TaxRow], _: Sequence[Sum], amount: Decimal) -> tuple[str, bool] | None:
    """Explain the total as what several taxes are contained in, at the rates that are printed with them."""
    if len(rows) < _FEWEST_RATES or not all(each.rate and each.tax for each in rows):
        return None
    whole = sum((each.tax * (100 + (each.rate or 1)) / (each.rate or 1) for each in rows), _NOTHING)
    slack = sum((_HALF_CENT * (100 + (each.rate or 1)) / (each.rate or 1) for each in rows), _NOTHING)
    if abs(whole - amount) > slack or slack > amount / 100:
        return None
    return " + ".join(
        f"{each.tax} at {each.rate.normalize():f} %" for each in rows if each.rate
    ) + f" in {amount}", True


def _at_misread_rates(rows: Sequence[TaxRow], amount: Decimal) -> tuple[Sequence[TaxRow], str, bool | None] | None:
    """Return all rows with the rates under which they are contained in the total, if some of them were misread."""
    taxed = [each for each in rows if each.tax and each.is_named]
    if not _FEWEST_RATES <= len(taxed) <= _MOST_CHOSEN // 2:
        return None
    options = [
        list(dict.fromkeys([*([each.rate] if each.rate else []), *misread_rates(each.line)]))[:_MOST_MISREAD]
        for each in taxed
    ]
    for rates in product(*options):
        rated = [replace(each, rate=rate) for each, rate in zip(taxed, rates, strict=True)]
        if (found := _at_rates(rated, (), amount)) is not None:
            return rated, *found
    return None


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
    )  # fmt: skip
