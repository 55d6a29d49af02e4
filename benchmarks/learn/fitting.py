"""Logistic regression for the probabilities of extraction: features of a choice against whether it was right.

Few choices are wrong, so the numbers are pulled towards what we would assume without any documents (`PRIORS`), and none
may change its sign: a proof never speaks against an amount. Newton's method with a ridge, in numpy: ten numbers and
a few hundred rows need no library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

PRIORS: dict[str, dict[str, float]] = {
    "amount": {
        "bias": 0.3, "lead": 0.45, "labelled": 0.6, "bare": -4.0, "proofs": 1.3, "change": 0.8, "repeated": 0.7,
        "contradicted": -2.0, "doubted": -1.2, "paid_otherwise": -2.5, "net": -4.0, "illegible": -5.0,
        "chance": 0.6, "agreed": 0.6,
    },
    "date": {
        "bias": 3.3, "lead": 0.35, "labelled": 0.5, "not_it": -2.5, "timed": 1.0, "repeated": 0.8, "confirmed": 1.5,
        "other_weekday": -2.5, "short_year": -0.3, "illegible": -8.0,
    },
    "vendor": {
        "bias": -1.5, "score": 0.5, "lead": 0.8, "said_again": 0.5, "short": -0.6, "illegible": -3.0,
        "chance": 0.6, "agreed": 0.5, "company": 0.5, "brand": 0.8, "garbled": -1.0, "cut": -0.3, "joined": -0.2,
    },
}  # fmt: skip
"""Weights in log odds, as one would set them by hand."""
RIDGE = 3.0
"""Strength of the pull of each weight, on features of unit spread, towards its prior."""
_PULL_OF_BIAS = 0.05
_ROUNDS = 200
_LONGEST_STEP = 1.0
"""Longer ones, where nearly all examples are right, would overshoot."""
_FLATTEST = 0.05
"""A feature that hardly varies among the examples is taken to vary so much: its weight stays near its prior."""


@dataclass(frozen=True, slots=True)
class Example:
    """One choice: its field, its features, whether it was right, and its weight in the fit."""

    field: str
    features: Mapping[str, float]
    right: bool
    weight: float = 1.0


def fit_weights(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Return the weights of each field by feature; `bias` is the constant term."""
    fields = dict.fromkeys(example.field for example in examples)
    return {name: _fit([example for example in examples if example.field == name], PRIORS[name]) for name in fields}


def _fit(examples: Sequence[Example], prior: Mapping[str, float]) -> dict[str, float]:
    """Return the weights; any that would oppose its prior is set to zero and the rest are fitted again."""
    names = [name for name in prior if name != "bias"]
    free = list(names)
    while True:
        found = _solve(examples, free, prior)
        turned = [name for name in free if found[name] * prior[name] < 0]
        if not turned:
            return {"bias": round(found["bias"], 4)} | {name: round(found.get(name, 0.0), 4) for name in names}
        free = [name for name in free if name not in turned]


def _solve(examples: Sequence[Example], names: Sequence[str], prior: Mapping[str, float]) -> dict[str, float]:
    values = np.array([[example.features.get(name, 0.0) for name in names] for example in examples])
    right = np.array([example.right for example in examples], dtype=float)
    counts = np.array([example.weight for example in examples])
    spread = np.maximum(values.std(axis=0), _FLATTEST)
    rows = np.hstack([np.ones((len(values), 1)), values / spread])
    middle = np.array([prior["bias"], *(prior[name] for name in names)]) * np.array([1.0, *spread])
    pull = np.diag([_PULL_OF_BIAS, *[RIDGE] * len(names)])
    solved = _newton(rows, right, counts, middle, pull)
    return {"bias": float(solved[0])} | dict(zip(names, (solved[1:] / spread).tolist(), strict=True))


def _newton(rows: Matrix, right: Matrix, counts: Matrix, middle: Matrix, pull: Matrix) -> Matrix:
    found = middle.copy()
    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(rows @ found, -30.0, 30.0)))
        slope = rows.T @ (counts * (chance - right)) + pull @ (found - middle)
        curve = (rows * (counts * chance * (1.0 - chance))[:, None]).T @ rows + pull
        step = np.linalg.solve(curve, slope)
        largest = float(np.abs(step).max())
        found = found - step * min(1.0, _LONGEST_STEP / max(largest, 1e-12))
        if largest < 1e-6:
            break
    return found
