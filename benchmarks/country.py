"""Fit the weights of the clues to a country and of the evidence for a currency, and judge them on other sellers.

    pip install scipy
    python -m benchmarks.country READINGS FOLDER [FOLDER ...] [--write]

Each FOLDER has a `labels.json` with `file`, `vendor`, `currency` and perhaps `country` (ISO 3166), and
READINGS/FOLDER/FILE.json is the reading of a document, or has it as `first`. Both models are conditional logits: the
scores of all countries, and of all currencies, compete. Eight folds keep a seller's documents together; the currency's
weights are fitted to countries as models that did not see the document tell them. A document of a seller that has n
counts n ** -0.7. `--write` writes the weights, fitted on all, into the package.
"""

from __future__ import annotations

import argparse
import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped,unused-ignore]

from expensed.extraction.amount.sums import find_sums
from expensed.extraction.country import countries, currency
from expensed.extraction.country.clues import find_clues
from expensed.extraction.country.facts import currencies_of, load_countries
from expensed.extraction.page.lines import build_rows
from expensed.model.json_text import decode
from expensed.model.reading import Reading

WEIGHTS = Path(countries.__file__).with_name("weights.json")
FOLDS = 8
SHARED = 0.7
RIDGE = {"country": 0.15, "currency": 0.3}
USUAL = {"country": 0.8, "currency": 1.0}
"""What the weights are drawn to while few documents tell."""
MOST_WEIGHT = 8.0
MOST = {"size": 1.0}
"""A step of size is about ln 5 in economic output; the documents, half of them American, would make it count more."""
SURE = 0.95
CODES = tuple(load_countries())
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A document: its choices by name with their features, and the names that are right."""

    folder: str
    seller: str
    choices: dict[str, dict[str, float]]
    right: frozenset[str]


def main() -> None:
    """Fit, judge and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readings", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    labels = [(folder, row) for folder in args.folders for row in json.loads((folder / "labels.json").read_text())]
    read = [
        (folder.name, row, reading)
        for folder, row in labels
        if row.get("currency")
        and (reading := read_kept(args.readings / folder.name / f"{Path(row['file']).name}.json"))
    ]
    placed = [place(folder, row, reading) for folder, row, reading in read]
    shares = judge("country", placed)
    paid = [pay(folder, row, reading, told) for (folder, row, reading), told in zip(read, shares, strict=True)]
    judge("currency", paid)
    if args.write:
        fitted = {"country": fit("country", placed), "currency": fit("currency", paid)}
        rounded = {kind: {name: round(value, 3) for name, value in each.items()} for kind, each in fitted.items()}
        WEIGHTS.write_text(json.dumps(rounded, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_kept(path: Path) -> Reading | None:
    """Return a kept reading, None if there is none."""
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return decode(json.dumps(kept.get("first", kept)), Reading) if kept else None


def seller_of(row: dict[str, Any]) -> str:
    """Return what a seller's documents share: the beginning of its name."""
    return re.sub(r"\W", "", (row.get("vendor") or row["file"]).lower())[:8]


def place(folder: str, row: dict[str, Any], reading: Reading) -> Example:
    """Return the choice of a country; where only the currency is known, all its countries are right."""
    found = find_clues([each.text for each in countries.without_customer(build_rows(reading))])
    choices = {code: found[code].features | {"size": float(countries.size_of(code))} for code in CODES}
    right = [row["country"]] if row.get("country") else [code for code in CODES if pays_with(code, row["currency"])]
    return Example(folder, seller_of(row), choices, frozenset(right))


def pays_with(code: str, paid: str) -> bool:
    """Whether a country pays or has paid with a currency."""
    return any(each == paid for _, each in currencies_of(load_countries()[code]))


def pay(folder: str, row: dict[str, Any], reading: Reading, shares: dict[str, float]) -> Example:
    """Return the choice of a currency, given how likely each country is; an empty code stands for all others."""
    rows = build_rows(reading)
    told = replace(countries.find_country(rows), shares=shares)
    evidence = currency.find_evidence(rows, find_sums(rows), told)
    choices = {code: currency.features_of(code, evidence) for code in evidence.codes} | {"": {"other": 1.0}}
    return Example(folder, seller_of(row), choices, frozenset({row["currency"]} & choices.keys() or {""}))


def judge(kind: str, examples: Sequence[Example]) -> list[dict[str, float]]:
    """Print how often the likeliest choice is right by models that did not see the seller; return all chances."""
    folds = [zlib.crc32(each.seller.encode()) % FOLDS for each in examples]
    chances: list[dict[str, float]] = [{} for _ in examples]
    for fold in range(FOLDS):
        weights = fit(kind, [each for each, own in zip(examples, folds, strict=True) if own != fold])
        for index in (index for index, own in enumerate(folds) if own == fold):
            chances[index] = chances_of(examples[index], weights)
    for folder in dict.fromkeys(each.folder for each in examples):
        told = [(chance, each.right) for each, chance in zip(examples, chances, strict=True) if each.folder == folder]
        best = [max((value, name) for name, value in chance.items()) for chance, _ in told]
        hits = np.array([name in right for (_, name), (_, right) in zip(best, told, strict=True)])
        sure = np.array([value for value, _ in best])
        is_sure = sure >= SURE
        print(
            f"{kind:8} {folder:14} {len(hits):4} right {hits.mean():.3f} mean chance {sure.mean():.3f} "
            f"brier {((sure - hits) ** 2).mean():.3f} | sure {is_sure.mean():.3f}, wrong {(~hits[is_sure]).sum()}"
        )
    return chances


def chances_of(example: Example, weights: dict[str, float]) -> dict[str, float]:
    """Return the probability of each choice."""
    scores = {
        name: sum(weights.get(kind, 0.0) * value for kind, value in features.items())
        for name, features in example.choices.items()
    }
    odds = np.exp(np.array(list(scores.values())) - max(scores.values()))
    return dict(zip(scores, (odds / odds.sum()).tolist(), strict=True))


def fit(kind: str, examples: Sequence[Example]) -> dict[str, float]:
    """Return the weights that make the right choices likeliest; none is negative but that of other currencies."""
    names = sorted({name for each in examples for features in each.choices.values() for name in features})
    sellers = Counter(each.seller for each in examples)
    tables = [(table(each, names), sellers[each.seller] ** -SHARED) for each in examples]
    start = np.full(len(names), USUAL[kind])
    bounds = [(None if name == "other" else 0.0, MOST.get(name, MOST_WEIGHT)) for name in names]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total = RIDGE[kind] * float(((weights - start) ** 2).sum())
        slope = 2 * RIDGE[kind] * (weights - start)
        for (features, right), share in tables:
            scores = features @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            hit = chances[right].sum() + 1e-9
            total -= share * float(np.log(hit))
            slope -= share * ((chances * right / hit - chances) @ features)
        return total, slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return dict(zip(names, found.x.tolist(), strict=True))


def table(example: Example, names: Sequence[str]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return a choice's features as rows, and which rows are right."""
    rows = [[features.get(name, 0.0) for name in names] for features in example.choices.values()]
    return np.array(rows), np.array([name in example.right for name in example.choices])


if __name__ == "__main__":
    main()
