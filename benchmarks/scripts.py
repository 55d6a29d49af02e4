"""What is read of worn receipts in other scripts: drawn, so that no one's data is needed and each can be drawn again.

    PYTHONPATH=. nice .venv/bin/python -m benchmarks.scripts [--script Arabic ...] [--count 30] [--seed 1] [--misses]
    PYTHONPATH=. .venv/bin/python -m benchmarks.scripts --save DIR

The control group is Latin: worn until the program that read only Latin and CJK scripts read these no better than
scanned receipts. *engine* is what the readings name as their engine. `--save` only writes DIR/SCRIPT/labels.json and
the pictures, for another version of the program. With `--require` the exit status is 1 if a script misses a target.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.drawn.countries import CONTROL, SCRIPTS
from benchmarks.drawn.sample import Drawn, draw_sample, save
from benchmarks.drawn.typefaces import FontMissing
from benchmarks.labels import Labelled
from benchmarks.subject import machine
from expensed.errors import ExpensedError
from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import Expense
from expensed.readers.examination import examine_content
from expensed.reading.options import ReadingOptions

TARGETS = {"amount": 93.0, "date": 93.0, "vendor": 85.0}
"""Percent of the documents of each script."""
COLUMNS = (*TARGETS, "currency", "all three", "unattended", "wrong", "wrong seller")
OPTIONS = ExtractionOptions(today=dt.datetime.now().astimezone().date())


@dataclass
class Tally:
    """The results of one script."""

    count: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    engines: Counter[str] = field(default_factory=Counter)
    cpu_s: float = 0.0

    def add(self, expense: Expense | None, right: dict[str, bool]) -> None:
        """Count one document; *wrong* is filed unattended with a wrong amount or date."""
        self.count += 1
        self.counts.update(name for name, is_right in right.items() if is_right)
        self.counts["all three"] += all(right[name] for name in TARGETS)
        if expense is not None and not expense.needs_review:
            self.counts["unattended"] += 1
            self.counts["wrong"] += not (right["amount"] and right["date"])
            self.counts["wrong seller"] += not right["vendor"]

    @property
    def missed(self) -> list[str]:
        """The targets that are missed."""
        return [name for name, percent in TARGETS.items() if 100 * self.counts[name] < percent * self.count]

    def __str__(self) -> str:
        shown = "".join(f"{100 * self.counts[name] / max(self.count, 1):{len(name) + 3}.1f}" for name in COLUMNS)
        engines = ", ".join(f"{name} {count}" for name, count in self.engines.most_common())
        return f"{self.count:4}{shown}{self.cpu_s / max(self.count, 1):9.2f}  {engines}"


def read(sample: Drawn, tally: Tally) -> Expense | None:
    """Return what is made of a picture, None if it cannot be read; CPU seconds and engine go to the tally."""
    began = _cpu_s()
    try:
        reading, findings = examine_content(sample.content, ReadingOptions(), OPTIONS, lambda _: None)
    except ExpensedError as error:
        tally.engines[str(error.code)] += 1
        return None
    finally:
        tally.cpu_s += _cpu_s() - began
    tally.engines[reading.engine] += 1
    return findings.expense


def measure(script: str, seed: int, count: int, *, shows_misses: bool) -> Tally:
    """Draw and read the receipts of one script."""
    tally = Tally()
    for number in range(count):
        sample = draw_sample(script, seed, number)
        expense = read(sample, tally)
        right = Labelled(Path(sample.name), sample.label).judge(expense)
        tally.add(expense, right)
        if shows_misses:
            _show_misses(sample, expense, right)
    return tally


def _show_misses(sample: Drawn, expense: Expense | None, right: dict[str, bool]) -> None:
    for name, is_right in right.items():
        if not is_right:
            filed = "" if expense is None or expense.needs_review else ", filed"
            said = getattr(expense, name, None)
            print(f"  {sample.name} ({sample.label['language']}): {name}: {said}, is {sample.label[name]}{filed}")


def _cpu_s() -> float:
    """Return the CPU seconds of this process and of the children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def report(scripts: list[str], seed: int, count: int, *, shows_misses: bool) -> bool:
    """Print a line for each script; return whether all targets are met."""
    print(f"{machine()}; seed {seed}; percent of the documents, CPU seconds for each")
    print(f"{'':12} n  {'   '.join(COLUMNS)}    CPU s  engine")
    is_met = True
    for script in scripts:
        tally = measure(script, seed, count, shows_misses=shows_misses)
        missed = [] if script == CONTROL else tally.missed
        is_met &= not missed
        print(f"{script:10}{tally}{'  below target: ' + ', '.join(missed) if missed else ''}", flush=True)
    return is_met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--script", nargs="+", choices=(CONTROL, *SCRIPTS), default=[CONTROL, *SCRIPTS])
    parser.add_argument("--count", type=int, default=30, help="receipts of each script")
    parser.add_argument("--seed", type=int, default=1, help="another seed draws other receipts")
    parser.add_argument("--misses", action="store_true", help="list every wrong field")
    parser.add_argument("--require", action="store_true", help="exit with 1 if a script misses a target")
    parser.add_argument("--save", type=Path, metavar="DIR", help="write pictures and labels instead of reading")
    args = parser.parse_args()
    try:
        if args.save:
            for script in args.script:
                save((draw_sample(script, args.seed, each) for each in range(args.count)), args.save / script)
            return 0
        is_met = report(args.script, args.seed, args.count, shows_misses=args.misses)
    except FontMissing as error:
        parser.error(str(error))
    return 0 if is_met or not args.require else 1


if __name__ == "__main__":
    sys.exit(main())
