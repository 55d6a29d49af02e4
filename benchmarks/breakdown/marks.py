"""Item prices that are marked on true words, and how many of them are claimed as totals of items.

A line of `words.jsonl` is one picture as JSON: {"file", "width", "height", "words": [[text, [left, top, right,
bottom], role], ...]}, boxes in pixels. Where a line shows several prices the rightmost is its total, and the others
are not asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from benchmarks.labels import Labelled
from benchmarks.learn.papers import Paper, read_looks
from benchmarks.words import Paper as Words
from benchmarks.words import make_reading
from expensed.model.expense import Expense
from expensed.model.money import minor_units
from expensed.model.reading import Box, Reading, Word

PRICE_ROLE = "Prod_price_value"
_OTHER = r"[^\d.,-]"
PRICE = re.compile(rf"(-?){_OTHER}{{0,4}}(-?)(?P<figure>[.,]?\d[\d.,]*)(-?){_OTHER}{{0,4}}")
_SAME_LINE = 0.4
"""Two words are on one line if they share this part of the lower one's height."""

Values = frozenset[Decimal]
"""What one printed price may mean: `1.000` is one or a thousand."""


class Marked(NamedTuple):
    """A word with its place in pixels and its role."""

    text: str
    box: Box
    role: str


@dataclass(frozen=True, slots=True)
class Price:
    """A price that is asked."""

    values: Values
    box: Box
    """As fractions of the picture."""


@dataclass(frozen=True)
class MarkedPaper:
    """A picture whose words are known and marked, with what the engine reads of it."""

    paper: Paper
    words: Sequence[Marked]
    true: Reading

    @property
    def prices(self) -> list[Price]:
        """The item prices that are asked."""
        row, places = (
            self.paper.labelled.row,
            {each: word.box for each, word in zip(self.words, self.true.words, strict=True)},
        )
        values = ((each, parse_price(each.text, row["currency"], row["amount"])) for each in list_totals(self.words))
        return [Price(found, places[each]) for each, found in values if found]


def load_marked(folder: Path, kept: Path) -> list[MarkedPaper]:
    """Load the pictures that have marked prices, doubtful ones too; read what was not read before."""
    rows = {row["file"]: row for row in json.loads((folder / "labels.json").read_text(encoding="utf-8"))}
    found = []
    for line in (folder / "words.jsonl").read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        words = [Marked(text, tuple(box), role) for text, box, role in data["words"]]
        if any(each.role == PRICE_ROLE for each in words):
            paper = Paper(folder.name, Labelled(folder / data["file"], rows[data["file"]]))
            paper.looks = read_looks(paper, kept)
            plain = Words(data["file"], data["width"], data["height"], [(each.text, each.box) for each in words])
            found.append(MarkedPaper(paper, words, make_reading(plain)))
    return found


def list_totals(words: Sequence[Marked]) -> Iterator[Marked]:
    """Yield the marked prices that no other price stands right of."""
    prices = [each for each in words if each.role == PRICE_ROLE and parse_price(each.text, None, None)]
    for each in prices:
        if not any(_is_right_of(other.box, each.box) for other in prices):
            yield each


def _is_right_of(other: Box, box: Box) -> bool:
    shared = min(box[3], other[3]) - max(box[1], other[1])
    return other[0] >= box[2] and shared > _SAME_LINE * min(box[3] - box[1], other[3] - other[1])


def parse_price(text: str, currency: str | None, most: str | None) -> Values:
    """Return what a printed price may mean; nothing if it is none, or a unit price with more decimals than money has.

    No item costs more than `most`, the amount of the paper, which tells three decimals from thousands.
    """
    match = PRICE.fullmatch(re.sub(r"(?<=[\d.,])O", "0", text))
    if not match:
        return frozenset()
    head, sign, tail = re.fullmatch(r"(.*?)(?:([.,])(\d*))?", match["figure"]).groups()  # type: ignore[union-attr]
    digits = re.sub(r"\D", "", head or "")
    places = minor_units(currency) if currency else 2
    values = set()
    if not sign or len(tail) <= places:
        values.add(Decimal(f"{digits or 0}.{tail}" if tail else digits))
    if sign and len(tail) == 3 and (places < 3 or "," in head or "." in head):
        values.add(Decimal(digits + tail))
    if len(tail or "") == 3 and most:
        values = {each for each in values if each <= Decimal(most)}
    is_negative = "-" in match.groups()
    return frozenset(-each if is_negative else each for each in values)


@dataclass(frozen=True, slots=True)
class Matched:
    """How the items of one paper fare against its marked prices."""

    asked: int
    claimed: int
    found: int
    missed: tuple[Price, ...]
    unmarked: tuple[Decimal, ...]
    """Totals of items that no marked price explains."""


def match_prices(prices: Sequence[Price], expense: Expense | None) -> Matched:
    """Match marked prices to totals of items by value, each used once.

    Without signs, since the marked words have often lost a minus that stands apart from its number.
    """
    items = [each.total for each in expense.items if each.total is not None] if expense else []
    left, missed = list(items), []
    for price in sorted(prices, key=lambda each: len(each.values)):
        value = next((each for each in left if abs(each) in map(abs, price.values)), None)
        if value is None:
            missed.append(price)
        else:
            left.remove(value)
    missed.sort(key=lambda each: each.box[1])
    return Matched(len(prices), len(items), len(prices) - len(missed), tuple(missed), tuple(left))


def line_at(words: Sequence[Word], box: Box) -> str:
    """Return the words on the line of a box, from the left."""
    low, high = box[1], box[3]
    line = [each for each in words if low <= (each.box[1] + each.box[3]) / 2 <= high]
    return "  ".join(each.text for each in sorted(line, key=lambda each: each.box[0]))
