"""What is bought, what is charged and taxed, and to how much it adds up."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from benchmarks.drawn.taxes.wording import Good, Regime, Shop, Wording
from expensed.model.breakdown import ItemKind

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Charge:
    """A line that charges or takes off something."""

    name: str
    total: Decimal
    tax_class: int
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    unit: str = ""
    kind: ItemKind = ItemKind.GOODS


@dataclass(frozen=True, slots=True)
class Charged:
    """One tax as it is charged."""

    place: int
    """Among the taxes of its regime."""
    name: str
    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    tax_class: int
    """The first class it is on."""


@dataclass
class Purchase:
    """A purchase: its lines in their order, its taxes and sums."""

    lines: list[Charge]
    foot: list[Charge] = field(default_factory=list)
    """Discount and service charge below the subtotal."""
    taxes: list[Charged] = field(default_factory=list)
    rounding: Decimal = Decimal(0)
    is_included: bool = True

    @property
    def subtotal(self) -> Decimal:
        """The sum of the lines."""
        return sum((each.total for each in self.lines), Decimal(0))

    @property
    def exact(self) -> Decimal:
        """The total before it is rounded."""
        added = Decimal(0) if self.is_included else sum((each.tax for each in self.taxes), Decimal(0))
        return self.subtotal + sum((each.total for each in self.foot), Decimal(0)) + added

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.exact + self.rounding

    def of_classes(self, classes: Sequence[int]) -> Decimal:
        """Return the sum of all that is taxed by these classes."""
        return sum((each.total for each in (*self.lines, *self.foot) if each.tax_class in classes), Decimal(0))


def buy(wording: Wording, regime: Regime, shop: Shop, chance: random.Random, *, is_cash: bool) -> Purchase:
    """Draw a purchase."""
    taxed = {each for tax in regime.taxes for each in tax.on}
    goods = [each for each in shop.goods if each.tax_class in taxed or not regime.is_included or chance.random() < 0.6]
    picked = chance.sample(goods, min(len(goods), chance.randint(2, 8)))
    if not any(each.tax_class in taxed for each in picked):
        picked.append(next(each for each in goods if each.tax_class in taxed))
    purchase = Purchase([line for good in picked for line in _take(good, wording, chance)])
    purchase.is_included = regime.is_included
    purchase.foot = list(_foot(purchase, wording, shop, chance))
    purchase.taxes = list(_tax(purchase, regime, chance))
    purchase.rounding = _round(purchase.exact, wording, chance, is_cash=is_cash)
    return purchase


def _take(good: Good, wording: Wording, chance: random.Random) -> Iterator[Charge]:
    price = _to_grain(Decimal(good.low * (good.high / good.low) ** chance.random()), wording.grain)
    quantity = Decimal(chance.choice((1, 1, 1, 1, 1, 2, 2, 3)))
    if good.unit:
        quantity = Decimal(chance.randint(120, 2400)) / 1000
    total = _to_grain(price * quantity, wording.grain if not good.unit else max(CENT, wording.grain))
    yield Charge(good.name, total, good.tax_class, quantity, price, good.unit)
    deposit = wording.deposit
    if deposit and good.name in deposit.beside:
        yield Charge(
            chance.choice(deposit.names), quantity * Decimal(deposit.price), deposit.tax_class, quantity,
            Decimal(deposit.price), kind=ItemKind.DEPOSIT,
        )  # fmt: skip
    elif chance.random() < 0.07:
        off = -_to_grain(total * chance.choice((10, 20, 25, 30)) / HUNDRED, wording.grain)
        yield Charge(chance.choice(wording.discount), off, good.tax_class, kind=ItemKind.DISCOUNT)


def _foot(purchase: Purchase, wording: Wording, shop: Shop, chance: random.Random) -> Iterator[Charge]:
    """Yield a discount on everything, which has one tax class then, or a service charge."""
    classes = {each.tax_class for each in purchase.lines}
    if len(classes) == 1 and chance.random() < 0.2:
        off = -_to_grain(purchase.subtotal * chance.choice((5, 10, 15)) / HUNDRED, wording.grain)
        yield Charge(chance.choice(wording.discount), off, classes.pop(), kind=ItemKind.DISCOUNT)
    elif chance.random() < shop.service:
        charge = _to_grain(purchase.subtotal * Decimal(wording.service_rate) / HUNDRED, CENT)
        yield Charge(chance.choice(wording.service), charge, wording.service_class, kind=ItemKind.SERVICE)


def _tax(purchase: Purchase, regime: Regime, chance: random.Random) -> Iterator[Charged]:
    habit = chance.randrange(60)
    for place, tax in enumerate(regime.taxes):
        base = purchase.of_classes(tax.on)
        together = [Decimal(each.rate) for each in regime.taxes if each.on == tax.on]
        if not base:
            continue
        if regime.is_included:
            own = [_to_grain(base * rate / (HUNDRED + sum(together)), CENT) for rate in together]
            amount, net = _to_grain(base * Decimal(tax.rate) / (HUNDRED + sum(together)), CENT), base - sum(own)
        else:
            amount, net = _to_grain(base * Decimal(tax.rate) / HUNDRED, CENT), base
        gross = base if regime.is_included else net + amount
        yield Charged(place, tax.names[habit % len(tax.names)], Decimal(tax.rate), net, amount, gross, tax.on[0])


def _round(exact: Decimal, wording: Wording, chance: random.Random, *, is_cash: bool) -> Decimal:
    rounding = wording.rounding
    if rounding is None or (rounding.cash_only and not is_cash) or chance.random() >= rounding.share:
        return Decimal(0)
    return _to_grain(exact, Decimal(rounding.step)) - exact


def pay_cash(total: Decimal, wording: Wording, chance: random.Random) -> Decimal:
    """Return the cash that is given: the next multiple of a note."""
    note = Decimal(chance.choice(wording.notes))
    return (total / note).quantize(Decimal(1), ROUND_CEILING) * note


def _to_grain(amount: Decimal, grain: Decimal) -> Decimal:
    """Return the nearest multiple of the grain, at least one of them."""
    return max(Decimal(1) if amount else Decimal(0), (amount / grain).quantize(Decimal(1), ROUND_HALF_UP)) * grain
