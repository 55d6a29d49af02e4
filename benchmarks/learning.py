"""What corrections bring: each seller's first paper is corrected where wrong, the later ones are read with the lessons.

    PYTHONPATH=. .venv/bin/python -m benchmarks.learning DATA [--kept DIR] [--orders 10] [--every] [--touched] [--list]

DATA holds the labelled folders of `make learn`, whose readings are used. Each paper is understood by choosers and
probabilities that were learnt without its seller, as in the table of `make learn`; `--shipped` takes those that ship,
which have seen all of them. In each of the seeded orders the papers come one after the other: a seller's first paper is
read (`never seen`), corrected as a person would with the label before them, and filed, which teaches, by the functions
that the daemon uses; of its later papers is counted what is right without the lessons and with them. `--every` has the
later ones corrected, too; with `--touched` a first paper that needs nobody, and is right, teaches nothing. `--list`
names each paper that a lesson made worse.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.labels import plain
from benchmarks.learn.__main__ import find_examples, fit_folds, learn_folds
from benchmarks.learn.candidates import describe_papers
from benchmarks.learn.papers import Paper, Weights, load_papers
from benchmarks.learn.table import NO_EXPENSE
from expensed.extraction.choosing.chooser import Chooser, chosen_by
from expensed.extraction.findings import Findings
from expensed.extraction.page.lines import build_rows
from expensed.extraction.traits import find_traits
from expensed.learning.draw import draw_lesson
from expensed.learning.identify import list_keys, list_lesson_keys
from expensed.ledger.lessons import NEWEST_OF_A_KEY
from expensed.model.expense import Examination, Expense, Said
from expensed.model.lesson import Lesson
from expensed.model.reading import Reading
from expensed.pipeline.requests.merge import confirm, merge_said, note_corrections
from expensed.pipeline.teach import learn_from

FIELDS = ("amount", "date", "seller", "lenient", "category", "currency")
COLUMNS = (*FIELDS, "unattended", "wrong", "wrong seller")
"""`wrong` and `wrong seller` count papers that need nobody, though amount or date, or the seller, is wrong."""


@dataclass(frozen=True)
class Read:
    """A paper as it is read without any lesson."""

    paper: Paper
    examination: Examination

    @property
    def expense(self) -> Expense:
        """What was found on it."""
        return self.examination.expense


@dataclass
class Memory:
    """What was taught so far, found by the keys by which the ledger finds it."""

    count: int = 0
    by_key: dict[str, list[Lesson]] = field(default_factory=dict)

    def teach(self, read: Read, found: Expense, said: Said) -> None:
        """Keep what a paper teaches after a person filed it from review with this data."""
        corrections = note_corrections(found, said, None, "")
        lesson = draw_lesson(confirm(merge_said(found, said), said), corrections, read.examination.traits)
        if lesson is None:
            return
        self.count += 1
        lesson = replace(lesson, number=self.count, document=read.paper.name)
        for key in list_lesson_keys(lesson):
            self.by_key.setdefault(key, []).append(lesson)

    def recall(self, read: Read) -> Expense:
        """Return the expense of a paper with what was learnt."""
        keys = list_keys(read.examination.traits, read.expense)
        found = {each.number: each for key in keys for each in self.by_key.get(key, ())[-NEWEST_OF_A_KEY:]}
        return learn_from(read.examination, list(found.values()), read.paper.options.review_below).expense


def judge(paper: Paper, expense: Expense) -> dict[str, bool]:
    """Return which fields are right, and whether the paper needs nobody, rightly or not."""
    right = paper.labelled.judge(expense)
    right["lenient"] = right.pop("vendor")
    right["seller"] = is_named(paper, expense.vendor)
    unseen = not expense.needs_review
    right["unattended"] = unseen
    right["wrong"] = unseen and not (right["amount"] and right["date"])
    right["wrong seller"] = unseen and not right["lenient"]
    return right


def is_named(paper: Paper, said: str | None) -> bool:
    """Whether this is a name of the seller to the letter, but for case, punctuation and legal form."""
    row = paper.labelled.row
    names = {plain(name) for name in (row["vendor"], *row.get("vendor_alt", ())) if name}
    return plain(said) in names if names else not plain(said)


def correct(paper: Paper, found: Expense) -> Said:
    """Return what a person says of a paper whose label they know: each field that is not as they would write it."""
    row, right = paper.labelled.row, judge(paper, found)
    said = Said()
    if row["vendor"] and plain(found.vendor) != plain(row["vendor"]):
        said = replace(said, vendor=row["vendor"])
    if not right["amount"] and row["amount"] is not None:
        said = replace(said, amount=Decimal(str(row["amount"])))
    if not right["date"] and row["date"]:
        said = replace(said, date=date.fromisoformat(row["date"]))
    if row["currency"] and found.currency != row["currency"]:
        said = replace(said, currency=row["currency"])
    if row["category"] and found.category != row["category"]:
        said = replace(said, category=row["category"])
    return said


@dataclass(frozen=True)
class Outcome:
    """A paper in one order: whether its seller was known, and what was right without lessons and with them."""

    read: Read
    is_later: bool
    before: Mapping[str, bool]
    after: Mapping[str, bool]
    found: Expense


def run(reads: Sequence[Read], seed: int, *, every: bool = False, touched: bool = False) -> Iterator[Outcome]:
    """Let the papers come in a drawn order; see the options of the same names."""
    order = list(reads)
    random.Random(seed).shuffle(order)
    memory, known = Memory(), set()
    for read in order:
        found, seller = memory.recall(read), read.paper.seller
        is_later = seller in known
        yield Outcome(read, is_later, judge(read.paper, read.expense), judge(read.paper, found), found)
        if seller and (every or not is_later):
            known.add(seller)
            said = correct(read.paper, found)
            if found.needs_review or said.names() or not touched:
                memory.teach(read, found, said)


def understand(papers: Sequence[Paper], folds: int) -> list[Read]:
    """Return what is read from each paper; with `folds`, by what was learnt without its seller."""
    choosers: Sequence[dict[str, Chooser] | None] = [None]
    weights: Sequence[Weights | None] = [None]
    if folds:
        choosers = learn_folds(papers, describe_papers(papers), folds)
        weights = fit_folds(papers, find_examples(papers, choosers), folds)
    reads = []
    for paper in papers:
        with chosen_by(choosers[paper.fold] or {}):
            examined = paper.examine(weights[paper.fold])
        if examined is not None:
            reads.append(make_read(paper, *examined))
    return reads


def make_read(paper: Paper, reading: Reading, findings: Findings) -> Read:
    """Return a paper as the child process tells it."""
    traits = find_traits(build_rows(reading), findings)
    return Read(paper, Examination(kind="", engine="", text="", warnings=(), expense=findings.expense, traits=traits))


def show(outcomes: Sequence[Outcome]) -> str:
    """Return the tables of later papers, and of papers whose sellers were never seen, as Markdown: before -> after."""
    later = [each for each in outcomes if each.is_later]
    first = [each for each in outcomes if not each.is_later]
    known = {each.read.paper.seller for each in later}
    theirs = [each for each in first if each.read.paper.seller in known]
    return "\n\n".join(
        [
            f"Later papers of a seller\n\n{_table(later)}",
            f"Unattended of the first papers of these sellers: {_cell(theirs, 'unattended')}",
            f"Sellers never seen before\n\n{_table(first)}",
        ]
    )


def _table(outcomes: Sequence[Outcome]) -> str:
    lines = ["| folder | papers | " + " | ".join(COLUMNS) + " | worse |", "|---" * (len(COLUMNS) + 3) + "|"]
    folders = list(dict.fromkeys(each.read.paper.folder for each in outcomes))
    groups = [(name, [each for each in outcomes if each.read.paper.folder == name]) for name in sorted(folders)]
    first_four = [each for each in outcomes if each.read.paper.folder not in ("wild", "business")]
    for name, group in [*groups, ("without wild, business", first_four), ("all", outcomes)]:
        cells = [_cell(group, column) for column in COLUMNS]
        lines.append(f"| {name} | {len(group)} | {' | '.join(cells)} | {sum(map(bool, map(list_worse, group)))} |")
    return "\n".join(lines)


def _cell(outcomes: Sequence[Outcome], column: str) -> str:
    known = [each for each in outcomes if column in each.before]
    before, after = sum(each.before[column] for each in known), sum(each.after[column] for each in known)
    if column.startswith("wrong"):
        return f"{before} -> {after}"
    share = 100 / max(len(known), 1)
    return f"{share * before:.1f} -> {share * after:.1f}"


def list_worse(outcome: Outcome) -> list[str]:
    """Return what the lessons made worse on a paper."""
    lost = [name for name in FIELDS if outcome.before.get(name) and not outcome.after[name]]
    return lost + [name for name in ("wrong", "wrong seller") if outcome.after[name] and not outcome.before[name]]


def main() -> None:
    """Read, run all orders, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--kept", type=Path, default=Path("state/learn"), help="where what was read is kept")
    parser.add_argument("--orders", type=int, default=10)
    parser.add_argument("--every", action="store_true", help="correct the later papers, too")
    parser.add_argument("--touched", action="store_true", help="nobody files the first papers that need nobody")
    parser.add_argument("--shipped", action="store_true", help="with the choosers that ship")
    parser.add_argument("--list", action="store_true", help="name each paper that a lesson made worse")
    args = parser.parse_args()
    folds = 8
    papers = [paper for paper in load_papers(args.data, args.kept, folds) if _is_expense(paper)]
    reads = understand(papers, 0 if args.shipped else folds)
    outcomes = [
        each for seed in range(args.orders) for each in run(reads, seed, every=args.every, touched=args.touched)
    ]
    print(show(outcomes))
    if args.list:
        print("\n".join(sorted(set(filter(None, map(_describe, outcomes))))))


def _is_expense(paper: Paper) -> bool:
    return str(paper.labelled.row.get("kind") or "").replace("_", " ") not in NO_EXPENSE


def _describe(outcome: Outcome) -> str:
    worse, paper, read = list_worse(outcome), outcome.read.paper, outcome.read.expense
    if not worse:
        return ""
    when = "later" if outcome.is_later else "first"
    return f"{when} {paper.name}: {', '.join(worse)}: {read.vendor!r} -> {outcome.found.vendor!r}"


if __name__ == "__main__":
    main()
