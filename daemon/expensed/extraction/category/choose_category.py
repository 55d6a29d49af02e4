"""Choose the category: by the seller's brand, by what its kind of shop is called, and by what was bought.

The weights in `data/weights.json` are learnt (`benchmarks/fit_category.py`); a candidate's score is the logarithm of
its odds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log

from expensed.extraction.brands.find_brands import BrandFound, find_brands
from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.category.describe_categories import Features, describe_categories
from expensed.extraction.page.lines import Row
from expensed.model.categories import CATEGORIES, OTHER
from expensed.model.json_text import decode

__all__ = ["CATEGORIES", "OTHER", "find_categories"]
_LEAST, _SUREST = 0.05, 0.999
"""A category less probable than this is no candidate."""
_MOST_REASONS = 4


@dataclass(frozen=True)
class Weights:
    """By feature, and by category the constant term."""

    features: Mapping[str, float]
    bias: Mapping[str, float]


@cache
def fitted_weights() -> Weights:
    """Return the weights in `data/weights.json`."""
    text = files("expensed.extraction.category").joinpath("data/weights.json").read_text("utf-8")
    known = decode(text, dict[str, dict[str, float]])
    return Weights(known["features"], known["bias"])


def find_categories(
    rows: Sequence[Row], vendor: str | None, allowed: Collection[str], brands: Sequence[BrandFound] | None = None
) -> list[Candidate[str]]:
    """Return the allowed categories, likeliest first; none if the page has no words."""
    if not rows:
        return []
    brands = find_brands(rows) if brands is None else brands
    described = describe_categories(rows, vendor, brands)
    scores = {each: score(each, described.features[each]) for each in CATEGORIES}
    total = sum(map(exp, scores.values()))
    shares = {each: min(_SUREST, exp(scores[each]) / total) for each in CATEGORIES if each in allowed}
    found = []
    for category, share in shares.items():
        if share >= _LEAST:
            why = ", ".join(described.reasons[category][:_MOST_REASONS])
            odds = log(share / (1 - share))
            found.append(Candidate("category", category, odds, why=why and f"the words {why}"))
    return best_first(found)


def score(category: str, features: Features, weights: Weights | None = None) -> float:
    """Return the weighted sum of what speaks for a category."""
    known = weights or fitted_weights()
    return known.bias[category] + sum(known.features.get(name, 0.0) * value for name, value in features.items())
