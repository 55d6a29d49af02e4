"""Detect pages on their side or upside down by how their text was read, turn them, and read them again.

Measured with paddle on seven documents turned four ways: lines of a page on its side are taller than wide (over 0.89
of them, else none); the mean confidence of a page upside down is at most 0.70, of an upright one at least 0.92. Of
few lines it tells less: in 89 strips with 2 to 14 lines of receipts, upside down, it was up to 0.80, and what reads
better was always the upright one. So few lines are read the other way round, too, unless they are beyond doubt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from expensed.model.reading import Box
from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.engine import Engine, Pixels, Sighting
from expensed.reading.image import PixelBox, crop_to_paper
from expensed.reading.slope.tilt import level_sightings, measure_tilt, turn_page, turned_size

_FEW_PIECES = 15
_MOSTLY = 0.6
_DOUBTFUL = 0.72
_DOUBTFUL_OF_FEW = 0.85
_MOST_PIXELS = 100_000_000
"""Of a levelled page; what would have more stays as it lies: a thin roll at a slant needs many times its own memory."""


@dataclass(frozen=True, slots=True)
class UprightText:
    """The text on the upright `pixels`; its boxes are relative to the paper's `box`; `turns` count 90 degrees."""

    pixels: Pixels
    box: PixelBox
    sightings: list[Sighting]
    turns: float

    @property
    def paper(self) -> Pixels:
        """The pixels in the box."""
        left, top, right, bottom = self.box
        return self.pixels[top:bottom, left:right]


def read_upright(engine: Engine, pixels: Pixels, deadline: Deadline) -> UprightText:
    """Return the text of a page as it lies, or turned if that reads better, after at most one more reading.

    Raises TimeoutError as the engine does.
    """
    first = _read(engine, pixels, 0, deadline)
    turns = _likely_turns(first.sightings)
    upright = first
    if turns and not deadline.has_passed():
        second = _read(engine, pixels, turns, deadline)
        upright = max(first, second, key=lambda each: _legibility(each.sightings))
    tilt = measure_tilt(upright.paper, upright.sightings)
    fits = math.prod(turned_size(upright.pixels.shape, tilt)) <= _MOST_PIXELS
    return _levelled(upright, tilt) if tilt and fits else upright


def _levelled(leaning: UprightText, degrees: float) -> UprightText:
    """Return the same text on the page turned by these degrees."""
    height, width = leaning.pixels.shape
    pixels = turn_page(leaning.pixels, degrees / 90)
    _, box = crop_to_paper(pixels)
    placed = level_sightings(leaning.sightings, (height, width), degrees, leaning.box[:2])
    moved = [replace(each, box=_within(each.box, box)) for each in placed]
    return UprightText(pixels, box, moved, leaning.turns + degrees / 90)


def _within(box: Box, paper: PixelBox) -> Box:
    return (box[0] - paper[0], box[1] - paper[1], box[2] - paper[0], box[3] - paper[1])


def _read(engine: Engine, pixels: Pixels, turns: float, deadline: Deadline) -> UprightText:
    turned = turn_page(pixels, turns) if turns else pixels
    crop, box = crop_to_paper(turned)
    return UprightText(turned, box, engine.read(crop, deadline), turns)


def _likely_turns(sightings: list[Sighting]) -> int:
    """Return the counter-clockwise quarter turns that would set the page upright.

    Engines turn a vertical line on their own; whether they could read it tells the direction.
    """
    pieces = [each for each in sightings if len(each.text) >= 2]
    if not pieces:
        return 0
    confidence = float(np.mean([each.confidence for each in pieces]))
    if float(np.mean([_is_tall(each) for each in pieces])) >= _MOSTLY:
        return 3 if confidence < _DOUBTFUL else 1
    return 2 if confidence < (_DOUBTFUL_OF_FEW if len(pieces) < _FEW_PIECES else _DOUBTFUL) else 0


def _is_tall(sighting: Sighting) -> bool:
    left, top, right, bottom = sighting.box
    return bottom - top > 1.5 * (right - left)


def _legibility(sightings: list[Sighting]) -> float:
    """Count the letters read, with little weight for tall lines and doubtful readings."""
    return sum(
        len(each.text) * each.confidence**4 * (0.3 if _is_tall(each) and len(each.text) > 2 else 1.0)
        for each in sightings
    )
