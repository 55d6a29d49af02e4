"""Pages that lean: by how much, and how large they are once they are level."""

from __future__ import annotations

import pytest
from PIL import Image
from tests.documents.drawing import draw_receipt, encode

from expensed.reading import upright
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions

OPTIONS = ReadingOptions(engine="paddle", languages=("eng",))
LINES = (
    "Corner Shop", "12 Garden Street", "Receipt | 0042", "", "Rye bread | 4.50", "", "Baked milk | 8.90", "",
    "Red apples | 12.00", "", "GRAND TOTAL | 25.40", "", "Cash | 30.00", "", "Change | 4.60", "", "14/03/2024 | 15:28",
)  # fmt: skip


def lean(degrees):
    return draw_receipt(LINES, size=28).rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)


@pytest.mark.parametrize("degrees", [8, -20, 20, -40, 40])
def test_a_page_of_short_lines_is_levelled_however_far_it_leans(degrees):
    (page,) = read_document(encode(lean(degrees)), OPTIONS).pages
    assert page.turns * 90 == pytest.approx(-degrees, abs=1)


@pytest.mark.parametrize("degrees", [8, 98])
def test_a_leaning_page_of_a_pdf_is_measured_in_points(degrees):
    picture = lean(degrees)
    (page,) = read_document(encode(picture, "PDF", resolution=144), OPTIONS).pages
    level = picture.rotate(-degrees, expand=True)
    assert page.source == "embedded-image"
    assert (page.width, page.height) == pytest.approx((level.width / 2, level.height / 2), rel=0.02)


def test_a_page_that_would_be_too_large_once_it_is_level_stays_as_it_lies(monkeypatch):
    picture = lean(12)
    monkeypatch.setattr(upright, "_MOST_PIXELS", picture.width * picture.height)
    (page,) = read_document(encode(picture), OPTIONS).pages
    assert page.turns == 0
