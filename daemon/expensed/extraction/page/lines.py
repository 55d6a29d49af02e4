"""Group words into rows and cells in reading order, and make their text harmless: bounded, without control characters.

Digits of other scripts are read as ASCII here, so that nothing else need know of them.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median

from expensed.extraction.page.level import set_level
from expensed.languages.scripts import direction, read_digits, runs_right_to_left
from expensed.model.reading import Box, Page, Reading, Word

MOST_WORDS = 6_000
"""How many words of a page, and about as many rows of a document, are considered: hostile files have millions."""
LONGEST_WORD = 240
_MOST_ROWS = 12_000
_MOST_OPEN, _NEIGHBOURS = 60, 6
"""How many rows are open at a height, and how many words to each side are compared: a hostile page has thousands."""
_CELL_GAP = 1.3
"""Words further apart than this many heights are in different columns."""


@dataclass(frozen=True)
class Cell:
    """Adjacent words of one row."""

    text: str
    page: int
    box: Box
    confidence: float


@dataclass(frozen=True)
class Row:
    """Cells at one height of a page in reading order; `index` counts rows over the whole document."""

    index: int
    page: int
    cells: tuple[Cell, ...]
    height: float
    """The height of its letters, as a fraction of the page's."""

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
    """Return the rows of all pages, top to bottom."""
    rows: list[Row] = []
    for page in reading.pages:
        cleaned = _cleaned(page.words[:MOST_WORDS])
        lean = sum(direction(word.text) for word in cleaned) if _is_mixed(cleaned) else None
        for left_to_right in _grouped(cleaned, page):
            words = left_to_right if lean is None else _in_reading_order(left_to_right, is_mirrored=lean > 0)
            cells = tuple(_cells(words, page))
            tall = median(word.box[3] - word.box[1] for word in words)
            rows.append(Row(len(rows), page.number, cells, tall))
            if len(rows) >= _MOST_ROWS:
                return tuple(rows)
    return tuple(rows)


def is_cut_off(reading: Reading, rows: tuple[Row, ...]) -> bool:
    """Whether the reading has more words or rows than are considered."""
    return len(rows) >= _MOST_ROWS or any(len(page.words) > MOST_WORDS for page in reading.pages)


def clean_text(text: str, longest: int = LONGEST_WORD) -> str:
    """Return text as one NFKC line without control, format and private characters, at most `longest` long."""
    if text.isascii() and text.isprintable():
        return " ".join(text[: longest * 2].split())[:longest]
    folded = unicodedata.normalize("NFKC", text[: longest * 2])
    kept = (" " if unicodedata.category(sign)[0] in "ZC" else sign for sign in folded)
    return " ".join("".join(kept).split())[:longest]


def join_boxes(boxes: list[Box]) -> Box:
    """Return the smallest box around all."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _cleaned(words: tuple[Word, ...]) -> list[Word]:
    cleaned = [Word(clean_text(read_digits(word.text)), word.page, word.box, word.confidence) for word in words]
    return [word for word in cleaned if word.text]


def _grouped(words: list[Word], page: Page) -> list[list[Word]]:
    """Group words into lines: each joins the row whose nearest word to its left is at its height.

    The page is set level first; following the neighbour instead of the row's mean keeps rows together on a bent page.
    """
    rows: list[_OpenRow] = []
    open_rows: list[_OpenRow] = []
    level = set_level(words, page)
    origin = {id(flat): word for flat, word in zip(level, words, strict=True)}
    for word in sorted(level, key=lambda each: each.box[1] + each.box[3]):
        open_rows = [row for row in open_rows if row.bottom > word.box[1]][-_MOST_OPEN:]
        shared, home = max(
            ((row.overlap(word), row) for row in open_rows), key=lambda each: each[0], default=(0.0, None)
        )
        if home is None or shared <= 0.5:
            home = _OpenRow()
            rows.append(home)
            open_rows.append(home)
        home.add(word)
    return [[origin[id(word)] for word in sorted(row.words, key=lambda each: each.box[0])] for row in rows]


@dataclass(slots=True, eq=False)
class _OpenRow:
    """A row that grows."""

    words: list[Word] = field(default_factory=list)
    """In the order in which they were added."""
    bottom: float = 0.0
    """Where the words that were added last end."""
    _lefts: list[float] = field(default_factory=list)
    _across: list[tuple[int, Word]] = field(default_factory=list)
    """The words from left to right, with their places among `words`."""

    def add(self, word: Word) -> None:
        """Add a word at the height of the row."""
        place = bisect(self._lefts, word.box[0])
        self._lefts.insert(place, word.box[0])
        self._across.insert(place, (len(self.words), word))
        self.words.append(word)
        self.bottom = max(each.box[3] for each in self.words[-4:])

    def overlap(self, word: Word) -> float:
        """Return the share of the smaller height in common with the nearest word; negative if they would collide."""
        place = bisect(self._lefts, word.box[0])
        beside = self._across[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS]
        _, near = min(beside, key=lambda other: (_distance(other[1], word), other[0]))
        if _collide(near, word):
            return -1.0
        shared = min(near.box[3], word.box[3]) - max(near.box[1], word.box[1])
        smaller = min(near.box[3] - near.box[1], word.box[3] - word.box[1])
        return shared / max(smaller, 1e-6)


def _distance(one: Word, other: Word) -> float:
    return max(one.box[0] - other.box[2], other.box[0] - one.box[2], 0.0)


def _collide(one: Word, other: Word) -> bool:
    """Whether two words share much of their width, so that one is above the other, however close they are."""
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return shared > 0.35 * min(one.box[2] - one.box[0], other.box[2] - other.box[0])


def _is_mixed(words: list[Word]) -> bool:
    """Whether a word runs right to left."""
    return any(runs_right_to_left(word.text) for word in words)


def _in_reading_order(words: list[Word], *, is_mirrored: bool) -> list[Word]:
    """Return words that are sorted left to right in the order in which they are read.

    A row with mostly letters of a script that runs right to left begins at its right; unless a bare number stands there
    and a label at its left. A row of numbers alone is read as its page is.
    """
    lean = sum(direction(word.text) for word in words)
    if not lean:
        return words[::-1] if is_mirrored and not any(direction(word.text) for word in words) else words
    if lean < 0 or (_has_letters(words[0]) and not _has_letters(words[-1])):
        return words
    return _with_runs(words[::-1])


def _has_letters(word: Word) -> bool:
    return any(map(str.isalpha, word.text))


def _with_runs(words: list[Word]) -> list[Word]:
    """Return words that are sorted right to left, with neighbours in Latin letters left to right again."""
    ordered: list[Word] = []
    run: list[Word] = []
    for word in words:
        if direction(word.text) < 0:
            run.insert(0, word)
        else:
            ordered += [*run, word]
            run = []
    return ordered + run


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


def _gap(one: Word, other: Word, page: Page) -> float:
    """Return the space between two words, in heights of their letters."""
    tall = max(one.box[3] - one.box[1], other.box[3] - other.box[1]) * page.height
    return max(other.box[0] - one.box[2], one.box[0] - other.box[2]) * page.width / max(tall, 1e-6)
