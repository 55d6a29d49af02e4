"""Set the words of a page level, so that those of one line are at one height.

How the lines run was measured on the pixels, or is guessed from where words lie. Either is believed only if more words
then have another one beside them: a bent paper may run otherwise between a label and its sum than along the label. On
480 drawn papers, turned by up to 6 degrees, the guess joined the wrong words on one, what was measured on another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from expensed.model.reading import Lean, Page, Word, line_height

Numbers = npt.NDArray[np.float64]
_FEWEST, _MOST_GUESSED, _MOST = 12, 100, 400
"""Words: of fewer, how their lines run is not guessed; that is guessed from the first ones, and believed by more."""
_SLOPES = np.tan(np.radians(np.arange(-6.0, 6.5, 0.5)))
_FINER = np.tan(np.radians((-0.25, 0.0, 0.25)))
_LEVEL = np.zeros(1)
_MORE_IF_MEASURED, _MORE_IF_GUESSED, _SHARE_IF_GUESSED = 0.5, 2.0, 0.05
"""How many more words must have one beside them than on the page as it is; if guessed, that share of all at least."""
_BESIDE, _ALIGNED = 0.25, 0.3
"""In heights of a letter: how far words are apart in height if they are hardly beside each other, and the steps by
which edges of a column are told apart."""
_ABOVE = 0.2
"""Words that share more of the width of either are above each other."""
_COLUMNS = 0.15
"""How much it tells whether columns are upright, where their lines are level; an exponent."""


def set_level(words: Sequence[Word], page: Page) -> Sequence[Word]:
    """Return the words where they would lie on a level page, in their order."""
    if len(words) < 2:
        return words
    more = max(_MORE_IF_GUESSED, _SHARE_IF_GUESSED * len(words[:_MOST]))
    ways = [(0.0, words), (more, _level_all(words, _guess_lean(words, page), page))]
    if page.lean is not None:
        ways.append((_MORE_IF_MEASURED, _level_all(words, page.lean, page)))
    return max(ways, key=lambda way: _count_beside(way[1]) - way[0])[1]


def _level_all(words: Sequence[Word], lean: Lean, page: Page) -> Sequence[Word]:
    return [_level(word, lean, page) for word in words]


def _level(word: Word, lean: Lean, page: Page) -> Word:
    """Return the word where it would lie on a level page, without what its line's slope adds to its height."""
    left, top, right, bottom = word.box
    slope = lean.fall(word.box, page)
    centre = (top + bottom) / 2 - slope * ((left + right) / 2 - 0.5)
    half = line_height(word.box, slope) / 2
    return replace(word, box=(left, centre - half, right, centre + half))


def _count_beside(words: Sequence[Word]) -> float:
    return float(_beside(_boxes(words, _MOST))[0]) if words else 0.0


def _guess_lean(words: Sequence[Word], page: Page) -> Lean:
    """Return how the lines of a page run so that most words have one beside them and most columns are upright."""
    boxes = _boxes(words, _MOST_GUESSED)
    if len(boxes) < _FEWEST:
        return Lean()
    shape = page.width / max(page.height, 1e-6)

    def likeliest(slopes: Numbers) -> float:
        likely = _beside(boxes, slopes * shape) * _upright(boxes, slopes, shape) ** _COLUMNS
        return float(slopes[np.argmax(likely)])

    best = likeliest(likeliest(_SLOPES) + _FINER)
    return Lean(best, best)


def _boxes(words: Sequence[Word], most: int) -> Numbers:
    return np.array([word.box for word in words[:most]], dtype=np.float64).reshape(-1, 4)


def _beside(boxes: Numbers, falls: Numbers = _LEVEL) -> Numbers:
    """Return how many words have another one beside them, at the height of their middle, if lines fall by so much.

    `falls` are in page heights over the width of the page.
    """
    left, top, right, bottom = boxes.T
    letters = max(float(np.quantile(bottom - top, 0.4)), 1e-6)
    shared = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    are_above = shared >= _ABOVE * np.minimum.outer(right - left, right - left)
    middles = ((top + bottom) - np.multiply.outer(falls, left + right)) / (2 * _BESIDE * letters)
    apart = np.abs(middles[:, :, None] - middles[:, None, :])
    apart[:, are_above] = np.inf
    return np.asarray(np.exp(-np.square(apart.min(axis=2)) / 2).sum(axis=1))


def _upright(boxes: Numbers, slopes: Numbers, shape: float) -> Numbers:
    """Return how many words begin or end below another one, on a page of this shape whose lines have these slopes."""
    left, top, right, bottom = boxes.T
    step = max(_ALIGNED * float(np.quantile(bottom - top, 0.25)), 1e-6)
    shifts = np.multiply.outer(slopes, (top + bottom) / 2)
    edges = [np.sort(np.round((each * shape + shifts) / step), axis=1) for each in (left, right)]
    return np.asarray(1.0 + sum((np.diff(each, axis=1) == 0).sum(axis=1) for each in edges))
