import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil  # type: ignore[import-untyped]
import pytest
from tests.documents.drawing import draw_receipt, lay_on_table

from expensed.errors import SetupError
from expensed.reading.engines import paddle, select, tesseract
from expensed.reading.engines.deadline import start_deadline
from expensed.reading.engines.select import select_engine
from expensed.reading.image import crop_to_paper, shrink_for_paddle

np = pytest.importorskip("numpy")
LINES = ["^FERNBROOK STORES", *(f"Item number {number} | {number}.99" for number in range(40)), "Total | 5.00"]


def pixels(picture):
    return np.asarray(picture, dtype=np.uint8)


def test_auto_takes_paddle_and_keeps_one_instance():
    assert select_engine("auto", ("eng",)) is select_engine("auto", ("eng",))
    assert select_engine("auto", ("eng",)).name == "paddle"


def test_auto_takes_tesseract_where_paddle_is_missing(monkeypatch):
    monkeypatch.setattr(select, "find_spec", lambda name: None)
    select_engine.cache_clear()
    assert select_engine("auto", ("eng",)).name == "tesseract"
    select_engine.cache_clear()


def test_without_any_engine_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(select, "find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    select_engine.cache_clear()
    with pytest.raises(SetupError) as caught:
        select_engine("auto", ("eng",))
    assert "pip install faster-paddle" in caught.value.hint
    assert "apt install tesseract-ocr" in caught.value.hint
    select_engine.cache_clear()


def test_a_language_that_is_not_installed_is_named():
    with pytest.raises(SetupError, match="tlh") as caught:
        tesseract.TesseractEngine(("eng", "tlh"))
    assert "tesseract-ocr-tlh" in caught.value.hint


def test_both_engines_give_boxes_in_the_given_pictures_pixels():
    picture = pixels(draw_receipt(["^FERNBROOK", "", "", "", "Total | 5.00"]))
    for engine in (paddle.PaddleEngine(), tesseract.TesseractEngine()):
        (name,) = [seen for seen in engine.read(picture, start_deadline(None)) if seen.text == "FERNBROOK"]
        left, top, right, bottom = name.box
        assert 180 < left < 310 < right < 440
        assert 30 < top < bottom < 90
        assert name.confidence > 0.8


def test_tesseract_stops_at_the_deadline():
    picture = (np.random.default_rng(1).random((1600, 1200)) * 255).astype("uint8")
    with pytest.raises(TimeoutError):
        tesseract.TesseractEngine().read(picture, start_deadline(0.0))


def test_the_paper_is_cropped_out_of_its_surroundings():
    receipt = draw_receipt(LINES)
    crop, (left, top, right, bottom) = crop_to_paper(pixels(lay_on_table(receipt, degrees=0)))
    assert crop.shape == (bottom - top, right - left)
    assert 200 < left < 320
    assert 140 < top < 260
    assert right - left <= receipt.width + 40


def test_a_bright_margin_without_writing_is_no_paper():
    picture = np.full((900, 1200), 255, dtype=np.uint8)
    picture[:, 300:900] = np.minimum(pixels(draw_receipt(LINES[:20], width=600).resize((600, 900))), 190)
    _, (left, _, right, _) = crop_to_paper(picture)
    assert left < 400
    assert right > 800


def test_a_long_till_roll_keeps_its_letters_readable():
    roll = np.full((4000, 600), 255, dtype=np.uint8)
    small, scale = shrink_for_paddle(roll)
    assert small.shape[1] == pytest.approx(416, abs=2)
    assert scale == pytest.approx(small.shape[0] / 4000)


CHILD = """
import numpy as np
from expensed.reading.engines.deadline import start_deadline
from expensed.reading.engines.tesseract import TesseractEngine
engine = TesseractEngine()
noise = (np.random.default_rng(1).random((1600, 1200)) * 255).astype("uint8")
print("ready", flush=True)
while True:
    engine.read(noise, start_deadline(None))
"""


def test_tesseract_dies_with_its_parent():
    child = subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, env={**os.environ})
    try:
        assert child.stdout is not None
        child.stdout.readline()
        running = wait_for(lambda: tesseracts_of(child.pid))
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    wait_for(lambda: not any(lives(process) for process in running))


def lives(process):
    try:
        return process.is_running() and process.status() != "zombie"
    except psutil.NoSuchProcess:
        return False


def tesseracts_of(pid):
    found = []
    for process in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [process] if process.name() == "tesseract" else []
    return found


def wait_for(condition, patience_s=20.0):
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")
