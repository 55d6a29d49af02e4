"""A picture as sixels, the bitmap format of DEC's terminals (VT330/VT340 Programmer Reference Manual, chapter 14)."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import numpy.typing as npt

_GREYS = 16
_BAND = 6
"""Rows of pixels that one line of sixels draws."""


def as_sixels(png: bytes, width: int, height: int) -> str:
    """Return a picture as sixels in shades of grey, as large as fits into so many pixels; empty if it is none."""
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        return ""
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    greys = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8) // (256 // _GREYS)
    palette = "".join(f"#{grey};2" + f";{round(100 * grey / (_GREYS - 1))}" * 3 for grey in range(_GREYS))
    bands = (_draw_band(greys[top : top + _BAND]) for top in range(0, size[1], _BAND))
    return f'\x1bPq"1;1;{size[0]};{size[1]}{palette}{"-".join(bands)}\x1b\\'


def _draw_band(band: npt.NDArray[np.uint8]) -> str:
    weights = 1 << np.arange(len(band))[:, None]
    lines = []
    for grey in np.unique(band):
        sixels = ((band == grey) * weights).sum(axis=0)
        runs = ((len(list(group)), chr(63 + int(sixel))) for sixel, group in itertools.groupby(sixels.tolist()))
        lines.append(f"#{grey}" + "".join(f"!{count}{sign}" if count > 3 else sign * count for count, sign in runs))
    return "$".join(lines)
