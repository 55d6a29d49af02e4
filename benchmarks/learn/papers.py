"""Labelled papers with what was read from them: read once, and kept, so that choosing can be tried quickly."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from benchmarks.labels import Labelled, load_labels
from expensed.errors import ExpensedError
from expensed.extraction.expense import extract_expense
from expensed.extraction.findings import Findings
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.second_opinion import complete, reconcile
from expensed.model.json_text import decode, encode
from expensed.model.reading import Reading
from expensed.readers.examination import examine_content
from expensed.reading.options import ReadingOptions

FOLDERS = ("receipts", "receipts-more", "invoices", "world", "wild", "business")
TODAY = date(2026, 11, 28)
"""The day as of which all papers are understood, so that figures can be compared."""
Weights = Mapping[str, Mapping[str, float]]


@dataclass
class Paper:
    """A document: its label, and what was read at first, then at each further look; nothing if it cannot be read."""

    folder: str
    labelled: Labelled
    looks: Sequence[Reading] = ()
    fold: int = 0
    share: float = 1.0
    """How much it counts in learning: less, the more papers of its seller there are."""
    options: ExtractionOptions = field(default_factory=lambda: ExtractionOptions(today=TODAY))

    @property
    def name(self) -> str:
        """Folder and file."""
        return f"{self.folder}/{self.labelled.path.name}"

    @property
    def seller(self) -> str:
        """The seller, by whom papers are kept together."""
        return str(self.labelled.row.get("vendor_cluster") or self.labelled.vendor).casefold()

    def understand(self, weights: Weights | None = None) -> Findings | None:
        """Return what the paper says, as `readers.examination` does with the same words."""
        examined = self.examine(weights)
        return examined[1] if examined is not None else None

    def examine(self, weights: Weights | None = None) -> tuple[Reading, Findings] | None:
        """Return what was read last and what it means, as `readers.examination` does with the same words."""
        if not self.looks:
            return None
        options = ExtractionOptions(today=TODAY, weights=weights)
        reading, below = self.looks[0], options.review_below
        found = extract_expense(reading, options)
        if not found.expense.needs_review:
            return reading, found
        for place, look in enumerate(self.looks[1:], 1):
            if look == self.looks[place - 1]:
                continue
            if place > 1 and {"amount", "date"} <= found.fields.keys():
                break
            again = extract_expense(look, options)
            if place == 1:
                reading, found = look, reconcile(found, again, below)
            elif (completed := complete(found, again, below)) is not found:
                reading, found = look, completed
        return reading, found


def load_papers(data: Path, kept: Path, folds: int) -> list[Paper]:
    """Return the papers of all folders that are there, dealt into folds; read what was not read before."""
    papers = []
    for folder in FOLDERS:
        labels = data / folder / "labels.json"
        if labels.exists():
            papers += [Paper(folder, each) for each in load_labels(labels, data / folder)]
    for count, paper in enumerate(papers, 1):
        paper.looks = read_looks(paper, kept)
        if sys.stderr.isatty():
            print(f"\r{count} of {len(papers)}", end="", file=sys.stderr)
    deal(papers, folds)
    return papers


def read_looks(paper: Paper, kept: Path) -> Sequence[Reading]:
    """Return what is read from a paper at each look; what was kept of an earlier run is not read again."""
    file = kept / f"{paper.name}.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        looks: list[Reading] = []
        try:
            examine_content(paper.labelled.path.read_bytes(), ReadingOptions(), paper.options, lambda _: None, looks)
        except ExpensedError as error:
            print(f"{paper.name}: {error}", file=sys.stderr)
        file.write_bytes(encode(looks))
    return decode(file.read_bytes(), list[Reading])


def deal(papers: Sequence[Paper], folds: int) -> None:
    """Deal papers into folds of about equal size, all of one seller into the same; say how much each counts."""
    sellers: dict[str, list[Paper]] = {}
    for paper in papers:
        sellers.setdefault(paper.seller, []).append(paper)
    sizes = [0] * folds
    for seller in sorted(sellers, key=lambda name: (-len(sellers[name]), hashlib.sha256(name.encode()).digest())):
        smallest = sizes.index(min(sizes))
        sizes[smallest] += len(sellers[seller])
        for paper in sellers[seller]:
            paper.fold, paper.share = smallest, len(sellers[seller]) ** -0.7


def hash_data(papers: Sequence[Paper]) -> str:
    """Return the hash of all labels and of what was read."""
    found = hashlib.sha256()
    for paper in papers:
        found.update(json.dumps(dict(paper.labelled.row), sort_keys=True).encode())
        found.update(encode(list(paper.looks)))
    return found.hexdigest()[:16]
