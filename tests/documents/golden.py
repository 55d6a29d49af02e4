"""Recorded words of invented documents, and what extraction makes of them.

    python -m tests.documents.golden            accept: what extraction now makes of them is what is expected
    python -m tests.documents.golden --record   first read all of them again with the engine

`words.json` holds one document per line: its words with boxes in thousandths of the page, and what it truly says.
`expected.json` holds what extraction says of each; a change to extraction must justify every difference in it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.documents.invented import TALL, TONGUES, Invented, draw, invent, text_width

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import MONEY, Expense
from expensed.model.json_text import encode
from expensed.model.reading import Page, Reading, Word

FOLDER = Path(__file__).parent.parent / "golden"
WORDS, EXPECTED = FOLDER / "words.json", FOLDER / "expected.json"
TODAY = date(2026, 1, 1)
FIELDS = (
    "vendor", "amount", "date", "currency", "category", "kind", "tax", "invoice_number", "due_date", "payment_method",
)  # fmt: skip
_THOUSAND = 1_000
_SEEDS = range(2 * len(TONGUES))


def load_golden() -> Iterator[tuple[str, Reading, dict[str, Any]]]:
    """The name of each document, its words, and what it truly says."""
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        words = tuple(
            Word(text, 1, (left / _THOUSAND, top / _THOUSAND, right / _THOUSAND, bottom / _THOUSAND), sure / 100)
            for text, left, top, right, bottom, sure in row["words"]
        )
        page = Page(1, row["width"], row["height"], words, "image")
        yield row["name"], Reading("image/png", row["engine"], (page,), ()), row["truth"]


def said_of(reading: Reading) -> dict[str, Any]:
    """Return what extraction says about it: all fields, the proofs, and whether a person should look."""
    expense = extract_expense(reading, ExtractionOptions(today=TODAY)).expense
    said = json.loads(encode(expense)) | {name: _plain(getattr(expense, name)) for name in MONEY}
    fields = {name: said[name] for name in FIELDS}
    return fields | {"proofs": _proofs(expense), "needs_review": expense.needs_review}


def _plain(amount: Decimal | None) -> float | int | None:
    """Return an amount without the decimals of its currency, which say nothing about what was read."""
    return None if amount is None else int(amount) if amount == amount.to_integral_value() else float(amount)


def _proofs(expense: Expense) -> dict[str, str]:
    return {name: found.proof for name, found in expense.fields.items() if found.proof}


def accept() -> None:
    """Make what extraction says now the expectation."""
    said = {name: said_of(reading) for name, reading, _ in load_golden()}
    EXPECTED.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def record(seeds: Sequence[int] = _SEEDS) -> None:
    """Read the pictures of the documents again; if the font lacks its letters, a document keeps the words drawn."""
    FOLDER.mkdir(exist_ok=True)
    rows = [_row(invent(seed)) for seed in seeds]
    WORDS.write_text(
        "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows), encoding="utf-8"
    )


def _row(document: Invented) -> dict[str, Any]:
    page = _read(document) if document.is_latin else _laid_out(document)
    words = [
        [word.text, *(round(edge * _THOUSAND) for edge in word.box), round(word.confidence * 100)]
        for word in page.words
    ]
    return {
        "name": document.name, "engine": "paddle" if document.is_latin else "none", "width": page.width,
        "height": page.height, "truth": dict(document.truth), "words": words,
    }  # fmt: skip


def _read(document: Invented) -> Page:
    from tests.documents.drawing import encode

    from expensed.reading.document import read_document
    from expensed.reading.options import ReadingOptions

    return read_document(encode(draw(document), "PNG"), ReadingOptions(engine="paddle")).pages[0]


def _laid_out(document: Invented) -> Page:
    words = tuple(
        Word(
            each.text, 1,
            (
                each.left / document.width, each.top / document.height,
                min(1.0, (each.left + text_width(each.text, each.tall)) / document.width),
                (each.top + each.tall) / document.height,
            ),
            1.0,
        )
        for each in document.texts
        if each.text and each.tall >= TALL
    )  # fmt: skip
    return Page(1, document.width, document.height, words, "text-layer")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="read all documents anew first")
    if parser.parse_args().record:
        record()
    accept()


if __name__ == "__main__":
    main()
