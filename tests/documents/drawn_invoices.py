"""Invoices drawn at random, in whole cents, with what each must be read as; the dialects write them down.

Sums are made here, before anything is written, so that they owe nothing to what reads them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

FEATURES = (
    "plain",
    "several rates",
    "credit note",
    "added to the amount due",
    "allowance and charge",
    "foreign currency",
    "prepaid",
    "paid in full",
    "untaxed",
    "everything",
)
"""One for each drawn document; a dialect that has no room for one leaves it out."""
_NAMES = (
    "Żuraw Łódź Sp. z o.o.",
    "Ñandú & Hijos, S.L.",
    "Größmann Holzbau GmbH",
    "Řehoř Pekařství s.r.o.",
    "Äyräs Öljy Oy",
)
_ITEMS = ("Kaffee & Kuchen", "Papír 80 g", "Consultoría <junio>", "Kuljetus", "Śruby M4")


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in per cent, with the cents of its base and its tax."""

    percent: str
    base: int
    tax: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """An invoice in cents, all positive; a dialect writes a credit note with the signs that its schema asks for."""

    feature: str
    seller: str
    number: str
    day: date
    due_day: date
    currency: str
    rates: tuple[Rate, ...]
    allowance: int
    charge: int
    prepaid: int
    added: int
    reference: str
    items: tuple[str, ...]

    @property
    def is_credit(self) -> bool:
        return self.feature == "credit note"

    @property
    def net(self) -> int:
        return sum(rate.base for rate in self.rates)

    @property
    def tax(self) -> int:
        return sum(rate.tax for rate in self.rates)

    @property
    def total(self) -> int:
        return self.net + self.tax

    @property
    def due(self) -> int:
        return self.total - self.prepaid + self.added

    @property
    def lines(self) -> int:
        """The sum of the lines, before what is taken off or put on the whole."""
        return self.net + self.allowance - self.charge


def draw(feature: str, seed: int, *, percents: Sequence[str], home: str, foreign: str) -> Drawn:
    """Draw an invoice that shows a feature, with rates and currencies as they occur in its country."""
    dice = random.Random(f"{feature} {seed}")
    everything = feature == "everything"
    taxed = [percent for percent in percents if percent != "0"]
    count = len(percents) if feature == "several rates" or everything else dice.randint(1, 2)
    chosen = ["0"] if feature == "untaxed" else dice.sample(percents if count > 1 else taxed, count)
    rates = tuple(_rate(percent, dice.randint(200, 9_999_999)) for percent in chosen)
    day = date(2023, 1, 1) + timedelta(days=dice.randrange(700))
    drawn = Drawn(
        feature=feature,
        seller=dice.choice(_NAMES),
        number=f"{dice.choice('ABC')}-{dice.randint(1, 99999)}/{day.year}",
        day=day,
        due_day=day + timedelta(days=dice.choice((7, 14, 30, 60))),
        currency=foreign if feature == "foreign currency" or everything else home,
        rates=rates,
        allowance=dice.randint(1, 5000) if feature == "allowance and charge" or everything else 0,
        charge=dice.randint(1, 5000) if feature == "allowance and charge" or everything else 0,
        prepaid=0,
        added=dice.randint(1, 99) if feature == "added to the amount due" or everything else 0,
        reference=f"{dice.randint(10**8, 10**9)}",
        items=tuple(dice.sample(_ITEMS, dice.randint(1, 3))),
    )
    if feature == "paid in full":
        return replace(drawn, prepaid=drawn.total)
    return replace(drawn, prepaid=dice.randint(1, drawn.total - 1)) if feature == "prepaid" or everything else drawn


def _rate(percent: str, base: int) -> Rate:
    """The tax on a base, rounded half up; a rate has at most one decimal."""
    whole, _, tenth = percent.partition(".")
    thousandths = int(whole) * 10 + int(tenth or 0)
    return Rate(percent, base, (base * thousandths + 500) // 1000)


def cents(amount: int, *, point: str = ".") -> str:
    """Write cents as an amount."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}{point}{rest:02d}"


def escape(text: str) -> str:
    """Write text for XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


PLAIN = Drawn(
    feature="plain",
    seller="Adler Werkzeug",
    number="7/2024",
    day=date(2024, 3, 14),
    due_day=date(2024, 4, 14),
    currency="EUR",
    rates=(Rate("20", 10_000, 2_000),),
    allowance=0,
    charge=0,
    prepaid=0,
    added=0,
    reference="RF18539007547034",
    items=("Bohrer",),
)
"""An invoice with one rate and nothing unusual."""
