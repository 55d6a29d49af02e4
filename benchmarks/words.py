"""Reads true words instead of pictures, so that extraction can be measured alone.

    benchmarks/words.py <WORDS >ANSWERS

Each line of the input is one document as JSON: {"file", "width", "height", "words": [[text, [left, top, right,
bottom]], ...]}, boxes in pixels. Each line of the output is what `expensed extract --json` would print for it, without
the time it took, and with amounts as plain numbers (93.5, not 93.50), so that it can be compared byte for byte with
the output of earlier versions.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import MONEY
from expensed.model.json_text import encode
from expensed.model.reading import Box, Page, Reading, Word


class Paper(NamedTuple):
    """One document of the input; boxes in pixels."""

    file: str
    width: float
    height: float
    words: list[tuple[str, tuple[float, float, float, float]]]


def parse_paper(line: str) -> Paper:
    """Parse one line of the input."""
    row = json.loads(line)
    return Paper(row["file"], row["width"], row["height"], row["words"])


def make_reading(paper: Paper) -> Reading:
    """Return the words as an engine would have read them, each with full confidence."""
    words = tuple(Word(text, 1, _scale(box, paper), 1.0) for text, box in paper.words)
    return Reading("image/jpeg", "paddle", (Page(1, paper.width, paper.height, words, "image"),))


def _scale(box: tuple[float, float, float, float], paper: Paper) -> Box:
    left, top, right, bottom = box
    return (
        max(0, left / paper.width),
        max(0, top / paper.height),
        min(1, right / paper.width),
        min(1, bottom / paper.height),
    )


def main() -> None:
    """Read every line of standard input."""
    options = ExtractionOptions(today=date.today())  # noqa: DTZ011 - the local day, as the command has it
    for line in sys.stdin:
        paper = parse_paper(line)
        expense = extract_expense(make_reading(paper), options).expense
        data = json.loads(encode(expense)) | {name: _plain(getattr(expense, name)) for name in MONEY}
        print(json.dumps({"file": paper.file, "success": True, "data": data, "needs_review": expense.needs_review}))


def _plain(amount: Decimal | None) -> float | int | None:
    return None if amount is None else int(amount) if amount == amount.to_integral_value() else float(amount)


if __name__ == "__main__":
    main()
