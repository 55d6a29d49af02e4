"""Examine one document: read it, extract its expense and, where that is doubtful, look again with a better model.

What another program read on a scan, and hid in the PDF, counts only beside what is read on the scan itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from expensed.errors import ExpensedError
from expensed.extraction.doubtful_places import find_doubtful_places, find_rest
from expensed.extraction.expense import extract_expense
from expensed.extraction.findings import Findings
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import build_rows
from expensed.extraction.rivals import with_candidates
from expensed.extraction.second_opinion import agree, complete, reconcile
from expensed.model.reading import Band, Reading
from expensed.model.states import Stage
from expensed.reading.closer_look import Sheets, look_closer
from expensed.reading.document import read_document
from expensed.reading.engines.deadline import Deadline, start_deadline
from expensed.reading.language import is_clearer
from expensed.reading.options import ReadingOptions

_log = logging.getLogger(__name__)
_UNCHECKED = "It is a scan with hidden text, which could not be compared with the scan."


def examine_content(
    content: bytes,
    reading: ReadingOptions,
    extraction: ExtractionOptions,
    report: Callable[[Stage], None],
    looks: list[Reading] | None = None,
) -> tuple[Reading, Findings]:
    """Return what was read and what it means; `report` is called as each stage begins.

    `looks`, if given, receives what was read at first, and what after each further look, so that benchmarks can make
    sense of the same words again.

    Raises as `read_document` does.
    """
    found, findings = _examine(content, reading, extraction, report, looks)
    return found, with_candidates(findings, extraction.review_below)


def _examine(
    content: bytes,
    reading: ReadingOptions,
    extraction: ExtractionOptions,
    report: Callable[[Stage], None],
    looks: list[Reading] | None,
) -> tuple[Reading, Findings]:
    deadline = start_deadline(reading.deadline_s)
    sheets = Sheets() if reading.second_look else None
    first = read_document(content, reading, sheets)
    report(Stage.EXTRACTION)
    findings = extract_expense(first, extraction, on_stage=report)
    if any(page.source == "ocr-layer" for page in first.pages):
        options = replace(reading, trusts_ocr_layers=False, deadline_s=deadline.left_s())
        first, findings = _read_scan(content, first, findings, sheets, options, extraction)
    if looks is not None:
        looks.append(first)
    if sheets is None or not findings.expense.needs_review:
        return first, findings
    try:
        return _look_again(first, findings, sheets, extraction, deadline, looks)
    except Exception as error:  # noqa: BLE001 - whatever the larger model fails on, the document has been read
        _log.warning("the second look failed: %s", error, exc_info=True)
        return first, findings


def _read_scan(
    content: bytes,
    layer: Reading,
    findings: Findings,
    sheets: Sheets | None,
    reading: ReadingOptions,
    extraction: ExtractionOptions,
) -> tuple[Reading, Findings]:
    """Return what is read on the scan itself, and what it means, unless the hidden text says more.

    Even then nothing that the scan does not say is filed unseen, because nobody sees the hidden text.
    """
    try:
        own = read_document(content, reading, sheets)
    except ExpensedError as error:
        _log.info("the scan beneath the hidden text was not read: %s", error)
        unchecked = replace(layer, warnings=(*layer.warnings, _UNCHECKED))
        return unchecked, extract_expense(unchecked, extraction)
    found = extract_expense(own, extraction)
    if _worth(found) >= _worth(findings) and not is_clearer(_texts(layer), _texts(own)):
        return own, found
    if sheets is not None:
        sheets.kept.clear()  # they hold the scan, whereas the words are those of the layer
    if agree(findings, found):
        return layer, findings
    return layer, reconcile(findings, found, extraction.review_below)


def _worth(findings: Findings) -> tuple[bool, bool, bool, bool]:
    """Rank findings: first of all those that need nobody, then those with a proven amount, an amount, a date."""
    amount, date = findings.fields.get("amount"), findings.fields.get("date")
    is_proven = amount is not None and amount.proof is not None
    return not findings.expense.needs_review, is_proven, amount is not None, date is not None


def _texts(reading: Reading) -> list[str]:
    return [word.text for word in reading.words]


def _look_again(
    first: Reading,
    findings: Findings,
    sheets: Sheets,
    options: ExtractionOptions,
    deadline: Deadline,
    looks: list[Reading] | None,
) -> tuple[Reading, Findings]:
    """Look at what is doubtful, then at the rest of the pages if amount or date are still missing."""
    if deadline.has_passed():
        return first, findings
    below = options.review_below
    bands = find_doubtful_places(findings, build_rows(first), below)
    second = _read_again(first, sheets, bands, deadline)
    if second != first:
        findings = reconcile(findings, extract_expense(second, options), below)
    rest = find_rest(findings, bands, sheets.kept)
    third = _read_again(second, sheets, rest, deadline)
    if looks is not None:
        looks += [second, third]
    if third != second:
        completed = complete(findings, extract_expense(third, options), below)
        return (second, findings) if completed is findings else (third, completed)
    return second, findings


def _read_again(reading: Reading, sheets: Sheets, bands: Sequence[Band], deadline: Deadline) -> Reading:
    """Return the reading with the words in these bands read again, as far as there is time."""
    pages = []
    for page in reading.pages:
        own = [band for band in bands if band.page == page.number]
        sheet = sheets.kept.get(page.number)
        pages.append(page if sheet is None else look_closer(page, sheet, own, deadline, enlarges_head=True))
    return replace(reading, pages=tuple(pages))
