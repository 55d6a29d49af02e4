"""Numbers in the digits of Arabic and Persian, on pictures of lines."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from expensed.model.reading import Word
from expensed.reading.engines.engine import Sighting, as_pixels
from expensed.reading.scripts.known_scripts import SCRIPTS
from expensed.reading.scripts.line_pictures import BORDER, LINE_HEIGHT
from expensed.reading.scripts.own_digits import spell_numbers
from expensed.reading.scripts.spelt_lines import spell_line, spell_lines

ARABIC = next(script for script in SCRIPTS if script.name == "Arabic")
FONT = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 46)


def picture(text, *, before=0):
    """Draw a line as it is cut out of a page, with some pixels left blank before the text."""
    width = round(FONT.getlength(text)) + before + 2 * BORDER + 8
    line = Image.new("L", (width, LINE_HEIGHT + 2 * BORDER), 255)
    ImageDraw.Draw(line).text((BORDER + 4 + before, BORDER + 36), text, font=FONT, anchor="ls", fill=0)
    return as_pixels(np.asarray(line))


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("٤٤٢.٠٠", "442.00"),
        ("١٥٣٦,٧٥", "1536,75"),
        ("٢٣/٠٩/٢٠٢١", "23/09/2021"),
        ("٠٨:٤٠", "08:40"),
        ("۶۷۸۹۵", "67895"),
        ("٥", "5"),
    ],
)
def test_a_number_is_read(printed, meant):
    assert [number.text for number in spell_numbers(picture(printed))] == [meant]


def test_an_empty_line_has_no_number():
    assert spell_numbers(picture("")) == []


def test_a_number_takes_the_place_of_what_tesseract_has_seen_there():
    number = picture("٤٤٢.٠٠", before=150)
    seen = [Sighting("المبلغ", (12, 12, 140, 56), 0.9), Sighting("EE.", (170, 12, 300, 56), 0.4)]
    line = spell_line(number, seen, ARABIC)
    assert line is not None
    assert line.text == "442.00 المبلغ"


def spell(*printed, first_confidence=0.7):
    """Spell a page with these sums, of which Tesseract has seen that they are digits of the script."""
    words = [Word(text, 1, (0.1, 0.1 * n, 0.3, 0.1 * n + 0.05), first_confidence) for n, text in enumerate(printed)]
    seen = [[Sighting("۸.0۰", (12, 12, 120, 56), 0.5)] for _ in words]
    return [line.text for line in spell_lines(words, [picture(text) for text in printed], seen, ARABIC).values()]


def test_sums_in_dinars_have_three_decimals():
    assert spell("١٥,٦٥٠", "٣,٨٥٠", "١٢,٩٠٠") == ["15.650", "3.850", "12.900"]


PRINTED = {"٦٨.٥٠": "68.50", "٥٩.٠٠": "59.00", "٧٢.٥٠": "72.50"}


def spell_page(first_confidence):
    words = [
        Word(text, 1, (0.1, 0.1 * n, 0.3, 0.1 * n + 0.05), first_confidence) for n, text in enumerate(PRINTED.values())
    ]
    seen = [[Sighting("۸.0۰", (12, 12, 120, 56), 0.5)] for _ in words]
    return [line.text for line in spell_lines(words, [picture(text) for text in PRINTED], seen, ARABIC).values()]


def test_numbers_are_spelt_on_a_page_on_which_tesseract_sees_digits_of_the_script():
    assert spell_page(0.7) == list(PRINTED.values())


def test_a_page_whose_sums_the_first_engine_reads_for_certain_prints_no_other_digits():
    assert spell_page(0.99) == []


def spell_beside_own_digits(text, confidence, seen):
    """Return what becomes of a word on a page with digits of the script's own."""
    page = [Word(sum_, 1, (0.1, 0.1 * n, 0.3, 0.1 * n + 0.05), 0.7) for n, sum_ in enumerate(PRINTED.values())]
    word = Word(text, 1, (0.6, 0.1, 0.9, 0.15), confidence)
    sightings = [[Sighting("۸.0۰", (12, 12, 120, 56), 0.5)] for _ in page] + [[Sighting(seen, (12, 12, 200, 56), 0.8)]]
    pictures = [*map(picture, PRINTED), picture(text)]
    lines = spell_lines([*page, word], pictures, sightings, ARABIC)
    assert [lines[each].text for each in page] == list(PRINTED.values())
    return lines.get(word)


@pytest.mark.parametrize("number", ["20/11/2026", "15:42", "20261120"])
def test_a_number_in_ascii_digits_of_which_the_first_engine_is_sure_stays(number):
    assert spell_beside_own_digits(number, 0.95, "١٨") is None


@pytest.mark.parametrize("number", ["850.00", "INV-2041"])
def test_a_number_that_both_engines_read_in_ascii_digits_stays(number):
    assert spell_beside_own_digits(number, 0.8, number) is None


def test_a_number_that_contradicts_a_sure_reading_is_doubtful():
    (sure, unsure) = (spell_beside_own_digits("2041", confidence, "٢٠٤") for confidence in (0.95, 0.7))
    assert sure.confidence <= 0.4 < unsure.confidence
