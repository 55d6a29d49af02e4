"""What the second look brings and costs: each document read in one run without it and with it, on one thread.

    .venv/bin/python benchmarks/second_look.py DIR LABELS [DIR LABELS ...] [--every N] [--misses]

LABELS is a JSON list of {"file": below DIR, "vendor", "amount", "date", ...}. *engine* is the CPU of the models alone.
What it costs is told of papers in Latin letters; the larger model reads whole pages of Chinese and Japanese.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import argparse
import datetime as dt
import resource
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.labels import Labelled, load_labels
from benchmarks.subject import machine
from expensed.errors import ExpensedError
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import build_rows
from expensed.extraction.vendor.other_scripts import page_script
from expensed.model.expense import Expense
from expensed.readers.examination import examine_content
from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.engine import Pixels, Sighting
from expensed.reading.engines.paddle import PaddleEngine
from expensed.reading.options import ReadingOptions

FIELDS = ("amount", "date", "vendor")
Costs = list[tuple[float, float]]
"""CPU seconds without the second look and with it, by document."""
OPTIONS = ExtractionOptions(today=dt.datetime.now().astimezone().date())


class Clock(PaddleEngine):
    """Adds up the CPU seconds of all models; `install` puts it in their place."""

    spent_s = 0.0
    _read = PaddleEngine.read

    @classmethod
    def install(cls) -> None:
        """Measure every engine from now on."""
        setattr(PaddleEngine, "read", cls.timed)  # noqa: B010 - mypy would not have it said plainly

    def timed(self, picture: Pixels, deadline: Deadline) -> list[Sighting]:
        """Read, and add the time."""
        began = time.process_time()
        try:
            return Clock._read(self, picture, deadline)
        finally:
            Clock.spent_s += time.process_time() - began


@dataclass
class Examined:
    """What came out of one document; without an expense if it cannot be read."""

    expense: Expense | None
    engine_s: float
    is_latin: bool = True


@dataclass
class Tally:
    """The results of one way of reading."""

    counts: Counter[str] = field(default_factory=Counter)
    engine_s: dict[Path, float] = field(default_factory=dict)
    """By document in Latin letters."""

    def add(self, labelled: Labelled, examined: Examined) -> dict[str, bool]:
        """Count one document; return which fields are right."""
        expense = examined.expense
        right = labelled.judge(expense)
        if examined.is_latin:
            self.engine_s[labelled.path] = examined.engine_s
        self.counts.update(name for name in FIELDS if right[name])
        self.counts["all"] += all(right[name] for name in FIELDS)
        if expense is not None and not expense.needs_review:
            self.counts["unattended"] += 1
            self.counts["wrong"] += not (right["amount"] and right["date"])
            self.counts["wrong seller"] += not right["vendor"]
        return right


def examine(content: bytes, *, second_look: bool) -> Examined:
    """Return what a document means, and the engine's CPU seconds."""
    Clock.spent_s = 0.0
    options = ReadingOptions(engine="paddle", second_look=second_look)
    try:
        reading, findings = examine_content(content, options, OPTIONS, lambda _: None)
    except ExpensedError:
        return Examined(None, Clock.spent_s)
    rows = build_rows(reading)
    return Examined(findings.expense, Clock.spent_s, is_latin=not rows or page_script(rows) is None)


def compare(group: str, documents: Sequence[Labelled], *, shows_misses: bool) -> Costs:
    """Read these documents both ways and print what came out; return what each cost."""
    tallies = {"first look": Tally(), "with the second": Tally()}
    for labelled in documents:
        content = labelled.path.read_bytes()
        rights = [
            tally.add(labelled, examine(content, second_look=second_look))
            for second_look, tally in zip((False, True), tallies.values(), strict=True)
        ]
        lost = [name for name in FIELDS if rights[0][name] and not rights[1][name]]
        if lost and shows_misses:
            print(f"  worse: {labelled.path.name}: {', '.join(lost)}")
    columns = (*FIELDS, "all", "unattended", "wrong", "wrong seller")
    for name, tally in tallies.items():
        shown = "  ".join(f"{column} {tally.counts[column]}" for column in columns)
        print(f"{group}, {len(documents)}, {name:16s} {shown}")
    first, second = (tally.engine_s for tally in tallies.values())
    costs = [(first[path], second[path]) for path in first if path in second and first[path] > 0]
    show_costs(group, costs)
    return costs


def show_costs(group: str, costs: Costs) -> None:
    """Print how the engine's CPU seconds grow on these documents, taken together and one by one."""
    if not costs:
        return
    first, second = np.array(costs).T
    growth = (
        f"engine CPU {first.mean():.3f} -> {second.mean():.3f} s a document, {second.sum() / first.sum():.2f} times"
    )
    highest = f"by document at the 95th percentile {np.percentile(second / first, 95):.2f} times"
    print(f"{group}, {len(costs)} in Latin letters, {growth}; {highest}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="DIR LABELS", help="a folder and the labels of its documents")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth document")
    parser.add_argument("--misses", action="store_true", help="name the documents on which a field got worse")
    args = parser.parse_args()
    if len(args.pairs) % 2:
        parser.error("each DIR needs its LABELS")
    print(machine(), flush=True)
    Clock.install()
    costs: Costs = []
    for folder, labels in zip(args.pairs[::2], args.pairs[1::2], strict=True):
        documents = load_labels(Path(labels), Path(folder))[:: args.every]
        costs += compare(Path(folder).name, documents, shows_misses=args.misses)
    show_costs("together", costs)
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB resident")
    return 0


if __name__ == "__main__":
    sys.exit(main())
