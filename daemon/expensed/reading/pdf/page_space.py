"""Say where things stand on a PDF page: in its own space, and in fractions of the page as shown.

A page is shown turned (Rotate) and cut to its crop box; what is drawn within a form is placed by the form's matrix.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pypdfium2 import raw

if TYPE_CHECKING:
    from pypdfium2 import PdfMatrix, PdfObject, PdfPage

    from expensed.model.reading import Box

Rect = tuple[float, float, float, float]
"""left, bottom, right, top in points, in the page's own space."""
NOWHERE: Rect = (0.0, 0.0, 0.0, 0.0)
_GRID = 100_000


def bounds_of(drawn: PdfObject) -> Rect:
    """Return where an object is drawn, through the forms that hold it; NOWHERE if pdfium cannot tell."""
    try:
        rect = drawn.get_bounds()
        while (drawn := drawn.container) is not None:
            rect = drawn.get_matrix().on_rect(*rect)
    except pdfium.PdfiumError:
        return NOWHERE
    return rect  # type: ignore[no-any-return]  # pypdfium2 has no types


def matrix_of(drawn: PdfObject) -> PdfMatrix:
    """Return the matrix by which an object is drawn on its page, through the forms that hold it."""
    matrix = drawn.get_matrix()
    while (drawn := drawn.container) is not None:
        matrix = matrix.multiply(drawn.get_matrix())
    return matrix


def place_on_page(page: PdfPage, rect: Rect) -> Box:
    """Return a rectangle in PDF space as fractions of the page as shown; below 0 or above 1 where it lies outside."""
    left, bottom, right, top = rect
    x1, y1 = _shown(page, left, top)
    x2, y2 = _shown(page, right, bottom)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def is_on_page(box: Box) -> bool:
    """Whether the middle of a box lies on the page."""
    return 0 <= box[0] + box[2] <= 2 and 0 <= box[1] + box[3] <= 2


def within_page(box: Box) -> Box:
    """Return the part of a box that lies on the page."""
    left, top, right, bottom = (min(1.0, max(0.0, side)) for side in box)
    return left, top, right, bottom


def _shown(page: PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, across, down)
    return across.value / _GRID, down.value / _GRID
