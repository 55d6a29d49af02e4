"""Readings made of plain lines, for tests that need no pixels."""

from __future__ import annotations

from collections.abc import Sequence

from expensed.extraction.page.lines import Row, build_rows
from expensed.model.reading import Page, Reading, Word

WIDTH, HEIGHT = 600.0, 1000.0
LETTER = 0.016
ROW = 0.02


def make_reading(*lines: str, warnings: Sequence[str] = (), pages: int = 1) -> Reading:
    """A reading with one word per cell: `left | right` puts words at both ends of a line."""
    made = tuple(Page(number, WIDTH, HEIGHT, _words(lines, number), "image") for number in range(1, pages + 1))
    return Reading("image/png", "paddle", made, tuple(warnings))


def make_rows(*lines: str) -> tuple[Row, ...]:
    """Return the rows of such a reading."""
    return build_rows(make_reading(*lines))


def _words(lines: Sequence[str], page: int) -> tuple[Word, ...]:
    words = []
    for number, line in enumerate(lines):
        parts = [part.strip() for part in line.split("|")]
        for place, text in enumerate(parts):
            left = 0.05 + place * 0.9 / len(parts)
            right = min(left + 0.012 * len(text), left + 0.85 / len(parts))
            top = 0.02 + number * ROW
            if text:
                words.append(Word(text, page, (left, top, right, top + LETTER), 1.0))
    return tuple(words)
