"""Geometry: words to rows, rows to cells. Text is made harmless here: bounded, without control characters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from expensed.model import Box, Page, Reading, Word

MOST_WORDS = 6_000
"""Words looked at on one page, and about as many rows in a document: hostile files have millions."""
LONGEST_WORD = 240
_MOST_ROWS = 12_000
_CELL_GAP = 1.3
"""Words further apart than this many heights stand in different columns."""


@dataclass(frozen=True)
class Cell:
    """Words of one row that stand together."""

    text: str
    page: int
    box: Box
    confidence: float


@dataclass(frozen=True)
class Row:
    """Cells at one height of a page, left to right; `index` counts rows over the whole document."""

    index: int
    page: int
    cells: tuple[Cell, ...]
    height: float
    """Of its letters, as a fraction of the page's height."""

    @cached_property
    def text(self) -> str:
        """All cells, separated by two spaces."""
        return "  ".join(cell.text for cell in self.cells)

    @cached_property
    def box(self) -> Box:
        """The box around all cells."""
        return join_boxes([cell.box for cell in self.cells])

    @cached_property
    def confidence(self) -> float:
        """The engine's confidence in the worst cell."""
        return min(cell.confidence for cell in self.cells)


def build_rows(reading: Reading) -> tuple[Row, ...]:
    """The rows of all pages, top to bottom."""
    rows: list[Row] = []
    for page in reading.pages:
        for words in _grouped(_cleaned(page.words[:MOST_WORDS]), page):
            cells = tuple(_cells(words, page))
            tall = median(word.box[3] - word.box[1] for word in words)
            rows.append(Row(len(rows), page.number, cells, tall))
            if len(rows) >= _MOST_ROWS:
                return tuple(rows)
    return tuple(rows)


def clean_text(text: str, longest: int = LONGEST_WORD) -> str:
    """One line of text without control, format and private characters, NFKC, at most `longest` characters."""
    folded = unicodedata.normalize("NFKC", text[: longest * 2])
    kept = (" " if unicodedata.category(sign)[0] in "ZC" else sign for sign in folded)
    return " ".join("".join(kept).split())[:longest]


def join_boxes(boxes: list[Box]) -> Box:
    """The smallest box around all."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _cleaned(words: tuple[Word, ...]) -> list[Word]:
    cleaned = [Word(clean_text(word.text), word.page, word.box, word.confidence) for word in words]
    return [word for word in cleaned if word.text]


def _grouped(words: list[Word], page: Page) -> list[list[Word]]:
    """Words that share a line: each joins the row whose nearest word to its left stands at its height.

    Following the neighbour, not the row's mean, keeps rows together on a skewed page.
    """
    rows: list[list[Word]] = []
    open_rows: list[list[Word]] = []
    for word in sorted(words, key=lambda each: each.box[1] + each.box[3]):
        open_rows = [row for row in open_rows if _bottom(row) > word.box[1]]
        home = max(open_rows, key=lambda row: _overlap(row, word), default=None)
        if home is not None and _overlap(home, word) > 0.5:
            home.append(word)
        else:
            row = [word]
            rows.append(row)
            open_rows.append(row)
    return [sorted(row, key=lambda each: each.box[0]) for row in rows]


def _bottom(row: list[Word]) -> float:
    return max(word.box[3] for word in row[-4:])


def _overlap(row: list[Word], word: Word) -> float:
    """How much of the smaller height is shared with the row's nearest word; negative where they would collide."""
    near = min(row, key=lambda other: _distance(other, word))
    if _collide(near, word):
        return -1.0
    shared = min(near.box[3], word.box[3]) - max(near.box[1], word.box[1])
    smaller = min(near.box[3] - near.box[1], word.box[3] - word.box[1])
    return shared / max(smaller, 1e-6)


def _distance(one: Word, other: Word) -> float:
    return max(one.box[0] - other.box[2], other.box[0] - one.box[2], 0.0)


def _collide(one: Word, other: Word) -> bool:
    """True where two words share much of their width: they stand above each other, however close."""
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return shared > 0.35 * min(one.box[2] - one.box[0], other.box[2] - other.box[0])


def _cells(words: list[Word], page: Page) -> list[Cell]:
    cells: list[list[Word]] = []
    for word in words:
        if cells and _gap(cells[-1][-1], word, page) < _CELL_GAP:
            cells[-1].append(word)
        else:
            cells.append([word])
    return [
        Cell(
            " ".join(word.text for word in cell),
            page.number,
            join_boxes([word.box for word in cell]),
            min(word.confidence for word in cell),
        )
        for cell in cells
    ]


def _gap(left: Word, right: Word, page: Page) -> float:
    """The space between two words, in heights of their letters."""
    tall = max(left.box[3] - left.box[1], right.box[3] - right.box[1]) * page.height
    return (right.box[0] - left.box[2]) * page.width / max(tall, 1e-6)
