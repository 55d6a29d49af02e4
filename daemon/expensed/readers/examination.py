"""Examine one document: read it, extract its expense and, where that is doubtful, look again with a better model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from expensed.extraction.doubtful_places import find_doubtful_places, find_rest
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
    return _look_again(first, findings, sheets, extraction)


def _look_again(
    reading: Reading, findings: Findings, sheets: Sheets, options: ExtractionOptions
) -> tuple[Reading, Findings]:
    """Look at what is doubtful, then at the rest of the pages if amount or date are still missing."""
    bands = find_doubtful_places(findings, build_rows(reading), options.review_below)
    reading, findings = _reconsider(reading, findings, sheets, bands, options)
    rest = find_rest(findings, bands, dict.fromkeys(band.page for band in bands))
    return _reconsider(reading, findings, sheets, rest, options)


def _reconsider(
    reading: Reading, findings: Findings, sheets: Sheets, bands: Sequence[Band], options: ExtractionOptions
) -> tuple[Reading, Findings]:
    """Return reading and findings after another look at these bands; the same if nothing was seen there."""
    pages = tuple(
        look_closer(page, sheets.kept[page.number], [band for band in bands if band.page == page.number])
        if page.number in sheets.kept
        else page
        for page in reading.pages
    )
    if pages == reading.pages:
        return reading, findings
    second = replace(reading, pages=pages)
    return second, reconcile(findings, extract_expense(second, options))
