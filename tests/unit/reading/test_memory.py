"""How much memory the models of a reading process keep."""

from __future__ import annotations

import os
import subprocess
import sys

import faster_paddle  # type: ignore[import-untyped]
import numpy as np
import pytest
from tests.documents.drawing import draw_receipt
from tests.documents.samples import TILL_RECEIPT

from expensed.reading.engines import memory
from expensed.reading.engines.deadline import start_deadline
from expensed.reading.engines.paddle import PaddleEngine

NO_LIMIT = start_deadline(None)


def picture_of_a_receipt():
    return np.asarray(draw_receipt(TILL_RECEIPT), dtype=np.uint8)


@pytest.fixture
def loaded(monkeypatch):
    """The sizes of the models in the order in which they are loaded."""
    sizes: list[str] = []
    load = faster_paddle.OcrEngine

    def watched(*, model_size: str, **options: int):
        sizes.append(model_size)
        return load(model_size=model_size, **options)

    monkeypatch.setattr(faster_paddle, "OcrEngine", watched)
    return sizes


def test_where_memory_is_short_a_model_is_dropped_and_reads_the_same_once_it_is_loaded_again(loaded, monkeypatch):
    monkeypatch.setattr(memory, "ROOM_MB", 0)
    tiny, small, picture = PaddleEngine("tiny"), PaddleEngine("small"), picture_of_a_receipt()
    seen = tiny.read(picture, NO_LIMIT)
    small.read(picture, NO_LIMIT)
    assert tiny.read(picture, NO_LIMIT) == seen
    assert loaded == ["tiny", "small", "tiny"]


def test_where_memory_suffices_no_model_is_loaded_twice(loaded, monkeypatch):
    monkeypatch.setattr(memory, "ROOM_MB", 1_000_000)
    tiny, small, picture = PaddleEngine("tiny"), PaddleEngine("small"), picture_of_a_receipt()
    for engine in (tiny, small, tiny, small):
        engine.read(picture, NO_LIMIT)
    assert loaded == ["tiny", "small"]


def test_what_was_used_longest_ago_is_given_back_first_and_what_is_kept_never(monkeypatch):
    class Holder:
        is_released = False

        def release(self) -> None:
            self.is_released = True
            monkeypatch.setattr(memory, "ROOM_MB", 1_000_000)  # as if that had been enough

    monkeypatch.setattr(memory, "_holders", [])
    monkeypatch.setattr(memory, "ROOM_MB", 0)
    kept, old, recent = Holder(), Holder(), Holder()
    for holder in (kept, recent, old, recent):
        memory.note_use(holder)
    memory.make_room(1, keeping=kept)
    assert (kept.is_released, old.is_released, recent.is_released) == (False, True, False)


@pytest.mark.parametrize("told", [None, b"", b"1000 many"])
def test_a_picture_is_read_though_the_system_does_not_tell_how_much_memory_is_used(told, tmp_path, monkeypatch):
    if told is not None:
        (tmp_path / "statm").write_bytes(told)
    monkeypatch.setattr(memory, "_STATM", tmp_path / "statm")
    assert memory.resident_mb() == 0
    assert PaddleEngine("tiny").read(picture_of_a_receipt(), NO_LIMIT)


READS_LARGE_PICTURES = """
import cv2
import numpy
from tests.documents.drawing import draw_receipt
from expensed.reading.engines import memory
from expensed.reading.engines.deadline import start_deadline
from expensed.reading.engines.paddle import PaddleEngine
memory.ROOM_MB = 300
page = numpy.asarray(draw_receipt(["Bolts and nuts of brass | 7.50"] * 6), dtype=numpy.uint8)
tiny, small = PaddleEngine("tiny"), PaddleEngine("small", widest=720)
for engine, width, height in ((tiny, 960, 960), (small, 720, 900), (tiny, 960, 960)):
    assert engine.read(cv2.resize(page, (width, height)), start_deadline(None))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_a_process_stays_small_though_both_models_read_large_pictures():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", READS_LARGE_PICTURES]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert int(done.stdout) * 1024 / 1e6 < 350  # without a limit it is 400
