"""Read parts of a page again with a larger model, which finds logos and letters that the first passes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from expensed.model.reading import Band, Box, Page, Word
from expensed.reading.deadline import start_deadline
from expensed.reading.engines.select import closer_engine

if TYPE_CHECKING:
    from expensed.reading.engines.engine import Engine, Pixels

_MOST_KEPT = 3
"""The first pages, and one more for the last: sellers, dates and totals stand there."""
_MOST_PIXELS = 40_000_000
_THINNEST = 16
"""Pixels; a thinner band holds no line."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper on an upright page: its grey pixels, and its box in fractions of the page."""

    pixels: Pixels
    box: Box

    def cut(self, top: float, bottom: float) -> Sheet:
        """Return the part between two heights of the page."""
        height = self.pixels.shape[0]
        upper, lower = self.box[1], self.box[3]
        scale = height / max(lower - upper, 1e-9)
        first = min(height, max(0, round((top - upper) * scale)))
        last = min(height, max(first, round((bottom - upper) * scale)))
        box = (self.box[0], upper + first / scale, self.box[2], upper + last / scale)
        return Sheet(self.pixels[first:last], box)


@dataclass
class Sheets:
    """The sheets of a document that are kept for a second look, by page."""

    kept: dict[int, Sheet] = field(default_factory=dict)

    def keep(self, page: int, sheet: Sheet) -> None:
        """Keep a page's sheet: of a long document the first ones and the last."""
        if sheet.pixels.size > _MOST_PIXELS:
            return
        if len(self.kept) > _MOST_KEPT:
            del self.kept[max(self.kept)]
        self.kept[page] = sheet


def look_closer(page: Page, sheet: Sheet, bands: Sequence[Band]) -> Page:
    """Return the page with the words in these bands read again; a band in which nothing is seen stays as it was."""
    if not bands or (engine := closer_engine()) is None:
        return page
    words = list(page.words)
    for band in bands:
        part = sheet.cut(band.top, band.bottom)
        if part.pixels.shape[0] < _THINNEST:
            continue
        seen = _read(page.number, part, engine)
        if seen:
            words = [word for word in words if not band.holds(word.box)] + seen
    words.sort(key=_middle)
    return replace(page, words=tuple(words))


def _read(page: int, part: Sheet, engine: Engine) -> list[Word]:
    height, width = part.pixels.shape
    left, top, right, bottom = part.box
    across, down = (right - left) / width, (bottom - top) / height
    return [
        Word(
            each.text,
            page,
            (
                min(1.0, max(0.0, left + each.box[0] * across)),
                min(1.0, max(0.0, top + each.box[1] * down)),
                min(1.0, max(0.0, left + each.box[2] * across)),
                min(1.0, max(0.0, top + each.box[3] * down)),
            ),
            min(1.0, max(0.0, each.confidence)),
        )
        for each in engine.read(part.pixels, start_deadline(None))
    ]


def _middle(word: Word) -> float:
    return (word.box[1] + word.box[3]) / 2
