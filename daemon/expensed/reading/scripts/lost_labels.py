"""Find the place of a label that the first engine has not seen: beside a sum that stands alone in its row."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from expensed.model.reading import Box, Lean, Page, Word, line_height

_SUM = re.compile(r"\D{0,5}\d[\d.,]*[.,]\d{2,3}\D{0,5}")
_MOST = 8
"""Places that are looked at; each costs as much as a line."""
_LAST = 100
"""Sums that are tried for them, from the page's end, where its total is."""
_BESIDE = 0.7
"""Words whose middles are within this many heights of a line are in one row."""
_NARROWEST = 2.5
"""Heights of a line; no label is narrower."""
_MARGIN = 0.4


@dataclass(frozen=True, slots=True)
class _Row:
    """A word's middle, the height of its line, and by how much that descends per page width; fractions of the page."""

    across: float
    down: float
    tall: float
    fall: float


def find_lost_labels(page: Page, words: Sequence[Word], lean: Lean, *, right_to_left: bool) -> list[Word]:
    """Return blank words where the labels of sums may stand that have nothing beside them, at most eight."""
    if not words:
        return []
    rows = {word: _row(word.box, page, lean) for word in words}
    typical = median(row.tall for row in rows.values())
    edges = min(word.box[0] for word in words), max(word.box[2] for word in words)
    blanks = _blanks(page, rows, typical, edges, right_to_left=right_to_left)
    return list(itertools.islice(blanks, _MOST))[::-1]


def _blanks(
    page: Page, rows: dict[Word, _Row], typical: float, edges: tuple[float, float], *, right_to_left: bool
) -> Iterator[Word]:
    """Yield the places beside sums, the last first."""
    wide = typical * page.height / max(page.width, 1e-6)  # as wide as a line is high
    sums = [word for word in rows if _SUM.fullmatch(word.text)]
    for word in sums[: -_LAST - 1 : -1]:
        row = rows[word]
        if _has_neighbour(word, rows):
            continue
        start, end = (
            (word.box[2] + _MARGIN * wide, edges[1]) if right_to_left else (edges[0], word.box[0] - _MARGIN * wide)
        )
        if end - start > _NARROWEST * wide:
            middle = row.down + row.fall * ((start + end) / 2 - row.across)
            half = (max(row.tall, typical) + abs(row.fall) * (end - start)) / 2
            yield Word("", page.number, (start, middle - half, end, middle + half), 0.0)


def _has_neighbour(word: Word, rows: dict[Word, _Row]) -> bool:
    own = rows[word]

    def is_beside(row: _Row) -> bool:
        return abs(row.down - own.down - own.fall * (row.across - own.across)) < _BESIDE * own.tall

    return any(is_beside(row) for other, row in rows.items() if other is not word)


def _row(box: Box, page: Page, lean: Lean) -> _Row:
    fall = lean.fall(box, page)
    return _Row((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, line_height(box, fall), fall)
