import io
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pillow_heif
import pytest
from PIL import Image, ImageOps
from tests.documents.drawing import draw_receipt, encode, lay_on_table, write_pdf
from tests.documents.samples import GERMAN_RECEIPT, INVOICE, TILL_RECEIPT

from expensed.errors import Corrupt, Encrypted, TooLarge
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions

PADDLE = ReadingOptions(engine="paddle")
TESSERACT = ReadingOptions(engine="tesseract")
ORIENTATION = 0x0112
SHORT = ("^FERNBROOK STORES", "Total | 5.00", "Date 2024-01-02")


RECEIPT = draw_receipt(SHORT)
TWO_PAGES = encode(RECEIPT, "TIFF", save_all=True, append_images=[RECEIPT])
HEAVY = "('cv2', 'numpy', 'PIL', 'faster_paddle')"


def understood(data, options=PADDLE):
    expense = extract_expense(read_document(data, options), ExtractionOptions(today=date(2025, 1, 1))).expense
    return expense.vendor, expense.amount, expense.date, expense.currency


def heic(picture):
    file = io.BytesIO()
    pillow_heif.from_pillow(picture.convert("RGB")).save(file)
    return file.getvalue()


@pytest.mark.parametrize("options", [PADDLE, TESSERACT], ids=["paddle", "tesseract"])
def test_a_drawn_receipt_is_read_and_understood(options):
    seen = understood(encode(draw_receipt(TILL_RECEIPT)), options)
    assert seen == ("BIRKENHOF BAKERY LTD", Decimal("13.00"), date(2024, 3, 17), "GBP")


def test_a_receipt_lying_askew_on_a_table_is_read():
    seen = understood(encode(lay_on_table(draw_receipt(GERMAN_RECEIPT))))
    assert seen[1:] == (Decimal("32.39"), date(2023, 8, 21), "EUR")


def test_words_say_where_they_stand_on_the_whole_page():
    reading = read_document(encode(lay_on_table(draw_receipt(SHORT), degrees=0)), PADDLE)
    assert (reading.kind, reading.engine, reading.pages[0].source) == ("image/jpeg", "paddle", "image")
    (total,) = [word for word in reading.words if word.text.startswith("5.0")]
    left, top, right, bottom = total.box
    assert 0.55 < left < right < 0.8
    assert 0.3 < top < bottom < 0.7


@pytest.mark.parametrize("form", ["PNG", "GIF", "TIFF", "WEBP", "BMP", "HEIC", "AVIF"])
def test_every_format_gives_the_same_words(form):
    picture = draw_receipt(SHORT)
    data = heic(picture) if form == "HEIC" else encode(picture, form)
    assert "FERNBROOK" in read_document(data, PADDLE).text


def test_the_orientation_in_the_file_is_honoured():
    sideways = draw_receipt(SHORT).rotate(90, expand=True)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    reading = read_document(encode(sideways, exif=exif), PADDLE)
    assert "FERNBROOK" in reading.text
    assert reading.pages[0].height < reading.pages[0].width * 1.2


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_paper_lying_on_its_side_or_head_is_turned(turns):
    picture = draw_receipt(TILL_RECEIPT)
    straight = read_document(encode(picture), PADDLE)
    turned = read_document(encode(picture.rotate(90 * turns, expand=True)), PADDLE)
    assert understood(encode(picture.rotate(90 * turns, expand=True)))[1:3] == (Decimal("13.00"), date(2024, 3, 17))
    assert (turned.pages[0].width, turned.pages[0].height) == (straight.pages[0].width, straight.pages[0].height)
    for reading in (straight, turned):
        (name,) = [word for word in reading.words if word.text.startswith("BIRKENHOF")]
        assert name.box[1] < 0.1
        assert 0.15 < name.box[0] < name.box[2] < 0.85


def test_a_transparent_picture_is_read_on_white():
    layer = Image.new("RGBA", (620, 200), (0, 0, 0, 0))
    layer.paste((0, 0, 0, 255), mask=draw_receipt(SHORT).point(lambda value: 255 - value).crop((0, 0, 620, 200)))
    assert "FERNBROOK" in read_document(encode(layer, "PNG"), PADDLE).text


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_light_writing_on_a_transparent_ground_is_read(form):
    receipt = draw_receipt(TILL_RECEIPT)
    layer = Image.new("RGBA", receipt.size, (0, 0, 0, 0))
    layer.paste((255, 255, 255, 255), mask=ImageOps.invert(receipt))
    seen = understood(encode(layer, form, **({"lossless": True} if form == "WEBP" else {})))
    assert seen == ("BIRKENHOF BAKERY LTD", Decimal("13.00"), date(2024, 3, 17), "GBP")


def test_a_light_sheet_cut_out_of_its_ground_is_read_on_white():
    receipt = draw_receipt(SHORT)
    layer = Image.new("RGBA", (receipt.width * 2, receipt.height * 2), (0, 0, 0, 0))
    layer.paste(receipt.convert("RGBA"), (200, 100))
    reading = read_document(encode(layer, "PNG"), PADDLE)
    assert "FERNBROOK" in reading.text
    assert "5.00" in reading.text


@pytest.mark.parametrize("lines", [("Total | 8.60", "Card | 8.60"), ("Thank you", "Total GBP 8.60", "Card GBP 8.60")])
def test_a_page_with_few_lines_that_lies_on_its_head_is_turned(lines):
    short = draw_receipt(lines, width=467)
    reading = read_document(encode(short.rotate(180), "PNG"), PADDLE)
    assert reading.pages[0].turns == 2
    assert reading.text == read_document(encode(short, "PNG"), PADDLE).text


def test_a_page_with_few_lines_that_lies_upright_is_left_as_it_is():
    reading = read_document(encode(draw_receipt(("Total | 8.60", "Card | 8.60"), width=467), "PNG"), PADDLE)
    assert (reading.pages[0].turns, reading.text) == (0, "Total\n8.60\nCard\n8.60")


def test_all_pages_of_a_tiff_are_read():
    pages = [draw_receipt([f"Page of number {number}", "Total | 5.00"]) for number in (1, 2, 3)]
    data = encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert [page.number for page in read_document(data, PADDLE).pages] == [1, 2, 3]


def test_a_pdf_with_text_needs_no_engine():
    data = write_pdf([INVOICE])
    reading = read_document(data, ReadingOptions(engine="none at all"))
    assert (reading.engine, reading.pages[0].source) == ("none", "text-layer")
    assert understood(data) == ("Northwind Cartography LLC", Decimal("1617.53"), date(2024, 5, 14), "USD")


def test_a_scanned_pdf_is_read_from_its_picture():
    reading = read_document(encode(draw_receipt(TILL_RECEIPT), "PDF"), PADDLE)
    assert (reading.engine, reading.pages[0].source) == ("paddle", "embedded-image")
    assert "BIRKENHOF" in reading.text


def test_a_pdf_page_with_hardly_any_text_is_rendered():
    reading = read_document(write_pdf([[(60, 60, "Total 5.00")], INVOICE]), PADDLE)
    assert [page.source for page in reading.pages] == ["rendered", "text-layer"]


def test_a_picture_that_is_cut_off_is_read_with_a_warning():
    data = encode(draw_receipt(TILL_RECEIPT))
    reading = read_document(data[: int(len(data) * 0.8)], PADDLE)
    assert "BIRKENHOF" in reading.text
    assert len(reading.warnings) == 1


def test_the_soft_time_limit_leaves_the_rest_out_with_a_warning():
    pages = [draw_receipt(SHORT)] * 3
    data = encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    reading = read_document(data, ReadingOptions(engine="paddle", deadline_s=0.0))
    assert [page.number for page in reading.pages] == [1]
    assert reading.warnings == ("Time ran out after page 1: the rest was not read.",)


def test_one_page_that_was_read_late_is_complete():
    assert read_document(encode(draw_receipt(SHORT)), ReadingOptions(engine="paddle", deadline_s=0.0)).warnings == ()


@pytest.mark.parametrize(
    ("options", "data"),
    [
        (ReadingOptions(max_pixels=1000), encode(draw_receipt(SHORT))),
        (ReadingOptions(max_pixels=1000), encode(draw_receipt(SHORT), "PDF")),
        (ReadingOptions(max_pages=1), write_pdf([INVOICE, INVOICE])),
        (ReadingOptions(max_pages=1), TWO_PAGES),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_decoded(options, data):
    with pytest.raises(TooLarge):
        read_document(data, options)


def test_a_huge_page_in_black_and_white_takes_no_more_room_than_a_small_one_and_is_read():
    page = draw_receipt(SHORT)
    options = ReadingOptions(engine="paddle", max_pixels=page.width * page.height // 4)
    assert understood(encode(page.convert("1"), "PDF"), options)[1] == Decimal("5.00")
    with pytest.raises(TooLarge):
        read_document(encode(page.convert("RGB"), "PDF"), options)


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff\xe0", b"%PDF-1.4\nnothing", b"\x89PNG\r\n\x1a\nIHDR", b"II*\x00zzzzzzzz"]
)
def test_a_broken_file_is_said_to_be_broken(data):
    with pytest.raises(Corrupt):
        read_document(data, PADDLE)


def test_a_blank_page_is_a_document_for_a_person_to_look_at():
    reading = read_document(encode(Image.new("L", (400, 600), 255)), PADDLE)
    assert reading.words == ()
    assert any("blank" in warning for warning in reading.warnings)


def test_a_locked_pdf_asks_for_its_password():
    lock = "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O({0})/U({0})>>/ID[(a)(a)]".format("x" * 32)
    with pytest.raises(Encrypted):
        read_document(write_pdf([INVOICE], extra_trailer=lock), PADDLE)


def test_importing_the_entrance_loads_nothing_heavy():
    code = f"import sys, expensed.reading.document; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
