"""What the second look brings and costs: each document read in one run without it and with it, on one thread.

    .venv/bin/python benchmarks/second_look.py DIR LABELS [DIR LABELS ...] [--every N] [--misses]

LABELS is a JSON list of {"file": below DIR, "vendor", "amount", "date", ...}. *engine* is the CPU of the models alone.
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
from expensed.model.expense import Expense
from expensed.readers.examination import examine_content
from expensed.reading.engines.deadline import Deadline
from expensed.reading.engines.engine import Pixels, Sighting
from expensed.reading.engines.paddle import PaddleEngine
from expensed.reading.options import ReadingOptions

FIELDS = ("amount", "date", "vendor")
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
class Tally:
    """The results of one way of reading."""

    counts: Counter[str] = field(default_factory=Counter)
    engine_s: list[float] = field(default_factory=list)

    def add(self, labelled: Labelled, expense: Expense | None, engine_s: float) -> dict[str, bool]:
        """Count one document; return which fields are right."""
        right = labelled.judge(expense)
        self.engine_s.append(engine_s)
        self.counts.update(name for name in FIELDS if right[name])
        self.counts["all"] += all(right[name] for name in FIELDS)
        if expense is not None and not expense.needs_review:
            self.counts["unattended"] += 1
            self.counts["wrong"] += not (right["amount"] and right["date"])
            self.counts["wrong seller"] += not right["vendor"]
        return right


def examine(content: bytes, *, second_look: bool) -> tuple[Expense | None, float]:
    """Return the expense, None if the document cannot be read, and the engine's CPU seconds."""
    Clock.spent_s = 0.0
    options = ReadingOptions(engine="paddle", second_look=second_look)
    try:
        _, findings = examine_content(content, options, OPTIONS, lambda _: None)
    except ExpensedError:
        return None, Clock.spent_s
    return findings.expense, Clock.spent_s


def compare(group: str, documents: Sequence[Labelled], *, shows_misses: bool) -> None:
    """Read these documents both ways and print what came out."""
    tallies = {"first look": Tally(), "with the second": Tally()}
    for labelled in documents:
        content = labelled.path.read_bytes()
        rights = [
            tally.add(labelled, *examine(content, second_look=second_look))
            for second_look, tally in zip((False, True), tallies.values(), strict=True)
        ]
        lost = [name for name in FIELDS if rights[0][name] and not rights[1][name]]
        if lost and shows_misses:
            print(f"  worse: {labelled.path.name}: {', '.join(lost)}")
    columns = (*FIELDS, "all", "unattended", "wrong", "wrong seller")
    for name, tally in tallies.items():
        shown = "  ".join(f"{column} {tally.counts[column]}" for column in columns)
        print(f"{group}, {len(documents)}, {name:16s} {shown}")
    first, second = (np.array(tally.engine_s) for tally in tallies.values())
    ratios = second[first > 0] / first[first > 0]
    cost = f"engine CPU {first.mean():.3f} -> {second.mean():.3f} s a document, {second.sum() / first.sum():.2f} times"
    print(f"{group}, {cost}; by document at the 95th percentile {np.percentile(ratios, 95):.2f} times", flush=True)


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
    for folder, labels in zip(args.pairs[::2], args.pairs[1::2], strict=True):
        documents = load_labels(Path(labels), Path(folder))[:: args.every]
        compare(Path(folder).name, documents, shows_misses=args.misses)
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB resident")
    return 0


if __name__ == "__main__":
    sys.exit(main())
