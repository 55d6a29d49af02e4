"""One line of two readings: letters of the one, digits of the other."""

from __future__ import annotations

import pytest

from expensed.reading.scripts.known_scripts import SCRIPTS
from expensed.reading.scripts.two_readings import Line, combine, drop_sign_digit, find_sign_digits

BY_NAME = {script.name: script for script in SCRIPTS}


def _text(script: str, first: tuple[str, float], second: tuple[str, float], latin: float = 0.1) -> str | None:
    line = combine(Line(*first), Line(*second), BY_NAME[script], latin)
    return line.text if line else None


@pytest.mark.parametrize(
    ("script", "first", "second", "line"),
    [
        ("Cyrillic", ("CYMA: 17,30 rpH.", 0.95), ("СУМА: 17,80 грн.", 0.94), "СУМА: 17,30 грн."),
        ("Cyrillic", ("AaTa: 02.05.2019 15:12:25", 0.94), ("дете 0205 219191226", 0.35), "дете 02.05.2019 15:12:25"),
        ("Arabic", ("240心l心", 0.64), ("رقم البون 240", 0.91), "رقم البون 240"),
        ("Arabic", ("21:05:30 2021-10-10", 0.94), ("التاريخ 2021-10-10 21:05:30", 0.49), "التاريخ 2021-10-10 21:05:30"),
        ("Hebrew", ("017 727 70", 0.6), ("סך הכל לתשלום", 0.91), "סך הכל לתשלום"),
        ("Korean", ("202210 10 7%", 0.6), ("2022년 10월 7일", 0.88), "2022년 10월 7일"),
        ("Korean", ("2023 515", 0.82), ("2023년 5월 15일", 0.91), "2023년 5월 15일"),
        ("Korean", ("2023 1222%", 0.91), ("2023년 12월 22일", 0.55), "2023년 12월 22일"),
        ("Hebrew", ("D7273 017217", 0.69), ("חומוס גרגרים", 0.91), "חומוס גרגרים"),
        ("Hebrew", ("08-8036707:71p70", 0.86), ("טלפון: 08-8036707", 0.9), "טלפון: 08-8036707"),
        ("Hebrew", ("017un7", 0.91), ("לתשלום", 0.91), "לתשלום"),
        ("Arabic", ("gJ123/01/2022", 0.89), ("التاريخ", 0.7), "التاريخ 23/01/2022"),
    ],
)
def test_letters_are_the_seconds_and_digits_the_firsts(script, first, second, line):
    assert _text(script, first, second) == line


def test_latin_text_on_a_page_of_another_script_stays():
    assert _text("Arabic", ("Hyper Shiba", 0.97), ("Hyper SRI", 0.52), latin=0.9) == "Hyper Shiba"
    assert _text("Thai", ("NET BAHT", 1.0), ("NET BAHT", 0.9), latin=0.9) == "NET BAHT"


def test_letters_that_nobody_could_read_are_dropped_and_their_sum_is_not():
    assert _text("Cyrillic", ("AMOKCIK/IAB", 0.8), ("", 0.0)) is None
    assert _text("Arabic", ("djac 12.50", 0.5), ("", 0.0)) == "12.50"


def test_digits_that_are_misread_letters_are_no_number():
    assert _text("Hebrew", ("727 72n", 0.5), ("", 0.0)) is None


def test_capitals_of_the_same_shape_are_taken_for_those_of_the_script():
    assert _text("Cyrillic", ("CYMA", 0.98), ("", 0.0)) == "СУМА"


def test_the_sign_of_a_currency_is_no_digit_and_no_letter():
    assert _text("Thai", ("8708.88", 0.98), ("B708.88", 0.74)) == "฿708.88"
    assert _text("Thai", ("-8112.50", 0.97), ("B112.50", 0.41)) == "-฿112.50"
    assert _text("Korean", ("W31,800", 0.97), ("", 0.35)) == "₩31,800"
    assert _text("Devanagari", ("5802.30", 0.99), ("रु 802.30", 0.93)) == "रु 802.30"
    assert _text("Devanagari", ("5.569.00", 0.96), ("रु. 569.00", 0.87)) == "रु. 569.00"


def test_digits_of_the_scripts_own_are_kept():
    assert _text("Thai", ("lo2.0o", 0.66), ("๒๕.๐๐", 0.93)) == "๒๕.๐๐"


def test_a_number_that_both_read_differently_is_doubtful():
    line = combine(Line("920.00", 0.97), Line("१२०.००", 0.4), BY_NAME["Devanagari"], 0.1)
    assert line is not None
    assert line.confidence < 0.5


@pytest.mark.parametrize(
    ("second", "is_doubtful"), [(("190.00", 0.9), True), (("190.00", 0.5), False), (("10,00", 0.9), False)]
)
def test_a_sum_is_doubtful_if_tesseract_is_sure_of_another_one(second, is_doubtful):
    line = combine(Line("10.00", 0.99), Line(*second), BY_NAME["Devanagari"], 0.1)
    assert line is not None
    assert line.text == "10.00"
    assert (line.confidence < 0.5) == is_doubtful


def test_a_digit_that_is_the_sign_of_a_currency_elsewhere_on_the_page_is_that_here_too():
    digits = find_sign_digits(
        [("8662.50", "B662.50"), ("846.38", "B46.38"), ("8708.88", "6708.88"), ("23.00", "23.00")]
    )
    assert drop_sign_digit(Line("8708.88", 0.97), "6708.88", digits).text == "708.88"
    assert drop_sign_digit(Line("-8708.88", 0.97), "", digits).text == "-708.88"


@pytest.mark.parametrize(("first", "second"), [("8708.88", "8708.88"), ("7708.88", "6708.88"), ("8708", "6708")])
def test_a_digit_that_tesseract_confirms_or_that_stands_for_no_sign_stays(first, second):
    assert drop_sign_digit(Line(first, 0.97), second, frozenset("8")) == Line(first, 0.97)


@pytest.mark.parametrize("second", ["", "฿", "6708.88"])
def test_a_sum_is_doubtful_without_a_digit_that_tesseract_does_not_miss(second):
    assert drop_sign_digit(Line("8708.88", 0.97), second, frozenset("8")).confidence < 0.5


@pytest.mark.parametrize("second", ["708.88", "฿708.88", "B708.88"])
def test_a_sum_of_which_tesseract_reads_no_more_than_is_left_is_sure(second):
    assert drop_sign_digit(Line("8708.88", 0.97), second, frozenset("8")) == Line("708.88", 0.97)


def test_a_sum_beside_letters_keeps_its_first_digit():
    assert drop_sign_digit(Line("850.00", 0.97), "รวม", frozenset("8")) == Line("850.00", 0.97)


def test_one_sign_that_is_taken_for_a_digit_tells_nothing_of_the_page():
    assert not find_sign_digits([("8662.50", "B662.50"), ("708.88", "708.88")])
