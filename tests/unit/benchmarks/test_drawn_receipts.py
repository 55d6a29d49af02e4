"""Drawn receipts say what their labels say, whatever typefaces this machine has; `benchmarks/scripts.py` reads them."""

import random
import re
import unicodedata

import pytest
from benchmarks.drawn.countries import CONTROL, SCRIPTS, load_countries
from benchmarks.drawn.receipt import make_receipt
from benchmarks.drawn.typefaces import FontMissing, Typeface
from benchmarks.drawn.wear import draw_wear, wear_out
from benchmarks.labels import plain
from PIL import Image

from expensed.model.money import is_currency, minor_units

COUNTRIES = [country for script in (CONTROL, *SCRIPTS) for country in load_countries(script)]
each_country = pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.language)


def make(country, number, *, has_own_digits=False):
    return make_receipt(country, random.Random(number), lambda _: True, has_own_digits=has_own_digits)


def texts_of(receipt):
    return [cell.text for row in receipt.rows for cell in row.cells]


def totals_of(receipt):
    """Return what stands beside the labels of the total."""
    labels = {label.rstrip(":") for label in receipt.country.total}
    return [row.cells[-1].text for row in receipt.rows if row.cells and row.cells[0].text.rstrip(":") in labels]


def digits_of(text):
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit())


@each_country
@pytest.mark.parametrize("has_own_digits", [False, True])
def test_a_receipt_prints_the_total_of_its_label(country, has_own_digits):
    for number in range(30):
        receipt = make(country, number, has_own_digits=has_own_digits)
        assert digits_of(str(receipt.amount)) in map(digits_of, totals_of(receipt))


@each_country
def test_a_receipt_prints_the_seller_and_the_year_of_its_label(country):
    for number in range(30):
        receipt = make(country, number)
        texts = texts_of(receipt)
        assert receipt.vendor in texts
        assert all(plain(name) in plain(receipt.vendor) for name in receipt.vendor_alt)
        assert any(f"{receipt.at:%y}" in text for text in texts)


@each_country
def test_no_placeholder_is_left_on_a_receipt(country):
    for number in range(30):
        assert not re.search(r"[{}|#]", "".join(texts_of(make(country, number))))


@each_country
def test_prices_have_no_more_decimals_than_their_currency(country):
    assert is_currency(country.currency)
    assert len(country.step.partition(".")[2]) <= minor_units(country.currency)


def test_the_same_number_makes_the_same_receipt():
    assert make(COUNTRIES[0], 5).rows == make(COUNTRIES[0], 5).rows
    assert make(COUNTRIES[0], 5).rows != make(COUNTRIES[0], 6).rows


def test_the_same_numbers_wear_a_paper_in_the_same_way():
    paper = Image.new("L", (300, 500), 255)
    worn = [wear_out(paper, draw_wear(random.Random(3)), random.Random(4)) for _ in range(2)]
    assert worn[0] == worn[1]


def test_a_missing_typeface_names_its_package():
    with pytest.raises(FontMissing, match="apt-get install --no-install-recommends fonts-nowhere"):
        Typeface("fonts-nowhere", "truetype/nowhere.ttf").font(20)
