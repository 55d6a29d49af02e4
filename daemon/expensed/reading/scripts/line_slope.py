"""Measure how the lines of a page slope from a few wide ones; `slope.lean` measures it from all rows at once."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from expensed.model.reading import Word
from expensed.reading.engines.engine import Pixels
from expensed.reading.sheet import Sheet

_STEEPEST, _STEP = 0.36, 0.02
_FEWEST, _MOST = 3, 12
_WIDE = 2.2
"""Lines are measured if they are this much wider than high."""
_SMALLEST = 6
"""Pixels; what is smaller is no line."""
_SURVEY_WIDTH = 300


def measure_slope(sheet: Sheet, words: Iterable[Word]) -> float:
    """Return by how many pixels lines descend for each pixel to the right; 0 if too few lines are wide enough."""
    parts = [_part(sheet, word) for word in words]
    wide = [part for part in parts if min(part.shape) >= _SMALLEST and part.shape[1] > _WIDE * part.shape[0]]
    if len(wide) < _FEWEST:
        return 0.0
    widest = sorted(wide, key=lambda part: -part.shape[1])[:_MOST]
    return float(np.median([_slope_of(part) for part in widest]))


def _part(sheet: Sheet, word: Word) -> Pixels:
    left, top, right, bottom = (max(0, int(value)) for value in sheet.locate(word.box))
    return sheet.pixels[top : bottom + 1, left : right + 1]


def _slope_of(part: Pixels) -> float:
    """Return the slope with which the rows of a line differ most from each other in their ink."""
    scale = min(1.0, _SURVEY_WIDTH / part.shape[1])
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else part
    ink = np.clip(float(np.median(small)) - small.astype(np.float32), 0, None)
    height, width = ink.shape

    def sharpness(slope: float) -> float:
        level = np.array([[1, 0, 0], [-slope, 1, slope * width / 2]], dtype=np.float32)
        rows = cv2.warpAffine(ink, level, (width, height)).sum(axis=1)
        return float(np.square(np.diff(rows)).sum()) / (float(rows.sum()) + 1) ** 2

    slopes = np.arange(-_STEEPEST, _STEEPEST + _STEP / 2, _STEP)
    return max(map(float, slopes), key=sharpness)
