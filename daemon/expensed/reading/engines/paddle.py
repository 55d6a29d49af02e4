"""PP-OCRv6 through faster-paddle: the bundled tiny and small models, one thread, lines with boxes.

The model size `medium` is never used, because it would be downloaded.
"""

from __future__ import annotations

import unicodedata
from typing import Any, Literal

import cv2

from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.engine import Pixels, Sighting
from expensed.reading.image import shrink_band, shrink_for_paddle

Size = Literal["tiny", "small"]


class PaddleEngine:
    """A loaded model (0.07 s and 60 MB for tiny)."""

    name = "paddle"

    def __init__(self, size: Size = "tiny", *, widest: int | None = None) -> None:
        from faster_paddle import OcrEngine  # type: ignore[import-untyped]

        self._engine: Any = OcrEngine(model_size=size, threads=1, det_max_side=1600, det_min_side=0)
        self._widest = widest

    def read(self, picture: Pixels, deadline: Deadline) -> list[Sighting]:
        """Return all lines on the picture, scaled for the model; boxes are those of the given picture."""
        small, scale = shrink_for_paddle(picture) if self._widest is None else shrink_band(picture, self._widest)
        done, encoded = cv2.imencode(".bmp", small)
        if not done:
            raise ValueError("the picture could not be handed to the engine")
        bounds = self._engine.ocr(encoded.tobytes())["bounds"]
        return [_sighting(bound, scale) for bound in bounds.values() if bound["text"].strip()]


def _sighting(bound: dict[str, Any], scale: float) -> Sighting:  # as faster-paddle gives it
    left, top = bound["topLeftCoord"]
    right, bottom = bound["bottomRightCoord"]
    box = (left / scale, top / scale, right / scale, bottom / scale)
    text = " ".join(unicodedata.normalize("NFKC", bound["text"]).split())
    return Sighting(text, box, float(bound["confidence"]))
