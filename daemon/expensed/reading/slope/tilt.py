"""Measure how far the lines of a page lean, and level the page by that; a photo is seldom straight.

Paddle reads leaning lines as well as level ones, but its boxes are upright and overlap, so that an amount is no longer
found beside its label. Less than three degrees are left to `bend.py`. Reading the turned pixels once more was
tried: digits were read worse.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from expensed.model.reading import Box
from expensed.reading.engines.engine import Pixels, Sighting, as_pixels

Turn = npt.NDArray[np.float64]
_THINNEST = 0.35
"""A line is at least this high, in heights of its box."""
_ROUGHLY, _FINELY = np.arange(3.5, 44.0), np.array([0.0, -0.5, 0.5])
"""Degrees that are tried, at most 44; all of them, because among fewer a wrong one may be the best."""
_FEWEST = 6
_LEANING = 0.045
"""By how much, for their width, boxes must be higher than the lowest ones before the pixels are looked at."""
_LONG = 4
"""Letters of a line that is wide enough to tell."""
_SURVEY_SIDE = 480
_CLEARLY = 1.15
"""By what factor rows of a levelled page must differ more from each other."""


def turn_page(pixels: Pixels, turns: float) -> Pixels:
    """Turn a page counter-clockwise by quarter turns; what a fraction of one uncovers is filled with its edges."""
    quarters = round(turns)
    turned = as_pixels(np.rot90(pixels, quarters))
    return turned if turns == quarters else _rotated(turned, (turns - quarters) * 90)


def measure_tilt(pixels: Pixels, sightings: Sequence[Sighting]) -> float:
    """Return by how many degrees to turn the pixels counter-clockwise so that their lines are level; 0 if they are."""
    boxes = np.array([each.box for each in sightings if len(each.text) >= _LONG])
    if len(boxes) < _FEWEST:
        return 0.0
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    excess = (high - np.quantile(high, 0.1)) / np.maximum(wide, 1)
    if float(np.median(excess[wide >= np.median(wide)])) < _LEANING:
        return 0.0
    ink = _ink(pixels)
    best = max(_roughly(ink) + _FINELY, key=lambda degrees: _sharpness(_rows(_rotated(ink, float(degrees)))))
    is_clear = _sharpness(_rows(_rotated(ink, float(best)))) > _CLEARLY * _sharpness(_rows(ink))
    return float(best) if is_clear else 0.0


def _roughly(ink: Pixels) -> float:
    """Return the degrees, within half a one, that make rows differ most; without rotating, at a tenth of the cost."""
    down, across = np.nonzero(ink)
    weights = ink[down, across].astype(np.float64)

    def sharpness(degrees: float) -> float:
        angle = math.radians(degrees)
        heights = down * math.cos(angle) - across * math.sin(angle)
        rows, shares = np.divmod(heights - heights.min(), 1)
        lower = np.bincount(rows.astype(np.int64), weights * (1 - shares))
        upper = np.bincount(rows.astype(np.int64), weights * shares)
        return _sharpness(np.append(lower, 0) + np.append(0, upper))

    return max(map(float, (*_ROUGHLY, *-_ROUGHLY)), key=sharpness) if down.size else 0.0


def turned_size(shape: tuple[int, int], degrees: float) -> tuple[int, int]:
    """Return the size, (width, height), of a picture of this shape, (height, width), once it is turned."""
    return _rotation(shape, degrees)[1]


def level_sightings(
    sightings: Sequence[Sighting], before: tuple[int, int], degrees: float, offset: tuple[int, int]
) -> list[Sighting]:
    """Return the sightings where they lie once a page of this shape, (height, width), is turned by these degrees.

    `offset` is where the sightings' own pixels begin on that page, (left, top). Their lines are level then.
    """
    turn, _ = _rotation(before, degrees)
    return [replace(each, box=_level_box(each.box, turn, abs(degrees), offset)) for each in sightings]


def _level_box(box: Box, turn: Turn, degrees: float, offset: tuple[int, int]) -> Box:
    """Return the box of a level line from the upright box around the leaning one, which is wide * cos + high * sin."""
    wide, high = box[2] - box[0], box[3] - box[1]
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    share = max(cosine**2 - sine**2, 0.1)
    across = max((wide * cosine - high * sine) / share, _THINNEST * min(wide, high))
    down = max((high * cosine - wide * sine) / share, _THINNEST * min(wide, high))
    x, y = turn @ np.array([(box[0] + box[2]) / 2 + offset[0], (box[1] + box[3]) / 2 + offset[1], 1.0])
    return (float(x - across / 2), float(y - down / 2), float(x + across / 2), float(y + down / 2))


def _ink(pixels: Pixels) -> Pixels:
    """Return a small picture of what is darker than its surroundings."""
    scale = min(1.0, _SURVEY_SIDE / max(pixels.shape))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return as_pixels(cv2.subtract(cv2.medianBlur(as_pixels(small), 15), small))


def _rows(ink: Pixels) -> npt.NDArray[np.float64]:
    return np.asarray(ink.sum(axis=1, dtype=np.float64))


def _sharpness(rows: npt.NDArray[np.float64]) -> float:
    """Return how much neighbouring rows differ in their ink, of which each has this much."""
    return float(np.square(np.diff(rows)).sum()) / (float(rows.sum()) + 1) ** 2


def _rotated(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape
    turn, size = _rotation((height, width), degrees)
    return as_pixels(cv2.warpAffine(pixels, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))


def _rotation(shape: tuple[int, int], degrees: float) -> tuple[Turn, tuple[int, int]]:
    """Return the map, (2, 3), that turns a picture of this shape within a larger one, and the latter's size."""
    height, width = shape
    sine, cosine = abs(math.sin(math.radians(degrees))), abs(math.cos(math.radians(degrees)))
    size = (round(width * cosine + height * sine), round(height * cosine + width * sine))
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), dtype=np.float64)
    turn[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)
    return turn, size
