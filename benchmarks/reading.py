"""How well documents are read, how honest the probabilities are, and what it costs.

    .venv/bin/python benchmarks/reading.py DIR LABELS [DIR LABELS ...] [--engine paddle] [--engine tesseract]

LABELS is a JSON list of {"file": below DIR, "vendor", "amount", "date", ...}. Each document is read in this process, on
one thread. It is compared with bare `tesseract FILE stdout` with OMP_THREAD_LIMIT=1, which only prints text.

How well amounts and sellers are chosen on papers of sellers never seen, `make learn` tells.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import argparse
import datetime as dt
import os
import pickle
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.labels import Labelled, load_labels
from benchmarks.subject import machine
from expensed.errors import ExpensedError
from expensed.extraction.expense import extract_expense
from expensed.extraction.findings import Findings
from expensed.extraction.options import ExtractionOptions
from expensed.model.reading import Reading
from expensed.reading.document import read_document
from expensed.reading.engines.select import select_engine
from expensed.reading.options import ReadingOptions

BINS = 5
TODAY = dt.datetime.now().astimezone().date()


@dataclass
class Subject:
    """One document of one set, with what was read from it."""

    group: str
    labelled: Labelled
    reading: Reading | None = None
    cpu_s: dict[str, float] = field(default_factory=dict)

    def extract(self) -> Findings | None:
        """Return what extraction finds."""
        return extract_expense(self.reading, ExtractionOptions(today=TODAY)) if self.reading else None


class Clock:
    """CPU seconds of this process by stage; the engine's share is measured around its `read`."""

    def __init__(self, engine: str) -> None:
        self.engine_s = 0.0
        self._engine = select_engine(engine, ("eng",))
        self._read = self._engine.read
        setattr(self._engine, "read", self._timed)  # noqa: B010 - mypy would not have it said plainly

    def _timed(self, *given: object) -> object:
        began = _cpu_s()
        try:
            return self._read(*given)  # type: ignore[arg-type]
        finally:
            self.engine_s += _cpu_s() - began


def read_all(subjects: Sequence[Subject], engine: str) -> None:
    """Fill in readings and times."""
    clock = Clock(engine)
    for count, subject in enumerate(subjects, 1):
        data = subject.labelled.path.read_bytes()
        clock.engine_s, began = 0.0, _cpu_s()
        try:
            subject.reading = read_document(data, ReadingOptions(engine=engine))
        except ExpensedError:
            subject.reading = None
        read_s, began = _cpu_s() - began, _cpu_s()
        subject.extract()
        subject.cpu_s = {
            "prepare": read_s - clock.engine_s, "engine": clock.engine_s, "extract": _cpu_s() - began,
        }  # fmt: skip
        if sys.stderr.isatty():
            print(f"\r{engine}: {count} of {len(subjects)}", end="", file=sys.stderr)


@dataclass
class Figures:
    """The results for one set of documents."""

    right: dict[str, list[bool]] = field(default_factory=dict)
    sure: list[float] = field(default_factory=list)
    both: list[bool] = field(default_factory=list)
    unattended: list[bool] = field(default_factory=list)
    """Of the documents that nobody would look at: are amount and date right?"""

    def add(self, labelled: Labelled, findings: Findings | None) -> None:
        """Count one document."""
        right = labelled.judge(findings.expense if findings else None)
        for name, value in right.items():
            self.right.setdefault(name, []).append(value)
        both = right["amount"] and right["date"]
        self.both.append(both)
        self.sure.append(findings.probability if findings else 0.0)
        if findings and not findings.expense.needs_review:
            self.unattended.append(both)

    def share(self, name: str) -> str:
        """Return the percentage of labelled documents on which this field is right."""
        values = self.right.get(name, [])
        return f"{100 * sum(values) / len(values):.1f}" if values else "-"

    @property
    def brier(self) -> float:
        """Mean squared error of the document's probability."""
        return float(np.mean((np.array(self.sure) - np.array(self.both)) ** 2))

    @property
    def base_brier(self) -> float:
        """The same for a predictor that always gives the base rate."""
        share = float(np.mean(self.both))
        return share * (1 - share)

    def bins(self) -> list[tuple[int, float, float]]:
        """Five bins of equal size, least certain first: documents, mean probability, share right."""
        order = np.argsort(self.sure, kind="stable")
        parts = [part for part in np.array_split(order, BINS) if len(part)]
        sure, both = np.array(self.sure), np.array(self.both, dtype=float)
        return [(len(part), float(sure[part].mean()), float(both[part].mean())) for part in parts]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over those bins."""
        return sum(count * abs(sure - right) for count, sure, right in self.bins()) / max(1, len(self.both))

    def coverage_at(self, precision: float) -> float:
        """The largest share of documents, most certain first, of which at least this share is right."""
        order = np.argsort(-np.array(self.sure), kind="stable")
        shares = np.cumsum(np.array(self.both, dtype=float)[order]) / np.arange(1, len(order) + 1)
        enough = np.flatnonzero(shares >= precision)
        return (int(enough[-1]) + 1) / len(order) if len(enough) else 0.0


def figures_of(subjects: Sequence[Subject]) -> Figures:
    """Judge all documents."""
    figures = Figures()
    for subject in subjects:
        figures.add(subject.labelled, subject.extract())
    return figures


COLUMNS = ("engine", "documents", "n", "amount", "date", "vendor", "currency", "category", "unattended", "wrong",
           "cover@99", "ECE", "Brier", "base", "CPU s", "prepare", "engine s", "extract")  # fmt: skip


def table_row(engine: str, group: str, subjects: Sequence[Subject], figures: Figures) -> list[str]:
    """Return one row of the table."""
    stages = {name: float(np.mean([subject.cpu_s[name] for subject in subjects])) for name in subjects[0].cpu_s}
    return [
        engine, group, str(len(subjects)),
        *(figures.share(name) for name in ("amount", "date", "vendor", "currency", "category")),
        f"{100 * len(figures.unattended) / len(subjects):.1f}", str(figures.unattended.count(False)),
        f"{100 * figures.coverage_at(0.99):.1f}", f"{figures.calibration_error:.3f}",
        f"{figures.brier:.4f}", f"{figures.base_brier:.4f}", f"{sum(stages.values()):.2f}",
        *(f"{stages[name]:.3f}" for name in ("prepare", "engine", "extract")),
    ]  # fmt: skip


def bare_tesseract_s(subjects: Sequence[Subject]) -> float:
    """Return the CPU seconds per document of `tesseract FILE stdout`, on one thread; files it cannot open count too."""
    before = os.times()
    for subject in subjects:
        subprocess.run(
            ["tesseract", str(subject.labelled.path), "stdout"], env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent / len(subjects)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print the table as aligned Markdown."""
    widths = [max(len(row[column]) for row in (COLUMNS, *rows)) for column in range(len(COLUMNS))]
    for number, row in enumerate((COLUMNS, *rows)):
        print("| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |")
        if not number:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def print_reliability(title: str, figures: Figures) -> None:
    """Print the predicted probabilities beside the observed frequencies."""
    print(f"\nreliability, {title} (five bins of equal mass): documents, mean probability, share right")
    for count, sure, right in figures.bins():
        print(f"  {count:4d}  {sure:.3f}  {right:.3f}")
    gain = 1 - figures.brier / figures.base_brier if figures.base_brier else 0.0
    print(f"  expected calibration error {figures.calibration_error:.3f}; Brier score {figures.brier:.4f},")
    print(f"  {gain:.0%} below that of the base rate ({figures.base_brier:.4f})")


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _load(pairs: Sequence[str]) -> list[Subject]:
    subjects = []
    for folder, labels in zip(pairs[::2], pairs[1::2], strict=True):
        subjects += [Subject(Path(folder).name, each) for each in load_labels(Path(labels), Path(folder))]
    return subjects


def _read(subjects: Sequence[Subject], engine: str, keep: Path | None) -> None:
    """Read, or reuse what an earlier run with the same `--keep` has read."""
    kept: dict[str, tuple[Reading | None, dict[str, float]]] = {}
    if keep and keep.exists():
        kept = pickle.loads(keep.read_bytes())
    missing = [each for each in subjects if f"{engine} {each.labelled.path}" not in kept]
    read_all(missing, engine)
    for subject in subjects:
        key = f"{engine} {subject.labelled.path}"
        if key in kept:
            subject.reading, subject.cpu_s = kept[key]
        kept[key] = (subject.reading, subject.cpu_s)
    if keep:
        keep.write_bytes(pickle.dumps(kept))


def _report(subjects: Sequence[Subject], engine: str) -> list[list[str]]:
    rows = []
    for group in dict.fromkeys(subject.group for subject in subjects):
        chosen = [subject for subject in subjects if subject.group == group]
        rows.append(table_row(engine, group, chosen, figures_of(chosen)))
    print_reliability(engine, figures_of(subjects))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="DIR LABELS", help="a folder and the labels of its documents")
    parser.add_argument("--engine", action="append", choices=("paddle", "tesseract"), help="default: paddle")
    parser.add_argument("--no-bare", action="store_true", help="leave bare tesseract out")
    parser.add_argument("--keep", type=Path, help="a file that keeps readings between runs, for work on extraction")
    args = parser.parse_args()
    if len(args.pairs) % 2:
        parser.error("each DIR needs its LABELS")
    subjects = _load(args.pairs)
    print(f"{len(subjects)} documents; {machine()}", flush=True)
    rows: list[list[str]] = []
    for engine in args.engine or ["paddle"]:
        for subject in subjects:
            subject.reading, subject.cpu_s = None, {}
        _read(subjects, engine, args.keep)
        rows += _report(subjects, engine)
    print()
    print_table(rows)
    if not args.no_bare:
        _print_bare(subjects, rows)
    return 0


def _print_bare(subjects: Sequence[Subject], rows: Sequence[Sequence[str]]) -> None:
    for group in dict.fromkeys(subject.group for subject in subjects):
        bare_s = bare_tesseract_s([subject for subject in subjects if subject.group == group])
        print(f"\nbare tesseract on {group}: {bare_s:.2f} CPU s a document; of that need")
        for row in rows:
            if row[1] == group:
                print(f"  {row[0]}: {float(row[COLUMNS.index('CPU s')]) / bare_s:.2f}")


if __name__ == "__main__":
    sys.exit(main())
