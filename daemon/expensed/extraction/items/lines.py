"""Read each row as a line that may charge something: its words, its numbers, its unit prices, its mark."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum
from expensed.extraction.items.kinds import names_goods
from expensed.extraction.page.lines import Cell, Row
from expensed.extraction.word_lists import load_word_lists
from expensed.languages.scripts import LETTER

_LETTERS = re.compile(rf"(?:{LETTER}){{2}}")
_JOINED = re.compile(r"(\d{1,3}) (\d{3}[.,]\d{2})")
"""A count and a price that were taken for thousands: `1 175.00`."""
_GLUED = re.compile(r"(?<![\d.,])(\d{1,7}[.,]\d{2})(\d{1,7}[.,]\d{2})(?![\d.,])")
_WORDS = load_word_lists("items", "words")
_UNITS, _PRICED, _SIZES = map("|".join, ([*_WORDS["measures"], *_WORDS["pieces"]], _WORDS["priced"], _WORDS["sizes"]))
_MEASURED = re.compile(rf"(?<![\w.,])(\d{{1,6}}(?:[.,]\d{{1,3}})?)\s?({_UNITS})(?![^\W_])", re.IGNORECASE)
_PER = re.compile(rf"/\s?(?:{_UNITS})(?![^\W_])|\bper\s|@|(?<![\w.,])(?<!\d\s)(?:{_PRICED})(?![^\W_])", re.IGNORECASE)
_TIMES = re.compile(
    r"(?<![\w.,])(\d{1,4}(?:[.,]\d{1,3})?)\s?(?:[xX×@]\s?(?=[^\w\s]{0,2}\s?\d|$|\s)|\*\s?(?=\d))"
    r"|(?<!\w)[xX×]\s?(\d{1,4})(?![\w.,])"
)
_MEASURE_AFTER = re.compile(rf"(?:{_SIZES})(?![^\W_])")
"""A unit right behind a number, which is then no price: `Soft drink 1.25L`."""
_MARK = re.compile(r"\s*[x×]?\s*(?P<mark>[A-Z]{1,3}\d?|\d|[*#+]|[A-Z]\*)\s*(?:[.)\]]\s*)?$")
_LEADING_MEASURE = re.compile(r"\s*(\d{1,4}[.,]\d{1,3})\s+(?=\S)")
_PRECISE = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})*,\d{4}|\d{1,3}(?:,\d{3})*\.\d{4}|\d{1,7}[.,]\d{4})(?![\d.,])")
"""A unit price with four decimals."""
_PRECISE_DECIMALS = 4
_LEADING_TIMES = re.compile(rf"\s*(\d{{1,3}})\s?[xX×]\s?(?={LETTER}{LETTER})")
_LEADING = re.compile(r"\s*(\d{1,3})(?:\s?[xX×*]\s?|\s+)(?=\S)")
_CODE = re.compile(r"(?<![\w.,])(?=[\dA-Z-]*\d{4})[\dA-Z-]{5,}(?![\w.,])")
_PERCENT = re.compile(
    r"(?<![\d,])(?<!\d\.)(?<!\d[.,]\s)(\d{1,3}(?:[.,]\d{1,6}|[.,]\s0{1,3})?)\s?(?:[%％号卷]|[°o]/o\b)"
)
_LEADING_PERCENT = re.compile(rf"^[\W\d_]*{_PERCENT.pattern}")
_EDGES = " \t\n-–—:;.,*#|=_·~>'\"()[]"
_LONGEST = 120
_MOST_FIGURES = 24
_MOST_LEADING = 2
"""A position and a count."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a row, with its cell and the edges of its text in it."""

    value: Decimal
    is_exact: bool
    """Whether it is written like money."""
    cell: Cell
    start: int
    end: int
    has_sign: bool = False

    @property
    def is_price(self) -> bool:
        """Whether it may be a unit price: it is written like money, or with four decimals."""
        return self.is_exact or int(self.value.as_tuple().exponent) == -_PRECISE_DECIMALS

    @property
    def right(self) -> float:
        """Its right edge, as a share of the page's width, by the count of letters."""
        left, _, right, _ = self.cell.box
        return left + (right - left) * self.end / max(len(self.cell.text), 1)


@dataclass(frozen=True)
class Line:
    """A row with its numbers; `place` is its position among the rows."""

    row: Row
    place: int
    figures: Sequence[Figure]
    role: Role
    """The meaning that its words give to its last price."""
    label: str

    @cached_property
    def prices(self) -> list[Figure]:
        """The numbers that are written like money, left to right."""
        return [each for each in self.figures if each.is_exact]

    @cached_property
    def text(self) -> str:
        """All its words."""
        return self.row.text

    @cached_property
    def words(self) -> str:
        """What stands before its first price."""
        return self.before(self.prices[0] if self.prices else self._trailing)

    def before(self, figure: Figure | None) -> str:
        """Return what stands before a number; all its words if that is None."""
        parts = []
        for cell in self.row.cells:
            if figure is not None and cell is figure.cell:
                parts.append(cell.text[: figure.start])
                break
            parts.append(cell.text)
        return " ".join(parts)

    @cached_property
    def _trailing(self) -> Figure | None:
        """The first of the whole numbers that end it."""
        found = None
        for each in reversed(self.figures):
            after = found.start if found is not None and found.cell is each.cell else len(each.cell.text)
            if each.cell.text[each.end : after].strip(_EDGES):
                break
            found = each
        return found

    @cached_property
    def description(self) -> str:
        """The words that name something, without the figures before them; percentages after a word stay."""
        text = _TIMES.sub(" ", _LEADING_PERCENT.sub(" ", self.words)) if self.prices else self.words
        text = _CODE.sub(" ", text)
        for _ in range(_MOST_LEADING):
            if match := _LEADING.match(text):
                text = text[match.end() :]
        return " ".join(text.split()).strip(_EDGES)[:_LONGEST]

    @cached_property
    def has_name(self) -> bool:
        """Whether it has words that may name something."""
        bare = _PER.sub(" ", _TIMES.sub(" ", _MEASURED.sub(" ", _CODE.sub(" ", self.words))))
        return bool(_LETTERS.search(bare)) and bool(self.description)

    @cached_property
    def leading(self) -> int | None:
        """The count before its words."""
        match = _LEADING.match(self.text)
        return int(match[1]) if match else None

    @cached_property
    def times(self) -> int | None:
        """The count before its words that a sign for times follows: `2 x Cendol`."""
        match = _LEADING_TIMES.match(self.text)
        return int(match[1]) if match else None

    @cached_property
    def mark(self) -> str | None:
        """The letters after its last price that tie it to a tax."""
        if not self.prices:
            return None
        last = self.prices[-1]
        cells = self.row.cells
        rest = [last.cell.text[last.end :], *(cell.text for cell in cells[cells.index(last.cell) + 1 :])]
        match = _MARK.fullmatch(" ".join(rest))
        return match["mark"].strip("*") or match["mark"] if match else None

    @cached_property
    def counts(self) -> list[tuple[Decimal, str | None]]:
        """The counts that are marked as such: by a sign for times, by a unit, by their place before the words."""
        times: list[tuple[Decimal, str | None]] = [
            (_decimal(match[1] or match[2]), None) for match in _TIMES.finditer(self.text)
        ]
        measured = [(_decimal(match[1]), match[2]) for match in _MEASURED.finditer(self.text)]
        leading = _LEADING_MEASURE.match(self.text)
        return [*times, *measured, *([(_decimal(leading[1]), None)] if leading else [])]

    @cached_property
    def is_unit_price(self) -> bool:
        """Whether its price is one for a kilogram, an hour, a piece."""
        return bool(_PER.search(self.text))

    @cached_property
    def percents(self) -> list[Decimal]:
        """Its percentages."""
        return [_decimal(text.replace(" ", "")) for text in _PERCENT.findall(self.text)]


def without_count(name: str, count: Decimal | None, units: Collection[str | None]) -> str:
    """Return a name without a count at its end, and without a count and its unit at either end: `12.5 h Beratung`."""
    number = re.escape(f"{count}").replace(r"\.", "[.,]")
    rest = re.sub(rf"\s{number}$", "", name)
    for unit in filter(None, units):
        measure = rf"{number}\s?{re.escape(unit)}"
        rest = re.sub(rf"^(?:{measure}|{re.escape(unit)})\s+|\s+{measure}$", "", rest)
    return rest if any(map(str.isalpha, rest)) else name


def drop_percents(text: str, dropped: Container[Decimal] | None = None) -> str:
    """Return a text without those percentages; without any if None are given."""
    rest = _PERCENT.sub(
        lambda each: " " if dropped is None or _decimal(each[1].replace(" ", "")) in dropped else each[0], text
    )
    return " ".join(rest.split()).strip(_EDGES)


def read_lines(rows: Sequence[Row], sums: Iterable[Sum]) -> list[Line]:
    """Return every row as a line."""
    by_row: dict[int, list[Sum]] = {}
    for each in sums:
        by_row.setdefault(each.row.index, []).append(each)
    return [_line(row, place, by_row) for place, row in enumerate(rows)]


def _line(row: Row, place: int, by_row: Mapping[int, list[Sum]]) -> Line:
    here = by_row.get(row.index, [])
    figures = [figure for each in here for figure in _figures(each, here)]
    if not any(each.is_exact for each in figures):
        figures += _glued(row)
    figures += _precise(row)
    priced = [each for each in here if each.money.exact]
    last = priced[-1] if priced else here[-1] if here else None
    role, label = (last.role, last.label) if last else (Role.NONE, "")
    if role is Role.DISCOUNT and names_goods(label):
        role = Role.NONE
    return Line(row, place, figures[:_MOST_FIGURES], role, label)


def _figures(each: Sum, here: Sequence[Sum]) -> list[Figure]:
    """Return a sum as a figure; as two if it is a count before a price that its row confirms."""
    money, cell = each.money, each.cell
    text = cell.text[money.start : money.end]
    match = _JOINED.fullmatch(text.strip())
    if match:
        count, price = Decimal(match[1]), _decimal(match[2])
        others = {other.value for other in here if other is not each}
        products = {other * count for other in others if not other % 1}
        if count == price or price in products or {count * price, price} & others:
            middle = money.start + text.index(match[1]) + len(match[1])
            return [
                Figure(count, False, cell, money.start, middle),
                Figure(price, True, cell, middle + 1, money.end),
            ]
    is_exact = money.exact and "-" not in text.strip("-− ") and not _MEASURE_AFTER.match(cell.text, money.end)
    if money.repaired and text[-1:] in ("l", "L"):
        is_exact = False  # 0,5l is half a litre
    return [Figure(each.value, is_exact, cell, money.start, money.end, money.sign is not None)]


def _glued(row: Row) -> list[Figure]:
    """Return prices that were read without a space between them: `225.00225.00`."""
    found = []
    for cell in row.cells:
        for match in _GLUED.finditer(cell.text):
            found += [
                Figure(_decimal(match[1]), True, cell, match.start(1), match.end(1)),
                Figure(_decimal(match[2]), True, cell, match.start(2), match.end(2)),
            ]
    return found


def _precise(row: Row) -> list[Figure]:
    """Return the prices with four decimals, which are never totals."""
    return [
        Figure(_precise_value(match[0]), False, cell, match.start(), match.end())
        for cell in row.cells
        for match in _PRECISE.finditer(cell.text)
    ]


def _precise_value(text: str) -> Decimal:
    whole, decimals = text[:-5], text[-4:]
    return Decimal(f"{re.sub('[.,]', '', whole)}.{decimals}")


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
