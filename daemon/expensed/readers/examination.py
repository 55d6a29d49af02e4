"""Examine one document: read it, extract its expense and, where that is doubtful, look again with a better model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from expensed.extraction.doubtful_places import find_doubtful_places
from expensed.extraction.expense import extract_expense
from expensed.extraction.findings import Findings
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import build_rows
from expensed.extraction.second_opinion import reconcile
from expensed.model.reading import Band, Reading
from expensed.model.states import Stage
from expensed.reading.closer_look import Sheets, look_closer
from expensed.reading.deadline import start_deadline
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions


def examine_content(
    content: bytes, reading: ReadingOptions, extraction: ExtractionOptions, report: Callable[[Stage], None]
) -> tuple[Reading, Findings]:
    """Return what was read and what it means; `report` is called as each stage begins.

    Raises as `read_document` does.
    """
    deadline = start_deadline(reading.deadline_s)
    sheets = Sheets() if reading.second_look else None
    first = read_document(content, reading, sheets)
    report(Stage.EXTRACTION)
    findings = extract_expense(first, extraction, on_stage=report)
    if sheets is None or first.engine != "paddle" or deadline.has_passed():
        return first, findings
    bands = find_doubtful_places(findings, build_rows(first), extraction.review_below)
    second = _look_again(first, sheets, bands)
    if second is None:
        return first, findings
    return second, reconcile(findings, extract_expense(second, extraction))


def _look_again(first: Reading, sheets: Sheets, bands: tuple[Band, ...]) -> Reading | None:
    """Return the reading with the words in these bands read again; None if nothing was seen there."""
    looked = {
        page.number: look_closer(page, sheets.kept[page.number], [band for band in bands if band.page == page.number])
        for page in first.pages
        if page.number in sheets.kept
    }
    pages = tuple(looked.get(page.number, page) for page in first.pages)
    return None if pages == first.pages else replace(first, pages=pages)
