"""Image preparation: the paper cropped out of its surroundings, scaled to what each engine likes.

Measured on receipts: cropping pays; binarising and denoising hurt; CLAHE and deskew did little.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from expensed.reading.engines.protocol import Pixels, as_pixels

PixelBox = tuple[int, int, int, int]
Stats = npt.NDArray[Any]

_SURVEY_SIDE = 640
_INK_CONTRAST = 24
_MARGIN = 0.015
_FEWEST_MARKS = 6
"""A bright area with less written on it is no paper: a window, a margin."""
_PADDLE_LONGEST = 960
_PADDLE_NARROWEST = 416
"""A till roll is so long that 960 pixels would leave its letters unreadable: it keeps this width."""
_LONGEST_ROLL = 6000
_TESSERACT_LONGEST = 1600
_TESSERACT_NARROWEST = 480


def crop_to_paper(picture: Pixels) -> tuple[Pixels, PixelBox]:
    """The part of the picture that holds the paper and its ink, and where it lay, in pixels."""
    height, width = picture.shape
    survey, scale = _shrunk(picture, _SURVEY_SIDE)
    left, top, right, bottom = _ink(survey, _paper(survey))
    margin = _MARGIN * max(height, width)
    box = (
        max(0, int(left / scale - margin)),
        max(0, int(top / scale - margin)),
        min(width, int(right / scale + margin) + 1),
        min(height, int(bottom / scale + margin) + 1),
    )
    return picture[box[1] : box[3], box[0] : box[2]], box


def shrink_for_paddle(picture: Pixels) -> tuple[Pixels, float]:
    """The picture with its longest side at 960 pixels (a long till roll keeps more), and the scale applied."""
    return _shrunk(picture, _longest(picture, _PADDLE_LONGEST, _PADDLE_NARROWEST))


def shrink_for_tesseract(picture: Pixels) -> tuple[Pixels, float]:
    """The picture with its longest side at 1,600 pixels (a long till roll keeps more), and the scale applied."""
    return _shrunk(picture, _longest(picture, _TESSERACT_LONGEST, _TESSERACT_NARROWEST))


def _longest(picture: Pixels, usual: int, narrowest: int) -> int:
    """The longest side that leaves the shorter one at least `narrowest` pixels, within bounds."""
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


def _paper(survey: Pixels) -> PixelBox:
    """The box of a bright sheet on a clearly darker ground; the whole picture where there is no such sheet."""
    height, width = survey.shape
    whole = (0, 0, width, height)
    if min(height, width) < 32:
        return whole
    smooth = cv2.medianBlur(survey, 9)
    _, bright = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright)
    if count < 2:
        return whole
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    left, top, wide, high, area = (int(value) for value in stats[largest])
    inside, outside = smooth[labels == largest], smooth[bright == 0]
    solid = area >= 0.7 * wide * high and area >= 0.12 * height * width
    if not solid or outside.size < 0.08 * smooth.size or float(inside.mean()) - float(outside.mean()) < 50:
        return whole
    box = (left, top, left + wide, top + high)
    return box if len(_marks(survey[top : top + high, left : left + wide])) >= _FEWEST_MARKS else whole


def _ink(survey: Pixels, paper: PixelBox) -> PixelBox:
    """The box around everything on the paper that looks written; the paper itself where nothing does."""
    left, top, right, bottom = paper
    sheet = survey[top:bottom, left:right]
    if min(sheet.shape) < 32:
        return paper
    marks = _marks(sheet)
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
    """What looks like a word or a sign: one row of OpenCV's component statistics each."""
    ground = cv2.medianBlur(sheet, 21)
    ink = (cv2.absdiff(sheet, ground) > _INK_CONTRAST).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    return stats[1:][(stats[1:, cv2.CC_STAT_AREA] >= 12) & (stats[1:, cv2.CC_STAT_WIDTH] >= 5)]
