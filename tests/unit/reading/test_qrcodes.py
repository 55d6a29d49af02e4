"""QR codes are found on pictures and in PDFs, and cost little where there are none."""

import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter
from tests.documents.codes import draw_code, draw_invoice, print_invoice, write_epc, write_swiss
from tests.documents.drawing import draw_receipt, encode, write_pdf
from tests.documents.samples import TILL_RECEIPT

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.reading import qrcodes
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions
from expensed.reading.qrcodes import find_codes

PADDLE = ReadingOptions(engine="paddle")
LINES = (
    "^Northwind Cartography GmbH",
    "Invoice NC-2041",
    "Invoice date: 2024-05-14",
    "Maps | EUR 1617.53",
    "Total | EUR 1617.53",
)
PAGE = draw_invoice(LINES, draw_code(write_epc(), 300))


def pixels(picture):
    return np.asarray(picture.convert("L"))


@pytest.mark.parametrize("degrees", [0, 2, -7, 90, 180, 270])
@pytest.mark.parametrize(("text", "swiss"), [(write_epc(), False), (write_swiss(), True)])
def test_payment_codes_are_read_however_the_page_lies(text, swiss, degrees):
    page = draw_invoice(LINES, draw_code(text, 340, swiss=swiss)).rotate(degrees, expand=True, fillcolor=120)
    (code,) = find_codes(pixels(page.filter(ImageFilter.GaussianBlur(0.8))))
    assert code.text.splitlines() == text.splitlines()


def test_a_code_says_where_it_stands():
    (code,) = find_codes(pixels(PAGE))
    left, top, right, bottom = code.box
    assert 0.0 < left < 0.2 < right < 0.45
    assert 0.35 < top < 0.7 < bottom < 1.0


def test_codes_side_by_side_are_all_found():
    texts = [write_epc(amount=f"EUR{amount}.00") for amount in (1, 2)]
    page = draw_invoice(LINES, *(draw_code(text, 300) for text in texts))
    assert {code.text for code in find_codes(pixels(page))} == set(texts)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (39, 39), (41, 3000), (60_000, 41)])
def test_slivers_hold_no_code(shape):
    assert find_codes(np.zeros(shape, np.uint8)) == []


def test_a_receipt_without_a_code_costs_about_nothing():
    picture = pixels(draw_receipt(TILL_RECEIPT, width=900))
    find_codes(picture)
    started = time.process_time()
    for _ in range(10):
        assert find_codes(picture) == []
    assert (time.process_time() - started) / 10 < 0.05


def test_a_receipt_without_a_code_is_looked_at_little_more_than_once(monkeypatch):
    looked_at = []

    def read_barcodes(picture, **options):
        looked_at.append(picture.size)
        return zxingcpp.read_barcodes(picture, **options)

    monkeypatch.setattr(qrcodes, "zxingcpp", SimpleNamespace(read_barcodes=read_barcodes, TextMode=zxingcpp.TextMode))
    picture = pixels(draw_receipt(TILL_RECEIPT, width=900))
    assert find_codes(picture) == []
    assert sum(looked_at) < 2 * picture.size


@pytest.mark.parametrize("contrast", [1.0, 0.4])
@pytest.mark.parametrize("place", [(60, 40), (700, 900)])
def test_a_tiny_blurred_code_amid_text_is_found_where_it_stands(place, contrast):
    page = draw_receipt(TILL_RECEIPT, width=900).convert("L")
    page = page.resize((1000, 1400))
    tiny = draw_code(write_epc(), 90).convert("L").filter(ImageFilter.GaussianBlur(0.9))
    page.paste(tiny, place)
    pale = page.point(lambda value: int(200 - (255 - value) * contrast * 0.7))
    (code,) = find_codes(pixels(pale))
    assert code.text.splitlines() == write_epc().splitlines()
    left, top, right, bottom = (each * side for each, side in zip(code.box, (1000, 1400, 1000, 1400), strict=True))
    assert place[0] - 4 <= left < right <= place[0] + tiny.width + 4
    assert place[1] - 4 <= top < bottom <= place[1] + tiny.height + 4


def test_a_drawn_invoice_is_proven_by_its_code():
    reading = read_document(encode(PAGE), PADDLE)
    expense = extract_expense(reading, ExtractionOptions(today=date(2024, 6, 1))).expense
    assert (expense.amount, expense.currency) == (Decimal("1617.53"), "EUR")
    assert expense.fields["amount"].proof == "EPC payment code: EUR 1617.53 to Northwind Cartography GmbH"


TEXT = ("Northwind Cartography GmbH", "Date: 2024-05-14", "Total EUR 1617.53")
CODE = draw_code(write_epc(), 400)


@pytest.mark.parametrize("hint", ["", "IBAN DE02 1203 0000 0000 2020 51", "Pay with this GiroCode"])
def test_a_code_in_a_pdf_with_text_is_found(hint):
    reading = read_document(print_invoice(*TEXT, hint, code=CODE), PADDLE)
    assert [code.text for code in reading.codes] == [write_epc()]
    assert reading.engine == "none"
    assert "1617.53" in reading.text


def test_a_code_inside_a_wide_picture_is_found_where_the_text_speaks_of_paying():
    strip = Image.new("L", (1600, 400), 255)
    strip.paste(CODE, (1000, 0))
    assert read_document(print_invoice(*TEXT, "Zahlteil", code=strip), PADDLE).codes
    assert not read_document(print_invoice(*TEXT, code=strip), PADDLE).codes


def test_a_pdf_without_any_sign_of_a_code_is_not_rendered():
    data = write_pdf([[(60, 60, line) for line in TEXT]])
    program = (
        "import sys\n"
        "from expensed.reading.document import read_document\n"
        "from expensed.reading.options import ReadingOptions\n"
        "read_document(sys.stdin.buffer.read(), ReadingOptions())\n"
        "print('zxingcpp' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], input=data, capture_output=True, check=True)
    assert run.stdout.strip() == b"False"
