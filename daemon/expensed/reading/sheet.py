"""The paper on a page: its pixels, and where it lies on the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from expensed.model.reading import Box, Word

if TYPE_CHECKING:
    from expensed.reading.engines.engine import Pixels, Sighting

_MOST_ENLARGED = 2.0
_ENLARGED = 150_000
"""Pixels that an enlarged part has at most."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper on an upright page: its grey pixels, and its box in fractions of the page."""

    pixels: Pixels
    box: Box
    paper_top: float = 0.0
    """The height of the page at which the paper begins, if the sheet begins above it."""

    def cut(self, top: float, bottom: float) -> Sheet:
        """Return the part between two heights of the page."""
        height = self.pixels.shape[0]
        upper, lower = self.box[1], self.box[3]
        scale = height / max(lower - upper, 1e-9)
        first = min(height, max(0, round((top - upper) * scale)))
        last = min(height, max(first, round((bottom - upper) * scale)))
        box = (self.box[0], upper + first / scale, self.box[2], upper + last / scale)
        return Sheet(self.pixels[first:last], box)

    def enlarged(self, widest: int) -> Sheet:
        """Return a small part as wide as this in pixels, at most twice as large; a larger one as it is.

        Small letters are read better so, but only names: amounts in bands of sums were read worse as often as better.
        """
        import cv2

        from expensed.reading.engines.engine import as_pixels

        scale = min(_MOST_ENLARGED, widest / self.pixels.shape[1], math.sqrt(_ENLARGED / max(1, self.pixels.size)))
        if scale <= 1:
            return self
        method = cv2.INTER_CUBIC
        return Sheet(as_pixels(cv2.resize(self.pixels, None, fx=scale, fy=scale, interpolation=method)), self.box)

    def raised(self, page: Pixels, most: float) -> Sheet:
        """Return the sheet with what lies right above it on its page, at most this share of the page's height."""
        height, width = page.shape
        left, right = round(self.box[0] * width), round(self.box[2] * width)
        top, bottom = round(self.box[1] * height), round(self.box[3] * height)
        raised = max(0, top - round(most * height))
        box = (self.box[0], raised / height, self.box[2], self.box[3])
        return Sheet(page[raised:bottom, left:right], box, paper_top=self.box[1])

    def locate(self, box: Box) -> Box:
        """Return in pixels of the sheet, as left, top, right and bottom, where a box of the page lies."""
        height, width = self.pixels.shape
        left, top, right, bottom = self.box
        across, down = width / max(right - left, 1e-9), height / max(bottom - top, 1e-9)
        return (
            (box[0] - left) * across,
            (box[1] - top) * down,
            (box[2] - left) * across,
            (box[3] - top) * down,
        )

    def place(self, sighting: Sighting, page: int) -> Word:
        """Return what an engine saw on it as a word of its page."""
        height, width = self.pixels.shape
        left, top, right, bottom = self.box
        across, down = (right - left) / width, (bottom - top) / height
        seen = sighting.box
        box = (
            _fraction(left + seen[0] * across),
            _fraction(top + seen[1] * down),
            _fraction(left + seen[2] * across),
            _fraction(top + seen[3] * down),
        )
        return Word(sighting.text, page, box, _fraction(sighting.confidence))


def _fraction(value: float) -> float:
    return min(1.0, max(0.0, value))
