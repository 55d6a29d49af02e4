"""Fiscal codes are found on drawn receipts, and hold what was written; `benchmarks/fiscal_codes.py` draws many more."""

import random
from datetime import date

import numpy as np
import pytest
from PIL import Image
from tests.documents.codes import draw_code, print_invoice
from tests.documents.drawing import encode
from tests.documents.fiscal_codes import WRITERS, write_german, write_serbian
from tests.documents.fiscal_receipts import QUALITIES, draw_sample, is_exact, read_sample

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions
from expensed.reading.qrcodes import find_codes

PADDLE = ReadingOptions(engine="paddle")
BEST, MIDDLE, WORST = QUALITIES


@pytest.mark.parametrize("quality", [BEST, MIDDLE], ids=lambda each: each.name)
@pytest.mark.parametrize("writer", WRITERS, ids=lambda each: each.__name__.removeprefix("write_"))
def test_a_code_on_a_receipt_is_found_and_exact(writer, quality):
    for number in range(2):
        sample = writer(random.Random(number))
        found = read_sample(draw_sample(sample, quality, random.Random(number)))
        assert found is not None
        assert is_exact(found, sample)


@pytest.mark.parametrize("writer", WRITERS, ids=lambda each: each.__name__.removeprefix("write_"))
def test_a_code_that_is_hard_to_see_is_exact_or_not_found(writer):
    sample = writer(random.Random(5))
    found = read_sample(draw_sample(sample, WORST, random.Random(5)))
    assert found is None or is_exact(found, sample)


def roll(*texts, width=700, height=6_400, module=3):
    """A long receipt with a code at each end."""
    page = Image.new("L", (width, height), 250)
    for text, top in zip(texts, (100, height - 600), strict=True):
        side = module * (4 * 14 + 17 + 8)
        page.paste(draw_code(text, side), (40, top))
    return np.asarray(page)


def test_codes_on_both_halves_of_a_long_roll_are_found():
    texts = {write_german(random.Random(number)).text for number in (1, 2)}
    found = find_codes(roll(*texts))
    assert {each.text for each in found} == texts
    assert sorted(round(each.box[1], 1) for each in found) == [0.0, 0.9]


def test_a_dense_code_on_a_large_photo_is_looked_at_in_full():
    text = write_serbian(random.Random(1)).text
    photo = Image.new("L", (3000, 4000), 120)
    photo.paste(draw_code(text, 300), (1200, 3000))
    (code,) = find_codes(np.asarray(photo))
    assert (code.text, code.data) == (text, text.encode())
    left, top, right, bottom = code.box
    assert (0.39, 0.74) < (left, top) < (right, bottom) < (0.52, 0.84)


def test_a_roll_longer_than_the_finder_can_take_is_looked_at_smaller():
    assert find_codes(np.full((60_000, 500), 255, np.uint8)) == []


def test_a_code_beside_a_fiscal_word_in_a_pdf_is_found():
    sample = write_german(random.Random(4))
    strip = Image.new("L", (1600, 400), 255)
    strip.paste(draw_code(sample.text, 400), (1000, 0))
    total = f"{sample.total}".replace(".", ",")
    lines = ("Nordlicht Buchhandlung GmbH", f"{sample.day:%d.%m.%Y}", f"Summe EUR {total}")
    assert not read_document(print_invoice(*lines, code=strip), PADDLE).codes
    reading = read_document(print_invoice(*lines, "TSE Signatur", code=strip), PADDLE)
    assert [each.text for each in reading.codes] == [sample.text]
    expense = extract_expense(reading, ExtractionOptions(today=date(2024, 6, 1))).expense
    assert expense.fields["amount"].proof == f"German fiscal code: EUR {sample.total} on {sample.day}"


SHOP = ("^NORDLICHT BUCHHANDLUNG", "Hafenstr. 48, 10115 Berlin")


def understood(*lines):
    sample = write_german(random.Random(9))
    page = draw_sample(sample, BEST, random.Random(1), [each.format(sample) for each in (*SHOP, *lines)])
    reading = read_document(encode(page, quality=95), PADDLE)
    assert [each.text for each in reading.codes] == [sample.text]
    return sample, extract_expense(reading, ExtractionOptions(today=date(2024, 6, 1))).expense


def test_a_receipt_that_its_code_confirms_needs_nobody():
    sample, expense = understood("Datum: {0.day:%d.%m.%Y}", "Roman | {0.total} EUR", "Summe | {0.total} EUR")
    assert (expense.amount, expense.date, expense.currency) == (sample.total, sample.day, "EUR")
    assert expense.fields["amount"].proof == expense.fields["date"].proof
    assert expense.reasons == ()


def test_a_receipt_that_its_code_contradicts_is_for_a_person_with_both_values():
    sample, expense = understood("Datum: {0.day:%d.%m.%Y}", "Roman | 3.55 EUR", "Summe | 3.55 EUR")
    assert any("3.55" in reason and str(sample.total) in reason for reason in expense.reasons)
