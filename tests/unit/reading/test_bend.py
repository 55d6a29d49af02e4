"""How the lines of a page run, height by height."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from tests.documents.drawing import draw_receipt

from expensed.extraction.page.lines import build_rows
from expensed.model.reading import Word
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions
from expensed.reading.sheet import Sheet
from expensed.reading.slope.bend import measure_bend

ARTICLES = [
    "Bread with seeds | 4.50", "Milk with 3.5 % fat | 8.90", "Apples from the valley | 12.00", "Green tea | 3.10",
    "Olives in a large jar | 2.25", "Salt of the sea | 0.95", "Cherries in a glass | 5.15", "Lavender soap | 1.80",
    "Napkins of paper | 2.05", "Total with taxes | 40.70", "Paid with a card | 40.70", "Tax of 7 % included | 2.66",
]  # fmt: skip
OPTIONS = ReadingOptions(engine="paddle", languages=("eng",))


def photograph(*degrees):
    """Draw a receipt whose lines descend to the right by these degrees, at heights from its top to its bottom."""
    paper = np.array(draw_receipt(["Corner Shop", "12 Garden Street", *ARTICLES]))
    height, width = paper.shape
    paper = cv2.copyMakeBorder(paper, 80, 80, 0, 0, cv2.BORDER_CONSTANT, value=255)
    down, across = np.mgrid[0 : height + 160, 0:width].astype(np.float32)
    heights = np.linspace(80, 80 + height, len(degrees))
    slopes = np.interp(down, heights, np.tan(np.radians(degrees))).astype(np.float32)
    return cv2.remap(paper, across, down - slopes * (across - width / 2), cv2.INTER_CUBIC, borderValue=255)


def read(*degrees):
    done, data = cv2.imencode(".png", photograph(*degrees))
    assert done
    return read_document(data.tobytes(), OPTIONS)


@pytest.mark.parametrize("degrees", [(0, 0), (2, 2), (-2.5, -2.5), (3, -1), (-3, 0, 3), (0, 0, 4)])
def test_the_slope_of_lines_is_measured_at_each_height(degrees):
    (page,) = read(*degrees).pages
    assert page.lean is not None
    for height in (0.3, 0.5, 0.7):
        slope = math.degrees(math.atan(page.lean.at((0.0, height, 1.0, height))))
        assert slope == pytest.approx(np.interp(height, np.linspace(0.15, 0.85, len(degrees)), degrees), abs=0.8)


@pytest.mark.parametrize("degrees", [(0, 0), (3, 3), (4, -1), (-3, 0, 3), (0, 0, 4)])
def test_a_price_stays_beside_its_article_on_a_bent_paper(degrees):
    rows = [row.text.replace("  ", " | ") for row in build_rows(read(*degrees))]
    assert [row.rpartition(" | ")[2] for row in rows[2:]] == [row.rpartition(" | ")[2] for row in ARTICLES]


def test_of_a_page_without_wide_lines_it_is_not_clear():
    blank = Sheet(np.full((600, 400), 255, np.uint8), (0.0, 0.0, 1.0, 1.0))
    wide = [Word("nothing", 1, (0.1, n / 10, 0.9, n / 10 + 0.04), 0.9) for n in range(8)]
    assert measure_bend(blank, wide) is None
    assert measure_bend(blank, []) is None


@pytest.mark.parametrize("shape", [(15, 12_000), (12_000, 15), (1, 1), (0, 40), (40, 0)])
def test_a_narrow_strip_does_no_harm(shape):
    strip = np.full(shape, 255, np.uint8)
    strip[::3, ::7] = 0
    words = [Word("1", 1, (0.1, down / 4, 0.9, down / 4 + 0.2), 0.9) for down in range(4)]
    measure_bend(Sheet(strip, (0.0, 0.0, 1.0, 1.0)), words)
