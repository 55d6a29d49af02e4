"""Whatever a file holds, judging it costs a bounded number of bytes and steps, and never raises."""

from __future__ import annotations

import os
import random
import struct
import time
from pathlib import Path

import pytest
from tests.documents.signed import SIGNED_DATA
from tests.unit.formats import samples

from expensed.formats.completeness import Structure, judge_completeness
from expensed.formats.ends.reader import BYTES_MAX, Ending, OverBudget, Reader
from expensed.formats.known_formats import Format

LIMIT_S = 15.0
"""Far above what is measured (under 1.5 s at worst), far below what an unbounded walk would take."""


def judge_file(path: Path) -> tuple[Structure, float]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        began = time.perf_counter()
        return judge_completeness(descriptor, os.fstat(descriptor).st_size), time.perf_counter() - began
    finally:
        os.close(descriptor)


def write_sparse(path: Path, head: bytes, size: int, tail: bytes = b"") -> Path:
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
        file.seek(size - len(tail))
        file.write(tail)
    return path


HEADS = {
    "jpeg": samples.make_jpeg()[:-2],
    "png": samples.make_png()[:33],
    "gif": samples.make_gif()[:20],
    "tiff": struct.pack("<2sHI", b"II", 42, 1 << 31),
    "bigtiff": struct.pack("<2sHHHQ", b"II", 43, 8, 0, 1 << 32),
    "heic": samples.make_heic()[:20],
    "pdf": b"%PDF-1.7\n",
    "signed": b"0\x85" + b"\xff" * 5 + SIGNED_DATA,
    "signed and left open": b"0\x80" + SIGNED_DATA + b"\xa0\x85" + b"\xff" * 5,
    "base64": samples.SIGNED["base64"][:200],
    "pem": samples.SIGNED["pem"][:200],
    "isdocx": samples.WHOLE["isdocx"][:60],
    "xml": b"<?xml version='1.0'?><a xmlns='b'>",
    "zeros": b"",
    "other": b"nothing known",
}


@pytest.mark.parametrize("kind", HEADS)
def test_a_sparse_file_of_six_gigabytes_is_judged_quickly(tmp_path: Path, kind: str) -> None:
    structure, elapsed = judge_file(write_sparse(tmp_path / "huge", HEADS[kind], 6 << 30))
    assert structure.ending is not Ending.COMPLETE
    assert elapsed < LIMIT_S


def test_a_png_of_endless_chunks_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "many.png"
    path.write_bytes(samples.make_png()[:33] + samples.chunk(b"tEXt", b"") * 1_000_000)
    structure, elapsed = judge_file(path)
    assert structure == Structure(Format.PNG, Ending.UNKNOWN)
    assert elapsed < LIMIT_S


def test_a_jpeg_of_endless_segments_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "many.jpg"
    path.write_bytes(b"\xff\xd8" + samples.segment(0xE2, b"") * 2_000_000)
    structure, elapsed = judge_file(path)
    assert structure == Structure(Format.JPEG, Ending.UNKNOWN)
    assert elapsed < LIMIT_S


def test_a_signed_file_of_endless_elements_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "many.p7m"
    path.write_bytes(b"0\x80" + SIGNED_DATA + b"\x04\0" * 2_000_000)
    structure, elapsed = judge_file(path)
    assert structure == Structure(Format.SIGNED, Ending.UNKNOWN)
    assert elapsed < LIMIT_S


def test_tiff_directories_in_a_circle_are_visited_once(tmp_path: Path) -> None:
    whole = bytearray(samples.make_tiff(pages=3))
    first = struct.unpack_from("<I", whole, 4)[0]
    struct.pack_into("<I", whole, len(whole) - 4, first)
    (tmp_path / "loop.tif").write_bytes(whole)
    assert judge_file(tmp_path / "loop.tif")[0].ending is Ending.COMPLETE


def test_tiff_directories_that_share_one_huge_index_are_given_up(tmp_path: Path) -> None:
    entries, pages = 200_000, 2_000
    index = struct.pack("<I", 8) * entries
    whole = bytearray(b"II*\0" + struct.pack("<I", 8 + len(index)) + index)
    for _ in range(pages):
        after = len(whole) + 2 + 12 + 4
        whole += struct.pack("<HHHII", 1, 273, 4, entries, 8) + struct.pack("<I", after)
    (tmp_path / "shared.tif").write_bytes(whole)
    structure, elapsed = judge_file(tmp_path / "shared.tif")
    assert structure.ending is not Ending.COMPLETE
    assert elapsed < LIMIT_S


def test_reading_beyond_the_budget_raises() -> None:
    descriptor = os.open("/dev/zero", os.O_RDONLY)
    try:
        reader = Reader(descriptor, 1 << 40, bytes_max=1 << 20)
        reader.at(0, 1 << 16)
        with pytest.raises(OverBudget):
            reader.at(1 << 16, 1 << 20)
        with pytest.raises(OverBudget):
            Reader(descriptor, 1 << 40).at(0, BYTES_MAX)
    finally:
        os.close(descriptor)


def test_a_file_that_shrinks_while_it_is_read_raises_nothing(tmp_path: Path) -> None:
    for kind, whole in samples.WHOLE.items():
        path = tmp_path / kind
        path.write_bytes(whole[: len(whole) // 2])
        descriptor = os.open(path, os.O_RDONLY)
        try:
            judge_completeness(descriptor, len(whole))
        finally:
            os.close(descriptor)


def test_damaged_bytes_raise_nothing(tmp_path: Path) -> None:
    dice = random.Random(20)
    path = tmp_path / "damaged"
    for whole in (*samples.WHOLE.values(), *samples.SIGNED.values()):
        for _ in range(100):
            data = bytearray(whole)
            for _ in range(dice.randint(1, 12)):
                data[dice.randrange(len(data))] = dice.choice([0, 255, dice.randrange(256)])
            path.write_bytes(data)
            judge_file(path)
