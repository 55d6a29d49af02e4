"""Logistic regression for the probabilities of extraction: features of a choice against whether it was right.

Newton's method with a ridge, in numpy: six numbers and some hundred rows need no library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

RIDGE = 1.0
"""Strength of the pull of each weight, on features of unit spread, towards none."""
_ROUNDS = 50
_FLATTEST = 1e-3


@dataclass(frozen=True, slots=True)
class Example:
    """One choice: of which field, its features, was it right, and how much it counts."""

    field: str
    features: Mapping[str, float]
    right: bool
    weight: float = 1.0


def fit_weights(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    """The weights of each field, by feature; `bias` stands alone."""
    fields = dict.fromkeys(example.field for example in examples)
    return {name: _fit([example for example in examples if example.field == name]) for name in fields}


def _fit(examples: Sequence[Example]) -> dict[str, float]:
    names = list(examples[0].features)
    values = np.array([[example.features[name] for name in names] for example in examples])
    right = np.array([example.right for example in examples], dtype=float)
    counts = np.array([example.weight for example in examples])
    middle, spread = values.mean(axis=0), np.maximum(values.std(axis=0), _FLATTEST)
    solved = _solve((values - middle) / spread, right, counts)
    slopes = solved[1:] / spread
    bias = float(solved[0] - slopes @ middle)
    return {"bias": round(bias, 4)} | {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)}


def _solve(values: Matrix, right: Matrix, counts: Matrix) -> Matrix:
    rows = np.hstack([np.ones((len(values), 1)), values])
    pull = np.diag([1e-6, *[RIDGE] * values.shape[1]])
    found = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(rows @ found, -30.0, 30.0)))
        slope = rows.T @ (counts * (chance - right)) + pull @ found
        curve = (rows * (counts * chance * (1.0 - chance))[:, None]).T @ rows + pull
        step = np.linalg.solve(curve, slope)
        found = found - step
        if float(np.abs(step).max()) < 1e-6:
            break
    return found
