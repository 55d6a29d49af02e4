"""Reading parts of a page again: bands cut out of the paper, words put back where they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.documents.drawing import draw_receipt, encode, lay_on_table
from tests.documents.samples import TILL_RECEIPT

from expensed.model.reading import Band, Page, Word
from expensed.reading.closer_look import Sheets, look_closer
from expensed.reading.document import read_document
from expensed.reading.engines.deadline import Deadline, start_deadline
from expensed.reading.engines.engine import Pixels, Sighting
from expensed.reading.engines.select import closer_engine
from expensed.reading.options import ReadingOptions
from expensed.reading.sheet import Sheet

NO_LIMIT = start_deadline(None)
WHOLE = Band(1, 0.0, 1.0)


@pytest.fixture(scope="module")
def page_and_sheet():
    """A receipt on a table, with its sheet."""
    sheets = Sheets()
    picture = encode(lay_on_table(draw_receipt(TILL_RECEIPT), degrees=0))
    (page,) = read_document(picture, ReadingOptions(engine="paddle"), sheets).pages
    return page, sheets.kept[1]


def test_a_sheet_is_the_paper_without_the_table_beside_and_below_it(page_and_sheet):
    page, sheet = page_and_sheet
    left, top, right, bottom = sheet.box
    assert 0.1 < left < right < 0.9
    assert 0.0 < top < bottom < 0.95
    assert sheet.pixels.shape[1] == pytest.approx((right - left) * page.width, abs=1)


def test_the_words_in_a_band_are_read_again_and_stand_where_they_stood(page_and_sheet):
    page, sheet = page_and_sheet
    (total,) = [word for word in page.words if word.text.startswith("TOTAL")]
    height = total.box[3] - total.box[1]
    band = Band(1, total.box[1] - height, total.box[3] + height)
    again = look_closer(page, sheet, [band], NO_LIMIT)
    outside = [word for word in page.words if not band.holds(word.box)]
    assert [word for word in again.words if not band.holds(word.box)] == outside
    (seen,) = [word for word in again.words if word.text.startswith("TOTAL")]
    assert seen != total
    assert seen.box == pytest.approx(total.box, abs=0.02)


def test_a_band_in_which_nothing_is_seen_stays_as_it_was(page_and_sheet):
    page, sheet = page_and_sheet
    blank = Sheet(np.full_like(sheet.pixels, 255), sheet.box)
    assert look_closer(page, blank, [Band(1, 0.0, 1.0)], NO_LIMIT) == page
    assert look_closer(page, sheet, [], NO_LIMIT) is page


@pytest.mark.parametrize(("confidence", "stays"), [(0.9, True), (0.3, False)])
def test_a_line_that_is_passed_over_stays_if_it_was_legible(page_and_sheet, confidence, stays):
    page, sheet = page_and_sheet
    faint = Word("Harbour Books", 1, (0.4, 0.5, 0.6, 0.52), confidence)
    blank = Sheet(sheet.pixels.copy(), sheet.box)
    _, top, _, bottom = map(round, blank.locate((0.0, 0.48, 1.0, 0.54)))
    blank.pixels[top:bottom] = 255
    again = look_closer(replace(page, words=(*page.words, faint)), blank, [Band(1, 0.0, 1.0)], NO_LIMIT)
    assert again.words != page.words
    assert (faint in again.words) == stays


def seen_again(monkeypatch: pytest.MonkeyPatch, *sightings: Sighting) -> list[str]:
    """The texts of a page of 300 x 400 pixels with the line `Harbour Books Ltd`, after these were seen on it."""
    engine = closer_engine()
    assert engine is not None
    monkeypatch.setattr(engine, "read", lambda *_: list(sightings))
    line = Word("Harbour Books Ltd", 1, (0.1, 0.5, 0.9, 0.55), 0.9)
    sheet = Sheet(np.zeros((400, 300), np.uint8), (0.0, 0.0, 1.0, 1.0))
    return [word.text for word in look_closer(Page(1, 300, 400, (line,), "image"), sheet, [WHOLE], NO_LIMIT).words]


def test_a_part_of_a_line_does_not_replace_the_whole(monkeypatch: pytest.MonkeyPatch):
    other = Sighting("TOTAL 7.50", (30, 300, 200, 320), 0.99)
    assert seen_again(monkeypatch, Sighting("Harbour Books", (30, 200, 174, 220), 0.99), other) == [
        "Harbour Books Ltd",
        "TOTAL 7.50",
    ]
    whole = Sighting("Harbour Books Ltd.", (32, 200, 268, 220), 0.99)
    assert seen_again(monkeypatch, whole) == ["Harbour Books Ltd."]


def test_a_letter_as_wide_as_a_line_is_none(monkeypatch: pytest.MonkeyPatch):
    other = Sighting("TOTAL 7.50", (30, 300, 200, 320), 0.99)
    assert seen_again(monkeypatch, Sighting("d", (30, 200, 270, 220), 0.99), other) == [
        "Harbour Books Ltd",
        "TOTAL 7.50",
    ]


def test_what_belongs_to_a_line_outside_replaces_none_inside(monkeypatch: pytest.MonkeyPatch):
    engine = closer_engine()
    assert engine is not None
    seen = [Sighting("00:51", (30, 0, 270, 40), 0.9), Sighting("Table 6", (30, 50, 270, 60), 0.9)]
    monkeypatch.setattr(engine, "read", lambda *_: seen)
    above = Word("Company no 21003", 1, (0.1, 0.45, 0.9, 0.495), 0.9)
    inside = Word("GST 0005174", 1, (0.1, 0.51, 0.9, 0.56), 0.9)
    sheet = Sheet(np.zeros((400, 300), np.uint8), (0.0, 0.0, 1.0, 1.0))
    again = look_closer(Page(1, 300, 400, (above, inside), "image"), sheet, [Band(1, 0.48, 0.6)], NO_LIMIT)
    assert [word.text for word in again.words] == ["Company no 21003", "GST 0005174", "Table 6"]


def test_small_letters_in_the_head_are_enlarged(monkeypatch: pytest.MonkeyPatch):
    engine = closer_engine()
    assert engine is not None
    shapes: list[tuple[int, ...]] = []

    def watched(picture: Pixels, _: Deadline) -> list[Sighting]:
        shapes.append(picture.shape)
        return []

    monkeypatch.setattr(engine, "read", watched)
    sheet = Sheet(np.zeros((400, 300), np.uint8), (0.0, 0.0, 1.0, 1.0))
    page = Page(1, 300, 400, (), "image")
    look_closer(page, sheet, [Band(1, 0.0, 0.25), Band(1, 0.5, 0.75)], NO_LIMIT, enlarges_head=True)
    assert shapes == [(200, 600), (100, 300)]


def test_a_photo_is_kept_with_what_lies_right_above_its_paper(page_and_sheet):
    page, sheet = page_and_sheet
    first = min(word.box[1] for word in page.words)
    assert first - sheet.box[1] > 0.1
    pixels = np.arange(100 * 40, dtype=np.uint8).reshape(100, 40)
    paper = Sheet(pixels[30:90, 10:30], (0.25, 0.3, 0.75, 0.9))
    raised = paper.raised(pixels, 0.12)
    assert raised.box == (0.25, 0.18, 0.75, 0.9)
    assert np.array_equal(raised.pixels, pixels[18:90, 10:30])
    assert paper.raised(pixels, 0.5).box[1] == 0.0


def test_after_the_deadline_nothing_is_looked_at(page_and_sheet):
    page, sheet = page_and_sheet
    assert look_closer(page, sheet, [Band(1, 0.0, 1.0)], start_deadline(0.0)) == page


def test_a_line_at_the_edge_of_a_band_is_seen_once(page_and_sheet):
    page, sheet = page_and_sheet
    (total,) = [word for word in page.words if word.text.startswith("TOTAL")]
    for share in (0.2, 0.45, 0.55, 0.8):
        edge = total.box[1] + share * (total.box[3] - total.box[1])
        for band in (Band(1, 0.0, edge), Band(1, edge, 1.0)):
            seen = [word.text for word in look_closer(page, sheet, [band], NO_LIMIT).words]
            assert sum("TOTAL" in text.upper().replace("SUBTOTAL", "") for text in seen) == 1, (share, band)
            assert sum("13.00" in text for text in seen) == 1, (share, band)


def test_a_band_beside_the_paper_is_cut_to_it(page_and_sheet):
    _, sheet = page_and_sheet
    assert sheet.cut(0.0, 1.0).pixels.shape == sheet.pixels.shape
    assert sheet.cut(-1.0, 0.0).pixels.shape[0] == 0
    part = sheet.cut(0.4, 0.6)
    assert part.box[1] == pytest.approx(0.4, abs=0.005)
    assert part.box[3] == pytest.approx(0.6, abs=0.005)


def test_a_long_roll_is_looked_at_in_pieces_that_cut_no_line():
    lines = [f"{number} Bolts and nuts | {number}.50" for number in range(1, 41)]
    sheets, content = Sheets(), encode(draw_receipt([*lines, "TOTAL | 820.00"], width=300, size=18))
    (page,) = read_document(content, ReadingOptions(engine="paddle"), sheets).pages
    engine = closer_engine()
    assert engine is not None
    shapes: list[tuple[int, ...]] = []
    read = engine.read

    def watched(picture: Pixels, deadline: Deadline) -> list[Sighting]:
        shapes.append(picture.shape)
        return read(picture, deadline)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "read", watched)
        again = look_closer(page, sheets.kept[1], [Band(1, 0.0, 1.0)], NO_LIMIT)
    assert len(shapes) > 2
    assert max(height / width for height, width in shapes) < 1.5
    assert {f"{number}.50" for number in range(1, 41)} <= {word.text for word in again.words}


def test_of_a_long_document_the_first_pages_and_the_last_are_kept():
    sheets = Sheets()
    for number in range(1, 30):
        sheets.keep(number, Sheet(np.zeros((10, 10), np.uint8), (0.0, 0.0, 1.0, 1.0)))
    assert list(sheets.kept) == [1, 2, 3, 29]


def test_of_what_lies_above_the_paper_only_names_count(monkeypatch):
    page = Page(1, 400, 1000, (Word("Total", 1, (0.1, 0.5, 0.5, 0.55), 0.9),), "image")
    sheet = Sheet(np.full((800, 400), 255, np.uint8), (0.0, 0.3, 1.0, 1.0)).raised(
        np.full((1000, 400), 255, np.uint8), 0.2
    )
    found = [Sighting("Corner Shop", (40, 20, 300, 50), 0.9), Sighting("Paid 03.10.2026", (40, 60, 300, 90), 0.9)]
    found.append(Sighting("12 Garden Street", (40, 300, 300, 330), 0.9))

    class Eyes:
        def read(self, picture: Pixels, deadline: Deadline) -> list[Sighting]:
            return found

    monkeypatch.setattr("expensed.reading.closer_look.closer_engine", Eyes)
    again = look_closer(page, sheet, [Band(1, 0.0, 0.45)], NO_LIMIT)
    assert [word.text for word in again.words] == ["Corner Shop", "12 Garden Street", "Total"]
