"""Draws business papers of a few countries as words with their places, without pixels: what a text layer would give."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import msgspec

from benchmarks.drawn.countries import WORDS
from expensed.model.reading import Page, Reading, Word

WIDTH, HEIGHT = 595.0, 842.0
LETTER = 10.0
STEP = 18.0
_LEFT, _RIGHT, _TOP = 50.0, 545.0, 50.0
_WIDE = 0.52
"""The width of a letter by its height."""


class Wording(msgspec.Struct, rename="kebab"):
    """How invoices of a country are worded; `{}` stands for a number or a date."""

    currency: str
    mark: str
    numbers: str
    """How 1234.5 is written."""
    rate: int
    dates: list[str]
    sellers: list[str]
    address: list[str]
    items: list[str]
    net: str
    tax: str
    total: str
    invoice: str
    dated: str
    issued: list[str]
    quotation: list[str]
    pro_forma: list[str]
    order: list[str]
    reminder: list[str]
    others: list[str]
    credit: list[str]
    cited: list[str]
    only: list[str]
    print: list[str]
    related: list[str]
    carried: str
    mail: list[str]


@dataclass(frozen=True, slots=True)
class Line:
    """One or two texts at one height: `right` ends at the right edge, or begins at `at`."""

    text: str
    right: str = ""
    size: float = 1.0
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Case:
    """A paper, what a user wants of it, and what must never be filed unattended."""

    kind: str
    """The kind of fault, as its folder is called."""
    name: str
    pages: tuple[tuple[Line, ...], ...]
    want: dict[str, Any] = field(default_factory=dict)  # fields of the answer, by name
    never: dict[str, Any] = field(default_factory=dict)  # the same, all together
    review: bool = True
    """Whether a review is tolerated."""

    @property
    def reading(self) -> Reading:
        """Its words, as read."""
        return Reading("application/pdf", "none", tuple(_page(n, lines) for n, lines in enumerate(self.pages, 1)))


@dataclass(frozen=True, slots=True)
class Sums:
    """Net, tax and total of some items."""

    items: tuple[tuple[str, Decimal], ...]
    net: Decimal
    tax: Decimal

    @property
    def total(self) -> Decimal:
        """With the tax."""
        return self.net + self.tax


@cache
def load_wordings() -> dict[str, Wording]:
    """Return the wordings by language."""
    table = tomllib.loads((WORDS / "papers.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table, dict[str, Wording])


class Clerk:
    """Writes the papers of one country; what it draws by chance is seeded."""

    def __init__(self, wording: Wording, chance: random.Random) -> None:
        self.wording, self.chance = wording, chance
        self.seller = chance.choice(wording.sellers)
        self.has_columns = chance.random() < 0.5
        self.form = chance.choice(wording.dates)
        self.places = (
            2 if re.search(r"\d[.,]\d+$", wording.numbers) and "234," in wording.numbers.replace(".", ",") else 0
        )
        self.number = f"{chance.choice(('', '', 'A-', 'RE', '2024-'))}{chance.randint(11, 9876)}"

    def day(self) -> date:
        """Draw a day after the twelfth of a month, so that it has only one reading."""
        return date(self.chance.choice((2022, 2023, 2024)), self.chance.randint(1, 12), self.chance.randint(13, 28))

    def written(self, day: date) -> str:
        """Write a day as the country does."""
        return day.strftime(self.form)

    def sums(self) -> Sums:
        """Draw a few items, with their tax."""
        step = Decimal(10) ** -self.places
        scale = 1 if self.places else 100
        items = tuple((name, Decimal(self.chance.randint(1200, 60000)) / 100 * scale) for name in self.wording.items)
        items = tuple((name, cost.quantize(step)) for name, cost in items)
        net = sum((cost for _, cost in items), Decimal(0))
        return Sums(items, net, (net * self.wording.rate / 100).quantize(step, ROUND_HALF_UP))

    def money(self, amount: Decimal) -> str:
        """Write an amount with its currency."""
        signs = re.sub(r"\d", "", self.wording.numbers)
        comma, point = signs[0], signs[-1]
        text = f"{amount:,.{self.places}f}".replace(",", "\0").replace(".", point).replace("\0", comma)
        return self.wording.mark.format(text)

    def pair(self, label: str, value: str) -> Line:
        """Write a label and a value, in two columns or as one text."""
        return Line(label, value) if self.has_columns else Line(f"{label} {value}")

    def head(self) -> list[Line]:
        """Write the seller, larger than the rest, and the address."""
        return [Line(self.seller, size=1.3), *map(Line, self.wording.address)]

    def title(self, text: str) -> Line:
        """Write the title of the paper, as large as the seller or as the rest, or at the right."""
        shown = text.format(self.number)
        size = self.chance.choice((1.0, 1.0, 1.5))
        return Line("", shown, size=size, at=0.6) if self.chance.random() < 0.25 else Line(shown, size=size)

    def goods(self, sums: Sums) -> list[Line]:
        """Write the items."""
        return [self.pair(name, self.money(cost)) for name, cost in sums.items]

    def foot(self, sums: Sums) -> list[Line]:
        """Write net, tax and total, which prove each other."""
        wording = self.wording
        return [
            self.pair(wording.net, self.money(sums.net)),
            self.pair(wording.tax.format(wording.rate), self.money(sums.tax)),
            self.pair(wording.total, self.money(sums.total)),
        ]

    def paper(self, title: str, between: Sequence[Line], sums: Sums) -> tuple[Line, ...]:
        """Write a whole paper: head, title, what stands between, items and sums."""
        return (*self.head(), Line(""), self.title(title), *between, Line(""), *self.goods(sums), *self.foot(sums))


def _page(number: int, lines: Sequence[Line]) -> Page:
    words = []
    for place, line in enumerate(lines):
        top = _TOP + place * STEP
        words += [_word(text, x, top, line.size, number) for text, x in _texts(line) if text]
    return Page(number, WIDTH, HEIGHT, tuple(words), "text-layer")


def _texts(line: Line) -> list[tuple[str, float]]:
    width = len(line.right) * LETTER * line.size * _WIDE
    return [(line.text, _LEFT), (line.right, line.at * WIDTH if line.at else _RIGHT - width)]


def _word(text: str, left: float, top: float, size: float, page: int) -> Word:
    right = min(WIDTH, left + len(text) * LETTER * size * _WIDE)
    box = (left / WIDTH, top / HEIGHT, right / WIDTH, (top + LETTER * size) / HEIGHT)
    return Word(text, page, box, 1.0)
