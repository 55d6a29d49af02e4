"""Prove by arithmetic that an amount is the total: cash − change, net + tax, items add up, printed again.

A proof never creates an amount; it only confirms one that the labels already support. `confidence` weighs how much
each kind of proof says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import combinations

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum, has_role

_MOST_ADJUSTMENTS = 7
_MOST_ITEMS = 400
_MOST_TAX_ROWS = 40
_MOST_RATES = 12
_LOWEST_RATE, _HIGHEST_RATE = Decimal("0.005"), Decimal("0.30")
_CENT = Decimal("0.01")
_COIN = Decimal("0.05")
"""The smallest coin of countries that round, such as Switzerland, Malaysia and Canada."""
_RATE = re.compile(r"(?<![\d.,])(\d{1,2})(?:[.,](\d{1,3}))?\s?(?:%|°%|/o\b)")
_TELLING_TAX = Decimal("0.30")
"""A contained tax smaller than this fits too many totals."""
_SMALLEST_TAX = Decimal("0.10")
"""Below this, cents are too coarse to determine a rate."""
_SAME_EDGE = 0.03
"""Share of the page's width; sums with right edges this close stand in one column."""
_ROWS_TO_CHANGE = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """One way in which the document confirms a total; `kind` names the way, `sentence` shows the figures."""

    kind: str
    sentence: str
    is_plausible: bool = True
    """Whether its figures can be what they are taken for, so that it may stand alone."""


@dataclass(frozen=True, slots=True)
class _TaxRow:
    """Net and tax side by side, at a plausible tax rate."""

    net: Decimal
    tax: Decimal
    is_rated: bool
    """Whether the rate is printed in the row, and fits."""
    is_usual: bool
    """Whether a rate that is printed anywhere on the document fits."""


class Paper:
    """The sums of one document, sorted once for all totals to prove."""

    def __init__(self, sums: Sequence[Sum], rated_lines: Sequence[str] = ()) -> None:
        self.all = sums
        self._rated_lines = rated_lines
        self.exact = [each for each in sums if each.money.exact]

    def having(self, *roles: Role) -> list[Sum]:
        """Return the exact sums with one of these roles."""
        return has_role(self.exact, *roles)

    @cached_property
    def rows(self) -> dict[int, list[Sum]]:
        """The exact sums by row."""
        rows: dict[int, list[Sum]] = {}
        for each in self.exact:
            rows.setdefault(each.row.index, []).append(each)
        return rows

    @cached_property
    def rates(self) -> list[Decimal]:
        """The percentages on the document that may be tax rates, as fractions, in order."""
        return list(dict.fromkeys(rate for line in self._rated_lines for rate in _rates(line)))[:_MOST_RATES]

    @cached_property
    def adjustments(self) -> list[tuple[str, Decimal]]:
        """Taxes, fees, tips, roundings and discounts with their signs, each once, then unlabelled negative sums.

        Two taxes of one size that stand one below the other are two: those of a union and of its state.
        """
        found: dict[tuple[str, Decimal, bool], None] = {}
        whole = [each for each in self.all if not each.money.exact and each.role in (Role.DISCOUNT, Role.TAX)]
        labelled = self.having(Role.TAX, Role.SERVICE, Role.TIP, Role.ROUNDING, Role.DISCOUNT)
        for each in (*labelled, *whole):
            amount = -abs(each.value) if each.role is Role.DISCOUNT else each.value
            if amount:
                found[(each.role.value, amount, self._is_second(each))] = None
        for each in self.having(Role.NONE):
            if each.value < 0:
                found[("deduction", each.value, False)] = None
        return [(name, amount) for name, amount, _ in found][:_MOST_ADJUSTMENTS]

    def _is_second(self, tax: Sum) -> bool:
        """Whether the row above states another tax of the same size."""
        above = self.rows.get(tax.row.index - 1, ()) if tax.role is Role.TAX else ()
        return any(each.role is Role.TAX and each.value == tax.value and each.label != tax.label for each in above)

    @cached_property
    def tax_rows(self) -> list[_TaxRow]:
        """The rows of a tax table, without its sum."""
        found: list[_TaxRow] = []
        for sums in self.rows.values():
            rates = _rates(sums[0].row.text) or _bare_rates(sums[0].row.text)
            found.extend(_tax_rows([each.value for each in sums], rates, self.rates)[:1])
            if len(found) >= _MOST_TAX_ROWS:
                break
        return found

    @cached_property
    def first_total(self) -> int | None:
        """The row of the first sum that is labelled as a total or a subtotal."""
        return next((each.row.index for each in self.having(Role.TOTAL, Role.FINAL, Role.SUBTOTAL)), None)

    @cached_property
    def items(self) -> list[Sum]:
        """The last sums of the unlabelled rows above the first total."""
        end = self.first_total
        if end is None:
            return []
        last = {
            index: sums[-1]
            for index, sums in self.rows.items()
            if index < end and sums[-1].role in (Role.NONE, Role.DISCOUNT) and not _is_phone(sums[-1])
        }
        return list(last.values())[:_MOST_ITEMS]


def _is_phone(each: Sum) -> bool:
    """Whether a hyphen was taken for the decimal point: `Fax 520 242-22`."""
    return "-" in each.cell.text[each.money.start : each.money.end].strip("-− ")


def prove_total(value: Decimal, paper: Paper) -> list[Proof]:
    """Return every proof that the document gives for this total, at most one of each kind."""
    if value == 0:
        return []
    proofs = (prove(value, paper) for prove in _PROOFS)
    return [proof for proof in proofs if proof is not None]


def _change(value: Decimal, paper: Paper) -> Proof | None:
    given = {abs(each.value) for each in paper.having(Role.CASH, Role.CARD)}
    returned = {abs(each.value) for each in paper.having(Role.CHANGE)}
    for cash in sorted(given):
        for change in sorted(returned):
            if change and cash - change == abs(value):
                return Proof("change", f"cash {cash} − change {change}")
    return None


def _tendered(value: Decimal, paper: Paper) -> Proof | None:
    """Prove by change if the cash has no readable label but stands a few rows above the change."""
    if value <= 0:
        return None
    for change in paper.having(Role.CHANGE):
        for each in paper.having(Role.NONE):
            is_near = 0 <= change.row.index - each.row.index <= _ROWS_TO_CHANGE
            if is_near and change.value and each.value - abs(change.value) == value:
                return Proof("tendered", f"handed over {each.value} − change {abs(change.value)}")
    return None


def _tax(value: Decimal, paper: Paper) -> Proof | None:
    """Prove by a subtotal or net and some of the taxes, fees, tips, roundings and discounts."""
    labelled = has_role(paper.all, Role.NET, Role.SUBTOTAL, Role.TOTAL)
    bases = {each.value for each in labelled if each.value and (each.money.exact or each.role is not Role.TOTAL)} - {
        value
    }
    for base in sorted(bases, reverse=True):
        if (chosen := _leads_to(value - base, paper.adjustments)) is not None:
            return Proof("tax" if any(name == "tax" for name, _ in chosen) else "parts", f"net {base}{_parts(chosen)}")
    return None


def _unlabelled_net(value: Decimal, paper: Paper) -> Proof | None:
    """Prove a labelled total by a sum above it without a readable label and at least a tax."""
    here = [each.row.index for each in paper.having(Role.TOTAL, Role.FINAL, Role.CARD) if each.value == value]
    if not here:
        return None
    bases = {each.value for each in paper.having(Role.NONE) if each.row.index < max(here) and 0 < each.value < value}
    for base in sorted(bases, reverse=True):
        chosen = _leads_to(value - base, paper.adjustments)
        if chosen is not None and any(name == "tax" and abs(tax) >= _TELLING_TAX for name, tax in chosen):
            tax = sum(abs(amount) for name, amount in chosen if name == "tax")
            return Proof("net", f"net {base}{_parts(chosen)}", tax <= _HIGHEST_RATE * base)
    return None


def _untaxed(value: Decimal, paper: Paper) -> Proof | None:
    """Prove a labelled total by the same sum labelled as net in another row, if each printed tax is nothing."""
    taxes = paper.having(Role.TAX)
    nets = {each.row.index for each in paper.having(Role.NET) if each.value == value}
    totals = {each.row.index for each in paper.having(Role.TOTAL, Role.FINAL) if each.value == value}
    if taxes and nets and totals - nets and not any(each.value for each in taxes):
        return Proof("net", f"net {value}, no tax")
    return None


def _leads_to(difference: Decimal, changes: Sequence[tuple[str, Decimal]]) -> tuple[tuple[str, Decimal], ...] | None:
    """Return the fewest changes that add up to the difference, or None."""
    for count in range(1, len(changes) + 1):
        for chosen in combinations(changes, count):
            if sum(amount for _, amount in chosen) == difference:
                return chosen
    return None


def _parts(chosen: Sequence[tuple[str, Decimal]]) -> str:
    return "".join(f" {'+' if amount > 0 else '−'} {name} {abs(amount)}" for name, amount in chosen)


def _paid(value: Decimal, paper: Paper) -> Proof | None:
    """Prove by cash paid without change that equals a row of the tax table at its printed rate."""
    if value <= 0 or any(each.value for each in paper.having(Role.CHANGE)):
        return None
    is_handed = any(each.value == value for each in paper.having(Role.CASH))
    fitting = (row for row in paper.tax_rows if (row.is_rated or row.is_usual) and row.net + row.tax == value)
    row = next(fitting, None)
    return Proof("paid", f"paid in cash: {value}, net {row.net} + tax {row.tax}") if is_handed and row else None


def _rounded(value: Decimal, paper: Paper) -> Proof | None:
    """Prove by another total with its rounding or tip."""
    totals = {each.value for each in paper.having(Role.TOTAL, Role.FINAL)} - {value}
    changes = [each for each in paper.having(Role.ROUNDING, Role.TIP) if each.value]
    for total in sorted(totals):
        for change in changes:
            if total + change.value == value:
                return Proof("rounded", f"total {total} with {change.role.value} {change.value}")
    return None


def _table(value: Decimal, paper: Paper) -> Proof | None:
    """Prove by a row of the tax table, or all its rows together; the total may be rounded to a coin."""
    for row in paper.tax_rows:
        if row.net + row.tax == value:
            return Proof("table", f"net {row.net} + tax {row.tax}")
    rated = [row for row in paper.tax_rows if row.is_rated and row.net + row.tax != value]
    whole = sum((row.net + row.tax for row in rated), Decimal(0))
    if len(rated) >= 2 and whole == value:
        return Proof("table", " + ".join(f"net {row.net} + tax {row.tax}" for row in rated[:4]))
    if value % _COIN == 0 and any(0 < abs(row.net + row.tax - value) < _COIN / 2 for row in rated):
        row = next(row for row in rated if abs(row.net + row.tax - value) < _COIN / 2)
        return Proof("table", f"net {row.net} + tax {row.tax}, rounded")
    return None


def _tax_rows(values: Sequence[Decimal], rates: Sequence[Decimal], usual: Sequence[Decimal]) -> list[_TaxRow]:
    """Find net and tax among two to four sums of a row; pairs whose sum is also there come first."""
    if not 2 <= len(values) <= 4:
        return []
    rows = [
        _TaxRow(net, tax, _is_at_a_rate(net, tax, rates), _is_at_a_rate(net, tax, usual))
        for net, tax in combinations(sorted(values, key=abs, reverse=True), 2)
        if net and tax * net > 0 and _LOWEST_RATE <= tax / net <= _HIGHEST_RATE
    ]
    return sorted(rows, key=lambda row: (row.net + row.tax not in values, not row.is_rated))


def _is_at_a_rate(net: Decimal, tax: Decimal, rates: Sequence[Decimal]) -> bool:
    return abs(tax) >= _SMALLEST_TAX and any(abs(net * rate - tax) <= 2 * _CENT for rate in rates)


def _included(value: Decimal, paper: Paper) -> Proof | None:
    """Prove by a printed tax that equals a printed rate of this total."""
    taxes = {each.value for each in paper.having(Role.TAX, Role.NONE) if _TELLING_TAX <= each.value < value}
    labelled = {each.value for each in paper.having(Role.TAX)}
    for rate in paper.rates:
        contained = (value * rate / (1 + rate)).quantize(_CENT, ROUND_HALF_UP)
        for tax in (contained, contained - _CENT, contained + _CENT):
            beside_rate = any(tax == each.value and rate in _rates(each.row.text) for each in paper.having(Role.NONE))
            if tax in taxes and (tax in labelled or beside_rate):
                return Proof("included", f"{rate * 100:f} % tax in {value} is {tax}")
    return None


def _items(value: Decimal, paper: Paper) -> Proof | None:
    """Prove by all rows above the first total, which add up to it."""
    items = paper.items
    if len(items) >= 2 and sum(map(_item_value, items)) == value and not _is_reduced(value, paper):
        return Proof("items", f"{len(items)} items add up to {value}")
    return None


def _is_reduced(value: Decimal, paper: Paper) -> bool:
    """Whether less was paid, by a sum below the items whose label says nothing: a discount that was misread."""
    paid = {abs(each.value) for each in paper.having(Role.CASH, Role.CARD)}
    below = [each.value for each in paper.having(Role.NONE) if each.row.index > (paper.first_total or 0)]
    return any(0 < abs(each) < value and value - abs(each) in paid for each in below)


def _item_value(item: Sum) -> Decimal:
    """Return an item's signed value; a discount is negative however it is printed."""
    return -abs(item.value) if item.role is Role.DISCOUNT else item.value


def _last_items(value: Decimal, paper: Paper) -> Proof | None:
    """Prove by the last rows above the first total, if the numbers above those belong to another column."""
    reached = Decimal(0)
    items = paper.items
    for count, item in enumerate(reversed(items), 1):
        reached += _item_value(item)
        if count >= 2 and reached == value and count < len(items):
            edge = item.box[2]
            is_other = all(abs(each.box[2] - edge) > _SAME_EDGE for each in items[:-count])
            return Proof("last items", f"the last {count} items add up to {value}") if is_other else None
        if reached > value:
            break
    return None


def _itemized(value: Decimal, paper: Paper) -> Proof | None:
    """Prove by the same figure among the items: the only item, or the figure read in another place."""
    end = paper.first_total
    if end is not None and any(each.value == value for each in paper.having(Role.NONE) if each.row.index < end):
        return Proof("echoed", f"{value} also stands above the total")
    return None


def _card(value: Decimal, paper: Paper) -> Proof | None:
    totals = {each.row.index for each in paper.having(Role.TOTAL, Role.FINAL) if each.value == value}
    cards = {each.row.index for each in paper.having(Role.CARD) if abs(each.value) == abs(value)}
    if cards - totals:
        return Proof("card", f"paid by card: {abs(value)}")
    return None


def _repeated(value: Decimal, paper: Paper) -> Proof | None:
    rows = {each.row.index for each in has_role(paper.all, Role.TOTAL, Role.FINAL, Role.CASH) if each.value == value}
    if len(rows) >= 2:
        return Proof("repeated", f"{value} is printed as the total {len(rows)} times")
    return None


_PROOFS = (
    _change, _tendered, _tax, _unlabelled_net, _untaxed, _table, _included, _items, _last_items, _card, _paid, _rounded,
    _repeated, _itemized,
)  # fmt: skip


def _rates(text: str) -> list[Decimal]:
    """Return the percentages in a line that may be tax rates, as fractions."""
    return [rate for rate in _fractions(_RATE, text) if _LOWEST_RATE <= rate <= _HIGHEST_RATE]


_BARE_RATE = re.compile(r"(?<![\d.,])(\d{1,2})(?:[.,](\d{1,2}))?(?![\d.,%])")


def _bare_rates(text: str) -> list[Decimal]:
    """Return any small number in a line as a fraction, for lines in which the percent sign was not read."""
    return [rate for rate in _fractions(_BARE_RATE, text) if 3 * _CENT <= rate <= _HIGHEST_RATE]


def _fractions(pattern: re.Pattern[str], text: str) -> Iterator[Decimal]:
    for whole, part in pattern.findall(text[:300]):
        yield Decimal(f"{whole}.{part or 0}") / 100
