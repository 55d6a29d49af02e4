"""Learn the two models of a chooser: a logistic one over the candidates of a document, and gradient-boosted trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from expensed.extraction.choosing.chooser import Features, Model, Tree

Matrix = npt.NDArray[np.float64]

RIDGE = 20.0
_FLATTEST = 0.05
"""A feature that hardly varies is taken to vary so much, so that its weight stays small."""
_ROUNDS = 300
TREES = {
    "objective": "binary", "learning_rate": 0.06, "num_leaves": 8, "min_data_in_leaf": 15, "lambda_l2": 5.0,
    "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1, "seed": 0, "deterministic": True,
    "num_threads": 1, "verbose": -1,
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The candidates of one document: their features, which of them are right, and how much the document counts."""

    features: Sequence[Features]
    right: Sequence[bool]
    weight: float = 1.0


def learn(groups: Sequence[Group], trees: int) -> Model:
    """Return the model of these documents; those without a right candidate teach nothing."""
    useful = [group for group in groups if any(group.right) and not all(group.right)]
    names = tuple(sorted({name for group in useful for each in group.features for name in each}))
    rows = np.array([[each.get(name, 0.0) for name in names] for group in useful for each in group.features])
    right = np.array([one for group in useful for one in group.right], dtype=float)
    sizes = np.array([len(group.right) for group in useful], dtype=np.intp)
    weights = np.array([group.weight for group in useful])
    logistic = _fit_logistic(rows, right, sizes, weights)
    booster = lightgbm.train(
        TREES, lightgbm.Dataset(rows, right, group=sizes, weight=np.repeat(weights, sizes)), num_boost_round=trees
    )
    dumped = booster.dump_model()["tree_info"]
    return Model(names, tuple(round(float(each), 4) for each in logistic), tuple(_tree(each) for each in dumped))


def _fit_logistic(rows: Matrix, right: Matrix, sizes: npt.NDArray[np.intp], weights: Matrix) -> Matrix:
    """Return the weights under which each document's right candidates are likeliest among its own."""
    spread = np.maximum(rows.std(axis=0), _FLATTEST)
    scaled = rows / spread
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
    document = np.repeat(np.arange(len(sizes)), sizes)

    def loss(guess: Matrix) -> tuple[float, Matrix]:
        scores = scaled @ guess
        grown = np.exp(scores - np.maximum.reduceat(scores, starts)[document])
        chance = grown / np.add.reduceat(grown, starts)[document]
        rightly = np.add.reduceat(chance * right, starts)
        target = chance * right / np.maximum(rightly, 1e-12)[document]
        slope = scaled.T @ (weights[document] * (chance - target)) + RIDGE * guess
        return -float(weights @ np.log(np.maximum(rightly, 1e-12))) + RIDGE / 2 * float(guess @ guess), slope

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    solved: Matrix = found.x / spread
    return solved


def _tree(dumped: dict[str, Any]) -> Tree:
    """Return a tree of LightGBM's as arrays of nodes."""
    nodes: list[tuple[int, float, int, int, float]] = []

    def add(node: dict[str, Any]) -> int:
        place = len(nodes)
        nodes.append((0, 0.0, place, place, round(float(node.get("leaf_value", 0.0)), 5)))
        if "split_feature" in node:
            left, right = add(node["left_child"]), add(node["right_child"])
            nodes[place] = (node["split_feature"], float(node["threshold"]), left, right, 0.0)
        return place

    add(dumped["tree_structure"])
    feature, threshold, left, right, value = zip(*nodes, strict=True)
    return Tree(feature, threshold, left, right, value)
