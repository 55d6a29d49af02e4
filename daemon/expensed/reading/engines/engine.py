"""The protocol of OCR engines: pixels in, pieces of text with their places out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from expensed.reading.engines.deadline import Deadline

Pixels = npt.NDArray[np.uint8]
"""A grey picture, shape (height, width)."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A piece of text where an engine saw it; `box` is left, top, right, bottom in pixels."""

    text: str
    box: tuple[float, float, float, float]
    confidence: float


class Engine(Protocol):
    """An OCR engine; one instance serves a whole process, one picture at a time."""

    @property
    def name(self) -> str:
        """`paddle` or `tesseract`."""

    def read(self, picture: Pixels, deadline: Deadline) -> list[Sighting]:
        """Return all text on an upright grey picture, top to bottom.

        Raises TimeoutError if the engine can be stopped and the deadline passed meanwhile.
        """


def as_pixels(array: npt.NDArray[Any]) -> Pixels:
    """Return the array as 8-bit pixels, without a copy if it already is."""
    return np.ascontiguousarray(array, dtype=np.uint8)
