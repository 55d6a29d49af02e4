"""Break a document's total down into items and taxes, and tell which of its sums they prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.proofs import Paper, Proof
from expensed.extraction.items.find_items import ItemsFound, find_items
from expensed.extraction.items.kinds import kind_by_words
from expensed.extraction.items.lines import Line, drop_percents, read_lines
from expensed.extraction.page.lines import Row
from expensed.extraction.taxes.find_taxes import TaxesFound, find_taxes
from expensed.extraction.taxes.labels import is_tax
from expensed.extraction.taxes.rates import fits_net
from expensed.model.adding_up import prove_by_items
from expensed.model.breakdown import CheckedSum, Item, ItemKind, SumName, TaxLine

_STEPS = (Role.TAX, Role.TIP, Role.SERVICE, Role.DISCOUNT, Role.BALANCE, Role.ROUNDING)
_CHARGED = frozenset((ItemKind.SERVICE, ItemKind.DELIVERY, ItemKind.FEE))
_TELLING_TAX = Decimal("0.30")
_COIN = Decimal("0.05")
_FEWEST_TO_PROVE = 2
_NAMES = {Role.SUBTOTAL: SumName.SUBTOTAL, Role.NET: SumName.NET}


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What a document is made of."""

    items: tuple[Item, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    sums: tuple[CheckedSum, ...] = ()
    tax: Decimal | None = None
    """All taxes together; None if none is found."""
    is_plain: bool = False
    """Whether the items plainly add up to the total."""
    doubt: str | None = None
    """A sentence about a charge that the total may lack."""


def find_breakdown(rows: Sequence[Row], found: AmountFound, currency: str | None) -> Breakdown:
    """Return the items, taxes and sums of the rows; those of a credit have the sign of its amount.

    The proofs write amounts with the decimals of the currency.
    """
    amount = found.candidates[0].value if found.candidates else None
    total = None if amount is None else abs(amount)
    is_signed = amount is not None and amount < 0 and any(each.value == amount for each in found.sums)
    sums = [replace(each, value=-each.value) for each in found.sums] if is_signed else found.sums
    lines = read_lines(rows, sums)
    items = find_items(lines, sums, total)
    taxes = find_taxes(lines, sums, total)
    found = replace(found, paper=Paper(sums)) if is_signed else found
    checked = _sums(items, taxes, found, total)
    is_included = _is_included(items, taxes, total)
    breakdown = Breakdown(
        _with_rates(items.items, taxes.lines),
        tuple(replace(each, is_included=is_included) for each in taxes.lines),
        tuple(checked),
        taxes.total if taxes.lines else None,
        items.is_plain and items.value == total,
        _charge_doubt(found, lines),
    )
    breakdown = _turned(breakdown) if amount is not None and amount < 0 else breakdown
    if items.value is None and len(items.items) < _FEWEST_TO_PROVE:
        return breakdown  # a line that only repeats a total proves nothing
    is_labelled = amount is not None and (found.candidates[0].is_total or items.role not in _NAMES)
    return _prove_by_items(breakdown, currency, is_labelled=is_labelled)


def _prove_by_items(breakdown: Breakdown, currency: str | None, *, is_labelled: bool) -> Breakdown:
    """Return the breakdown with the proofs of its sums by items; a total has one only if it is labelled as such."""
    sums = (
        replace(each, proof=prove_by_items(each, breakdown.items, breakdown.taxes, currency) or each.proof)
        if is_labelled or each.name is not SumName.TOTAL
        else each
        for each in breakdown.sums
    )
    return replace(breakdown, sums=tuple(sums))


def prove_amount(found: AmountFound, breakdown: Breakdown) -> AmountFound:
    """Return the amounts with proofs for the best one if its taxes explain it, or if its items plainly add up to it."""
    by_taxes = next((each.proof for each in breakdown.sums if each.name is SumName.TAX), None)
    added = [] if by_taxes is None else [Proof("taxes", by_taxes)]
    total = next((each for each in breakdown.sums if each.name is SumName.TOTAL), None)
    if by_taxes is None and total is not None and total.proof is not None and _is_plain(found, breakdown):
        added.append(Proof("items", total.proof))
    if not added:
        return found
    best = found.candidates[0]
    proofs = {**found.proofs, best.value: [*found.proofs.get(best.value, []), *added]}
    first = replace(best, proof=best.proof or added[0].sentence)
    return replace(found, candidates=[first, *found.candidates[1:]], proofs=proofs)


def _charge_doubt(found: AmountFound, lines: Sequence[Line]) -> str | None:
    """Return a doubt if something is charged below the best amount that it may lack.

    Below a mere subtotal that is anything; below a total it is delivery, service, a fee, or a rounding by more than a
    coin, unless just this total was paid.
    """
    if not found.candidates:
        return None
    value = abs(found.candidates[0].value)
    here = [each for each in found.sums if abs(each.value) == value]
    roles = {each.role for each in here}
    is_subtotal = bool(roles & {Role.SUBTOTAL, Role.NET}) and roles <= {Role.SUBTOTAL, Role.NET, Role.NONE}
    if not here or (not is_subtotal and roles & {Role.CASH, Role.CARD}):
        return None
    last = max(each.row.index for each in here)
    for line in lines:
        price = line.prices[-1].value if line.row.index > last and len(line.prices) == 1 else None
        if price and abs(price) < value and (_is_added(line) or (is_subtotal and _is_taxed(line))):
            return f"{line.description[:40]!r} of {price} stands below {value} and may not be part of it."
    return None


def _is_added(line: Line) -> bool:
    if line.role is Role.ROUNDING:
        return abs(line.prices[-1].value) > _COIN
    if line.role is Role.SERVICE:
        return True
    return line.role is Role.NONE and kind_by_words(line.words) in _CHARGED


def _is_taxed(line: Line) -> bool:
    return line.role in (Role.TAX, Role.TIP) or is_tax(line)


def net_doubt(breakdown: Breakdown, amount: Decimal | None) -> str | None:
    """Return a doubt if an amount that nothing explains is what a tax was calculated on, and so lacks it."""
    is_explained = any(each.name is SumName.TAX and each.proof is not None for each in breakdown.sums)
    if amount is None or is_explained:
        return None
    for each in breakdown.taxes:
        if each.rate and each.tax and abs(each.tax) >= _TELLING_TAX and fits_net(abs(amount), abs(each.tax), each.rate):
            return f"{amount} is without the tax of {each.tax} that stands on it."
    return None


def _is_plain(found: AmountFound, breakdown: Breakdown) -> bool:
    """Whether a labelled total has items that plainly add up to it, and nothing is added or taken off beside them."""
    steps = any(each.value for each in found.paper.having(*_STEPS))
    return found.candidates[0].is_total and breakdown.is_plain and not steps


def _sums(items: ItemsFound, taxes: TaxesFound, found: AmountFound, total: Decimal | None) -> list[CheckedSum]:
    checked = []
    for role, name in _NAMES.items():
        values = [each.value for each in found.paper.having(role)]
        proven = next((value for value in values if value == items.value), None)
        if role is Role.NET and proven is None and total is not None:
            values = [value for value in values if taxes.total and value + taxes.total == total]
        if values:
            value = values[-1] if proven is None else proven
            checked.append(CheckedSum(name=name, value=value))
    if taxes.lines and taxes.total is not None:
        checked.append(CheckedSum(name=SumName.TAX, value=taxes.total, proof=taxes.proof))
    if total is not None:
        checked.append(CheckedSum(name=SumName.TOTAL, value=total, proof=taxes.proof))
    return checked


def _is_included(items: ItemsFound, taxes: TaxesFound, total: Decimal | None) -> bool | None:
    """Return whether the prices contain the taxes: they do if they add up to the total, not if to less by the taxes."""
    if not taxes.total or total is None or items.value is None:
        return taxes.is_included
    if items.value == total:
        return True
    return False if items.value + taxes.total <= total else taxes.is_included


def _with_rates(items: tuple[Item, ...], taxes: tuple[TaxLine, ...]) -> tuple[Item, ...]:
    """Return the items with the rates that their marks refer to; these are no part of their names."""
    rates = {each.mark: each.rate for each in taxes if each.rate is not None}
    known = {each.rate for each in taxes if each.rate is not None}
    return tuple(
        replace(
            each,
            description=drop_percents(each.description or "", known if each.kind is ItemKind.GOODS else None) or None,
            tax_rate=each.tax_rate if each.tax_rate in known else rates.get(each.tax_mark),
        )
        for each in items
    )


def _turned(breakdown: Breakdown) -> Breakdown:
    """Return the breakdown of a credit, with the signs of money that comes back."""
    return Breakdown(
        tuple(replace(each, total=_minus(each.total)) for each in breakdown.items),
        tuple(
            replace(each, net=_minus(each.net), tax=_minus(each.tax), gross=_minus(each.gross))
            for each in breakdown.taxes
        ),
        tuple(replace(each, value=-each.value) for each in breakdown.sums),
        _minus(breakdown.tax),
        breakdown.is_plain,
        breakdown.doubt,
    )


def _minus(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value
