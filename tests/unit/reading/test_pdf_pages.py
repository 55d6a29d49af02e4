"""PDF pages of every shape: what people see on them is read, where they see it, and nothing else is."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image
from tests.documents.drawing import draw_receipt
from tests.documents.pdf_pages import A4, Sheet, lay_picture, shifted_cmap, switch_off, text_field, write, write_page

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.reading import Mark, Reading
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions
from expensed.reading.whole_pictures.page_picture import draw_page

OPTIONS = ReadingOptions(engine="paddle")
CROPPED = (100, 150, 500, 700)
SHAPES = [
    Sheet(crop=crop, turn=turn, user_unit=unit)
    for crop, unit in ((A4, 1), (CROPPED, 1), (CROPPED, 2))
    for turn in (0, 90, 180, 270)
]
NAMES = [f"{'cropped' if each.crop == CROPPED else 'whole'}-{each.turn}-unit-{each.user_unit}" for each in SHAPES]
INVOICE = (
    (40, 60, "Northwind Cartography LLC"),
    (40, 100, "Invoice date: 14 March 2024"),
    (40, 140, "Net 40.00"),
    (40, 160, "Tax 8.00"),
    (40, 180, "Total GBP 48.00"),
)
RECEIPT = ("^FERNBROOK STORES", "Tea and cake | 3.00", "Milk and bread | 2.00", "Total | 5.00", "Date 2024-01-02")


def understood(data: bytes) -> tuple[str | None, Decimal | None, date | None]:
    reading = read_document(data, OPTIONS)
    expense = extract_expense(reading, ExtractionOptions(today=date(2025, 1, 1))).expense
    return expense.vendor, expense.amount, expense.date


def ink(data: bytes, marks: tuple[Mark, ...] = ()) -> tuple[float, float, float, float]:
    """Where a page, as it is shown to people, is dark: left, top, right and bottom as fractions of it."""
    pixels = np.asarray(Image.open(io.BytesIO(draw_page(data, 1, OPTIONS, marks=marks))).convert("L"))
    rows, columns = np.nonzero(pixels < 160)
    height, width = pixels.shape
    return columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height


def around(reading: Reading) -> tuple[float, float, float, float]:
    """The box around all words."""
    boxes = [word.box for word in reading.words]
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


@pytest.mark.parametrize("sheet", SHAPES, ids=NAMES)
def test_the_words_of_a_page_stand_where_people_see_them(sheet):
    data = write_page(write(INVOICE, sheet), sheet=sheet)
    reading = read_document(data, OPTIONS)
    assert reading.pages[0].source == "text-layer"
    assert around(reading) == pytest.approx(ink(data), abs=0.01)
    assert understood(data)[1:] == (Decimal("48.00"), date(2024, 3, 14))


@pytest.mark.parametrize("sheet", SHAPES, ids=NAMES)
def test_the_words_of_a_scan_stand_where_people_see_them(sheet):
    width, height = sheet.shown_size
    shown = Image.new("L", (round(3 * width), round(3 * height)), 255)
    paper = draw_receipt(RECEIPT, width=900, size=34)
    shown.paste(paper, (120, 200))
    scan = Image.new("L", (3 * 595, 3 * 842), 255)
    left, _, _, top = sheet.crop
    scan.paste(shown.rotate(sheet.turn, expand=True), (round(3 * left), round(3 * (842 - top))))
    data = write_page(lay_picture(), sheet=sheet, picture=scan)
    reading = read_document(data, OPTIONS)
    assert reading.pages[0].turns == 0
    assert around(reading) == pytest.approx(ink(data), abs=0.01)
    assert understood(data)[1:] == (Decimal("5.00"), date(2024, 1, 2))


def test_a_scan_a_little_larger_than_its_page_is_cut_to_it():
    paper = draw_receipt(RECEIPT, width=1240, size=40)
    scan = Image.new("L", (1240, 1754), 255)
    scan.paste(paper, (0, 300))
    data = write_page(lay_picture((-25, 0, 595, 875)), picture=scan)
    reading = read_document(data, OPTIONS)
    assert reading.pages[0].source == "embedded-image"
    assert around(reading) == pytest.approx(ink(data), abs=0.01)


@pytest.mark.parametrize("sheet", SHAPES, ids=NAMES)
def test_a_mark_is_drawn_around_what_it_is_about(sheet):
    data = write_page(write(INVOICE[-1:], sheet, size=14), sheet=sheet)
    full = write_page(write(INVOICE, sheet, size=14), sheet=sheet)
    (total,) = [word for word in read_document(full, OPTIONS).words if "48.00" in word.text]
    plain, marked = ink(data), ink(data, (Mark(1, total.box, ""),))
    assert marked[0] <= plain[0]
    assert marked[1] <= plain[1]
    assert marked[2] >= plain[2]
    assert marked[3] >= plain[3]
    assert marked == pytest.approx(plain, abs=0.012)


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param(write([(300, 180, "Total GBP 9999.00")], style="1 g"), id="white on white"),
        pytest.param(write([(300, 180, "Total GBP 9999.00")], style="0.97 g"), id="nearly white"),
        pytest.param(write([(300, 180, "Total GBP 9999.00")], style="3 Tr"), id="without ink"),
        pytest.param(
            write([(300, 180, "Total GBP 9999.00")]) + "0.9 g 290 640 200 40 re f\n", id="beneath a painted box"
        ),
        pytest.param(
            write([(300, 180, "Total GBP 9999.00")]) + lay_picture((290, 640, 490, 680)), id="beneath a picture"
        ),
        pytest.param(switch_off(write([(300, 180, "Total GBP 9999.00")])), id="on a layer that is off"),
        pytest.param(write([(700, 180, "Total GBP 9999.00")]), id="right of the page"),
        pytest.param(write([(300, -30, "Total GBP 9999.00")]), id="above the page"),
    ],
)
def test_what_nobody_sees_is_not_read(hidden):
    reading = read_document(write_page(write(INVOICE), hidden), OPTIONS)
    assert reading.pages[0].source == "text-layer"
    assert "9999" not in reading.text
    assert "48.00" in reading.text


def test_what_lies_beneath_a_box_is_not_read_for_what_is_written_on_the_box():
    box = write([(300, 180, "Total GBP 9999.00")]) + "1 g 290 640 200 40 re f\n"
    reading = read_document(
        write_page(write(INVOICE), box + write([(310, 178, "Copy of a bill")], style="0.8 g")), OPTIONS
    )
    assert "9999" not in reading.text
    assert "Copy of a bill" in reading.text


def test_light_text_that_is_drawn_twice_to_look_bold_is_read():
    twice = "0 g 290 640 200 40 re f\n" + 2 * write([(300, 180, "Total GBP 12.00")], style="1 g")
    assert "Total GBP 12.00" in read_document(write_page(write(INVOICE), twice), OPTIONS).text


def test_what_the_crop_box_cuts_off_is_not_read():
    sheet = Sheet(crop=CROPPED)
    beyond = write([(510, 300, "Total GBP 9999.00")], Sheet())
    assert "9999" not in read_document(write_page(write(INVOICE, sheet), beyond, sheet=sheet), OPTIONS).text


def test_white_text_on_a_dark_ground_is_read():
    banner = "0.1 0.2 0.5 rg 30 650 300 20 re f\n" + write([INVOICE[-1]], style="1 g")
    assert "48.00" in read_document(write_page(write(INVOICE[:-1]), banner), OPTIONS).text


def test_text_over_a_picture_is_read():
    ground = Image.new("L", (60, 90), 235)
    assert "48.00" in read_document(write_page(lay_picture(), write(INVOICE), picture=ground), OPTIONS).text


def test_a_few_words_typed_over_a_scan_are_read_with_it():
    scan = Image.new("L", (1240, 1754), 255)
    scan.paste(draw_receipt(("^FERNBROOK STORES", "Tea and cake", "Date 2024-01-02"), width=900, size=34), (100, 100))
    reading = read_document(
        write_page(lay_picture(), write([(60, 300, "Total GBP 48.00")], size=16), picture=scan), OPTIONS
    )
    assert reading.pages[0].source == "rendered"
    assert "FERNBROOK" in reading.text
    assert "48.00" in reading.text


LABELS = write([(x, y, text.rpartition(" ")[0]) for x, y, text in INVOICE[2:]]) + write(INVOICE[:1])


def filled(*, flags: int = 4, more: str = "") -> bytes:
    """An invoice whose date and sums are typed into the fields of a form."""
    values = ("14 March 2024", "40.00", "8.00", "48.00")
    places = [(200, 842 - y - 4, 320, 842 - y + 12) for _, y, _ in INVOICE[1:]]
    return write_page(
        LABELS,
        write([(40, 100, "Invoice date:")]),
        widgets=[text_field(place, value, flags=flags, more=more) for place, value in zip(places, values, strict=True)],
    )


def test_what_is_typed_into_the_fields_of_a_form_is_read_and_drawn_where_it_stands():
    reading = read_document(filled(), OPTIONS)
    assert reading.pages[0].source == "text-layer"
    assert understood(filled())[1:] == (Decimal("48.00"), date(2024, 3, 14))
    (total,) = [word for word in reading.words if word.text == "48.00"]
    assert total.box[:2] == pytest.approx((200 / 595, (180 - 12) / 842), abs=0.01)
    assert ink(filled())[2] > total.box[2] - 0.01


@pytest.mark.parametrize("flags", [2, 32], ids=["hidden", "not for the screen"])
def test_the_value_of_a_hidden_field_is_not_read(flags):
    assert "48.00" not in read_document(filled(flags=flags), OPTIONS).text


def test_an_empty_field_changes_nothing():
    empty = write_page(write(INVOICE), widgets=[text_field((200, 700, 300, 716), "")])
    assert read_document(empty, OPTIONS).text == read_document(write_page(write(INVOICE)), OPTIONS).text


def test_what_is_typed_over_a_page_is_read():
    note = "/Subtype/FreeText/Contents(Total GBP 48.00)/DA(/Helv 10 Tf 0 g)/Rect[200 600 400 616]/F 4"
    assert "48.00" in read_document(write_page(write(INVOICE[:-1]), widgets=[note]), OPTIONS).text


def test_a_form_filled_in_over_a_scan_is_read_with_it():
    scan = Image.new("L", (1240, 1754), 255)
    scan.paste(
        draw_receipt(("^FERNBROOK STORES", "Tea and cake", "Date 2024-01-02", "Total"), width=900, size=34), (80, 80)
    )
    data = write_page(lay_picture(), picture=scan, widgets=[text_field((330, 716, 430, 736), "GBP 48.00")])
    reading = read_document(data, OPTIONS)
    assert "FERNBROOK" in reading.text
    assert "48.00" in reading.text


BILL = (
    *INVOICE,
    (40, 240, "Please pay this invoice to our bank account before the end of the month."),
    (40, 260, "Thank you for your order, and welcome back!"),
)


@pytest.mark.parametrize("by", [1, 3, 13])
def test_a_page_whose_font_gives_wrong_characters_is_read_as_a_picture(by):
    data = write_page(write(BILL, size=12), to_unicode=shifted_cmap(by))
    reading = read_document(data, OPTIONS)
    assert (reading.engine, reading.pages[0].source) == ("paddle", "rendered")
    assert understood(data) == ("Northwind Cartography LLC", Decimal("48.00"), date(2024, 3, 14))
    assert around(reading) == pytest.approx(ink(data), abs=0.01)


def test_a_page_whose_font_gives_the_right_characters_is_read_without_an_engine():
    reading = read_document(write_page(write(BILL), to_unicode=shifted_cmap(0)), OPTIONS)
    assert (reading.engine, reading.pages[0].source) == ("none", "text-layer")


RARE = tuple((40, 60 + 20 * number, f"Quokka zebrine {number}") for number in range(9))


def test_a_page_of_unknown_words_keeps_its_text_where_its_picture_says_the_same():
    reading = read_document(write_page(write(RARE)), OPTIONS)
    assert (reading.engine, reading.pages[0].source) == ("none", "text-layer")
    assert reading.text.splitlines() == [text for _, _, text in RARE]


def test_a_page_of_unknown_words_is_read_even_if_there_is_no_engine_to_compare_it_with():
    reading = read_document(write_page(write(RARE)), ReadingOptions(engine="none at all"))
    assert reading.text.splitlines() == [text for _, _, text in RARE]
