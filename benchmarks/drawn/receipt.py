"""Makes up a receipt: its seller, what was bought, and the rows in which its country prints that."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Literal

from benchmarks.drawn.countries import Country

FIRST_DAY = dt.datetime(2021, 1, 2, 7, 0)  # noqa: DTZ001 - a receipt prints the local time
DAYS = 1700
PARTS = ("city", "street", "proper", "trade", "surname", "person")
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text at a place between 0, where reading begins, and 1; `room` is the share of the width it may take."""

    text: str
    at: float = 0.0
    anchor: Anchor = "start"
    room: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Texts on one line. One that has a single cell may be broken into more lines; `rule` is a line across instead."""

    cells: tuple[Cell, ...] = ()
    scale: float = 1.0
    bold: bool = False
    flows: bool = False
    """The cells follow each other from the start."""
    rule: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An article that was bought."""

    name: str
    quantity: int
    price: Decimal

    @property
    def cost(self) -> Decimal:
        """The price of all of them."""
        return self.price * self.quantity


@dataclass(slots=True)
class Receipt:
    """The rows of a receipt, and what it says."""

    country: Country
    vendor: str
    vendor_alt: tuple[str, ...]
    at: dt.datetime
    amount: Decimal = Decimal(0)
    rows: list[Row] = field(default_factory=list)


def make_receipt(
    country: Country, chance: random.Random, is_drawable: Callable[[str], bool], *, has_own_digits: bool = False
) -> Receipt:
    """Make up a receipt; of several ways to say something only those that the typeface can draw are used."""
    return _Till(country, chance, is_drawable, has_own_digits=has_own_digits).print()


class _Till:
    """One printing of one receipt: the habits of its till are drawn once and kept."""

    def __init__(
        self, country: Country, chance: random.Random, is_drawable: Callable[[str], bool], *, has_own_digits: bool
    ) -> None:
        self.country = country
        self.chance = chance
        self.is_drawable = is_drawable
        self.has_own_digits = has_own_digits
        self.number_style = chance.choice(country.numbers)
        self.mark = self.pick(country.marks)
        self.marks_all = chance.random() < 0.25
        self.colon = chance.choice(("", "", ":"))
        self.spreads = chance.random() < 0.35
        self.rule = chance.choice("--=*.─")
        self.places = max(0, -int(Decimal(country.step).as_tuple().exponent))
        self.receipt = self.start()

    def start(self) -> Receipt:
        country = self.country
        pattern = self.pick(country.names)
        parts = {part: self.pick(getattr(country, part)) for part in PARTS}
        name = pattern.replace("[", "").replace("]", "").format(**parts)
        short = re.sub(r"\[[^\]]*\]", "", pattern).format(**parts).strip(" ,")
        at = FIRST_DAY + dt.timedelta(days=self.chance.randrange(DAYS), minutes=self.chance.randrange(14 * 60))
        return Receipt(country, name, (short,) if short != name else (), at)

    def print(self) -> Receipt:
        """Print all parts in their order."""
        self.head()
        self.particulars()
        items = self.buy()
        self.articles(items)
        self.sums(items)
        self.foot()
        return self.receipt

    def head(self) -> None:
        country, chance = self.country, self.chance
        if chance.random() < 0.2:
            self.rows.append(Row(logo=self.receipt.vendor))
        self.centre(self.receipt.vendor, scale=chance.uniform(1.3, 1.9), bold=chance.random() < 0.7)
        if chance.random() < 0.12:
            self.centre(self.fill(self.pick(country.legal)))
        self.centre(self.fill(self.pick(country.address)))
        for pattern in chance.sample(country.contact, min(len(country.contact), chance.randint(1, 3))):
            self.centre(self.fill(pattern))
        if chance.random() < 0.7:
            self.divide()
            heading = self.fill(self.pick(country.heading))
            self.centre(heading, scale=chance.choice((1.0, 1.2)), bold=chance.random() < 0.5)

    def particulars(self) -> None:
        country, chance = self.country, self.chance
        day, time = self.dated(self.pick(country.dates)), self.dated(self.pick(country.times))
        lines = [self.fill(self.pick(country.number)), self.fill(self.pick(country.cashier))][: chance.randint(0, 2)]
        date_goes_last = chance.random() < 0.15
        stamp = [(day,), (time,)] if chance.random() < 0.25 else [(day, time)]
        if chance.random() < 0.15:
            stamp = [(day,)]
        if not date_goes_last:
            place = chance.randint(0, len(lines))
            for line in lines[:place]:
                self.say(line)
            self.stamp(stamp)
            lines = lines[place:]
        for line in lines:
            self.say(line)
        self.last_stamp = stamp if date_goes_last else []

    def stamp(self, stamp: Sequence[tuple[str, ...]]) -> None:
        for texts in stamp:
            if len(texts) == 1:
                self.say(texts[0])
                continue
            parts = [part for text in texts for part in (*text.split("|"), "   ")][:-1]
            self.rows.append(Row(tuple(Cell(part) for part in parts), flows=True))

    def buy(self) -> list[Item]:
        country, chance = self.country, self.chance
        low, high = country.prices
        items = []
        for name in chance.sample(country.items, chance.randint(2, min(8, len(country.items)))):
            price = self.rounded(Decimal(low * (high / low) ** chance.random()), Decimal(country.step))
            items.append(Item(name, chance.choice((1, 1, 1, 1, 2, 2, 3)), price))
        return items

    def articles(self, items: Sequence[Item]) -> None:
        self.divide()
        style = self.chance.choice(("columns", "columns", "below", "below", "plain"))
        if style == "columns":
            self.columns(self.chance.choice(self.country.columns))
            self.divide()
        for item in items:
            cost = self.figure(item.cost)
            if style == "columns":
                self.columns((item.name, self.digits(str(item.quantity)), self.figure(item.price), cost))
            elif style == "below":
                self.rows.append(Row((Cell(item.name),)))
                count = self.digits(f"{item.quantity} x {self.figure(item.price)}")
                self.rows.append(Row((Cell(count, 0.08), Cell(cost, 1, "end"))))
            else:
                named = f"{item.quantity} {item.name}" if item.quantity > 1 else item.name
                self.rows.append(Row((Cell(self.digits(named), room=0.7), Cell(cost, 1, "end"))))
        self.divide()

    def columns(self, texts: Sequence[str]) -> None:
        name, quantity, price, cost = texts
        cells = (Cell(name, room=0.4), Cell(quantity, 0.54, "end"), Cell(price, 0.77, "end"), Cell(cost, 1, "end"))
        self.rows.append(Row(cells))

    def sums(self, items: Sequence[Item]) -> None:
        country, chance = self.country, self.chance
        total = sum((item.cost for item in items), Decimal(0))
        rate = Decimal(chance.choice(country.taxes or ("0",)))
        adds = bool(rate) and chance.random() < country.on_top
        discount = self.rounded(total / 10, Decimal(country.step)) if chance.random() < 0.2 else Decimal(0)
        if adds or discount or chance.random() < 0.3:
            self.pair(self.pick(country.subtotal), self.money(total, often=False))
        if discount:
            self.pair(self.pick(country.discount), f"-{self.money(discount, often=False)}")
            total -= discount
        tax = self.rounded(total * rate / (100 if adds else 100 + rate))
        tax_label = self.pick(country.tax or ("",)).format(rate=self.digits(str(rate)))
        if adds:
            self.pair(tax_label, self.money(tax, often=False))
            total += tax
        self.receipt.amount = self.rounded(total)
        if chance.random() < 0.3:
            self.divide()
        shown = self.money(total, often=True)
        self.pair(self.pick(country.total), shown, scale=chance.choice((1.0, 1.2, 1.4)), bold=chance.random() < 0.6)
        if rate and not adds and chance.random() < 0.5:
            self.pair(tax_label, self.money(tax, often=False))
        self.payment(total)

    def payment(self, total: Decimal) -> None:
        country, chance = self.country, self.chance
        kind = chance.choice(("cash", "cash", "card", "card", "none"))
        if kind == "cash":
            note = Decimal(chance.choice(country.notes))
            given = (total / note).quantize(Decimal(1), ROUND_CEILING) * note
            self.pair(self.pick(country.cash), self.money(given, often=False))
            self.pair(self.pick(country.change), self.money(given - total, often=False))
        elif kind == "card":
            self.pair(self.pick(country.card), self.money(total, often=False))
            if chance.random() < 0.5:
                self.say(self.fill(f"{chance.choice(('VISA', 'MASTERCARD'))} |**** **** **** ####"))

    def foot(self) -> None:
        self.divide()
        if self.last_stamp:
            self.stamp(self.last_stamp)
        for text in self.chance.sample(self.country.thanks, self.chance.randint(1, min(2, len(self.country.thanks)))):
            self.centre(self.fill(text))

    @property
    def rows(self) -> list[Row]:
        """The rows so far."""
        return self.receipt.rows

    def pick(self, options: Sequence[str]) -> str:
        """Draw one that the typeface has the letters for."""
        drawable = [option for option in options if self.is_drawable(option)]
        return self.chance.choice(drawable or list(options))

    def fill(self, pattern: str) -> str:
        """Put names and digits where the pattern has places for them."""
        text = pattern.format(**{part: self.pick(getattr(self.country, part)) for part in PARTS})
        text = re.sub(r"(?<![#\d])#", lambda _: self.chance.choice("123456789"), text)
        return self.digits(re.sub("#", lambda _: self.chance.choice("0123456789"), text))

    def dated(self, pattern: str) -> str:
        at, country = self.receipt.at, self.country
        parts = {
            "d": at.day, "dd": f"{at:%d}", "m": at.month, "mm": f"{at:%m}", "yy": f"{at:%y}", "yyyy": at.year,
            "month": country.months[at.month - 1] if country.months else "",
            "HH": f"{at:%H}", "MM": f"{at:%M}", "SS": f"{self.chance.randrange(60):02}", "hh": f"{at:%I}",
            "ampm": country.ampm[at.hour >= 12],
        }  # fmt: skip
        return self.digits(pattern.format(**parts))

    def digits(self, text: str) -> str:
        """Print the country's own digits if this till does."""
        return text.translate(str.maketrans("0123456789", self.country.digits)) if self.has_own_digits else text

    def rounded(self, amount: Decimal, step: Decimal | None = None) -> Decimal:
        step = step or Decimal(1).scaleb(-self.places)
        return max(step, (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step)

    def figure(self, amount: Decimal) -> str:
        """Write a number as the country does: `1.234,50` shows where which sign goes."""
        signs = re.sub(r"\d", "", self.number_style)
        point = signs[-1] if self.places else "."
        comma = signs[0] if len(signs) > bool(self.places) else ""
        text = f"{abs(amount):,.{self.places}f}".replace(",", "\0").replace(".", point).replace("\0", comma)
        if self.has_own_digits and self.places:
            text = text.replace(point, self.country.point)
        return self.digits(text)

    def money(self, amount: Decimal, *, often: bool) -> str:
        """Write an amount, with the currency where this till prints it."""
        return self.mark.format(self.figure(amount)) if often or self.marks_all else self.figure(amount)

    def centre(self, text: str, scale: float = 1.0, *, bold: bool = False) -> None:
        """Print in the middle, what `|` divides one after the other."""
        parts = tuple(Cell(part, 0.5, "middle") for part in text.split("|"))
        self.rows.append(Row(parts, scale, bold, flows=len(parts) > 1))

    def say(self, text: str) -> None:
        """Print a label and its value, either together or at both edges."""
        label, divider, value = text.partition("|")
        if divider and self.spreads and "|" not in value:
            self.pair(label.strip(), value)
        else:
            self.rows.append(Row(tuple(Cell(part) for part in text.split("|")), flows=True))

    def pair(self, label: str, value: str, scale: float = 1.0, *, bold: bool = False) -> None:
        """Print a label where reading begins and a value at the other edge."""
        label = label.rstrip(":")
        colon = "" if label.endswith(".") else self.colon
        cells = (Cell(label + colon), Cell(value, 1, "end"))
        self.rows.append(Row(cells, scale, bold))

    def divide(self) -> None:
        """Print a line across."""
        self.rows.append(Row(rule=self.rule))
