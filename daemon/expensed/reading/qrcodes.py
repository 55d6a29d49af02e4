"""Find QR codes on a page, with their text and place, whatever the text means.

Measured on drawn invoices, 1 thread: zxing-cpp finds EPC codes and Swiss QR-bills from 100 dpi up to 300 dpi, and all
of twelve on blurred, turned, compressed pictures; cv2's detector finds four of eight and none, at 20 times the cost.
A photo of a receipt costs 7 ms (mean of 120, none with a code); a page of a PDF costs more than that to render.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from expensed.model.reading import Box
from expensed.reading.engines.engine import Pixels, as_pixels
from expensed.reading.image import PixelBox

RENDER_DPI = 150
"""Enough for the densest Swiss QR-bill: three pixels for each of its modules."""
_LONGEST_SIDE = 2600
_LONGEST_FINE = 16_000
"""zxing refuses pictures longer than 32,767."""
_MOST_FINE, _MOST_ENLARGED = 12_000_000, 2_500_000
"""Pixels up to which a picture is looked at closely, and enlarged."""
_ROLL = 2.5
"""How many times longer than wide a receipt is whose code is small however large the picture is."""
_MARGIN = 0.3
"""The share of a code's side within which another sighting is the same code."""
_SMALLEST_SIDE = 40
_CELL, _CELLS = 4, 4
"""The smallest code looked for closely: cells of this many pixels a side in the sample, and cells a side."""
_PALEST = 5
"""Grey levels by which dark differs from the mean around it."""
_MOST_PARTS = 20
_SPECKLED = 0.15
"""The share of neighbours in a cell of which one is dark and the other is not."""
_LONGEST_TEXT = 2_000
"""A QR code holds at most 4,296 characters; a payment code is limited to 997."""
_MOST_CODES = 10
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class CodeSighting:
    """The text of a code, and its bytes; `box` in fractions of the picture."""

    text: str
    data: bytes
    box: Box


def find_codes(picture: Pixels) -> list[CodeSighting]:
    """Return every QR code on a grey picture, however it is turned.

    A fiscal code has up to 109 modules a side, each of which needs two to three pixels. So a large picture is looked at
    once more in full if nothing was found or it is a long roll, and a small one is sharpened if nothing was found.
    """
    if min(picture.shape) < _SMALLEST_SIDE:
        return []
    coarse = _halved(picture, longest=_LONGEST_SIDE)
    found = _look(coarse)
    fine = _halved(picture, longest=_LONGEST_FINE, most=_MOST_FINE)
    if fine.size > coarse.size and (not found or max(picture.shape) > _ROLL * min(picture.shape)):
        found = _merged(found, _look(fine))
    if not found and fine.size <= _MOST_ENLARGED and max(fine.shape) <= _LONGEST_FINE // 2:
        found = _look_sharply(fine)
    return found[:_MOST_CODES]


def _look(picture: Pixels) -> list[CodeSighting]:
    if min(picture.shape) < _SMALLEST_SIDE:
        return []
    found = zxingcpp.read_barcodes(picture, formats=_QR, text_mode=zxingcpp.TextMode.Plain, try_invert=False)
    return [
        CodeSighting(each.text, bytes(each.bytes), _box(each.position, picture))
        for each in found[:_MOST_CODES]
        if each.valid and 0 < len(each.text) <= _LONGEST_TEXT
    ]


def _merged(first: list[CodeSighting], more: list[CodeSighting]) -> list[CodeSighting]:
    """Return the codes of both looks, each once."""
    return [*first, *(each for each in more if not any(_is_same(each, other) for other in first))]


def _is_same(one: CodeSighting, other: CodeSighting) -> bool:
    """Whether two sightings have the same text in the same place."""
    left, top, right, bottom = one.box
    far = _MARGIN * (right - left), _MARGIN * (bottom - top)
    return one.text == other.text and abs(left - other.box[0]) <= far[0] and abs(top - other.box[1]) <= far[1]


def _look_sharply(picture: Pixels) -> list[CodeSighting]:
    """Look at the picture sharpened: halved, where a large code may be blurred, and enlarged where one may be tiny.

    Of 28 codes at 2 pixels a module, blurred, 24 decode so, not none. Enlarging the whole picture costs twice as much.
    """
    sharp = cv2.addWeighted(picture, 2.5, cv2.blur(picture, (5, 5)), -1.5, 0)
    found = _look(_half(as_pixels(sharp)))
    for left, top, right, bottom in [] if found else _speckled(picture):
        part = cv2.resize(sharp[top:bottom, left:right], None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
        seen = _look(as_pixels(part))
        found = _merged(found, [_moved(each, (left, top, right, bottom), picture) for each in seen])
    return found


def _speckled(picture: Pixels) -> list[PixelBox]:
    """Return the parts of a picture that are as finely speckled in both directions as a code is, with room around them.

    Every second pixel is looked at: in a code, however pale, dark and light change there at random, whereas lines of
    text have space between them. All of 329 drawn codes that only decode enlarged lie in such parts; every other
    receipt has none, and on average they cover a tenth of it.
    """
    sample = as_pixels(picture[::2, ::2])
    down, across = ((side - 1) // _CELL for side in sample.shape)
    if min(down, across) < 1:
        return []
    dark = cv2.adaptiveThreshold(sample, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 2 * _CELL + 1, _PALEST)
    changes = [_changes(as_pixels(dark), down, across, *step) for step in ((0, 1), (1, 0))]
    speckled = cv2.blur(np.minimum(*changes), (3, 3)) > _SPECKLED * 255
    solid = cv2.morphologyEx(speckled.astype(np.uint8), cv2.MORPH_OPEN, np.ones((_CELLS, _CELLS), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(solid, ltype=cv2.CV_16U)
    largest = sorted(stats[1:], key=lambda stat: -int(stat[cv2.CC_STAT_AREA]))[:_MOST_PARTS]
    return [_with_room(stat, picture) for stat in largest]


def _changes(dark: Pixels, down: int, across: int, below: int, beside: int) -> Pixels:
    """Return for each cell how many of its pixels differ from that below or beside them; 255 if all do."""
    height, width = down * _CELL, across * _CELL
    differs = cv2.bitwise_xor(dark[:height, :width], dark[below : below + height, beside : beside + width])
    return as_pixels(cv2.resize(differs, (across, down), interpolation=cv2.INTER_AREA))


def _with_room(stat: npt.NDArray[np.int32], picture: Pixels) -> PixelBox:
    """Return a component of cells in pixels, with half its size around it, because a code's edges are less speckled."""
    left, top, wide, high = (2 * _CELL * int(value) for value in stat[:4])
    room = max(8 * _CELL, max(wide, high) // 2)
    height, width = picture.shape
    return (
        max(0, left - room), max(0, top - room), min(width, left + wide + room), min(height, top + high + room),
    )  # fmt: skip


def _moved(sighting: CodeSighting, part: PixelBox, picture: Pixels) -> CodeSighting:
    """Return what was seen on a part of the picture with its place on the whole."""
    left, top, right, bottom = part
    height, width = picture.shape
    box = sighting.box
    across, down = (right - left) / width, (bottom - top) / height
    whole = (
        left / width + box[0] * across, top / height + box[1] * down,
        left / width + box[2] * across, top / height + box[3] * down,
    )  # fmt: skip
    return replace(sighting, box=whole)


def _halved(picture: Pixels, *, longest: int, most: int = 0) -> Pixels:
    """Halve the picture until its longest side or its pixels are few enough; 20 times as fast as any other scale."""
    while (max(picture.shape) > longest or picture.size > most > 0) and min(picture.shape) >= _SMALLEST_SIDE:
        picture = _half(picture)
    return picture


def _half(picture: Pixels) -> Pixels:
    height, width = picture.shape[0] // 2, picture.shape[1] // 2
    even = picture[: 2 * height, : 2 * width]
    return as_pixels(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA))


def _box(position: Any, picture: Pixels) -> Box:
    height, width = picture.shape
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across = [min(1.0, max(0.0, corner.x / width)) for corner in corners]
    down = [min(1.0, max(0.0, corner.y / height)) for corner in corners]
    return min(across), min(down), max(across), max(down)
