"""Read the rows that state a tax: with its name, with its rate, or in a table of rates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.amount.sums import Sum, has_role
from expensed.extraction.items.headers import heads_items
from expensed.extraction.items.kinds import kind_by_words
from expensed.extraction.items.lines import Line
from expensed.extraction.taxes.labels import find_name, is_tax_label, is_tax_table, names_place, usual_rates
from expensed.extraction.taxes.rates import HIGHEST_RATE, Split, fits_net, split

_MARK = re.compile(
    r"^\W*(?P<mark>[A-Z]{1,3}\d?|\d|[*#])(?=[\s=:)\]|(])\s*[=:)\]|(]*\s*(?:[A-Za-z]{0,6}\s*\(?\s*)?\d{1,2}(?:[.,]\d{1,3})?\s?%"
)
_BARE_MARK = re.compile(r"^\W*(?P<mark>[A-Z]{1,3}\d?)(?![^\W_])")
_MOST_ROWS_OF_TABLE = 8
_NET_TAX_GROSS = 3
_USUAL_DECIMALS = 2
_RATE_AND_TAX = 2
_MOST_VALUES = 8
_MOST_RATES, _MOST_FOUND = 12, 60
_TWINS = ("cgst", "sgst")
_OTHER_STEPS = (Role.SERVICE, Role.TIP, Role.DISCOUNT, Role.ROUNDING)
_BARE_RATE = re.compile(r"(?<![\w.,])\d{1,2}(?:[.,]\d{1,3})?(?![\w.,%])")
_NUMBER = re.compile(r"(?<![^\W\d_]{2})(?<!\d)\d{1,6}(?:[.,]\d{1,6})?")
_RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,4})?")
_FOR_PERCENT = ("96", "95", "98", "86", "8", "6", "9", "4", "0", "2", "3", "5", "1", "7")
"""What engines make of a sign for percent behind a number."""
_LONGEST_LABEL = 60
_SMALLEST_BARE = Decimal(1)


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
    says_total: bool = False
    """Whether they say that it is all tax together."""


def find_tax_rows(lines: Sequence[Line], sums: Sequence[Sum]) -> list[TaxRow]:
    """Return every row that states a tax, top to bottom."""
    by_row: dict[int, list[Sum]] = {}
    for each in sums:
        by_row.setdefault(each.row.index, []).append(each)
    found = []
    left, is_below = 0, False
    before: Sequence[Sum] = ()
    has_twins = all(any(name in compact(line.text) for line in lines) for name in _TWINS)
    for place, line in enumerate(lines):
        left = _MOST_ROWS_OF_TABLE if is_tax_table(line) and not heads_items(line) else left - 1
        here = by_row.get(line.row.index, [])
        row = _read(line, here, in_table=left >= 0, is_below=is_below)
        is_below |= line.role in (Role.TOTAL, Role.FINAL) and bool(line.prices)
        if has_twins and (halves := _halves(line, lines[max(place - 1, 0)])):
            found.extend(halves)
        elif row is not None:
            found.append(_with_net_above(row, before))
        elif (row := _below_net(line, before)) is not None:
            found.append(row)
        before = here
        if len(found) >= _MOST_FOUND:
            break
    read = {each.line.place for each in found}
    return [*found, *(each for each in _beside_net(lines, by_row) if each.line.place not in read)]


def _read(line: Line, sums: Sequence[Sum], *, in_table: bool, is_below: bool) -> TaxRow | None:
    values = [each.value for each in line.prices]
    if not 0 < len(values) <= _MOST_VALUES:
        return None
    rates = list(dict.fromkeys(rate for rate in line.percents if rate <= HIGHEST_RATE))
    named = [
        each
        for each in sums
        if each.money.exact
        and is_tax_label(_label(each, line), each.role, is_rated=bool(rates), has_base=len(values) > 1)
    ]
    places = [each for each in sums if each.money.exact and each.role is Role.NONE and names_place(each.label)]
    if places and len(values) <= _RATE_AND_TAX:
        return TaxRow(line, values[-1], find_name(line), rates[0] if len(rates) == 1 else None)
    is_table = in_table or (is_below and _is_whole_row(line, values))
    is_stated = bool(rates) or is_table
    if not named and (not is_stated or _is_other(line, sums)):
        return None
    tables = _splits(line, values, rates, is_table=is_table or bool(named), is_named=bool(named))
    for rate, found in tables:
        match = _MARK.match(line.text) or (_BARE_MARK.match(line.text) if not named else None)
        return TaxRow(
            line, found.tax, find_name(line), rate, _mark(match, line), found.net, found.gross,
            found.proof, is_named=bool(named), says_total=_says_total(line),
        )  # fmt: skip
    if not named:
        return None
    rate = rates[0] if len(rates) == 1 else None
    return TaxRow(line, named[-1].value, find_name(line), rate, is_named=True, says_total=_says_total(line))


def _mark(match: re.Match[str] | None, line: Line) -> str | None:
    """Return the mark before a rate; none if it is the name of the tax."""
    return match["mark"] if match and not is_tax_label(match["mark"], line.role) else None


def _halves(line: Line, above: Line) -> list[TaxRow]:
    """Return the two halves of India's tax that a line states side by side, at a rate in it or in the line above."""
    values = [each.value for each in line.prices[:_MOST_VALUES]]
    taxes = {value for value in values if value and values.count(value) == len(_TWINS)}
    rates = [*line.percents, *above.percents, *bare_rates(line)]
    for tax in taxes:
        for net in (value for value in values if value > tax):
            rate = next((rate for rate in rates if rate and fits_net(net, tax, rate)), None)
            if rate is not None:
                gross = net + 2 * tax if net + 2 * tax in values else None
                proof = f"{rate.normalize():f} % of {net}"
                return [TaxRow(line, tax, name.upper(), rate, None, net, gross, proof) for name in _TWINS]
    return []


def _below_net(line: Line, above: Sequence[Sum]) -> TaxRow | None:
    """Return the tax of a line with a rate whose words say nothing, if it fits the taxed sum in the row above it."""
    if len(line.prices) != 1 or len(line.percents) != 1 or not line.percents[0] or _is_other(line, ()):
        return None
    tax, rate = line.prices[0].value, line.percents[0]
    match = _MARK.match(line.text)
    for each in above:
        if each.role is Role.NET and each.money.exact and abs(tax) < abs(each.value):
            found = split([each.value, tax], rate)
            if found is not None and found.tax == tax:
                mark = match["mark"] if match else None
                return TaxRow(line, tax, find_name(line), rate, mark, found.net, found.gross, found.proof)
    return None


def _with_net_above(row: TaxRow, above: Sequence[Sum]) -> TaxRow:
    """Return a row with the net that stands in the row above it, if its rate confirms that."""
    if row.net is not None or row.gross is not None or not row.rate:
        return row
    net = next(
        (each.value for each in above if each.role is Role.NET and fits_net(each.value, row.tax, row.rate)), None
    )
    if net is None:
        return row
    return replace(row, net=net, proof=f"{row.rate.normalize():f} % of {net}")


def _without(values: Sequence[Decimal], rate: Decimal) -> list[Decimal]:
    """Return the sums of a line without the rate, which may stand among them."""
    rest = list(values)
    if rate in rest:
        rest.remove(rate)
    return rest


def _oddness(rate: Decimal, found: Split, *, is_printed: bool) -> tuple[bool, bool, bool, bool, int]:
    """Return how odd a reading of a line is: some sum unexplained, an unusual rate, one that was mended."""
    decimals = _decimals(rate)
    return (
        found.net is None or found.gross is None,
        rate.normalize() not in usual_rates(),
        decimals > _USUAL_DECIMALS,
        not is_printed,
        decimals,
    )


def _is_whole_row(line: Line, values: list[Decimal]) -> bool:
    """Whether a line of sums alone states a rate with its net, tax and gross, which only a table of taxes does."""
    if len(values) < _NET_TAX_GROSS or line.has_name:
        return False
    rates = [rate for rate in misread_rates(line, in_sums=True) if rate.normalize() in usual_rates()]
    return any((found := split(_without(values, rate), rate)) and found.net and found.gross for rate in rates)


def _label(each: Sum, line: Line) -> str:
    """Return a sum's label; all words before it if it is the only sum of its line, so that no letters are lost."""
    return line.words if len(line.prices) == 1 and not any(map(str.isalpha, each.label[:2])) else each.label


def _is_other(line: Line, sums: Sequence[Sum]) -> bool:
    """Whether a line with a rate charges service or takes a discount."""
    return bool(has_role(sums, *_OTHER_STEPS)) or kind_by_words(line.words) is not None


def _splits(
    line: Line, values: list[Decimal], rates: list[Decimal], *, is_table: bool, is_named: bool
) -> Iterator[tuple[Decimal | None, Split]]:
    for rate in filter(None, rates):
        if (found := split(values, rate)) is not None:
            yield rate, found
    zero = [(rate, found) for rate in rates if not rate and (found := split(values, rate)) is not None]
    if not is_table:
        yield from zero
        return
    bare = bare_rates(line)
    every = {*bare, *(misread_rates(line, in_sums=True) if is_named or not line.has_name else ())}
    fitting = [
        (rate, found)
        for rate in sorted(every)[:_MOST_RATES]
        if (found := split(_without(values, rate), rate)) is not None
    ]
    yield from sorted(fitting, key=lambda each: _oddness(*each, is_printed=each[0] in bare))
    if (found := split(values, None)) is not None:
        yield None, found
    yield from zero


def bare_rates(line: Line) -> list[Decimal]:
    """Return the numbers of a line that may be rates whose sign for percent is left out."""
    found = (Decimal(text.replace(",", ".")) for text in _BARE_RATE.findall(line.text))
    return [rate for rate in found if _SMALLEST_BARE <= rate <= HIGHEST_RATE]


def misread_rates(line: Line, *, in_sums: bool = False) -> list[Decimal]:
    """Return what the numbers before a line's sums may be as rates, if the sign for percent was read as figures.

    `78` may be 7 %, `1096` 10 %, `158%` 15 %; only arithmetic can tell. A table's rates may stand `in_sums`.
    """
    text = line.text if in_sums else line.before(line.prices[-1] if line.prices else None)[:_LONGEST_LABEL]
    forms = (
        form for number in _NUMBER.findall(text) for form in _forms(number, is_bare=in_sums) if _RATE.fullmatch(form)
    )
    rates = (Decimal(form.replace(",", ".")) for form in forms)
    found = dict.fromkeys(rate for rate in rates if 0 < rate <= HIGHEST_RATE)
    return sorted(found, key=lambda rate: (rate.normalize() not in usual_rates(), _decimals(rate)))


def _decimals(rate: Decimal) -> int:
    """Return how many decimals a rate has; of two that fit, the plainer one is meant."""
    return max(-int(rate.normalize().as_tuple().exponent), 0)


def _forms(number: str, *, is_bare: bool) -> list[str]:
    """Return a number without what may be its sign for percent and, among bare sums, without a mark before it."""
    forms = [*(number[: -len(sign)] for sign in _FOR_PERCENT if number.endswith(sign)), number]
    return [*forms, *(form[1:] for form in forms if is_bare and len(form) > 1)]


def _without_sign(number: str) -> list[str]:
    """Return a number without what may be its sign for percent, and without what may be a mark before it."""
    forms = [*(number[: -len(sign)] for sign in _FOR_PERCENT if number.endswith(sign)), number]
    return [*forms, *(form[1:] for form in forms if len(form) > 1)]


def _says_total(line: Line) -> bool:
    return "tot" in line.text.lower() or line.role in (Role.TOTAL, Role.FINAL)


def _beside_net(lines: Sequence[Line], by_row: dict[int, list[Sum]]) -> Iterator[TaxRow]:
    """Yield the taxes that are printed without a name near a net with its rate."""
    for place, line in enumerate(lines):
        nets = [each.value for each in by_row.get(line.row.index, []) if each.role is Role.NET and each.money.exact]
        if len(nets) != 1 or len(line.percents) != 1 or len(line.prices) != 1:
            continue
        rate = line.percents[0]
        for other in lines[place + 1 : place + 3]:
            tax = other.prices[0].value if len(other.prices) == 1 else None
            if tax and fits_net(nets[0], tax, rate):
                proof = f"{rate.normalize():f} % of {nets[0]}"
                yield TaxRow(other, tax, find_name(other), rate, None, nets[0], None, proof)
                break
