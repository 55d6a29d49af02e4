"""The note in a claim folder of the subfolder that its file came from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from expensed.disk.claims import list_claims, make_claim_folder, note_folder, read_folder, remove_claim_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make_claim_folder(tmp_path, "1_a.pdf")
    assert made is not None
    return made


@pytest.mark.parametrize("name", ["Roof", "Anna Müller", os.fsdecode(b"\xff")])
def test_it_tells_the_folder_and_is_not_taken_for_the_file(folder: Path, name: str) -> None:
    assert read_folder(folder) is None
    note_folder(folder, name)
    assert read_folder(folder) == name
    (found,) = list_claims(folder.parent)
    assert found.file is None
    (folder / "a.pdf").touch()
    (found,) = list_claims(folder.parent)
    assert found.file == "a.pdf"


def test_it_goes_with_the_claim_and_stays_while_a_file_is_there(folder: Path) -> None:
    note_folder(folder, "Roof")
    (folder / "a.pdf").touch()
    remove_claim_folder(folder)
    assert read_folder(folder) == "Roof"
    (folder / "a.pdf").unlink()
    remove_claim_folder(folder)
    assert not folder.exists()
    remove_claim_folder(folder)
