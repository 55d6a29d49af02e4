"""Photos that are not quite level, or taken at a slant: how their lines run."""

from __future__ import annotations

import itertools
import math
import time
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image
from tests.documents.drawing import draw_receipt, encode

from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import build_rows
from expensed.model.reading import Lean, Reading, Word
from expensed.readers.examination import examine_content
from expensed.reading.closer_look import Sheets
from expensed.reading.document import read_document
from expensed.reading.engines.deadline import start_deadline
from expensed.reading.options import ReadingOptions
from expensed.reading.scripts.known_scripts import SCRIPTS
from expensed.reading.scripts.reread import reread_other_script
from expensed.reading.sheet import Sheet
from expensed.reading.slope.lean import measure_lean

OPTIONS = ReadingOptions(engine="paddle", languages=("eng",))
ITEMS = {
    "Bread": "4.50", "Milk": "8.90", "Apples": "12.00", "Tea": "3.10", "Olives": "2.25", "Salt": "0.95",
    "Cherries": "5.15", "Soap": "1.80", "Napkins": "2.05",
}  # fmt: skip
RECEIPT = draw_receipt(["Corner Shop", "12 Garden Street", *(f"{name} | {price}" for name, price in ITEMS.items())])


def photograph(top, bottom):
    """Draw a receipt whose lines descend to the right by these degrees at its top and at its bottom."""
    width, height = RECEIPT.size
    fall, last = (width * math.tan(math.radians(degrees)) for degrees in (top, bottom))
    size = (width, height + 160)
    corners = (0, 80), (width, 80 + fall), (width, 80 + height + last), (0, 80 + height)
    return RECEIPT.transform(size, Image.Transform.PERSPECTIVE, _map(corners), Image.Resampling.BICUBIC, fillcolor=255)


def _map(corners):
    """Return the eight numbers with which Pillow takes the receipt's corners to these."""
    import cv2
    import numpy as np

    width, height = RECEIPT.size
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(np.array(corners, np.float32), flat)
    return (turn / turn[2, 2]).ravel()[:8].tolist()


def measure(picture):
    """Return the page that is read of a picture, with its lean."""
    sheets = Sheets()
    (page,) = read_document(encode(picture), OPTIONS, sheets).pages
    return replace(page, lean=measure_lean(sheets.kept[1], page.words))


@pytest.mark.parametrize(("top", "bottom"), [(0, 0), (1.5, 1.5), (-2, -2), (3, 0), (-2, 2), (-3, 3)])
def test_it_is_measured_how_lines_run_at_the_top_and_at_the_bottom(top, bottom):
    lean = measure(photograph(top, bottom)).lean or Lean()
    measured = [math.degrees(math.atan(slope)) for slope in (lean.top, lean.bottom)]
    assert measured == pytest.approx([top, bottom], abs=0.9)


@pytest.mark.parametrize(("top", "bottom"), [(3, 0), (0, -3), (-2.5, 2), (-3, 3)])
def test_a_price_stays_beside_its_article_on_a_photo_that_is_taken_at_a_slant(top, bottom):
    rows = build_rows(Reading("image/png", "paddle", (measure(photograph(top, bottom)),)))
    assert [row.text.split("  ") for row in rows][2:] == [[name, price] for name, price in ITEMS.items()]


def test_how_the_lines_of_an_empty_page_run_is_not_clear():
    assert measure(Image.new("L", (400, 600), 255)).lean is None


@pytest.mark.parametrize("shape", [(15, 12_000), (12_000, 15), (1, 1), (0, 40)])
def test_how_lines_run_is_not_clear_on_a_narrow_strip(shape):
    strip = np.full(shape, 255, np.uint8)
    strip[::3, ::7] = 0
    words = [Word("1", 1, (0.1, down / 4, 0.9, down / 4 + 0.2), 0.9) for down in range(4)]
    assert measure_lean(Sheet(strip, (0.0, 0.0, 1.0, 1.0)), words) is None


def test_how_lines_run_on_a_very_long_receipt_is_measured_in_no_time():
    paper = np.full((40_000, 400), 255, np.uint8)
    paper[::4, ::2] = 0
    words = [Word("1", 1, (0.0, 0.0, 1.0, 1.0), 0.9)] * 3
    started = time.process_time()
    measure_lean(Sheet(paper, (0.0, 0.0, 1.0, 1.0)), words)
    assert time.process_time() - started < 1


def test_of_a_photo_at_a_slant_that_leaves_doubts_the_lean_is_measured():
    extraction = ExtractionOptions(today=date(2024, 6, 1))
    reading, findings = examine_content(encode(photograph(-2.5, 2)), OPTIONS, extraction, lambda _: None)
    assert findings.expense.needs_review  # it bears no total
    (page,) = reading.pages
    assert page.lean is not None


def reread(misread):
    """Read a receipt at a slant for other scripts, so many lines of which look like misread Hebrew."""
    sheets = Sheets()
    (page,) = read_document(encode(photograph(3, 0)), OPTIONS, sheets).pages
    hebrew = itertools.cycle(["D7273 017217", "017un7", "7n77n 017", "017217 n7"])
    words = tuple(replace(word, text=next(hebrew)) if n < misread else word for n, word in enumerate(page.words))
    return reread_other_script(
        replace(page, words=words), sheets.kept[1], SCRIPTS, start_deadline(None), larger=False
    ).page


def test_a_page_that_was_only_suspected_of_another_script_is_as_it_was():
    assert reread(misread=16).lean is None  # in Hebrew or in Latin letters
    assert reread(misread=20).lean is not None  # certainly not in Latin ones
