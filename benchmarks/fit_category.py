"""Fit what tells an expense's category: the letters of names from open lists, and the weights of features.

    .venv/bin/python benchmarks/fit_category.py letters
    .venv/bin/python benchmarks/fit_category.py weights KEPT DATA [--folds 10] [--dry]

`letters` learns from the lists in `extraction/brands/data` and from the vocabulary alone: no document takes part.
`weights` learns from labelled documents: DATA has a folder for each set with its labels.json, KEPT has what was read
from each document as JSON, under the same names. Folds keep the documents of one seller together. It needs scipy.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import argparse
import hashlib
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp

from benchmarks.labels import plain
from expensed.extraction import category
from expensed.extraction.brands.find_brands import find_brands
from expensed.extraction.brands.packed_list import read_packed
from expensed.extraction.category.describe_categories import Described, describe_categories, trade_categories
from expensed.extraction.category.letters import BUCKETS, hash_pieces
from expensed.extraction.category.vocabulary import load_words
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import build_rows
from expensed.model.categories import CATEGORIES
from expensed.model.json_text import decode
from expensed.model.reading import Reading

Floats = NDArray[np.float64]
DATA = Path(category.__file__).parent / "data"
TODAY = date(2026, 11, 28)
ROUNDS, PULL = 60, 0.02
"""How strongly weights are drawn to zero, squared: of pieces of words, of features, and of constant terms."""
PULL_FEATURE, PULL_BIAS = 0.3, 0.6
PER_SELLER = 0.7
"""A seller with n papers counts as much as n to the power of one less this."""
BALANCE, MOST_RARE = 0.2, 4.0
"""How much more a paper of a rare category counts, as a power of its rarity, and at most."""
MOST_KINDS = 2
"""A phrase that more categories share tells none of them."""


def names_by_category() -> list[tuple[str, str, float]]:
    """Return names with their category and how much each counts."""
    trades = trade_categories()
    rows = []
    for line in read_packed("brands").names:
        name, own, _ = line.split("\t")
        found = {each for trade in own.split() for each in trades[trade]}
        rows += [(name, each, 1.0 / len(found)) for each in found]
    known = read_packed("kinds")
    for line in known.lines:
        phrase, called, sought = line.split("\t")
        for numbers, weight in ((called, 1.0), (sought, 0.5)):
            found = {each for number in numbers.split() for each in trades[known.names[int(number)]]}
            if len(found) <= MOST_KINDS:
                rows += [(phrase, each, weight / len(found)) for each in found]
    for each, words in load_words().items():
        rows += [(word.strip("~^*").replace("-", " "), each, 0.5 if word[0] == "~" else 1.0) for word in words]
    return rows


def fit_letters() -> None:
    rows = names_by_category()
    order = [each for each in CATEGORIES if each in {row[1] for row in rows}]
    data, places, starts, y, w = [], [], [0], [], []
    for name, each, share in rows:
        pieces = hash_pieces(name)
        if pieces:
            places += pieces
            data += [1.0 / np.sqrt(len(pieces))] * len(pieces)
            starts.append(len(places))
            y.append(order.index(each))
            w.append(share)
    x = csr_matrix((data, places, starts), shape=(len(y), BUCKETS))
    target, weight = np.array(y), np.array(w)
    sizes = np.array([weight[target == place].sum() for place in range(len(order))])
    weight = weight * (sizes.mean() / sizes[target]) ** 0.5
    print(len(y), "names", dict(zip(order, sizes.astype(int), strict=True)))

    def loss(flat: Floats) -> tuple[float, Floats]:
        table, bias = flat[: BUCKETS * len(order)].reshape(BUCKETS, -1), flat[BUCKETS * len(order) :]
        odds = x @ table + bias
        odds -= logsumexp(odds, axis=1, keepdims=True)
        value = -(weight * odds[np.arange(len(y)), target]).sum() + 0.5 * PULL * (table**2).sum()
        slope = np.exp(odds)
        slope[np.arange(len(y)), target] -= 1
        slope *= weight[:, None]
        return value, np.concatenate([(x.T @ slope + PULL * table).ravel(), slope.sum(axis=0)])

    start = np.zeros((BUCKETS + 1) * len(order))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    table, bias = found[: BUCKETS * len(order)].reshape(BUCKETS, -1), found[BUCKETS * len(order) :]
    odds = x @ table + bias
    print("right on its own names", (odds.argmax(axis=1) == target).mean())
    scale = float(np.quantile(np.abs(table), 0.9995)) / 127
    packed = np.clip(np.round(table / scale), -127, 127).astype(np.int8)
    DATA.mkdir(exist_ok=True)
    (DATA / "letters.z").write_bytes(zlib.compress(packed.tobytes(), 9))
    about = {"categories": order, "scale": scale, "bias": [round(float(each), 4) for each in bias]}
    (DATA / "letters.json").write_text(json.dumps(about, indent=1) + "\n")
    print("bytes", (DATA / "letters.z").stat().st_size)


@dataclass
class Paper:
    """A labelled document, described."""

    group: str
    seller: str
    right: Sequence[str]
    described: Described
    fold: int = 0


def load_papers(kept: Path, data: Path) -> list[Paper]:
    papers = []
    for labels in sorted(data.glob("*/labels.json")):
        for row in json.loads(labels.read_text("utf-8")):
            reading = kept / labels.parent.name / f"{Path(row['file']).name}.json"
            if row.get("doubtful") or not row.get("category") or not reading.exists():
                continue
            text = reading.read_bytes()
            if text != b"null" and not (known := decode(text, Reading)).invoices:
                papers.append(describe(labels.parent.name, row, known))
    return papers


def describe(group: str, row: dict[str, Any], reading: Reading) -> Paper:
    rows = build_rows(reading)
    vendor = extract_expense(reading, ExtractionOptions(today=TODAY)).expense.vendor
    seller = row.get("vendor_cluster") or plain(row["vendor"]) or row["file"]
    right = [row["category"], *row.get("category_alt", [])]
    return Paper(group, str(seller), right, describe_categories(rows, vendor, find_brands(rows)))


def deal(papers: Sequence[Paper], folds: int) -> None:
    """Deal into folds of about equal size, all papers of one seller into the same fold."""
    sellers: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        sellers[paper.seller].append(paper)
    sizes = [0] * folds
    for seller in sorted(sellers, key=lambda name: (-len(sellers[name]), name)):
        smallest = sizes.index(min(sizes))
        sizes[smallest] += len(sellers[seller])
        for paper in sellers[seller]:
            paper.fold = smallest


@dataclass
class Table:
    """All papers as arrays: papers by categories by features, which are right, and how much each paper counts."""

    names: list[str]
    x: Floats
    right: NDArray[np.bool_]
    weight: Floats

    @classmethod
    def of(cls, papers: Sequence[Paper]) -> Table:
        names = sorted({name for paper in papers for each in paper.described.features.values() for name in each})
        described = [[paper.described.features[each] for each in CATEGORIES] for paper in papers]
        x = np.array([[[each.get(name, 0.0) for name in names] for each in row] for row in described])
        right = np.array([[each in paper.right for each in CATEGORIES] for paper in papers])
        sellers = Counter(paper.seller for paper in papers)
        weight = np.array([sellers[paper.seller] ** -PER_SELLER for paper in papers])
        sizes = (weight[:, None] * right / right.sum(axis=1, keepdims=True)).sum(axis=0)
        rare = np.minimum(MOST_RARE, (sizes.mean() / np.maximum(sizes, 1.0)) ** BALANCE)
        return cls(names, x, right, weight * rare[[CATEGORIES.index(paper.right[0]) for paper in papers]])

    def fit(self, chosen: NDArray[np.bool_]) -> Floats:
        """Return the weights of the features, then the constant terms, fitted to the chosen papers."""
        x, right, count = self.x[chosen], self.right[chosen], len(self.names)
        weight = self.weight[chosen] / self.weight[chosen].mean()

        def loss(flat: Floats) -> tuple[float, Floats]:
            odds = x @ flat[:count] + flat[count:]
            every, good = logsumexp(odds, axis=1), logsumexp(np.where(right, odds, -np.inf), axis=1)
            slope = np.exp(odds - every[:, None]) - np.where(right, np.exp(odds - good[:, None]), 0.0)
            slope *= weight[:, None]
            pull = np.concatenate([np.full(count, PULL_FEATURE), np.full(len(CATEGORIES), PULL_BIAS)])
            steep = np.concatenate([np.einsum("pc,pcf->f", slope, x), slope.sum(axis=0)]) + 2 * pull * flat
            return float((weight * (every - good)).sum() + (pull * flat**2).sum()), steep

        found: Floats = minimize(loss, np.zeros(count + len(CATEGORIES)), jac=True, method="L-BFGS-B").x
        return found

    def odds(self, flat: Floats) -> Floats:
        count = len(self.names)
        found: Floats = self.x @ flat[:count] + flat[count:]
        return found


def fit_weights(kept: Path, data: Path, folds: int, *, dry: bool) -> None:
    papers = load_papers(kept, data)
    deal(papers, folds)
    table = Table.of(papers)
    fold = np.array([paper.fold for paper in papers])
    apart = np.zeros((len(papers), len(CATEGORIES)))
    for each in range(folds):
        apart[fold == each] = table.odds(table.fit(fold != each))[fold == each]
    fitted = table.fit(np.ones(len(papers), dtype=bool))
    show(papers, table, apart, table.odds(fitted))
    if not dry:
        write_weights(
            table, fitted, [data / group / "labels.json" for group in sorted({each.group for each in papers})]
        )


def show(papers: Sequence[Paper], table: Table, apart: Floats, together: Floats) -> None:
    """Print the share that is right: out of fold per document and per seller, in fold; and the mean probability."""
    right = table.right[np.arange(len(papers)), apart.argmax(axis=1)]
    known = table.right[np.arange(len(papers)), together.argmax(axis=1)]
    sure = np.exp(apart - logsumexp(apart, axis=1, keepdims=True)).max(axis=1)
    print(f"{'':16}   n  document  seller  in fold  probability")
    for group in [*dict.fromkeys(paper.group for paper in papers), ""]:
        chosen = np.array([group in ("", paper.group) for paper in papers])
        sellers = defaultdict(list)
        for place in map(int, np.flatnonzero(chosen)):
            sellers[papers[place].seller].append(right[place])
        per_seller = np.mean([np.mean(each) for each in sellers.values()])
        shares = (right[chosen].mean(), per_seller, known[chosen].mean(), sure[chosen].mean())
        print(f"{group or 'all':16} {chosen.sum():3}", *(f"{100 * share:8.1f}" for share in shares))
    order = np.argsort(sure)
    bins = [part for part in np.array_split(order, 5) if len(part)]
    error = sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in bins) / len(papers)
    brier = float(((sure - right) ** 2).mean())
    print(
        "calibration error",
        round(error, 4),
        "Brier",
        round(brier, 4),
        "of a constant",
        round(right.mean() * (1 - right.mean()), 4),
    )


def write_weights(table: Table, fitted: Floats, labels: Sequence[Path]) -> None:
    count = len(table.names)
    features = {name: round(float(value), 4) for name, value in zip(table.names, fitted[:count], strict=True)}
    bias = {name: round(float(value), 4) for name, value in zip(CATEGORIES, fitted[count:], strict=True)}
    (DATA / "weights.json").write_text(json.dumps({"features": features, "bias": bias}, indent=1) + "\n")
    sets = {path.parent.name: hash_of(path) for path in labels}
    code = {path.name: hash_of(path) for path in sorted(DATA.parent.glob("*.py"))}
    (DATA / "made_from.json").write_text(json.dumps({"labels": sets, "code": code}, indent=1) + "\n")


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("letters")
    weights = steps.add_parser("weights")
    weights.add_argument("kept", type=Path)
    weights.add_argument("data", type=Path)
    weights.add_argument("--folds", type=int, default=10)
    weights.add_argument("--dry", action="store_true")
    told = parser.parse_args()
    if told.step == "letters":
        fit_letters()
    else:
        fit_weights(told.kept, told.data, told.folds, dry=told.dry)


if __name__ == "__main__":
    main()
