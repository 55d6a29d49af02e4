import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.readings import make_rows

from expensed.extraction.page.lines import LONGEST_WORD, build_rows, clean_text
from expensed.model.reading import Lean, Page, Reading, Word


def reading(*words):
    return Reading("image/png", "paddle", (Page(1, 1000.0, 1000.0, tuple(words), "image"),))


def test_words_at_one_height_are_a_row_with_its_columns():
    (row,) = make_rows("Total | 12.00")
    assert [cell.text for cell in row.cells] == ["Total", "12.00"]
    assert row.text == "Total  12.00"


def test_words_close_together_are_one_cell():
    words = [Word(text, 1, (at, 0.1, at + 0.05, 0.12), 1.0) for text, at in (("Net", 0.1), ("total", 0.16))]
    assert [cell.text for cell in build_rows(reading(*words))[0].cells] == ["Net total"]


def test_a_skewed_line_stays_one_row():
    words = [Word(str(n), 1, (n / 10, 0.1 + n * 0.006, n / 10 + 0.05, 0.12 + n * 0.006), 1.0) for n in range(6)]
    words += [Word("x", 1, (n / 10, 0.13 + n * 0.006, n / 10 + 0.05, 0.15 + n * 0.006), 1.0) for n in range(6)]
    assert [row.text for row in build_rows(reading(*words))] == ["0  1  2  3  4  5", "x  x  x  x  x  x"]


def test_a_page_that_lies_askew_is_set_level():
    tilt = 0.04  # 2.3 degrees: more than the lines are apart
    words = []
    for n in range(12):
        left, right = 0.2 + n * 0.03, 0.2 + n * 0.03 + tilt * 0.6
        words.append(Word(f"Item {n}", 1, (0.1, left, 0.3, left + 0.02), 1.0))
        words.append(Word(f"{n}.99", 1, (0.7, right, 0.8, right + 0.02), 1.0))
    assert [row.text for row in build_rows(reading(*words))] == [f"Item {n}  {n}.99" for n in range(12)]


def test_lines_that_touch_stay_apart():
    upper = Word("Visa", 1, (0.1, 0.100, 0.2, 0.125), 1.0)
    lower = Word("Total", 1, (0.1, 0.112, 0.2, 0.137), 1.0)
    assert [row.text for row in build_rows(reading(upper, lower))] == ["Visa", "Total"]


@given(st.text(max_size=2000))
def test_text_is_bounded_and_holds_no_control_characters(text):
    cleaned = clean_text(text)
    assert len(cleaned) <= LONGEST_WORD
    assert cleaned.isprintable()


def test_an_override_of_the_writing_direction_is_removed():
    assert clean_text("abc\u202egpj.exe\u0000\u001b[31m") == "abc gpj.exe [31m"


def test_a_page_of_too_many_words_is_cut_off():
    words = [Word("9.99", 1, (0.1, n / 30_000, 0.2, (n + 0.9) / 30_000), 1.0) for n in range(30_000)]
    assert len(build_rows(reading(*words))) <= 6_000


def test_a_row_of_thousands_of_words_stays_one_row():
    words = [Word(str(n), 1, (n / 2000, 0.1, (n + 0.6) / 2000, 0.12), 1.0) for n in range(2000)]
    assert len(build_rows(reading(*words[::2], *words[1::2]))) == 1


ARTICLES = [
    ("Bread", "4.50"), ("Milk 3.5 % fat", "8.90"), ("Apples from the valley", "12.00"), ("Tea", "3.10"),
    ("Olives in a jar", "2.25"), ("Salt", "0.95"), ("Cherries", "5.15"), ("Soap with lavender oil", "1.80"),
    ("Napkins", "2.05"), ("TOTAL", "40.70"), ("Card", "40.70"), ("VAT 7 % included", "2.66"),
]  # fmt: skip
WIDTH, HEIGHT, LETTER, LINE = 600, 800, 11, 34


def turned(degrees, *, twist=0.0, lean=None):
    """Lay the articles out on a page that is turned by this much, with the upright boxes that an engine draws."""
    words = []
    for number, row in enumerate(ARTICLES):
        down = 120 + number * LINE
        slope = math.tan(math.radians(degrees + twist * (down / HEIGHT - 0.5)))
        for text, start in zip(row, (60, 540 - LETTER * len(row[1])), strict=True):
            end, tilt = start + LETTER * len(text), slope * (down - HEIGHT / 2)
            top, bottom = sorted((down + slope * (start - 300), down + slope * (end - 300)))
            box = ((start - tilt) / WIDTH, (top - 11) / HEIGHT, (end - tilt) / WIDTH, (bottom + 11) / HEIGHT)
            words.append(Word(text, 1, box, 1.0))
    return Reading("image/jpeg", "paddle", (Page(1, WIDTH, HEIGHT, tuple(words), "image", lean=lean),))


def rows_of(reading):
    return [tuple(row.text.split("  ")) for row in build_rows(reading)]


@pytest.mark.parametrize("degrees", [-6, -5, -4, -3, -2, 0, 2, 3, 4, 5, 6])
def test_a_price_stays_beside_its_article_on_a_page_that_is_turned(degrees):
    assert rows_of(turned(degrees)) == ARTICLES


@pytest.mark.parametrize("twist", [-7, 7])
def test_the_lean_that_was_measured_at_each_height_is_followed(twist):
    slopes = [math.tan(math.radians(twist * share)) for share in (-0.5, -0.25, 0, 0.25, 0.5)]
    lean = Lean(slopes[0], slopes[-1], tuple(slopes[1:-1]))
    assert rows_of(turned(0, twist=twist, lean=lean)) == ARTICLES
    assert rows_of(turned(0, twist=twist)) != ARTICLES


@pytest.mark.parametrize("degrees", [-4, 4])
def test_a_lean_that_would_part_words_from_their_neighbours_is_not_believed(degrees):
    slope = math.tan(math.radians(degrees))
    assert rows_of(turned(0, lean=Lean(slope, slope))) == ARTICLES


def test_a_slope_between_heights_changes_evenly():
    lean = Lean(0.0, 0.4, (0.1,))
    assert [lean.at((0.0, height, 1.0, height)) for height in (0.0, 0.25, 0.5, 0.75, 1.0)] == pytest.approx(
        [0.0, 0.05, 0.1, 0.25, 0.4]
    )
