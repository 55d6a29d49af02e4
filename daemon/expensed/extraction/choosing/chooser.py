"""Choose among the candidates of a field by two learnt models of their features: a logistic one, and a few trees.

`benchmarks/learn` makes both, as JSON. Each gives the candidates of one document probabilities that add up to 1; the
chooser takes their mean, and says whether both would have chosen the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from expensed.model.json_text import decode

Features = Mapping[str, float]
_Numbers = npt.NDArray[np.float64]
_Places = npt.NDArray[np.intp]


class Tree(Struct, frozen=True):
    """A decision tree by node: a leaf is its own successor on both sides, and only its value counts."""

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    """A feature up to this goes left."""
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]


class Model(Struct, frozen=True):
    """What was learnt for one field."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    """Of the logistic model, one for each feature."""
    trees: tuple[Tree, ...]
    made_from: Mapping[str, str] = {}
    """The hashes of the documents and of the code that it was learnt from."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Probabilities by candidate, 0..1: of the logistic model, of the trees, and their mean."""

    logistic: tuple[float, ...]
    trees: tuple[float, ...]

    @property
    def mean(self) -> tuple[float, ...]:
        """The mean of both."""
        return tuple((one + other) / 2 for one, other in zip(self.logistic, self.trees, strict=True))

    @property
    def best(self) -> int:
        """The place of the most probable candidate."""
        return max(range(len(self.logistic)), key=self.mean.__getitem__)


@dataclass(frozen=True)
class Chooser:
    """A model made ready for use."""

    model: Model

    def choose(self, candidates: Sequence[Features]) -> Choice:
        """Return how probable each candidate of a document is; a feature that one lacks is 0."""
        names = self.model.features
        rows = np.array([[each.get(name, 0.0) for name in names] for each in candidates])
        return Choice(_shares(rows @ np.array(self.model.weights)), _shares(self._sum_of_trees(rows)))

    def _sum_of_trees(self, rows: _Numbers) -> _Numbers:
        feature, threshold, left, right, value = self._nodes
        trees = np.arange(len(value))
        at: _Places = np.zeros((len(rows), len(value)), dtype=np.intp)
        for _ in range(self._depth):
            is_left = np.take_along_axis(rows, feature[trees, at], axis=1) <= threshold[trees, at]
            at = np.where(is_left, left[trees, at], right[trees, at])
        found: _Numbers = value[trees, at].sum(axis=1)
        return found

    @cached_property
    def _nodes(self) -> tuple[_Places, _Numbers, _Places, _Places, _Numbers]:
        """All trees as arrays of trees by nodes."""
        trees = self.model.trees
        width = max((len(tree.value) for tree in trees), default=1)
        whole = [[(*part, *[0] * (width - len(part))) for part in _parts(tree)] for tree in trees]
        feature, threshold, left, right, value = (
            np.array([tree[part] for tree in whole]).reshape(len(trees), width) for part in range(5)
        )
        return feature.astype(np.intp), threshold, left.astype(np.intp), right.astype(np.intp), value

    @cached_property
    def _depth(self) -> int:
        return max((_depth(tree, 0) for tree in self.model.trees), default=0)


def _parts(tree: Tree) -> tuple[tuple[float, ...], ...]:
    return tree.feature, tree.threshold, tree.left, tree.right, tree.value


def _depth(tree: Tree, node: int) -> int:
    """Return how many decisions lie below a node."""
    sides = {tree.left[node], tree.right[node]} - {node}
    return 1 + max(_depth(tree, side) for side in sides) if sides else 0


def _shares(scores: _Numbers) -> tuple[float, ...]:
    grown = np.exp(scores - scores.max())
    return tuple((grown / grown.sum()).tolist())


def log_odds(chance: float) -> float:
    """Return a probability, 0..1, as log odds between -7 and 7."""
    bounded = min(max(chance, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))


_instead: ContextVar[Mapping[str, Chooser]] = ContextVar("_instead", default={})  # noqa: B039 - it is never changed


@contextmanager
def chosen_by(choosers: Mapping[str, Chooser]) -> Iterator[None]:
    """Let these choose, by field, instead of those that ship: others are judged by documents that they never saw."""
    token = _instead.set(choosers)
    try:
        yield
    finally:
        _instead.reset(token)


def load_chooser(field: str) -> Chooser:
    """Return the chooser for a field: `amount` or `vendor`."""
    return _instead.get().get(field) or _load_shipped(field)


@cache
def _load_shipped(field: str) -> Chooser:
    content = files("expensed.extraction").joinpath("models", f"{field}.json").read_text(encoding="utf-8")
    return Chooser(decode(content, Model))
