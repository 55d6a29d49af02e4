"""Turn the lines, allowances and charges of an e-invoice into items: exactly what it says, proven where it multiplies.

In a credit note, quantities and totals have the sign of its amount; prices keep theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from expensed.codes.machine_values import parse_decimal
from expensed.extraction.invoice.charge_kinds import kind_of_change, kind_of_line
from expensed.extraction.invoice.figures import (
    is_rounded,
    parse_count,
    parse_rate,
    price_of_one,
    round_to_step,
    shorten,
)
from expensed.extraction.invoice.units import show_unit
from expensed.extraction.page.lines import clean_text
from expensed.model.breakdown import Item, ItemKind
from expensed.model.money import with_decimals
from expensed.model.reading import Change, EInvoice, InvoiceLine

_LONGEST = 300
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Whole:
    """What the lines of one invoice have in common."""

    syntax: str
    currency: str | None
    turn: int
    """-1 if the signs of the XML are turned, as in a credit note that states positive amounts."""
    direction: int
    """The sign of what is bought: -1 in a credit note."""

    def money(self, amount: Decimal) -> Decimal:
        """Return an amount with its sign and the decimals of the currency."""
        return with_decimals(self.turn * amount + 0, self.currency)


def list_items(invoice: EInvoice, whole: Whole) -> tuple[Item, ...]:
    """Return an item for each line."""
    items = [_item(line, whole) for line in invoice.lines]
    return tuple(item for item in items if item is not None)


def list_changes(invoice: EInvoice, whole: Whole) -> tuple[Item, ...]:
    """Return an item for each allowance and charge on the whole, or one for their sum where only that is stated."""
    items = [*_changed(invoice, whole, is_charge=False), *_changed(invoice, whole, is_charge=True)]
    return tuple(item for item in items if item is not None)


def _changed(invoice: EInvoice, whole: Whole, *, is_charge: bool) -> list[Item | None]:
    """Return the allowances or the charges; their signs are those of their sum, if it is stated with the other one."""
    listed = [change for change in invoice.changes if change.is_charge is is_charge]
    stated = parse_decimal(invoice.charges if is_charge else invoice.allowances)
    if not listed:
        return [_change(Change(is_charge, f"{stated:f}"), 1, whole)] if stated else []
    made = sum((parse_decimal(change.amount) or Decimal(0) for change in listed), Decimal(0))
    sign = -1 if made and stated == -made else 1
    return [_change(change, sign, whole) for change in listed]


def _change(change: Change, sign: int, whole: Whole) -> Item | None:
    amount = parse_decimal(change.amount)
    if not amount:
        return None
    return Item(
        kind=kind_of_change(change),
        description=_text(change.reason),
        total=whole.money(sign * amount if change.is_charge else -sign * amount),
        tax_rate=parse_rate(change.rate, change.category),
    )


def _item(line: InvoiceLine, whole: Whole) -> Item | None:
    """Return the item; None for a line that says nothing."""
    quantity, price, total = parse_count(line.quantity), parse_decimal(line.price), parse_decimal(line.total)
    description = _text(line.description)
    if description is None and total is None:
        return None
    sign = -whole.turn if line.is_before else whole.turn
    worked = _work_out(line, quantity, price)
    is_proven = worked is not None and total is not None and is_rounded(worked.total, total, whole.currency)
    return Item(
        kind=_kind(line, quantity, price, total, whole),
        description=description,
        quantity=None if quantity is None else sign * quantity + 0,
        unit=show_unit(line.unit, whole.syntax),
        unit_price=_unit_price(line, price),
        discount=_discount(line, worked if is_proven else None, sign, whole),
        total=None if total is None else with_decimals(sign * total + 0, whole.currency),
        tax_rate=parse_rate(line.rate, line.category),
        proof=worked.show(sign) if is_proven and worked is not None else None,
    )


def _text(text: str | None) -> str | None:
    return clean_text(text or "", _LONGEST) or None


def _unit_price(line: InvoiceLine, price: Decimal | None) -> Decimal | None:
    count = parse_count(line.price_quantity) if line.price_quantity else Decimal(1)
    return None if price is None or count is None else price if count == 1 else price_of_one(price, count)


def _kind(
    line: InvoiceLine, quantity: Decimal | None, price: Decimal | None, total: Decimal | None, whole: Whole
) -> ItemKind:
    """Return what the dialect calls it; a negative price takes money off, a negative quantity gives goods back."""
    known = kind_of_line(line.kind)
    if line.is_before:
        return ItemKind.VOID
    if known is not None:
        return known
    is_against = total is not None and total * whole.turn * whole.direction < 0
    gives_back = quantity is not None and quantity * whole.turn * whole.direction < 0
    return ItemKind.DISCOUNT if is_against and not gives_back and price is not None else ItemKind.GOODS


@dataclass(frozen=True, slots=True)
class _Product:
    """A quantity times a price, with what was changed: of the price itself, or of the product."""

    quantity: Decimal
    price: Decimal
    count: Decimal
    changes: tuple[Decimal, ...]
    is_per_unit: bool

    @property
    def changed(self) -> Decimal:
        """All changes of the line together."""
        change = sum(self.changes, Decimal(0))
        return change * self.quantity if self.is_per_unit else change

    @property
    def total(self) -> Decimal:
        """What the line comes to."""
        return self.quantity * self.price / self.count + self.changed

    def show(self, sign: int) -> str:
        """Return it as people write it: `2 x 3.50`, `250 x 12.00 / 100`, `2 x 3.50 − 1.00`, `2 x (3.50 − 0.50)`."""
        factor = 1 if self.is_per_unit else sign
        changes = "".join(f" {'−' if factor * each < 0 else '+'} {shorten(abs(each)):f}" for each in self.changes)
        count = "" if self.count == 1 else f" / {self.count:f}"
        price = f"({self.price:f}{changes})" if self.is_per_unit and changes else f"{self.price:f}"
        return f"{sign * self.quantity:f} x {price}{count}{'' if self.is_per_unit else changes}"


def _work_out(line: InvoiceLine, quantity: Decimal | None, price: Decimal | None) -> _Product | None:
    """Return the product by which the line should come to its total; None if a figure of it is not given."""
    count = parse_count(line.price_quantity) if line.price_quantity else Decimal(1)
    if quantity is None or price is None or not count:
        return None
    changes = _changes(line.changes, price if line.is_per_unit else quantity * price / count)
    return None if changes is None else _Product(quantity, price, count, changes, line.is_per_unit)


def _changes(changes: Sequence[Change], start: Decimal) -> tuple[Decimal, ...] | None:
    """Return what each change adds or takes off, one after the other; None if one is not given."""
    found: list[Decimal] = []
    for change in changes:
        amount, percent = parse_decimal(change.amount), parse_decimal(change.percent)
        if amount is None and percent is not None and change.amount is None:
            amount = (start + sum(found)) * percent / _HUNDRED
        if amount is None:
            return None
        if amount:
            found.append(amount if change.is_charge else -amount)
    return tuple(found)


def _discount(line: InvoiceLine, worked: _Product | None, sign: int, whole: Whole) -> Decimal | None:
    """Return what was taken off the line; where it is a share or that of one unit, only if the line comes out right."""
    stated = [parse_decimal(each.amount) for each in line.changes if not each.is_charge]
    if line.is_per_unit or None in stated:
        if worked is None:
            return None
        taken = sum((each for each in worked.changes if each < 0), Decimal(0))
        taken = round_to_step(taken * (worked.quantity if line.is_per_unit else 1), whole.currency)
    else:
        taken = -sum((each for each in stated if each is not None), Decimal(0))
    return with_decimals(sign * taken, whole.currency) if taken else None
