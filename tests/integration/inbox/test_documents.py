"""Completeness judged on real documents: whole ones are judged whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from expensed.formats.completeness import Structure, judge_completeness
from expensed.formats.ends.reader import Ending
from expensed.formats.known_formats import Format


def judge(path: Path, size: int | None = None) -> Structure:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return judge_completeness(descriptor, os.fstat(descriptor).st_size if size is None else size)
    finally:
        os.close(descriptor)


def documents(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "broken" not in path.parts)


@pytest.mark.parametrize("folder", ["receipts/img", "invoices", "einvoices", "formats"])
def test_every_sane_document_is_complete_as_it_is(shared: Path, folder: str) -> None:
    found = {path.name: judge(path) for path in documents(shared / "data" / folder)}
    assert found
    assert {name: verdict for name, verdict in found.items() if verdict.ending is Ending.CUT_OFF} == {}
    known = {name: verdict for name, verdict in found.items() if verdict.kind is not None}
    assert all(verdict.ending is Ending.COMPLETE for verdict in known.values())
    assert {Path(name).suffix for name in found.keys() - known.keys()} <= {".json", ".txt"}


@pytest.mark.parametrize("folder", ["receipts/img", "invoices", "formats"])
def test_no_document_is_complete_without_its_last_tenth(shared: Path, folder: str) -> None:
    for path in documents(shared / "data" / folder):
        if judge(path).kind not in (None, Format.PDF):
            for part in (0.1, 0.5, 0.9):
                assert judge(path, int(path.stat().st_size * part)).ending is Ending.CUT_OFF, path.name
