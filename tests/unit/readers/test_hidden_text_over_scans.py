"""What another program read on a scan, and hid in the PDF, counts only beside what is read on the scan itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PIL import Image, ImageFilter
from tests.documents.drawing import LINE_HEIGHT, MARGIN, draw_receipt
from tests.documents.pdf_pages import lay_picture, write, write_page

from expensed.extraction.options import ExtractionOptions
from expensed.readers.examination import examine_content
from expensed.reading.options import ReadingOptions

PADDLE = ReadingOptions(engine="paddle")
OPTIONS = ExtractionOptions(today=date(2025, 1, 1))
RECEIPT = (
    "^BIRKENHOF BAKERY LTD",
    "12 Canal Street, Lakeside",
    "Receipt 4711 | Date 17/03/2024",
    "Rye bread | 4.00",
    "Apple cake | 6.50",
    "Filter coffee, large | 2.50",
    "Total GBP | 13.00",
    "Cash | 20.00",
    "Change | 7.00",
    "Thank you for your visit, see you again soon",
)
RIGHT = ("BIRKENHOF BAKERY LTD", Decimal("13.00"), date(2024, 3, 17), "GBP")


def scan(
    *, layer: tuple[str, ...] = RECEIPT, paper: tuple[str, ...] = RECEIPT, style: str = "3 Tr", blur: float = 0
) -> bytes:
    """A receipt as a scan, with these lines hidden where those of the receipt are."""
    sheet = Image.new("L", (1190, 1684), 255)
    sheet.paste(draw_receipt(paper, width=1190), (0, 100))
    lines = []
    for number, line in enumerate(layer):
        baseline = (100 + MARGIN + number * LINE_HEIGHT + 24) / 2
        left, _, right = (part.strip() for part in line.removeprefix("^").partition("|"))
        lines += [(MARGIN / 2, baseline, left)] + ([(520.0, baseline, right)] if right else [])
    return write_page(
        write(lines, style=style) if style == "0 g" else "",
        lay_picture(),
        write(lines, style=style) if style != "0 g" else "",
        picture=sheet.filter(ImageFilter.GaussianBlur(blur)),
    )


def examined(content: bytes):
    reading, findings = examine_content(content, PADDLE, OPTIONS, lambda _: None)
    expense = findings.expense
    return reading, (expense.vendor, expense.amount, expense.date, expense.currency)


@pytest.mark.parametrize("style", ["3 Tr", "0 g"], ids=["without ink", "beneath the scan"])
def test_hidden_text_and_scan_that_agree_need_nobody(style):
    reading, findings = examine_content(scan(style=style), PADDLE, OPTIONS, lambda _: None)
    assert reading.pages[0].source == "embedded-image"
    assert not findings.expense.needs_review


def test_hidden_text_that_needs_nobody_goes_to_a_person_where_the_scan_says_otherwise():
    layer = tuple(line.replace("17/03/2024", "11/08/2024") for line in RECEIPT)
    paper = tuple(line for line in RECEIPT if line[:4] not in ("Cash", "Chan", "Appl"))
    _, findings = examine_content(scan(layer=layer, paper=paper), PADDLE, OPTIONS, lambda _: None)
    assert findings.expense.needs_review


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("13.00", "18.00"), ("17/03/2024", "11/08/2024"), ("Total GBP | 13.00", "T0lal C8P | l3.OO")],
    ids=["amount", "date", "label"],
)
def test_hidden_text_that_was_read_badly_gives_way_to_the_scan(right, wrong):
    layer = tuple(line.replace(right, wrong).replace("20.00", "2O.OO") for line in RECEIPT)
    reading, seen = examined(scan(layer=layer))
    assert (reading.engine, reading.pages[0].source) == ("paddle", "embedded-image")
    assert seen == RIGHT


def test_hidden_text_stays_where_the_scan_says_less():
    layer = tuple(line for line in RECEIPT if "20.00" not in line and "7.00" not in line and "6.50" not in line)
    reading, seen = examined(scan(layer=layer, blur=9))
    assert reading.pages[0].source == "ocr-layer"
    assert seen == RIGHT


def test_hidden_text_about_something_else_is_not_filed_unseen_however_much_it_says():
    other = (
        "^PEACOCK TRADING COMPANY LTD",
        "1 Canal Street, London N1 9GU",
        "Invoice 4711, issued on 1 February 2024",
        "Please pay this invoice to our bank account with your customer number",
        "Thank you for your order, and all the best from the company",
        "Net amount | 8000.00",
        "VAT 20 % | 1600.00",
        "Total amount due GBP | 9600.00",
    )
    _, findings = examine_content(scan(layer=other), PADDLE, OPTIONS, lambda _: None)
    assert findings.expense.needs_review
    assert any("9600.00 at first, and as 13.00" in reason for reason in findings.expense.reasons)


def test_hidden_text_is_shown_to_a_person_where_there_is_no_engine_to_read_the_scan():
    layer = tuple(line for line in RECEIPT if "20.00" not in line and "7.00" not in line and "6.50" not in line)
    reading, findings = examine_content(scan(layer=layer), ReadingOptions(engine="none"), OPTIONS, lambda _: None)
    assert reading.pages[0].source == "ocr-layer"
    assert (findings.expense.amount, findings.expense.needs_review) == (Decimal("13.00"), True)
    assert any("could not be compared" in reason for reason in findings.expense.reasons)
