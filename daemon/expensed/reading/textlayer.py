"""Read a PDF page's own text: pdfium's runs of characters, turned upright and joined into words."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from expensed.model.reading import Box, Word

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_MOST_RUNS = 20_000
_ENOUGH_CHARACTERS = 12
_ENOUGH_OVER_A_SCAN = 120
"""A scanned page may carry a stamp or a page number as text, which is not a text layer."""
_GRID = 100_000


def read_text_layer(page: PdfPage, number: int, *, is_scan: bool) -> tuple[Word, ...]:
    """Return the words of the page's own text; none if it has no text, or too little to be all that is on the page."""
    text_page = page.get_textpage()
    try:
        runs = _runs(page, text_page, number)
    finally:
        text_page.close()
    characters = sum(character.isalnum() for run in runs for character in run.text)
    if characters < (_ENOUGH_OVER_A_SCAN if is_scan else _ENOUGH_CHARACTERS) or _is_gibberish(runs):
        return ()
    return tuple(_joined(runs, *page.get_size()))


def _runs(page: PdfPage, text_page: PdfTextPage, number: int) -> list[Word]:
    found = []
    for index in range(min(text_page.count_rects(), _MOST_RUNS)):
        rect = text_page.get_rect(index)
        text = text_page.get_text_bounded(*rect).replace("\r", " ").replace("\n", " ").replace("\x02", "-")
        if text.strip():
            found.append(Word(text, number, _upright(page, *rect), 1.0))
    return found


def _upright(page: PdfPage, left: float, bottom: float, right: float, top: float) -> Box:
    """Convert a rectangle in PDF space to fractions of the page as shown, with rotation and crop box applied."""
    x1, y1 = _shown(page, left, top)
    x2, y2 = _shown(page, right, bottom)
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _shown(page: PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _GRID, _GRID, 0, x, y, across, down)
    return _fraction(across.value), _fraction(down.value)


def _fraction(value: int) -> float:
    return min(1.0, max(0.0, value / _GRID))


def _is_gibberish(runs: list[Word]) -> bool:
    """Whether fonts without a usable encoding turned the text into meaningless characters."""
    text = "".join(run.text for run in runs)
    bad = sum(character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character < " " for character in text)
    return bad > 0.2 * len(text)


def _joined(runs: list[Word], width: float, height: float) -> list[Word]:
    """Join runs of one line that nearly touch into one word, since pdfium cuts at every change of font."""
    words: list[Word] = []
    for run in runs:
        if words and _continues(words[-1], run, width, height):
            last = words.pop()
            box = (last.box[0], min(last.box[1], run.box[1]), run.box[2], max(last.box[3], run.box[3]))
            words.append(Word(last.text + run.text, run.page, box, 1.0))
        else:
            words.append(run)
    return [Word(" ".join(word.text.split()), word.page, word.box, 1.0) for word in words]


def _continues(last: Word, run: Word, width: float, height: float) -> bool:
    tall = max(last.box[3] - last.box[1], run.box[3] - run.box[1]) * height
    overlap = min(last.box[3], run.box[3]) - max(last.box[1], run.box[1])
    gap = (run.box[0] - last.box[2]) * width
    return overlap > 0 and -0.3 * tall < gap < 0.45 * tall
