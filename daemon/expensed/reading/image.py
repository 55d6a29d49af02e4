"""Prepare images: crop the paper out of its surroundings, and scale it to what each engine reads best.

Measured on receipts: cropping pays; binarising and denoising hurt; CLAHE and deskewing did little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from expensed.reading.engines.engine import Pixels, as_pixels

PixelBox = tuple[int, int, int, int]
Stats = npt.NDArray[Any]

_SURVEY_SIDE = 640
_INK_CONTRAST = 24
_MARGIN = 0.015
_FEWEST_MARKS = 6
"""A bright area with less written on it is not paper but a window or a margin."""
_SMALLEST_SURVEY = 32
_SMALLEST_SHEET = 0.12
"""Share of the picture."""
_COMPACT = 0.75
"""Share that a sheet fills of the smallest rectangle around it, at any angle."""
_FEW_STRAYS = 0.25
"""How much may look written outside the sheet, compared with what is written on it."""
_FEWEST_STRAYS = 0.01
"""The same under a scanner's lid, where nothing lies."""
_CALM = 2.0
"""Grey levels by which a pixel of a plain ground differs from those around it, in the median."""
_PADDLE_LONGEST = 960
_PADDLE_NARROWEST = 416
"""The width that a till roll keeps, because 960 pixels in length would leave its letters unreadable."""
_LONGEST_ROLL = 6000
_TESSERACT_LONGEST = 1600
_TESSERACT_NARROWEST = 480


def crop_to_paper(picture: Pixels) -> tuple[Pixels, PixelBox]:
    """Return the part of the picture with the paper and its ink, and its box in pixels."""
    height, width = picture.shape
    survey, scale = _shrunk(picture, _SURVEY_SIDE)
    marks = _marks(survey)
    paper = _paper(survey, marks)
    left, top, right, bottom = _ink(survey, paper, marks)
    margin = _MARGIN * max(height, width)
    box = (
        max(0, int(left / scale - margin)),
        max(0, int(top / scale - margin)),
        min(width, int(right / scale + margin) + 1),
        min(height, int(bottom / scale + margin) + 1),
    )
    return picture[box[1] : box[3], box[0] : box[2]], box


def shrink_for_paddle(picture: Pixels) -> tuple[Pixels, float]:
    """Return the picture with its longest side at 960 pixels (more for a long till roll), and the scale applied."""
    return _shrunk(picture, _longest(picture, _PADDLE_LONGEST, _PADDLE_NARROWEST))


def shrink_band(picture: Pixels, widest: int) -> tuple[Pixels, float]:
    """Return a part of a page as `shrink_for_paddle` does, but at most this wide in pixels, and the scale applied."""
    height, width = picture.shape
    usual = _longest(picture, _PADDLE_LONGEST, _PADDLE_NARROWEST)
    return _shrunk(picture, min(usual, round(widest * max(height, width) / width)))


def shrink_for_tesseract(picture: Pixels) -> tuple[Pixels, float]:
    """Return the picture with its longest side at 1,600 pixels (more for a long till roll), and the scale applied."""
    return _shrunk(picture, _longest(picture, _TESSERACT_LONGEST, _TESSERACT_NARROWEST))


def _longest(picture: Pixels, usual: int, narrowest: int) -> int:
    """Return the longest side that leaves the shorter one at least `narrowest` pixels, within bounds."""
    height, width = picture.shape
    wanted = int(narrowest * max(height, width) / min(height, width))
    return min(max(usual, wanted), _LONGEST_ROLL)


def _shrunk(picture: Pixels, longest: int) -> tuple[Pixels, float]:
    scale = longest / max(picture.shape)
    if scale >= 1:
        return picture, 1.0
    height, width = picture.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return as_pixels(cv2.resize(picture, size, interpolation=cv2.INTER_AREA)), scale


def _paper(survey: Pixels, marks: Stats) -> PixelBox:
    """Return the box of a bright sheet on a darker ground, or the whole picture if there is none.

    The sheet is whatever is bright, or is bright once the grain of a table or carpet is smoothed away; within it the
    brightest part is searched again, for white paper under a scanner's grey lid. Half the survey's size is enough.
    """
    height, width = survey.shape
    if min(height, width) < _SMALLEST_SURVEY:
        return (0, 0, width, height)
    half, scale = _shrunk(survey, max(survey.shape) // 2)
    places = (_centres(marks) * scale).astype(np.int64)
    whole = (0, 0, half.shape[1], half.shape[0])
    smooth, coarse = as_pixels(cv2.medianBlur(half, 5)), as_pixels(cv2.medianBlur(half, 15))
    grain = as_pixels(cv2.absdiff(half, coarse))
    table = _Ground(smooth, places, grain)
    box = _sheet(table, 0, 50) or _sheet(_Ground(coarse, places, grain), 0, 40) or whole
    if min(box[2] - box[0], box[3] - box[1]) >= _SMALLEST_SURVEY // 2:
        inner = table.within(box)
        lid = _sheet(inner, _otsu(inner.grey.ravel()), 18, calm=True) or _sheet(inner, 0, 30, calm=True)
        if lid:
            box = (box[0] + lid[0], box[1] + lid[1], box[0] + lid[2], box[1] + lid[3])
    left, top, right, bottom = (round(value / scale) for value in box)
    return (left, top, min(right, width), min(bottom, height))


def _otsu(values: Stats) -> int:
    """Return the grey level that best separates the values into dark and bright."""
    level, _ = cv2.threshold(values.reshape(1, -1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return int(level)


@dataclass(frozen=True)
class _Ground:
    """A picture to search for a sheet."""

    grey: Pixels
    """Smoothed; (height, width)."""
    places: Stats
    """Places where something looks written: (n, 2), x and y."""
    grain: Pixels
    """How much each pixel differs from those around it; (height, width)."""

    def within(self, box: PixelBox) -> _Ground:
        """Return the part of the ground in the box."""
        left, top, right, bottom = box
        part = (slice(top, bottom), slice(left, right))
        return _Ground(self.grey[part], self.places[_lie_in(self.places, box)] - (left, top), self.grain[part])


def _sheet(table: _Ground, above: int, contrast: float, calm: bool = False) -> PixelBox | None:
    """Return the box of the largest compact bright area among what is brighter than `above`.

    None if it is ragged, too small or nearly everything, not brighter than the rest by `contrast`, if hardly anything
    is written on it, or if something is written outside it. On a grainy table everything looks written, so marks
    outside do not count there, unless the table is known to be `calm`.
    """
    ground = table.grey
    considered = ground[ground > above] if above else ground.ravel()
    if considered.size < _SMALLEST_SHEET * ground.size:
        return None
    light = (ground > _otsu(considered)).astype(np.uint8)
    bright = cv2.morphologyEx(light, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright, ltype=cv2.CV_16U)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    left, top, wide, high, area = (int(value) for value in stats[largest])
    outside = ground[labels != largest]
    if area < _SMALLEST_SHEET * ground.size or outside.size < 0.08 * ground.size:
        return None
    if float(ground[labels == largest].mean()) - float(outside.mean()) < contrast:
        return None
    points = np.argwhere(labels == largest)[:: max(1, area // 4000), ::-1].astype(np.float32)
    if area < _COMPACT * float(np.prod(cv2.minAreaRect(points)[1])):
        return None
    box = (left, top, left + wide, top + high)
    within = int(_lie_in(table.places, box).sum())
    if within < _FEWEST_MARKS:
        return None
    if len(table.places) - within > (_FEWEST_STRAYS if calm else _FEW_STRAYS) * within:
        rest = table.grain[labels != largest]
        if calm or float(np.median(rest)) <= _CALM:
            return None
    return box


def _lie_in(places: Stats, box: PixelBox) -> Stats:
    """Return which of the places, (n, 2), x and y, lie in the box; (n,)."""
    across, down = places[:, 0], places[:, 1]
    return np.asarray((across >= box[0]) & (across < box[2]) & (down >= box[1]) & (down < box[3]))


def _centres(marks: Stats) -> Stats:
    """Return the centre of each mark: (n, 2), x and y."""
    return np.stack(
        (
            marks[:, cv2.CC_STAT_LEFT] + marks[:, cv2.CC_STAT_WIDTH] / 2,
            marks[:, cv2.CC_STAT_TOP] + marks[:, cv2.CC_STAT_HEIGHT] / 2,
        ),
        axis=1,
    )


def _ink(survey: Pixels, paper: PixelBox, all_marks: Stats) -> PixelBox:
    """Return the box around everything on the paper that looks written; the paper's own box if nothing does."""
    left, top, right, bottom = paper
    sheet = survey[top:bottom, left:right]
    if min(sheet.shape) < 32:
        return paper
    marks = all_marks if sheet.shape == survey.shape else _marks(sheet)
    if len(marks) == 0:
        return paper
    rights = marks[:, cv2.CC_STAT_LEFT] + marks[:, cv2.CC_STAT_WIDTH]
    bottoms = marks[:, cv2.CC_STAT_TOP] + marks[:, cv2.CC_STAT_HEIGHT]
    return (
        left + int(marks[:, cv2.CC_STAT_LEFT].min()),
        top + int(marks[:, cv2.CC_STAT_TOP].min()),
        left + int(rights.max()),
        top + int(bottoms.max()),
    )


def _marks(sheet: Pixels) -> Stats:
    """Return what looks like a word or a sign, as rows of OpenCV's component statistics."""
    ground = cv2.medianBlur(sheet, 21)
    ink = (cv2.absdiff(sheet, ground) > _INK_CONTRAST).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, ltype=cv2.CV_16U)
    return stats[1:][(stats[1:, cv2.CC_STAT_AREA] >= 12) & (stats[1:, cv2.CC_STAT_WIDTH] >= 5)]
