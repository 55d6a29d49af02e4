"""How well the lines of papers, their taxes and their sums are found.

    PYTHONPATH=. .venv/bin/python -m benchmarks.items marks [--worst N] [--papers]  against words marked as item prices
    PYTHONPATH=. .venv/bin/python -m benchmarks.items taxes [--misses]              against the labels' tax and tip
    PYTHONPATH=. .venv/bin/python -m benchmarks.items labelled [--misses]           against papers labelled by eye

*marks* takes the true words, then what the engine reads; an item is right if its total is a marked price. Sellers are
dealt into two halves: rules are made by the one (`--worst` shows its papers only) and judged by the other. Readings are
kept below `--kept`, those of `make learn` among them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.breakdown.labelled import Line, judge, load_truth
from benchmarks.breakdown.marks import MarkedPaper, Matched, Price, line_at, load_marked, match_prices
from benchmarks.breakdown.picked import pick_papers
from benchmarks.breakdown.sellers import HALVES, half_of, seller_of
from benchmarks.breakdown.taxes import Judged, judge_tax, judge_tip, show_judged
from benchmarks.labels import Labelled, load_labels
from benchmarks.learn.papers import TODAY, Paper, read_looks
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import Expense

MARKED = "wild"
TAXED = ("wild", "business")
Judgement = tuple[MarkedPaper, Matched]


def extract_true(paper: MarkedPaper) -> Expense:
    """Return what the true words say."""
    return extract_expense(paper.true, ExtractionOptions(today=TODAY)).expense


def extract_read(paper: MarkedPaper) -> Expense | None:
    """Return what the words say that the engine reads."""
    return understand(paper.paper)


def understand(paper: Paper) -> Expense | None:
    """Return the expense of a paper; None if it could not be read."""
    found = paper.understand()
    return found.expense if found else None


TRUE = "true words"
SOURCES: dict[str, Callable[[MarkedPaper], Expense | None]] = {TRUE: extract_true, "own reading": extract_read}


def report_marks(papers: Sequence[MarkedPaper], *, worst: int, shows_papers: bool) -> None:
    """Print for each source of words how many marked prices are found."""
    print("words        sellers      papers  asked  found         mean of sellers   claimed  marked")
    for source, extract in SOURCES.items():
        judged = [(paper, match_prices(paper.prices, extract(paper))) for paper in papers]
        for name, rows in split(judged):
            print(f"{source:12} {name:10} {show(rows)}")
        ranked = sorted(judged, key=lambda each: each[1].found - each[1].asked)
        shown = judged if shows_papers else [each for each in ranked if half_of(each[0].paper) == HALVES[0]][:worst]
        for paper, matched in shown:
            print("\n".join(describe(source, paper, matched)))


def split(judged: Sequence[Judgement]) -> Iterator[tuple[str, list[Judgement]]]:
    """Yield all papers, then those of either half of the sellers."""
    yield "all", list(judged)
    for half in HALVES:
        yield half, [each for each in judged if half_of(each[0].paper) == half]


def show(rows: Sequence[Judgement]) -> str:
    """Return the sums of these papers as a line."""
    asked, claimed = sum(each.asked for _, each in rows), sum(each.claimed for _, each in rows)
    found, marked = sum(each.found for _, each in rows), claimed - sum(len(each.unmarked) for _, each in rows)
    return (
        f"{len(rows):8} {asked:6} {found:6} {percent(found, asked)}  {100 * mean_of_sellers(rows):12.1f} %"
        f" {claimed:12} {marked:7} {percent(marked, claimed)}"
    )


def percent(part: int, whole: int) -> str:
    """Return a share to a tenth of a percent."""
    return f"{100 * part / whole:5.1f} %" if whole else "      -"


def mean_of_sellers(rows: Sequence[Judgement]) -> float:
    """Return the mean over sellers of the share of their prices that is found: one with eight papers counts once."""
    sellers: dict[str, list[float]] = {}
    for paper, matched in rows:
        if matched.asked:
            sellers.setdefault(seller_of(paper.paper), []).append(matched.found / matched.asked)
    return float(np.mean([np.mean(shares) for shares in sellers.values()])) if sellers else 0.0


def describe(source: str, paper: MarkedPaper, matched: Matched) -> Iterator[str]:
    """Yield how a paper fares, what is missed and what is claimed without a mark."""
    yield f"  {paper.paper.name}: {matched.found} of {matched.asked} found, {matched.claimed} claimed"
    for price in matched.missed:
        yield f"      missed {show_values(price)}: {line_at(paper.true.words, price.box)}"
        if source != TRUE and paper.paper.looks:
            yield f"          read: {line_at(paper.paper.looks[0].words, price.box)}"
    if matched.unmarked:
        yield f"      claimed without a mark: {'  '.join(map(str, matched.unmarked))}"


def show_values(price: Price) -> str:
    """Return what a price may mean."""
    return " or ".join(map(str, sorted(price.values)))


def report_taxes(papers: Sequence[Paper], *, shows_misses: bool) -> None:
    """Print how many taxes and tips are right, of those claimed and of those labelled."""
    found = [(paper, *each) for paper in papers for each in judge_taxes(paper, shows_misses=shows_misses)]
    for folder in TAXED:
        for name in ("tax", "tip"):
            own = [judged for paper, its, judged in found if (paper.folder, its) == (folder, name)]
            print(show_judged(f"{folder}: {name}", own))
    print(show_judged("both: tax and tip", [judged for _, _, judged in found]))
    for half in HALVES:
        print(show_judged(f"sellers {half}", [judged for paper, _, judged in found if half_of(paper) == half]))


def judge_taxes(paper: Paper, *, shows_misses: bool) -> Iterator[tuple[str, Judged]]:
    """Yield a paper's tax and, where the labels know tips, its tip; print what is claimed wrongly or not at all."""
    expense = understand(paper)
    tip = judge_tip(paper.labelled, expense) if "tip" in paper.labelled.row else None
    for name, judged in (("tax", judge_tax(paper.labelled, expense)), ("tip", tip)):
        if judged is not None:
            if shows_misses and not judged.is_right and (judged.claims or judged.label):
                print(f"  {paper.name}: {name}: {', '.join(map(str, judged.claims)) or None}, is {judged.label}")
            yield name, judged


def report_labelled(papers: Sequence[Paper], *, shows_misses: bool) -> None:
    """Print how items, taxes and sums fare against what is labelled by eye."""
    truth, found = load_truth(), []
    for paper in papers:
        judged = judge(truth[paper.name], understand(paper))
        found.append(judged)
        for each in judged.violations:
            print(f"  {paper.name}: {each.name} {each.value} is proven by {each.proof}, but not labelled")
        if shows_misses and (judged.wrong or judged.missed):
            print(f"  {paper.name}: wrong {show_lines(judged.wrong)}; missed {show_lines(judged.missed)}")
    claimed, right = sum(each.claimed for each in found), sum(each.right for each in found)
    labelled = sum(each.labelled for each in found)
    print(f"items: right {right} of {claimed} claimed {percent(right, claimed)},", end=" ")
    kinds = sum(each.kinds_right for each in found)
    print(f"of {labelled} labelled {percent(right, labelled)}; {kinds} of them of the labelled kind")
    taxes, taxes_claimed = sum(each.taxes_right for each in found), sum(each.taxes_claimed for each in found)
    taxes_labelled = sum(each.taxes_labelled for each in found)
    print(f"taxes: right {taxes} of {taxes_claimed} claimed {percent(taxes, taxes_claimed)},", end=" ")
    print(f"of {taxes_labelled} labelled {percent(taxes, taxes_labelled)}")
    proven = sum(each.is_proven for each in found)
    print(f"sums: proven for {proven} of {len(found)} papers {percent(proven, len(found))},", end=" ")
    print(f"{sum(len(each.violations) for each in found)} called proven that are not the labelled ones")


def show_lines(lines: Sequence[Line]) -> str:
    """Return quantities, totals and kinds."""
    return ", ".join(map(str, lines)) or "none"


def load_taxed(data: Path) -> list[tuple[str, Labelled]]:
    """Load the papers whose labels know the tax."""
    return [(name, each) for name in TAXED for each in load_labels(data / name / "labels.json", data / name)]


def read(labelled: Sequence[tuple[str, Labelled]], kept: Path) -> list[Paper]:
    """Return the papers with what is read from them."""
    papers = [Paper(folder, each) for folder, each in labelled]
    for paper in papers:
        paper.looks = read_looks(paper, kept)
    return papers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("against", choices=("marks", "taxes", "labelled"))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--kept", type=Path, default=Path("state/learn"), help="where what was read is kept")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="list the N papers with most prices missed")
    parser.add_argument("--papers", action="store_true", help="list all papers, those to judge by too")
    parser.add_argument("--misses", action="store_true", help="list what is wrong or missed")
    args = parser.parse_args()
    if args.against == "marks":
        report_marks(load_marked(args.data / MARKED, args.kept), worst=args.worst, shows_papers=args.papers)
    elif args.against == "taxes":
        report_taxes(read(load_taxed(args.data), args.kept), shows_misses=args.misses)
    else:
        report_labelled(read(pick_papers(args.data), args.kept), shows_misses=args.misses)


if __name__ == "__main__":
    main()
