"""Read numbers in the digits of Arabic and Persian, ٠١٢ and ۰۱۲, from pictures of lines.

The first engine does not know them, and Tesseract misreads many: of eight drawn receipts with such digits, none had its
amount read right, and with this all but one. A small network looks at a window that moves along the line and says which
digit or mark stands in its middle, if any; `benchmarks/fit_digits.py` fits it to drawn numbers.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import cv2
import numpy as np
import numpy.typing as npt

from expensed.reading.engines.engine import Pixels
from expensed.reading.scripts.line_pictures import BORDER

Matrix = npt.NDArray[np.float32]
SIGNS = "0123456789.,/-: ?"
"""What may stand in the middle of a window; the last two are nothing and anything else."""
NOTHING, OTHER = SIGNS.index(" "), SIGNS.index("?")
HEIGHT, WIDTH = 22, 17
"""Pixels of a window, of a line scaled to this height."""
_BLUR = 1.0
"""Pixels; takes noise away."""
_LEGIBLE = 0.45
"""How likely a sign must be in some window."""
_MARKS = ".,:"
_CHANGE, _CHANGE_OF_MARK = 2.5, 1.5
"""The cost of a sign's beginning or end, as a logarithm of odds; small marks show in few windows."""
_WIDEST_GAP = 0.5
"""The gap within a number, in heights of its line; a wider one ends it."""


@dataclass(frozen=True, slots=True)
class Spelt:
    """A number in ASCII digits, where on its line it stands (from left to right, in pixels), and how sure it is."""

    text: str
    left: float
    right: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Network:
    """Two layers; `hidden` has a row for each pixel of a window and one more, `outer` one for each neuron, and one."""

    hidden: Matrix
    outer: Matrix

    def signs(self, windows: Matrix) -> Matrix:
        """Return how likely each sign is in each window; (windows, signs)."""
        neurons = np.maximum(windows @ self.hidden[:-1] + self.hidden[-1], 0)
        scores = neurons @ self.outer[:-1] + self.outer[-1]
        odds = np.exp(scores - scores.max(1, keepdims=True))
        return np.asarray(odds / odds.sum(1, keepdims=True), dtype=np.float32)


def spell_numbers(line: Pixels) -> list[Spelt]:
    """Return the numbers in Arabic or Persian digits on a picture of a line, black on white, from left to right."""
    windows, scale = make_windows(line)
    odds = load_network().signs(windows)
    best = _likeliest_path(odds)
    runs = [
        (int(sign), list(places)) for sign, places in itertools.groupby(range(len(best)), key=lambda place: best[place])
    ]
    signs = [
        Spelt(SIGNS[sign], places[0] / scale, (places[-1] + 1) / scale, float(odds[places, sign].max()))
        for sign, places in runs
        if sign != NOTHING and odds[places, sign].max() >= _LEGIBLE
    ]
    signs = [dot for sign in signs for dot in _parted(sign, line)]
    return [_joined(number) for number in _numbers(signs, _WIDEST_GAP * HEIGHT / scale)]


def _parted(sign: Spelt, line: Pixels) -> list[Spelt]:
    """Return each dot of what may be several, which the network does not part: its zero is a dot."""
    if sign.text != "0":
        return [sign]
    first = min(round(sign.left), line.shape[1] - 1)
    columns = slice(first, max(first + 1, round(sign.right)))
    ink = cv2.GaussianBlur(255 - line[BORDER:-BORDER], (0, 0), _BLUR)[:, columns].max(0).astype(float)
    middle = (ink.min() + ink.max()) / 2
    count = int((np.diff((ink > middle).astype(int), prepend=0) > 0).sum())
    wide = (sign.right - sign.left) / max(count, 1)
    return [
        Spelt("0", sign.left + number * wide, sign.left + (number + 1) * wide, sign.confidence)
        for number in range(max(count, 1))
    ]


def _likeliest_path(odds: Matrix) -> npt.NDArray[np.int64]:
    """Return the sign in each column, where each sign's beginning and end cost something."""
    gains = np.log(odds + 1e-6)
    own = np.array([_CHANGE_OF_MARK if sign in _MARKS else _CHANGE for sign in SIGNS])
    own[NOTHING] = 0.0
    costs = own[:, None] + own[None, :]
    np.fill_diagonal(costs, 0.0)
    came_from = np.zeros(odds.shape, dtype=np.int64)
    total = gains[0]
    for column in range(1, len(gains)):
        reached = total[:, None] - costs
        came_from[column] = reached.argmax(0)
        total = reached.max(0) + gains[column]
    path = np.empty(len(gains), dtype=np.int64)
    path[-1] = total.argmax()
    for column in range(len(gains) - 1, 0, -1):
        path[column - 1] = came_from[column, path[column]]
    return path


def make_windows(line: Pixels) -> tuple[Matrix, float]:
    """Return a window around each column of a line, (columns, pixels), 1 for black; and what the line is scaled by."""
    inner = line[BORDER:-BORDER]
    scale = HEIGHT / inner.shape[0]
    columns = max(1, round(inner.shape[1] * scale))
    smooth = cv2.GaussianBlur(inner, (0, 0), _BLUR)
    small = cv2.resize(smooth, (columns, HEIGHT), interpolation=cv2.INTER_AREA)
    ink = 1 - small.astype(np.float32) / 255
    padded = np.pad(ink, ((0, 0), (WIDTH // 2, WIDTH // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WIDTH, axis=1)
    return np.asarray(windows.transpose(1, 0, 2).reshape(columns, -1), dtype=np.float32), scale


def _numbers(signs: list[Spelt], widest: float) -> list[list[Spelt]]:
    """Return the signs of each number: what begins and ends with a digit, and has no gap and nothing else in it."""
    numbers: list[list[Spelt]] = [[]]
    for sign in signs:
        last = numbers[-1]
        if last and (sign.text == "?" or sign.left - last[-1].right > widest):
            numbers.append([])
        if sign.text != "?":
            numbers[-1].append(sign)
    return [kept for number in numbers if (kept := _trimmed(number))]


def _trimmed(number: list[Spelt]) -> list[Spelt]:
    digits = [place for place, sign in enumerate(number) if sign.text.isdecimal()]
    return number[digits[0] : digits[-1] + 1] if digits else []


def _joined(number: list[Spelt]) -> Spelt:
    signs = itertools.groupby(number, key=lambda sign: "." if sign.text in ".," else id(sign))
    number = [max(same, key=lambda sign: sign.confidence) for _, same in signs]
    text = "".join(sign.text for sign in number)
    return Spelt(text, number[0].left, number[-1].right, min(sign.confidence for sign in number))


@lru_cache(maxsize=1)
def load_network() -> Network:
    """Return the network; its file has the weights as whole numbers, and what each layer is scaled by."""
    with as_file(files(__package__).joinpath("own_digits.npz")) as path, np.load(path) as kept:
        scales = kept["scales"]
        return Network(np.float32(scales[0]) * kept["hidden"], np.float32(scales[1]) * kept["outer"])
