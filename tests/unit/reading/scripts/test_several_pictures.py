"""Which of several readings of one line is kept."""

from __future__ import annotations

import numpy as np
import pytest
from tests.documents.drawn_tills import CYRILLIC, draw

from expensed.model.reading import Word
from expensed.reading.engines.engine import as_pixels
from expensed.reading.scripts.line_slope import measure_slope
from expensed.reading.scripts.several_pictures import most_agreed
from expensed.reading.scripts.two_readings import Line
from expensed.reading.sheet import Sheet


def test_what_several_pictures_show_outweighs_the_surest_reading() -> None:
    readings = [Line("дора", 0.8), Line("ФОРА", 0.6), Line("ФОРА", 0.55), Line("фОРА", 0.5)]
    assert most_agreed(readings) == readings[1]


def test_of_two_readings_that_share_nothing_the_surer_one_is_kept() -> None:
    readings = [Line("Хлеб", 0.5), Line("1234", 0.7)]
    assert most_agreed(readings) == readings[1]


def test_nothing_read_is_no_reading() -> None:
    assert most_agreed([Line("", 0.9), Line("Хлеб", 0.1)]).text == "Хлеб"


@pytest.mark.parametrize("degrees", [-3, 0, 3])
def test_the_slope_of_lines_is_measured_from_them(degrees: int) -> None:
    picture = draw(CYRILLIC, degrees)
    line = Word("", 1, (0.05, 0.05, 0.95, 0.95), 1.0)
    rows = [Word("", 1, (0.0, top / 10, 1.0, top / 10 + 0.25), 1.0) for top in range(0, 8, 2)]
    sheet = Sheet(as_pixels(np.asarray(picture)), (0.0, 0.0, 1.0, 1.0))
    assert measure_slope(sheet, rows) == pytest.approx(np.tan(np.radians(-degrees)), abs=0.02)
    assert measure_slope(sheet, [line]) == 0
