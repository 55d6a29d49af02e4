"""PP-OCRv6 through faster-paddle: the bundled tiny and small models, one thread, lines with boxes.

The model size `medium` is never used, because it would be downloaded.
"""

from __future__ import annotations

import unicodedata
from typing import Any, Literal

import cv2

from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.engine import Pixels, Sighting
from expensed.reading.engines.memory import give_back, make_room, note_use
from expensed.reading.image import shrink_band, shrink_for_paddle

Size = Literal["tiny", "small"]

_LOADING_MB: dict[Size, float] = {"tiny": 50, "small": 110}
_MB_PER_PIXEL: dict[Size, float] = {"tiny": 105e-6, "small": 180e-6}
_LINES_MB = 25
"""What single lines need, on however small a picture."""
_LONGEST = 1600
"""Pixels; lines are looked for in a picture of this size, and read in the one given."""


class PaddleEngine:
    """A model, loaded when it is needed (0.05 s and 45 MB for tiny, 0.12 s and 70 MB for small).

    It is dropped and loaded again where memory would run short.
    """

    name = "paddle"

    def __init__(self, size: Size = "tiny", *, widest: int | None = None) -> None:
        self._scratch_mb = 0.0
        self._size: Size = size
        self._widest = widest
        self._loaded: Any = None
        self._load()

    def read(self, picture: Pixels, deadline: Deadline) -> list[Sighting]:
        """Return all lines on the picture, scaled for the model; boxes are those of the given picture."""
        small, scale = shrink_for_paddle(picture) if self._widest is None else shrink_band(picture, self._widest)
        done, encoded = cv2.imencode(".bmp", small)
        if not done:
            raise ValueError("the picture could not be handed to the engine")
        self._get_ready(_needed_mb(self._size, small))
        bounds = self._loaded.ocr(encoded.tobytes())["bounds"]
        return [_sighting(bound, scale) for bound in bounds.values() if bound["text"].strip()]

    def release(self) -> None:
        """Drop the model and its scratch memory."""
        self._loaded = None
        self._scratch_mb = 0.0

    def _get_ready(self, needed_mb: float) -> None:
        note_use(self)
        if self._loaded is None:
            self._load()
        make_room(max(0.0, needed_mb - self._scratch_mb), keeping=self)
        self._scratch_mb = max(self._scratch_mb, needed_mb)

    def _load(self) -> None:
        from faster_paddle import OcrEngine  # type: ignore[import-untyped]

        make_room(_LOADING_MB[self._size], keeping=self)
        self._loaded = OcrEngine(model_size=self._size, threads=1, det_max_side=_LONGEST, det_min_side=0)
        give_back()


def _needed_mb(size: Size, picture: Pixels) -> float:
    """Return how much scratch memory a model needs for a picture full of text, as measured on pages of invoices."""
    pixels = picture.size * min(1.0, float(_LONGEST / max(picture.shape))) ** 2
    return _LINES_MB + _MB_PER_PIXEL[size] * pixels


def _sighting(bound: dict[str, Any], scale: float) -> Sighting:  # as faster-paddle gives it
    left, top = bound["topLeftCoord"]
    right, bottom = bound["bottomRightCoord"]
    box = (left / scale, top / scale, right / scale, bottom / scale)
    text = " ".join(unicodedata.normalize("NFKC", bound["text"]).split())
    return Sighting(text, box, float(bound["confidence"]))
