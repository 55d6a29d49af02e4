"""Find the taxes of a document by rate: of all that state one, those that fit the total and each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product
from math import prod

from msgspec import UNSET

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum
from expensed.extraction.items.kinds import kind_by_words
from expensed.extraction.items.lines import Line
from expensed.extraction.items.misread_totals import differ_in_a_digit
from expensed.extraction.taxes.labels import twins_in, usual_rates
from expensed.extraction.taxes.rate_options import rate_options, rate_without_sign
from expensed.extraction.taxes.rates import fits_gross, fits_net, split
from expensed.extraction.taxes.tax_pairs import with_pairs
from expensed.extraction.taxes.tax_rows import TaxRow, find_tax_rows
from expensed.extraction.taxes.twin_taxes import with_twins
from expensed.model.breakdown import ItemKind, TaxLine

_LARGEST_SHARE = Decimal("0.35")
_MOST_ROWS, _MOST_CHOSEN, _MOST_NEAR = 14, 6, 6
_EXTRAS = (Role.SERVICE, Role.TIP, Role.ROUNDING, Role.DISCOUNT)
_KINDS_OF_EXTRAS = (ItemKind.SERVICE, ItemKind.TIP, ItemKind.DELIVERY, ItemKind.FEE, ItemKind.DISCOUNT)
_BASES = (Role.SUBTOTAL, Role.NET, Role.TOTAL)
_ROUNDED = Decimal("0.05")
_HALF_CENT = Decimal("0.0051")
_TELLING = Decimal("0.30")
_FEWEST_RATES = 2
_MOST_MISREAD, _MOST_RATED = 4, 3
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
    rows = _without_sums(_merged(_likeliest([each for each in every if _is_possible(each, amount)])))
    chosen, proof, is_included = _choose(rows, sums, amount)
    if proof is None and (_is_contradicted(chosen, sums, amount) or any(_is_misread(each, amount) for each in every)):
        return TaxesFound()
    if is_included is not False and any(each.rate is None for each in chosen):
        chosen = _rated_together(chosen, amount) or chosen
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
    is_usual = row.rate is not None and row.rate.normalize() in usual_rates()
    if not row.tax or (row.rate is not None and (row.proof is not None or (is_usual and len(row.line.prices) == 1))):
        return row
    nets = {each.value for each in sums if each.role in (Role.SUBTOTAL, Role.NET) and each.money.exact} | {net}
    for rate in _rates(row):
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
    for rate in rate_options(row.line):
        for value in values:
            if (found := split([value, row.tax], rate)) is not None and found.tax == row.tax:
                return replace(row, rate=rate, net=found.net, gross=found.gross, proof=found.proof)
    rate = rate_without_sign(row.line) if row.rate is None else None
    return row if rate is None or row.tax > net * rate / 100 + _ROUNDED else replace(row, rate=rate)


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
    mine, theirs = twins_in(one.line.words), twins_in(other.line.words)
    return bool(mine) and bool(theirs) and mine != theirs


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
    taxed = [each for each in rows if each.tax and (each.is_named or each.is_near)]
    rated = _rated_together(taxed, amount)
    if rated is not None and (found := _at_rates(rated, sums, amount, of_rates=_combinations(taxed))) is not None:
        return rated, *found
    if (mended := _mended(rows, sums, amount)) is not None:
        return mended
    last = max((each.row.index for each in sums if each.role in _BASES and each.money.exact), default=0)
    named = [each for each in rows if (each.is_named or each.proof is not None) and _is_clear(each, last)]
    totals = [each for each in named if each.says_total]
    if totals and len(named) > 1:
        named = [max(totals, key=lambda each: abs(each.tax))]
    return named, None, None


def _is_clear(row: TaxRow, last: int) -> bool:
    """Whether a row states a tax though no sum says so; nearly its name is enough with a base and a rate below the sums."""
    if not row.is_near:
        return True
    return row.proof is not None and row.line.has_name and row.line.row.index > last


def _mended(
    rows: Sequence[TaxRow], sums: Sequence[Sum], amount: Decimal
) -> tuple[Sequence[TaxRow], str, bool | None] | None:
    """Return the one tax with a misread digit mended, if its rate, the sum before it and a total agree upon another one."""
    found = []
    for row in rows if len(rows) == 1 else ():
        totals = {amount, *(each.value for each in sums if each.role is Role.TOTAL and each.money.exact)}
        for base, total in product({each.value for each in sums if each.money.exact and each.columns == 1}, totals):
            tax = total - base
            if tax > _NOTHING and differ_in_a_digit(tax, row.tax) and any(fits_net(base, tax, rate) for rate in _rates(row)):
                found.append((replace(row, tax=tax, read_as=row.tax), f"{base} + tax {tax} = {total}", False))
    return ([found[0][0]], *found[0][1:]) if len(found) == 1 else None


def _may_be_left_out(row: TaxRow, chosen: Sequence[TaxRow]) -> bool:
    """Whether a row may state no tax of its own: it says total, states none or another row's, or has no rate."""
    if row.says_total or row.is_near or not row.tax or (row.proof is None and row.rate is None):
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
                if base + tax + sum(value for _, value in some) == amount and _are_sound(rows, base, some):
                    rest = "".join(f" {'+' if value > 0 else '−'} {name} {abs(value)}" for name, value in some)
                    return f"{base} + tax {tax}{rest} = {amount}", False
    return None


def _are_sound(rows: Sequence[TaxRow], base: Decimal, extras: Sequence[tuple[str, Decimal]]) -> bool:
    """Whether those of the rows that need not be taxes have a rate that leads from the sum before tax to them."""
    nets = [base + sum((value for _, value in extras[:count]), _NOTHING) for count in range(len(extras) + 1)]
    has_named = any(each.is_named for each in rows)
    return all(
        each.proof is not None or (has_named and not each.line.words) or any(fits_net(net, each.tax, rate) for net in nets for rate in _rates(each))
        for each in rows
        if each.is_near
    )


def _rates(row: TaxRow) -> list[Decimal]:
    return [*([row.rate] if row.rate else []), *rate_options(row.line)]


def _extras(sums: Sequence[Sum]) -> list[tuple[str, Decimal]]:
    found = {
        (name, -abs(each.value) if name == Role.DISCOUNT.value else each.value)
        for each in sums
        if each.money.exact and each.value and (name := _name_of_extra(each)) is not None
    }
    return sorted(found)[:4]


def _name_of_extra(each: Sum) -> str | None:
    """Return what a sum is that stands between a subtotal and the total, if it is neither of them nor a tax."""
    if each.role in _EXTRAS:
        return each.role.value
    if each.role is Role.BALANCE and each.value < 0:
        return Role.DISCOUNT.value
    kind = kind_by_words(each.label) if each.role is Role.NONE and each.columns == 1 else None
    return kind.value if kind in _KINDS_OF_EXTRAS else None


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
    return (f"{rest} + tax {tax} = {amount}", None) if nets and _are_sound(rows, rest, ()) else None


def _at_rates(
    rows: Sequence[TaxRow], _: Sequence[Sum], amount: Decimal, *, of_rates: int = 1
) -> tuple[str, bool] | None:
    """Explain the total as what several taxes are contained in, at the rates that are printed with them.

    The more rates may be meant, `of_rates` in all, the closer their sum has to be bound to explain it.
    """
    if len(rows) < _FEWEST_RATES or not all(each.rate and each.tax for each in rows):
        return None
    whole = sum((each.tax * (100 + (each.rate or 1)) / (each.rate or 1) for each in rows), _NOTHING)
    slack = sum((_HALF_CENT * (100 + (each.rate or 1)) / (each.rate or 1) for each in rows), _NOTHING)
    if abs(whole - amount) > slack or slack * of_rates > amount / 100:
        return None
    return " + ".join(
        f"{each.tax} at {each.rate.normalize():f} %" for each in rows if each.rate
    ) + f" in {amount}", True


def _rated_together(rows: Sequence[TaxRow], amount: Decimal) -> Sequence[TaxRow] | None:
    """Return several taxes with the rates under which they are contained in the total, if some of these were misread."""
    if not _FEWEST_RATES <= len(rows) <= _MOST_RATED or not all(each.tax for each in rows):
        return None
    for rates in product(*map(_likely_rates, rows)):
        rated = [replace(each, rate=rate) for each, rate in zip(rows, rates, strict=True)]
        if _at_rates(rated, (), amount) is not None:
            return rated
    return None


def _likely_rates(row: TaxRow) -> list[Decimal]:
    return list(dict.fromkeys(_rates(row)))[:_MOST_MISREAD]


def _combinations(rows: Sequence[TaxRow]) -> int:
    """Return in how many ways the rows may be rated."""
    return prod(len(_likely_rates(each)) for each in rows)


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
