"""The second look: what is doubtful is read again by a larger model, and what was sure at first stays as it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PIL import Image, ImageFilter
from tests.documents.drawing import draw_receipt, encode
from tests.documents.samples import GERMAN_RECEIPT, TILL_RECEIPT

from expensed.extraction.options import ExtractionOptions
from expensed.model.reading import Band, Page
from expensed.model.states import Stage
from expensed.readers import examination
from expensed.readers.examination import examine_content
from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.paddle import PaddleEngine
from expensed.reading.options import ReadingOptions
from expensed.reading.sheet import Sheet

OPTIONS = ExtractionOptions(today=date(2025, 1, 1))
STAGES = [Stage.EXTRACTION, Stage.CURRENCY]


def small(lines, scale, blur):
    """The receipt as a small, blurred photo."""
    picture = draw_receipt(lines)
    size = (int(picture.width * scale), int(picture.height * scale))
    return encode(picture.resize(size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(blur)))


def examine(content, *, second_look):
    """Return the expense, the text and the stages that were reported."""
    stages: list[Stage] = []
    options = ReadingOptions(engine="paddle", second_look=second_look)
    reading, findings = examine_content(content, options, OPTIONS, stages.append)
    assert stages == STAGES
    return findings.expense, reading.text


def test_a_small_blurred_receipt_is_read_right_at_the_second_look_and_the_difference_is_told():
    content = small(TILL_RECEIPT, 0.27, 0.6)
    first, _ = examine(content, second_look=False)
    second, text = examine(content, second_look=True)
    assert (first.amount, first.date) == (Decimal("20.00"), None)
    assert (second.vendor, second.amount, second.date) == ("BIRKENHOF BAKERY LTD", Decimal("13.00"), date(2024, 3, 17))
    assert "17/03/2024" in text
    assert second.needs_review
    assert "The amount was read as 20.00 at first, and as 13.00 when it was looked at again." in second.reasons


def test_what_only_the_second_look_finds_needs_nobody():
    content = small(GERMAN_RECEIPT, 0.27, 0)
    first, _ = examine(content, second_look=False)
    second, _ = examine(content, second_look=True)
    assert (first.date, first.needs_review) == (None, True)
    assert (second.date, second.amount, second.needs_review) == (date(2023, 8, 21), Decimal("32.39"), False)


def test_what_was_sure_at_first_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch):
    seen: list[Band] = []

    def look(page: Page, _sheet: Sheet, bands: list[Band], _deadline: Deadline) -> Page:
        seen.extend(bands)
        return page

    monkeypatch.setattr(examination, "look_closer", look)
    content = encode(draw_receipt(TILL_RECEIPT))
    assert examine(content, second_look=True) == examine(content, second_look=False)
    assert not seen


def test_what_tesseract_has_read_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PaddleEngine, "__init__", lambda *_, **__: pytest.fail("a model was loaded"))
    options = ReadingOptions(engine="tesseract")
    reading, findings = examine_content(small(GERMAN_RECEIPT, 0.27, 0.6), options, OPTIONS, lambda _: None)
    assert (reading.engine, findings.expense.needs_review) == ("tesseract", True)


def test_nothing_is_looked_at_again_after_the_time_limit():
    options = ReadingOptions(engine="paddle", deadline_s=0.0)
    content = small(TILL_RECEIPT, 0.27, 0.6)
    _, findings = examine_content(content, options, OPTIONS, lambda _: None)
    assert findings.expense.amount == Decimal("20.00")


def test_a_second_look_that_fails_loses_nothing(monkeypatch: pytest.MonkeyPatch):
    content = small(TILL_RECEIPT, 0.27, 0.6)
    first = examine(content, second_look=False)

    def fail(*_: object) -> Page:
        raise MemoryError

    monkeypatch.setattr(examination, "look_closer", fail)
    assert examine(content, second_look=True) == first
