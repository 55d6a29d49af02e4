"""The name of an upload, whatever its sender calls it."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expensed.archive.naming import make_harmless
from expensed.disk.claims import PART
from expensed.pipeline.requests.upload import LONGEST_NAME, clean_name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("receipt.jpg", "receipt.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\a b.pdf", "a b.pdf"),
        ("", "upload"),
        ("folder/", "upload"),
        (" .. ", "upload"),
        ("a\0b.pdf", "ab.pdf"),
        ("é" * 300 + ".jpeg", "é" * 95 + ".jpeg"),
        ("x" * 300, "x" * 200),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_it_keeps_the_last_part_of_a_path_and_a_bearable_length(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.binary(max_size=400))
def test_any_bytes_become_a_name_that_stays_in_its_folder(name: bytes) -> None:
    clean = clean_name(os.fsdecode(name))
    claimed = make_harmless(clean)
    assert clean
    assert not {"/", "\\", "\0"} & set(clean)
    assert len(os.fsencode(clean)) <= LONGEST_NAME + 1
    assert claimed not in ("", ".", "..", PART)
    assert len(claimed.encode()) <= 255
