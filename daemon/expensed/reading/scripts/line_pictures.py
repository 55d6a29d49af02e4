"""Cut the lines that the first engine found out of a sheet, levelled and evened, for an engine that reads single lines.

Measured on 27 papers in Cyrillic, Arabic and Thai by the letters that Tesseract read with confidence: levelling doubles
them (even one degree counts), evening the grey adds a fifth, and cutting a little into the engine's boxes, which are
wide, a quarter. Binarising, other heights and each line's own slope were no better.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import cv2
import numpy as np
import numpy.typing as npt

from expensed.model.reading import Box, Lean, Word, line_height
from expensed.reading.engines.engine import Pixels, as_pixels
from expensed.reading.sheet import Sheet

LINE_HEIGHT = 44
"""Pixels, without the border."""
BORDER = 12
"""Pixels of white around each line."""
_TIGHT, _LOOSE = 0.04, -0.1
"""How much of a line's height is cut off above and below; if negative, how much is added."""
_SMALLEST = 6
"""Pixels; what is smaller is no line."""
_DARK, _LIGHT = 2, 85
"""The percentiles of grey that become black and white."""


def cut_lines(sheet: Sheet, words: Iterable[Word], lean: Lean, *, tight: bool = True) -> list[Pixels]:
    """Return a levelled picture of each word or line, black on white, 68 pixels high; blank if it is too small."""
    trimmed = _TIGHT if tight else _LOOSE
    return [_cut(sheet.pixels, sheet.locate(word.box), lean.at(word.box), trimmed) for word in words]


def _cut(pixels: Pixels, box: Box, slope: float, trimmed: float) -> Pixels:
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    tall = line_height(box, slope)
    margin = 4 + round(max(0.0, -trimmed) * high)
    part = _part(pixels, box, margin)
    if min(wide, tall) < _SMALLEST or part.size == 0:
        return np.full((LINE_HEIGHT + 2 * BORDER, 2 * BORDER), 255, np.uint8)
    scale = LINE_HEIGHT / (tall * (1 - 2 * trimmed))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(part, None, fx=scale, fy=scale, interpolation=method)
    first_x, first_y = max(0, int(left) - margin), max(0, int(top) - margin)
    centre = (((left + right) / 2 - first_x) * scale, ((top + bottom) / 2 - first_y) * scale)
    angle = math.atan(slope)
    size = (max(_SMALLEST, int(wide * scale / math.cos(angle))), LINE_HEIGHT)
    line = cv2.warpAffine(
        scaled, _turn(centre, size, angle), size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return as_pixels(cv2.copyMakeBorder(even_out(as_pixels(line)), *(BORDER,) * 4, cv2.BORDER_CONSTANT, value=(255.0,)))


def _part(pixels: Pixels, box: Box, margin: int) -> Pixels:
    left, top, right, bottom = (int(value) for value in box)
    rows = slice(max(0, top - margin), max(0, bottom + margin + 1))
    return pixels[rows, max(0, left - margin) : max(0, right + margin + 1)]


def _turn(centre: tuple[float, float], size: tuple[int, int], angle: float) -> npt.NDArray[np.float32]:
    """Return the map from a level picture of this size to the picture in which it is centred at this angle; (2, 3)."""
    cosine, sine = math.cos(angle), math.sin(angle)
    across, down = size[0] / 2, size[1] / 2
    return np.array(
        [
            [cosine, -sine, centre[0] - cosine * across + sine * down],
            [sine, cosine, centre[1] - sine * across - cosine * down],
        ],
        dtype=np.float32,
    )


def even_out(line: Pixels) -> Pixels:
    """Return a picture with its ink black and its paper white."""
    dark, light = np.percentile(line, (_DARK, _LIGHT))
    return as_pixels(np.clip((line.astype(np.float32) - dark) / max(light - dark, 30.0) * 255, 0, 255).astype(np.uint8))
