"""Whether other scans and photos of a paper are known as such, and nothing else is taken for one.

    PYTHONPATH=. .venv/bin/python -m benchmarks.duplicates DATA [--papers 150] [--list]

DATA holds the labelled folders of `make learn`, whose readings are used (`state/learn`), and a `duplicates.json` in
some of them: lists of files that are one paper. First each paper is compared with all the others. Then PAPERS of the
pictures are changed in twelve ways each (`changed_papers.py`), read, and compared in the same manner; what is read is
kept in `state/duplicates`: the first run takes an hour and a half. `--list` names every copy that is not surely known.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

from benchmarks.changed_papers import CHANGES, draw_changed, read_changed
from benchmarks.labels import load_labels
from benchmarks.learn.papers import FOLDERS, Paper, read_looks
from expensed.extraction.expense import extract_expense
from expensed.extraction.same_paper import Verdict, compare_papers, judge_pictures, share_numbers
from expensed.model.expense import Expense
from expensed.model.fingerprint import make_fingerprint
from expensed.model.reading import Reading
from expensed.model.states import Likeness
from expensed.pipeline.duplicates.same_expense import is_alike
from expensed.pipeline.duplicates.same_paper import MOST_COMPARED
from expensed.pipeline.duplicates.same_picture import FEWEST_KEYS, LEAST_SHARED, MOST_LOOKED_AT
from expensed.reading.options import ReadingOptions
from expensed.reading.whole_pictures.picture_keys import make_picture_keys
from expensed.reading.whole_pictures.same_picture import compare_pictures

PICTURES = frozenset((".jpg", ".jpeg", ".png"))
WORLD = (("ua-004", "ua-005"), ("ua-010", "ua-011"), ("in-001", "in-002"), ("in-007", "in-008"))
"""Pairs of the folder `world`, which has no list of them."""
Pair = frozenset[str]


@dataclass
class Known:
    """The papers that are known, and the ways in which candidates among them are found."""

    read: dict[str, tuple[str, Expense]] = field(default_factory=dict)
    pictures: dict[str, Path] = field(default_factory=dict)
    by_key: dict[int, list[str]] = field(default_factory=dict)
    by_picture: dict[int, list[str]] = field(default_factory=dict)
    by_amount: dict[tuple[object, Decimal], list[str]] = field(default_factory=dict)

    looks_s: list[float] = field(default_factory=list)
    """The seconds of CPU that each comparison of two pictures took."""

    def add(self, name: str, text: str, expense: Expense, path: Path) -> None:
        """Note what a paper says, and where it lies."""
        self.read[name] = text, expense
        if path.suffix.lower() in PICTURES:
            self.pictures[name] = path
            for key in make_picture_keys(path.read_bytes()):
                self.by_picture.setdefault(key, []).append(name)
        for key in make_fingerprint(text):
            self.by_key.setdefault(key, []).append(name)
        if expense.date is not None and expense.amount is not None:
            self.by_amount.setdefault((expense.date, expense.amount), []).append(name)

    def compare(
        self, name: str, text: str, expense: Expense, show: Callable[[], bytes] | None
    ) -> Iterator[tuple[str, Verdict]]:
        """Yield each candidate with the verdict on it, as the pipeline finds them; `show` returns a picture."""
        shared = Counter(other for key in make_fingerprint(text) for other in self.by_key.get(key, ()))
        del shared[name]
        candidates = [other for other, _ in shared.most_common(MOST_COMPARED)]
        if expense.date is not None and expense.amount is not None:
            candidates += self.by_amount.get((expense.date, expense.amount), ())
        others = [other for other in dict.fromkeys(candidates) if other != name]
        verdicts = {other: self._judge(text, expense, *self.read[other]) for other in others}
        if show is not None and all(verdict.likeness is not Likeness.SURE for verdict in verdicts.values()):
            verdicts |= self._look(name, text, expense, verdicts, show())
        yield from verdicts.items()

    def _look(
        self, name: str, text: str, expense: Expense, verdicts: Mapping[str, Verdict], content: bytes
    ) -> Iterator[tuple[str, Verdict]]:
        """Yield papers whose pictures look the same, as `pipeline.duplicates.same_picture` finds it."""
        shared = Counter(other for key in make_picture_keys(content) for other in self.by_picture.get(key, ()))
        alike = [other for other, count in shared.most_common() if count >= FEWEST_KEYS][:MOST_LOOKED_AT]
        unsure = [other for other, verdict in verdicts.items() if verdict.likeness is Likeness.UNSURE]
        misread = [other for other in verdicts if share_numbers(text, self.read[other][0]) >= LEAST_SHARED]
        fit = [
            other for other in dict.fromkeys((*alike, *unsure, *misread)) if other in self.pictures and other != name
        ]
        for other in fit[:MOST_LOOKED_AT]:
            began = time.process_time()
            pictures = compare_pictures(content, self.pictures[other].read_bytes(), ReadingOptions())
            self.looks_s.append(time.process_time() - began)
            verdict = judge_pictures(pictures, expense, text, self.read[other][1], self.read[other][0])
            if verdict is not None:
                yield other, verdict
            if verdict is not None and verdict.likeness is Likeness.SURE:
                return

    def _judge(self, text: str, expense: Expense, other_text: str, other: Expense) -> Verdict:
        verdict = compare_papers(expense, text, other, other_text)
        known = None not in (expense.vendor, expense.date, expense.amount, expense.currency)
        if verdict.likeness is Likeness.DIFFERENT and known and is_alike(expense, text, other, other_text):
            return Verdict(Likeness.UNSURE, "looks like the same expense")
        return verdict


def list_pairs(data: Path) -> set[Pair]:
    """Return the pairs of files that are known to be one paper."""
    pairs = {frozenset(f"world/{name}.jpg" for name in pair) for pair in WORLD}
    for folder in FOLDERS:
        file = data / folder / "duplicates.json"
        told = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        for kind in ("exact", "rescans", "same_invoice"):
            names = ([name if "." in name else f"{name}.jpg" for name in pair] for pair in told.get(kind, ()))
            pairs |= {frozenset(f"{folder}/{name}" for name in pair) for pair in names}
    return pairs


def understand(reading: Reading, paper: Paper) -> Expense:
    """Return what one reading says."""
    return extract_expense(reading, paper.options).expense


def load(data: Path, kept: Path) -> list[Paper]:
    """Return the papers of all folders with what was read of them."""
    papers = []
    for folder in FOLDERS:
        if (data / folder / "labels.json").exists():
            papers += [Paper(folder, each) for each in load_labels(data / folder / "labels.json", data / folder)]
    for paper in papers:
        paper.looks = read_looks(paper, kept)
    return [paper for paper in papers if paper.looks]


def report_pairs(known: Known, pairs: set[Pair]) -> None:
    """Print what is found of the known pairs, and what else is taken for one."""
    found: dict[Pair, Verdict] = {}
    for name, (text, expense) in known.read.items():
        show = known.pictures[name].read_bytes if name in known.pictures else None
        for other, verdict in known.compare(name, text, expense, show):
            if verdict.likeness is not Likeness.DIFFERENT:
                found.setdefault(frozenset((name, other)), verdict)
    present = {pair for pair in pairs if pair <= known.read.keys()}
    counts = Counter(found[pair].likeness.value if pair in found else "missed" for pair in present)
    print(f"{len(known.read)} papers, {len(present)} known pairs: {dict(counts)}")
    for pair in sorted(present, key=sorted):
        if pair not in found or found[pair].likeness is not Likeness.SURE:
            print(" ", *sorted(pair), found[pair].reason if pair in found else "MISSED")
    print("taken for one paper besides:")
    for pair, verdict in sorted(found.items(), key=lambda each: sorted(each[0])):
        if pair not in pairs:
            print(" ", *sorted(pair), f"{verdict.likeness}: {verdict.reason}")


def report_changed(known: Known, papers: Sequence[Paper], pairs: set[Pair], kept: Path, *, listed: bool) -> None:
    """Print how many changed copies are known, by change."""
    counts: Mapping[str, Counter[str]] = {change: Counter() for change in CHANGES}
    for paper in papers:
        for change in CHANGES:
            reading = read_changed(paper, change, kept)
            verdict = None
            if reading is not None:
                show = partial(draw_changed, paper.labelled.path, change)
                for other, each in known.compare("", reading.text, understand(reading, paper), show):
                    if other == paper.name:
                        verdict = each
                    elif each.likeness is not Likeness.DIFFERENT and frozenset((other, paper.name)) not in pairs:
                        print(f"  {paper.name} {change}: {each.likeness} of {other}, {each.reason}")
            outcome = "missed" if verdict is None else verdict.likeness.value.replace("different", "missed")
            counts[change][outcome] += 1
            if listed and outcome != Likeness.SURE:
                print(f"  {paper.name} {change}: {outcome}, {verdict.reason if verdict else 'no candidate'}")
    for change, outcomes in (*counts.items(), ("all", sum(counts.values(), Counter[str]()))):
        sure, unsure, total = outcomes["sure"], outcomes["unsure"], max(1, outcomes.total())
        print(
            f"{change:16} {total:5} copies: {(sure + unsure) / total:6.1%} known,"
            f" {sure / max(1, sure + unsure):6.1%} of these surely"
        )


def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--papers", type=int, default=150)
    parser.add_argument("--state", type=Path, default=Path("state"))
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args()
    papers, known, pairs = load(given.data, given.state / "learn"), Known(), list_pairs(given.data)
    for paper in papers:
        found = paper.understand()
        if found is not None:
            known.add(paper.name, paper.looks[min(1, len(paper.looks) - 1)].text, found.expense, paper.labelled.path)
    report_pairs(known, pairs)
    print(f"pictures compared: {len(known.looks_s)}")
    pictures = [paper for paper in papers if paper.labelled.path.suffix.lower() in PICTURES]
    random.Random(15).shuffle(pictures)
    report_changed(known, pictures[: given.papers], pairs, given.state / "duplicates", listed=given.list)
    took = sorted(known.looks_s) or [0.0]
    print(f"pictures compared: {len(took)}, CPU {sum(took) / len(took):.2f} s each, at most {took[-1]:.2f} s")


if __name__ == "__main__":
    main()
