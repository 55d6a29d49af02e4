"""Whole pages in other scripts: drawn, read by both engines, or not if a model is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from tests.documents.drawing import encode
from tests.documents.drawn_tills import CYRILLIC, LATIN, draw

from expensed.model.reading import Reading
from expensed.reading.document import read_document
from expensed.reading.engines.select import line_reader
from expensed.reading.options import ReadingOptions
from expensed.reading.scripts import reread


def words_of(picture: Image.Image, **options: object) -> list[str]:
    return [word.text for word in read_document(encode(picture), ReadingOptions(**options)).words]  # type: ignore[arg-type]


def test_cyrillic_is_read_in_its_own_letters_with_the_sums_beside_them():
    reading = read_document(encode(draw(CYRILLIC)), ReadingOptions())
    text = reading.text
    assert reading.engine == "paddle, tesseract"
    for line in ("Хлеб ржаной", "ИТОГО К ОПЛАТЕ", "Наличными", "255,40", "300,00", "14.03.2024"):
        assert line in text
    assert not reading.warnings


def test_a_page_in_latin_letters_is_read_by_the_first_engine_alone():
    reading = read_document(encode(draw(LATIN)), ReadingOptions())
    assert reading.engine == "paddle"
    assert "GRAND TOTAL" in reading.text


def test_nothing_but_latin_is_looked_for_if_the_settings_say_so():
    assert "ИТОГО К ОПЛАТЕ" not in words_of(draw(CYRILLIC), languages=("eng",))


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A tesseract that knows no model but the English one."""
    (tmp_path / "eng.traineddata").touch()
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    line_reader.cache_clear()
    yield
    line_reader.cache_clear()


@pytest.mark.usefixtures("no_models")
def test_a_script_that_cannot_be_read_is_named_with_its_package_and_leaves_only_numbers():
    reading = read_document(encode(draw(CYRILLIC)), ReadingOptions())
    (warning,) = reading.warnings
    assert "Cyrillic" in warning
    assert "tesseract-ocr-script-cyrl" in warning
    assert "255,40" in reading.text
    assert not [word.text for word in reading.words if sum(sign.isalpha() for sign in word.text) > 4]


@pytest.mark.parametrize("degrees", [8, -20])
def test_a_page_that_leans_is_levelled(degrees):
    (page,) = read_document(encode(draw(CYRILLIC, degrees)), ReadingOptions()).pages
    by_text = {word.text: word.box for word in page.words}
    total, amount = by_text["ИТОГО К ОПЛАТЕ"], by_text["255,40"]
    assert page.turns * 90 == pytest.approx(-degrees, abs=1)
    assert (total[1] + total[3]) / 2 == pytest.approx((amount[1] + amount[3]) / 2, abs=0.01)


def assert_named_as_unread(reading: Reading) -> None:
    assert reading.warnings
    assert "255,40" in reading.text
    assert not [word.text for word in reading.words if sum(sign.isalpha() for sign in word.text) > 4]


@pytest.mark.usefixtures("no_models")
def test_a_model_that_is_broken_costs_the_letters_and_not_the_document(tmp_path):
    (tmp_path / "Cyrillic.traineddata").write_bytes(b"no model")
    reading = read_document(encode(draw(CYRILLIC)), ReadingOptions())
    assert_named_as_unread(reading)
    assert "could not be read" in reading.warnings[0]


@pytest.fixture
def slow_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tesseract that takes its time over everything but the list of its models."""
    real = shutil.which("tesseract")
    slow = tmp_path / "tesseract"
    slow.write_text(f'#!/bin/sh\ncase "$*" in *lines.txt*) exec sleep 60;; esac\nexec {real} "$@"\n')
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


@pytest.mark.usefixtures("slow_tesseract")
def test_letters_for_which_there_is_no_time_are_never_kept_as_latin():
    reading = read_document(encode(draw(CYRILLIC)), ReadingOptions(deadline_s=2.0))
    assert_named_as_unread(reading)
    assert "Time ran out" in reading.warnings[0]


def test_letters_are_never_kept_as_latin_if_the_time_is_up_before_their_script_is_tried():
    reading = read_document(encode(draw(CYRILLIC)), ReadingOptions(deadline_s=0.0))
    assert_named_as_unread(reading)
    assert "Time ran out" in reading.warnings[0]


@pytest.mark.parametrize("step", ["measure_lean", "read_doubtful_again", "spell_lines", "find_lost_labels"])
@pytest.mark.parametrize("error", [TimeoutError, ValueError])
def test_what_a_page_can_do_without_may_fail_and_the_page_is_read(step, error, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(reread, step, fail)
    reading = read_document(encode(draw(CYRILLIC)), ReadingOptions())
    assert not reading.warnings
    assert "ИТОГО К ОПЛАТЕ" in reading.text
