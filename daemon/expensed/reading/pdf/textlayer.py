"""Read a PDF page's own text: pdfium's runs of characters, turned upright and joined into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expensed.model.reading import Word
from expensed.reading.pdf.page_space import is_on_page, place_on_page, within_page

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage  # type: ignore[import-untyped]

_MOST_RUNS = 20_000
_ENOUGH_CHARACTERS = 12
_ENOUGH_OVER_A_SCAN = 120
"""A scanned page may carry a stamp or a page number as text, which is not a text layer."""


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


def has_text(page: PdfPage) -> bool:
    """Whether anything at all is written on the page."""
    text_page = page.get_textpage()
    try:
        return bool(text_page.get_text_bounded().strip())
    finally:
        text_page.close()


def _runs(page: PdfPage, text_page: PdfTextPage, number: int) -> list[Word]:
    found = []
    for index in range(min(text_page.count_rects(), _MOST_RUNS)):
        rect = text_page.get_rect(index)
        text = text_page.get_text_bounded(*rect).replace("\r", " ").replace("\n", " ").replace("\x02", "-")
        box = place_on_page(page, rect)
        if text.strip() and is_on_page(box):
            found.append(Word(text, number, within_page(box), 1.0))
    return found


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
