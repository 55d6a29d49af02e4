"""How often a paper is filed wrongly in silence because its words were misread, and would not have been otherwise.

    PYTHONPATH=. .venv/bin/python -m benchmarks.robustness [--data DIR] [--kept DIR] [--seeds 10] [--sure] [--list]

Each paper that `make learn` knows is misread anew for each seed (`benchmarks/misreading.py`): 2 % of its letters, by
the confusions counted in the first readings of the pictures whose true words are known; 2 % of its lines are dropped
and boxes shifted. It is then understood and judged as by `make learn`. Each look misreads the whole paper in its own
way, since a larger model errs elsewhere. A paper that needed no second look before has none kept; if it needs one now,
that look reads what the first one did, misread otherwise. A text layer is misread, too, but not looked at again. With
`--sure` the engine is as sure of what it misreads as of the rest, which is stricter than any engine is.

Harmed are the papers that become wrong and unattended and were not: in amount or date, or, counted apart, in the seller
alone; or that are no expense and are filed. It fails if more than one in 300 is harmed in amount or date.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from benchmarks.learn.papers import FOLDERS, Paper, load_papers
from benchmarks.learn.table import NO_EXPENSE
from benchmarks.misreading import Habits, Misreader, learn_habits, load_true_words, pair_lines
from expensed.extraction.findings import Findings
from expensed.model.reading import Reading, Word

_LOOKS = 3
_GOAL = 300
"""At most one misread paper in this many may be harmed."""


@dataclass(frozen=True, slots=True)
class Harm:
    """A paper that was filed wrongly for being misread."""

    paper: Paper
    seed: int
    field: str
    said: str
    known: str


def learn_engine(papers: Sequence[Paper], data: Path) -> Habits:
    """Return how the engine misreads the pictures whose true words are known."""
    pairs: list[tuple[str, Word]] = []
    for folder in FOLDERS:
        pages = {each.labelled.path.name: each.looks[0].pages[0] for each in papers if _is_level(each, folder)}
        for name, words in load_true_words(data / folder, pages).items():
            if name in pages:
                pairs += pair_lines(words, pages[name])
    return learn_habits(pairs)


def _is_level(paper: Paper, folder: str) -> bool:
    """Whether the paper's boxes are those of its picture."""
    return paper.folder == folder and bool(paper.looks) and not paper.looks[0].pages[0].turns


def misread(paper: Paper, misreader: Misreader, seed: int) -> Paper:
    """Return the paper with each of its looks misread."""
    looks = list(paper.looks)
    if looks and _has_picture(looks[0]):
        looks += looks[-1:] * (_LOOKS - len(looks))
    read = [misreader.read(each, Random(f"{paper.name} {seed} {place}")) for place, each in enumerate(looks)]
    return replace(paper, looks=read)


def _has_picture(reading: Reading) -> bool:
    return reading.engine != "none"


def find_faults(paper: Paper, findings: Findings | None) -> dict[str, tuple[str, str]]:
    """Return the fields of an unattended paper that are wrong, each with what was said and what is known."""
    if findings is None or findings.expense.needs_review:
        return {}
    said, row = findings.expense, paper.labelled.row
    if str(row.get("kind") or "").replace("_", " ") in NO_EXPENSE:
        return {"kind": (str(said.kind), str(row["kind"]))}
    right = paper.labelled.judge(said)
    return {
        name: (str(getattr(said, name)), str(row[name])) for name in ("amount", "date", "vendor") if not right[name]
    }


def find_harms(paper: Paper, misreader: Misreader, seeds: int) -> Iterator[Harm]:
    """Yield for each seed the worst fault that the paper did not have before."""
    before = find_faults(paper, paper.understand())
    for seed in range(seeds):
        again = misread(paper, misreader, seed)
        after = find_faults(again, again.understand())
        new = [name for name in after if name not in before]
        if new:
            yield Harm(paper, seed, new[0], *after[new[0]])


def show(papers: Sequence[Paper], harms: Sequence[Harm], seeds: int) -> str:
    """Return the table: harmed papers by folder, and the share of all."""
    lines = [f"{'folder':14} {'papers':>6}  amount or date    seller"]
    for folder in (*FOLDERS, "all"):
        own = [each for each in papers if folder in ("all", each.folder)]
        of_seller = Counter(each.field == "vendor" for each in harms if folder in ("all", each.paper.folder))
        counts = (_share(of_seller[is_seller], len(own) * seeds) for is_seller in (False, True))
        lines.append(f"{folder:14} {len(own):6}  " + "  ".join(counts))
    return "\n".join(lines)


def _share(count: int, papers: int) -> str:
    return f"{count:4}  (1 in {papers // count if count else f'more than {papers}'})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--kept", type=Path, default=Path("state/learn"), help="where `make learn` keeps what was read")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--sure", action="store_true", help="misread as surely as what was read rightly")
    parser.add_argument("--list", action="store_true", help="list each harmed paper")
    args = parser.parse_args()
    papers = load_papers(args.data, args.kept, 1)
    habits = learn_engine(papers, args.data)
    misreader = Misreader(replace(habits, confidences=()) if args.sure else habits)
    harms: list[Harm] = []
    for paper in papers:
        for harm in find_harms(paper, misreader, args.seeds):
            harms.append(harm)
            if args.list:
                print(f"{paper.name} {harm.seed} {harm.field} said {harm.said!r} is {harm.known!r}", flush=True)
    print(show(papers, harms, args.seeds))
    harmed = sum(each.field != "vendor" for each in harms)
    return int(harmed * _GOAL > len(papers) * args.seeds)


if __name__ == "__main__":
    sys.exit(main())
