"""Tell the script of a page from the mistakes that the first engine makes on it.

Paddle's tiny model takes letters that it does not know for similar ones that it knows, each script in its own way:
`ИТОГО` becomes `NTOrO`, Korean turns into Chinese, Arabic into scattered Latin letters of little confidence. A
multinomial logistic model over single letters and pairs of them, fitted to drawn lines by `benchmarks/fit_scripts.py`,
tells them apart. It costs a millisecond a page and looks at no pixel.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import msgspec
import numpy as np
import numpy.typing as npt

from expensed.model.reading import Word

LATIN = "Latin"
_LONGEST_TOKEN = 24
_EDGES = ".,:;()\"'-"
CONFIDENCE, LENGTH = "<confidence", "<length"
"""Names of the two features that are not letters."""
_RULER = 8
Vector = npt.NDArray[np.float64]


class Model(msgspec.Struct, frozen=True):
    """Weights of each feature for each script, in hundredths; `bias` comes without a feature."""

    scripts: tuple[str, ...]
    bias: tuple[int, ...]
    weights: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Likelihoods:
    """How likely each script is: for a page (by letters), and for each of its words that has letters."""

    page: dict[str, float]
    words: dict[Word, dict[str, float]]


def tell_scripts(words: Iterable[Word]) -> Likelihoods:
    """Return how likely each script is on a page of which the first engine has read these words."""
    model, table = _model()
    by_word: dict[Word, Vector] = {}
    total, letters = np.zeros(len(model.scripts)), 0
    for word in words:
        features = misreading_features(word.text, word.confidence)
        count = sum(sign.isalpha() for token in word.text.split() if not _is_ruler(token) for sign in token)
        if features is None or count < 2:
            continue
        likely = by_word[word] = _likelihoods(features, table)
        total += likely * count
        letters += count
    page = total / max(letters, 1)
    return Likelihoods(_named(model, page), {word: _named(model, likely) for word, likely in by_word.items()})


def misreading_features(text: str, confidence: float) -> dict[str, float] | None:
    """Return what describes a misread line: letters and pairs of letters, with the edges of words; None without any."""
    counts: Counter[str] = Counter()
    for token in text.split():
        if any(sign.isalpha() for sign in token) and not _is_ruler(token):
            edged = f"^{token.strip(_EDGES)[:_LONGEST_TOKEN]}$"
            counts.update(edged[1:-1])
            counts.update(one + other for one, other in itertools.pairwise(edged))
    if not counts:
        return None
    norm = 2 / math.sqrt(sum(counts.values()))
    features = {gram: math.sqrt(count) * norm for gram, count in counts.items()}
    features[CONFIDENCE] = (1 - min(1.0, max(0.0, confidence))) * 3
    features[LENGTH] = math.log1p(sum(counts.values())) / 3
    return features


def _is_ruler(token: str) -> bool:
    """Whether this is a line of stars or dashes, which engines take for a few letters over and over."""
    return len(token) >= _RULER and len(set(token)) * 3 <= len(token)


def _likelihoods(features: dict[str, float], table: dict[str, Vector]) -> Vector:
    scores = table[""].copy()
    for name, value in features.items():
        if name in table:
            scores += value * table[name]
    odds = np.exp(scores - scores.max())
    return np.asarray(odds / odds.sum(), dtype=np.float64)


def _named(model: Model, likely: Vector) -> dict[str, float]:
    return dict(zip(model.scripts, likely.tolist(), strict=True))


@lru_cache(maxsize=1)
def _model() -> tuple[Model, dict[str, Vector]]:
    """Return the model, and its weights by feature; those of the bias are under the empty name."""
    model = msgspec.json.decode(files(__package__).joinpath("misreadings.json").read_bytes(), type=Model)
    table = {name: np.array(weights) / 100 for name, weights in model.weights.items()}
    return model, table | {"": np.array(model.bias) / 100}
