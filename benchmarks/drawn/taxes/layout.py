"""Lays rows out on a grid of letters, as a till does: their words with places, without pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil

from benchmarks.drawn.receipt import Cell, Row
from expensed.model.reading import Page, Reading, Word

LETTER = 12.0
LINE = 26.0
MARGIN = 30.0
LEAST = 38
"""The letters of a line, unless a row needs more."""


def lay_out(rows: Sequence[Row]) -> Reading:
    """Return the rows as an engine would read them, each cell in one piece."""
    columns = max([LEAST, *map(_needs, rows)])
    width, height = columns * LETTER + 2 * MARGIN, len(rows) * LINE + 2 * MARGIN
    words = [
        Word(text, 1, (left / width, top / height, right / width, (top + 0.75 * LINE) / height), 1.0)
        for number, row in enumerate(rows)
        for text, left, right, top in _place(row, columns, MARGIN + number * LINE)
    ]
    return Reading("image/jpeg", "paddle", (Page(1, width, height, tuple(words), "image"),))


def _needs(row: Row) -> int:
    """Return how many letters a line must have so that the texts of a row do not touch."""
    longest = max((len(cell.text) for cell in row.cells), default=0)
    return ceil(max([longest, *(_needed(one, other) for one, other in pairwise(row.cells))]))


def _needed(one: Cell, other: Cell) -> float:
    taken = len(other.text) + 1
    if one.anchor == "start":
        return (len(one.text) + taken) / other.at
    return taken / max(other.at - one.at, 0.01)


def _place(row: Row, columns: int, top: float) -> Iterator[tuple[str, float, float, float]]:
    for cell in row.cells:
        text = cell.text.strip()
        if text:
            left = MARGIN + _start(cell, columns) * LETTER
            yield text, left, left + len(text) * LETTER, top


def _start(cell: Cell, columns: int) -> float:
    """Return the letter at which a text begins."""
    indent, length = len(cell.text) - len(cell.text.lstrip()), len(cell.text.strip())
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[cell.anchor]
    return max(0.0, cell.at * columns - share * length) + indent
