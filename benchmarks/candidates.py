"""Measure how often what a label says is among the candidates, where a paper in review has a field wrong or missing.

    PYTHONPATH=. .venv/bin/python -m benchmarks.candidates [--data DIR] [--kept DIR]

The papers and what was read of them are those of `make learn`; each is judged by choosers that never saw its seller.
A field whose label is empty counts among the wrong ones, although no candidate can be right.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from benchmarks.learn.__main__ import learn_folds
from benchmarks.learn.candidates import describe_papers
from benchmarks.learn.papers import Paper, load_papers
from benchmarks.learn.table import NO_EXPENSE
from expensed.extraction.choosing.chooser import chosen_by
from expensed.extraction.rivals import RIVALLED, with_candidates
from expensed.model.expense import Expense, Facts


@dataclass
class Count:
    """Fields that are wrong or missing, and where the labelled value stands among the candidates."""

    wrong: int = 0
    first: int = 0
    offered: int = 0
    promised: float = 0.0
    """How often one of them is right, as the probabilities of all candidates say."""


def judge(paper: Paper, expense: Expense) -> Iterator[tuple[str, bool, list[bool]]]:
    """Yield each field, whether it is right, and which of its candidates are."""
    right = paper.labelled.judge(expense)
    for name in RIVALLED:
        if name in right:
            others = expense.candidates.get(name, ())
            yield name, right[name], [paper.labelled.judge(_facts(name, each.value))[name] for each in others]


def _facts(name: str, value: str) -> Facts:
    match name:
        case "amount":
            return Facts(amount=abs(Decimal(value)))
        case "date":
            return Facts(date=dt.date.fromisoformat(value))
        case "vendor":
            return Facts(vendor=value)
        case "currency":
            return Facts(currency=value)
        case _:
            return Facts(category=value)


def main() -> None:
    """Judge all papers in review and print the figures by field and folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--kept", type=Path, default=Path("state/learn"), help="what `make learn` has read")
    parser.add_argument("--folds", type=int, default=8)
    args = parser.parse_args()
    papers = load_papers(args.data, args.kept, args.folds)
    choosers = learn_folds(papers, describe_papers(papers), args.folds)
    counts: dict[tuple[str, str], Count] = defaultdict(Count)
    for paper in papers:
        if str(paper.labelled.row.get("kind") or "").replace("_", " ") in NO_EXPENSE:
            continue
        with chosen_by(choosers[paper.fold]):
            findings = paper.understand()
        if findings is None or not findings.expense.needs_review:
            continue
        expense = with_candidates(findings, paper.options.review_below).expense
        for name, is_right, others in judge(paper, expense):
            for count in (counts[name, "all"], counts[name, paper.folder]):
                count.promised += sum(each.confidence for each in expense.candidates.get(name, ()))
                count.wrong += not is_right
                count.first += not is_right and others[:1] == [True]
                count.offered += not is_right and any(others)
    print(
        "| field | folder | wrong or missing | first | among five | said by probabilities |", "|" + "---|" * 6, sep="\n"
    )
    for (name, folder), each in sorted(counts.items(), key=lambda pair: RIVALLED.index(pair[0][0])):
        print(f"| {name} | {folder} | {each.wrong} | {each.first} | {each.offered} | {each.promised:.1f} |")


if __name__ == "__main__":
    main()
