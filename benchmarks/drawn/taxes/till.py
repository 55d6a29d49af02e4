"""Prints a purchase as its country's tills do, and says what is printed."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from benchmarks.drawn.receipt import Cell, Row
from benchmarks.drawn.taxes.purchase import Charge, Charged, Purchase, buy, pay_cash
from benchmarks.drawn.taxes.wording import Wording
from expensed.model.breakdown import ItemKind
from expensed.model.money import minor_units

DAYS = 400
_FIRST = 0.16
"""How much wider the first column of a table is."""


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """An item as it is printed; no quantity if none is."""

    quantity: Decimal | None
    total: Decimal
    kind: ItemKind


@dataclass(slots=True)
class Bill:
    """The rows of a receipt, and what it says."""

    language: str
    currency: str
    vendor: str
    at: dt.datetime
    purchase: Purchase
    rows: list[Row] = field(default_factory=list)
    items: list[PrintedItem] = field(default_factory=list)
    taxes: list[Mapping[str, Decimal]] = field(default_factory=list)
    """Of each tax what is printed: rate, net, tax, gross."""


class Till:
    """One printing: the habits of the till are drawn once and kept."""

    def __init__(self, wording: Wording, chance: random.Random) -> None:
        self.wording, self.chance = wording, chance
        self.regime = chance.choice(wording.regimes)
        self.shop = wording.shops[chance.choice(self.regime.shops)]
        self.marks = chance.choice(self.regime.marks)
        self.mark_place = chance.choice(wording.mark_places)
        self.style = chance.choice(self.shop.styles)
        self.table = chance.choice([each for each in self.regime.tables if self.marks or not each.needs_marks])
        self.numbers, self.money_mark = chance.choice(wording.numbers), chance.choice(wording.marks)
        self.places = minor_units(wording.currency)
        self.minus_first = chance.random() < 0.75
        self.is_cash = chance.random() < 0.5
        self.times_form, self.weighed_form = chance.choice(wording.times), chance.choice(wording.weighed)
        self.joint = chance.choice((" ", " ", " x ", "x "))
        self.rule, self.colon = chance.choice("--=*─"), chance.choice(("", "", ":"))
        start = dt.datetime(self.regime.since, 1, 3, 8, 0)  # noqa: DTZ001 - a receipt prints the local time
        at = start + dt.timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(13 * 60))
        purchase = buy(wording, self.regime, self.shop, chance, is_cash=self.is_cash)
        self.bill = Bill(wording.language, wording.currency, chance.choice(self.shop.names), at, purchase)

    def print(self) -> Bill:
        """Print all parts in their order."""
        self.head()
        self.articles()
        self.sums()
        self.divide()
        for text in self.chance.sample(self.wording.thanks, 1):
            self.centre(text)
        return self.bill

    def head(self) -> None:
        wording, chance = self.wording, self.chance
        self.centre(self.bill.vendor, chance.uniform(1.2, 1.8), bold=chance.random() < 0.6)
        self.centre(self.fill(chance.choice(wording.streets)))
        self.centre(self.fill(chance.choice(self.regime.places or wording.places)))
        for text in wording.head[: chance.randint(1, len(wording.head))]:
            self.centre(self.fill(text))
        self.divide()
        details = chance.sample(wording.details, chance.randint(0, min(2, len(wording.details))))
        for text in (self.bill.at.strftime(chance.choice(wording.dates)), *map(self.fill, details)):
            self.say(text)

    def articles(self) -> None:
        self.divide()
        if self.style == "columns":
            self.columns(self.chance.choice(self.wording.columns).split("|"))
            self.divide()
        for line in self.bill.purchase.lines:
            printed = self.line(line)
            self.bill.items.append(PrintedItem(printed, line.total, line.kind))
        self.divide()

    def line(self, line: Charge) -> Decimal | None:
        """Print one line; return the quantity if it was printed."""
        is_single, is_goods = line.quantity == 1, line.kind is ItemKind.GOODS
        if not is_goods or (self.style == "plain" and is_single):
            self.amount(line.name if is_goods else f" {line.name}", line)
            return None
        if line.unit:
            return self.weighed(line)
        if self.style == "columns":
            self.columns((line.name, str(line.quantity), self.figure(line.price), self.figure(line.total)), line)
        elif self.style == "below":
            self.rows.append(Row((Cell(line.name),)))
            self.amount(f"  {self.times(line)}", line)
        elif self.style == "after":
            self.amount(line.name, line)
            if is_single:
                return None
            self.rows.append(Row((Cell(f"   {self.times(line)}"),)))
        else:
            self.amount(f"{line.quantity}{self.joint}{line.name}", line)
        return line.quantity

    def weighed(self, line: Charge) -> Decimal:
        weight = f"  {self.times(line)}"
        if self.style == "after":
            self.amount(line.name, line)
            self.rows.append(Row((Cell(weight),)))
        else:
            self.rows.append(Row((Cell(line.name),)))
            self.amount(weight, line)
        return line.quantity

    def times(self, line: Charge) -> str:
        if not line.unit:
            pattern, quantity = self.times_form, str(line.quantity)
        else:
            pattern, quantity = self.weighed_form, self.number(f"{line.quantity:.3f}")
        return pattern.format(quantity=quantity, price=self.figure(line.price), unit=line.unit)

    def amount(self, name: str, line: Charge) -> None:
        """Print what stands at the left, and the line's total with the mark of its class."""
        mark, total = self.mark_of(line.tax_class), self.figure(line.total)
        cells = [Cell(name, room=0.62)]
        if not mark or self.mark_place == "joined":
            cells.append(Cell(f"{total} {mark}".strip(), 1, "end"))
        elif self.mark_place == "apart":
            cells += [Cell(total, 0.9, "end"), Cell(mark, 1, "end")]
        else:
            cells += [Cell(mark, 0.74, "end"), Cell(total, 1, "end")]
        self.rows.append(Row(tuple(cells)))

    def columns(self, texts: Sequence[str], line: Charge | None = None) -> None:
        name, quantity, price, total = texts
        mark = self.mark_of(line.tax_class) if line else ""
        end = 0.92 if self.marks else 1.0
        cells = [Cell(name, room=0.4), Cell(quantity, 0.52, "end"), Cell(price, 0.72, "end"), Cell(total, end, "end")]
        self.rows.append(Row((*cells, Cell(mark, 1, "end")) if mark else tuple(cells)))

    def mark_of(self, tax_class: int) -> str:
        return self.marks[tax_class] if 0 <= tax_class < len(self.marks) else ""

    def sums(self) -> None:
        wording, chance, purchase = self.wording, self.chance, self.bill.purchase
        if not purchase.is_included or purchase.foot or chance.random() < 0.25:
            self.pair(chance.choice(wording.subtotal), self.money(purchase.subtotal))
        for charge in purchase.foot:
            self.pair(charge.name, self.money(charge.total))
            self.bill.items.append(PrintedItem(None, charge.total, charge.kind))
        is_above = self.table.is_above or not purchase.is_included
        if is_above:
            self.tax_table()
        if purchase.rounding or (wording.rounding and chance.random() < 0.2):
            self.round(purchase)
        scale = chance.choice((1.0, 1.2, 1.4))
        self.pair(
            chance.choice(wording.total), self.money(purchase.total, often=True), scale, bold=chance.random() < 0.6
        )
        pays_first = is_above or chance.random() < 0.6
        if pays_first:
            self.pay()
        if not is_above:
            self.tax_table()
        if not pays_first:
            self.pay()

    def round(self, purchase: Purchase) -> None:
        rounding = self.wording.rounding
        if rounding is None:
            return
        if self.chance.random() < 0.5:
            self.pair(self.chance.choice(self.wording.before), self.money(purchase.exact))
        self.pair(self.chance.choice(rounding.labels), self.money(purchase.rounding))
        if purchase.rounding:
            self.bill.items.append(PrintedItem(None, purchase.rounding, ItemKind.ROUNDING))

    def pay(self) -> None:
        wording, total = self.wording, self.bill.purchase.total
        if not self.is_cash:
            self.pair(self.chance.choice(wording.card), self.money(total))
            return
        given = pay_cash(total, wording, self.chance)
        self.pair(self.chance.choice(wording.cash), self.money(given))
        self.pair(self.chance.choice(wording.change), self.money(given - total))

    def tax_table(self) -> None:
        """Print the taxes, and keep what is printed of each."""
        table, taxes = self.table, self.bill.purchase.taxes
        if not self.bill.purchase.is_included and not taxes:
            return
        if table.head:
            self.divide()
        sums = self.tax_sums(taxes)
        for text in table.head:
            self.say(text)
        for each in taxes[:1] if table.is_sum else self.one_each(taxes):
            figures = sums | self.tax_figures(each)
            for row in table.rows:
                self.say(row.format(**figures))
        for text in table.total:
            self.say(text.format(**sums))
        self.bill.taxes = list(self.printed(taxes))

    def one_each(self, taxes: Sequence[Charged]) -> Iterator[Charged]:
        """Yield the taxes, of a group that has one line the first."""
        seen = set()
        for each in taxes:
            if not self.table.is_grouped or each.tax_class not in seen:
                yield each
            seen.add(each.tax_class)

    def printed(self, taxes: Sequence[Charged]) -> Iterator[Mapping[str, Decimal]]:
        if self.table.is_sum:
            yield {"tax": sum((each.tax for each in taxes), Decimal(0))}
            return
        for each in taxes:
            values = {"rate": each.rate, "net": each.net, "tax": each.tax, "gross": each.gross}
            yield {name: value for name, value in values.items() if self.table.prints(name)}

    def tax_sums(self, taxes: Sequence[Charged]) -> dict[str, str]:
        alone = {each.tax_class: each for each in taxes}.values()
        tax = sum((each.tax for each in taxes), Decimal(0))
        net = sum((each.net for each in alone), Decimal(0))
        return {"taxes": self.figure(tax), "nets": self.figure(net), "grosses": self.figure(net + tax)}

    def tax_figures(self, each: Charged) -> dict[str, str]:
        return {
            "name": each.name, "mark": self.mark_of(each.tax_class), "number": str(each.tax_class + 1),
            "rate": self.number(f"{each.rate.normalize():f}"), "rate1": self.number(f"{each.rate:.1f}"),
            "rate2": self.number(f"{each.rate:.2f}"),
            "net": self.figure(each.net), "tax": self.figure(each.tax), "gross": self.figure(each.gross),
        }  # fmt: skip

    @property
    def rows(self) -> list[Row]:
        """The rows so far."""
        return self.bill.rows

    def fill(self, pattern: str) -> str:
        """Put digits where the pattern has places for them."""
        return re.sub("#", lambda _: self.chance.choice("123456789"), pattern)

    def number(self, plain: str) -> str:
        """Write a number with the country's decimal sign."""
        return plain.replace(".", re.sub(r"\d", "", self.numbers)[-1])

    def figure(self, amount: Decimal | None) -> str:
        """Write an amount as the country does: `1.234,50` shows where which sign goes."""
        signs = re.sub(r"\d", "", self.numbers)
        comma = signs[0] if len(signs) > 1 else ""
        value = amount or Decimal(0)
        text = f"{abs(value):,.{self.places}f}".replace(",", "\0").replace(".", signs[-1]).replace("\0", comma)
        return text if value >= 0 else f"-{text}" if self.minus_first else f"{text}-"

    def money(self, amount: Decimal, *, often: bool = False) -> str:
        """Write an amount, with the currency if that is often done."""
        return self.money_mark.format(self.figure(amount)) if often else self.figure(amount)

    def centre(self, text: str, scale: float = 1.0, *, bold: bool = False) -> None:
        self.rows.append(Row((Cell(text, 0.5, "middle"),), scale, bold))

    def say(self, text: str) -> None:
        """Print what `|` divides: one text from the left, or texts in columns over the whole width."""
        first, *others = text.split("|")
        first_at = _FIRST if len(others) > 1 else 0.0
        step = (1 - first_at) / max(len(others), 1)
        ends = [Cell(each, first_at + place * step, "end") for place, each in enumerate(others, 1)]
        self.rows.append(Row((Cell(first), *ends)))

    def pair(self, label: str, value: str, scale: float = 1.0, *, bold: bool = False) -> None:
        self.rows.append(Row((Cell(label + self.colon), Cell(value, 1, "end")), scale, bold))

    def divide(self) -> None:
        self.rows.append(Row(rule=self.rule))


def print_bill(wording: Wording, chance: random.Random) -> Bill:
    """Make up a purchase and print it."""
    return Till(wording, chance).print()
