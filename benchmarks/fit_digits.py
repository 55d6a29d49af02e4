"""Fit the network that reads numbers in the digits of Arabic and Persian.

    python -m benchmarks.fit_digits [--lines 9000] [--seed 1]

Numbers, dates and times are drawn in the fonts of this machine that have the digits (`fc-list`), beside letters, and
worn. A network of two layers learns which sign stands in the middle of each window of a line; its weights are written
into the package as small whole numbers. Lines drawn with another seed show how many numbers are read right. The digits
of Thai and Devanagari were tried, too: Tesseract reads as many of those. Fonts: see benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import itertools
import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from benchmarks.drawn.typefaces import Typeface
from expensed.reading.engines.engine import Pixels, as_pixels
from expensed.reading.scripts import own_digits
from expensed.reading.scripts.line_pictures import BORDER, LINE_HEIGHT, even_out
from expensed.reading.scripts.own_digits import NOTHING, OTHER, SIGNS, Matrix, Network, make_windows

MODEL = Path(own_digits.__file__).with_suffix(".npz")
SCRIPT, LANGUAGE = "Arabic", "ar"
ZEROS = "٠٠٠٠۰"
"""The zero of each set of digits, as often as it is drawn: most receipts are not Persian."""
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
OTHERS = "xX×%ABEGPNo0123456789()*="
OWN_COMMA = "٫"
UNSUITED = (
    *("Nastaliq", "Quran", "Qurn", "Decorative", "KacstArt", "KacstDigital", "KacstPen"),
    *("Slanted", "Oblique", "Italic"),
)
"""Parts of the names of fonts in which no receipt is printed."""
NEURONS = 128
ROUNDS, BATCH = 8, 512
LESS = 0.4
"""The share of the windows without a digit or mark that is learnt from."""
RATE, RIDGE = 3e-3, 3e-5
SAME = 0.5
"""The share of a sign's width, in its middle, in which a window shows it."""
SIZE = 64
"""Pixels of the letters before they are worn."""
SUBSTITUTE = Typeface("fonts-dejavu-core", "truetype/dejavu/DejaVuSans.ttf")
"""Has what others lack."""
Labels = npt.NDArray[np.int64]
Place = tuple[float, float]
"""From where to where on a line, in pixels."""


@dataclass(frozen=True)
class Drawn:
    """A worn line, the number on it, where each of its signs lies, and where other signs do."""

    picture: Pixels
    number: str
    signs: Sequence[Place]
    others: Sequence[Place]


def find_fonts() -> list[str]:
    """Return the files of the fonts that have the digits."""
    listed = subprocess.run(["fc-list", f":lang={LANGUAGE}", "file"], capture_output=True, text=True, check=True)
    files = sorted(line.rstrip(": ") for line in listed.stdout.splitlines())
    suited = [file for file in files if not any(part in file for part in UNSUITED) and file.endswith(("ttf", "otf"))]
    return [
        file for file in suited if Typeface("", file).covers("".join(chr(ord(ZEROS[0]) + each) for each in range(10)))
    ]


def make_number(chance: random.Random) -> str:
    """Return an amount, a date, a time, a count or a long number, in ASCII."""
    sums = chance.choice((chance.randrange(10), chance.randrange(10**3), chance.randrange(10**4)))
    point = chance.choice(".,,")
    cents = chance.choice(("00", "50", "25", "75", f"{chance.randrange(100):02}", f"{chance.randrange(1000):03}"))
    kind = chance.random()
    if kind < 0.45:
        return f"{'-' if chance.random() < 0.1 else ''}{sums}{point}{cents}"
    if kind < 0.65:
        mark = chance.choice("//-.")
        day, month, year = f"{chance.randint(1, 31):02}", f"{chance.randint(1, 12):02}", str(chance.randint(2010, 2029))
        return mark.join((year, month, day) if chance.random() < 0.3 else (day, month, year))
    if kind < 0.75:
        return f"{chance.randrange(24):02}:{chance.randrange(60):02}"
    return "".join(str(chance.randrange(10)) for _ in range(chance.choice((1, 1, 2, 2, 3, 4, 4, 7, 11))))


class Pen:
    """Writes signs side by side in one typeface, from left to right."""

    def __init__(self, face: Typeface) -> None:
        self.paper = Image.new("L", (4000, SIZE * 3), 255)
        self._face = face
        self._draw = ImageDraw.Draw(self.paper)
        self._at = float(SIZE)

    def put(self, sign: str) -> Place:
        """Write a sign and return where its ink lies."""
        font = (self._face if self._face.covers(sign) else SUBSTITUTE).font(SIZE)
        left, _, right, _ = self._draw.textbbox((self._at, SIZE * 2), sign, font=font, anchor="ls")
        self._draw.text((self._at, SIZE * 2), sign, font=font, anchor="ls", fill=0)
        self._at += font.getlength(sign)
        return left, right

    def leave_space(self, heights: float) -> None:
        """Leave a gap."""
        self._at += SIZE * heights


def draw_line(font_file: str, chance: random.Random) -> Drawn:
    """Draw a number, perhaps between letters, and wear it."""
    face = Typeface("", font_file)
    number, zero = make_number(chance), chance.choice([zero for zero in ZEROS if face.covers(zero)])
    spelt = "".join(chr(ord(zero) + int(sign)) if sign.isdecimal() else sign for sign in number)
    if chance.random() < 0.3:
        spelt = spelt.replace(",", OWN_COMMA)
    pen, others = Pen(face), list[Place]()
    if chance.random() < 0.3:
        others += _put_others(pen, chance)
    signs = [pen.put(sign) for sign in spelt]
    if chance.random() < 0.3:
        pen.leave_space(chance.uniform(0.2, 0.6))
        others += _put_others(pen, chance)
    picture, place = _worn(np.asarray(pen.paper), chance)
    return Drawn(picture, number, [place(each) for each in signs], [place(each) for each in others])


def _put_others(pen: Pen, chance: random.Random) -> list[Place]:
    source = LETTERS if chance.random() < 0.6 else OTHERS
    places = [pen.put(chance.choice(source)) for _ in range(chance.randint(1, 4))]
    pen.leave_space(chance.uniform(0.2, 0.6))
    return places


class _Worn(tuple[float, float]):
    """How places on the paper lie on the worn line: what is cut off, and the scale."""

    def __call__(self, place: Place) -> Place:
        left, scale = self
        return (place[0] - left) * scale + BORDER, (place[1] - left) * scale + BORDER


def _worn(paper: npt.NDArray[np.uint8], chance: random.Random) -> tuple[Pixels, _Worn]:
    """Return the line as it would be cut out of a photo: pale, small, blurred, noisy, a little turned, and evened."""
    rows, columns = np.nonzero(paper < 128)
    tall = rows.max() - rows.min()
    above, below = (chance.uniform(-0.04, 0.6) * tall for _ in range(2))
    top, bottom = round(max(0, rows.min() - above)), round(rows.max() + below)
    left, right = max(0, columns.min() - chance.randrange(2, 24)), columns.max() + chance.randrange(2, 24)
    part = paper[top : bottom + 1, left : right + 1]
    height = chance.uniform(20, 48)
    seen = height / part.shape[0]
    small = cv2.resize(part, None, fx=seen * chance.uniform(0.9, 1.1), fy=seen, interpolation=cv2.INTER_AREA)
    grain = np.random.default_rng(chance.getrandbits(32))
    pale = 235 - (255 - small.astype(np.float32)) * chance.uniform(0.4, 0.9)
    blurred = cv2.GaussianBlur(pale, (0, 0), max(0.3, chance.uniform(0.01, 0.04) * height))
    noisy = np.clip(blurred + chance.uniform(1, 10) * grain.standard_normal(blurred.shape), 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", noisy, (cv2.IMWRITE_JPEG_QUALITY, chance.randint(40, 90)))
    decoded = as_pixels(cast("npt.NDArray[np.uint8]", cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)))
    scale = LINE_HEIGHT / decoded.shape[0]
    large = cv2.resize(decoded, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    lean = chance.uniform(-0.015, 0.015)
    level = np.array([[1, 0, 0], [lean, 1, -lean * large.shape[1] / 2]], dtype=np.float32)
    size = (large.shape[1], large.shape[0])
    even = even_out(as_pixels(cv2.warpAffine(large, level, size, borderMode=cv2.BORDER_REPLICATE)))
    picture = cv2.copyMakeBorder(even, *(BORDER,) * 4, cv2.BORDER_CONSTANT, value=(255.0,))
    return as_pixels(picture), _Worn((float(left), even.shape[1] / part.shape[1]))


def label_columns(line: Drawn, columns: int, scale: float) -> Labels:
    """Return the sign in each column, -1 where that is not clear."""
    labels = np.full(columns, NOTHING, dtype=np.int64)
    for sign, place in zip(line.number, line.signs, strict=True):
        _mark(labels, SIGNS.index(sign), place, scale)
    for place in line.others:
        _mark(labels, OTHER, place, scale)
    for (_, end), (start, _) in itertools.pairwise(line.signs):  # so that two of a kind are told apart
        labels[min(columns - 1, round((end + start) / 2 * scale))] = NOTHING
    return labels


def _mark(labels: Labels, sign: int, place: Place, scale: float) -> None:
    first, last = place[0] * scale, place[1] * scale
    middle, half = (first + last) / 2, max((last - first) * SAME / 2, 0.8)
    start, end = max(0, round(middle - half)), round(middle + half) + 1
    labels[max(0, start - 1) : end + 1] = -1
    labels[start:end] = sign


def make_examples(fonts: Sequence[str], count: int, seed: int) -> tuple[Matrix, Labels]:
    """Draw lines and return their windows with what stands in the middle of each."""
    chance, grain = random.Random(seed), np.random.default_rng(seed)
    windows, labels = [], []
    for _ in range(count):
        line = draw_line(chance.choice(fonts), chance)
        shown, scale = make_windows(line.picture)
        marked = label_columns(line, len(shown), scale)
        kept = (marked >= 0) & ((marked < NOTHING) | (grain.random(len(marked)) < LESS))
        windows.append(shown[kept].astype(np.float16))
        labels.append(marked[kept])
    return np.concatenate(windows), np.concatenate(labels)


def fit(windows: Matrix, labels: Labels, seed: int) -> Network:
    """Fit a network by Adam (Kingma and Ba, 2015), at a rate that falls to nothing."""
    grain = np.random.default_rng(seed)
    shapes = ((windows.shape[1], NEURONS), (NEURONS, len(SIGNS)))
    layers = [
        np.vstack([grain.standard_normal(shape) * np.sqrt(2 / shape[0]), np.zeros(shape[1])]).astype(np.float32)
        for shape in shapes
    ]
    means, squares = ([np.zeros_like(each) for each in layers] for _ in range(2))
    step, steps = 0, ROUNDS * (len(labels) // BATCH)
    for _ in range(ROUNDS):
        order = grain.permutation(len(labels))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            step += 1
            chosen = order[start : start + BATCH]
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            for at, slope in enumerate(_slopes(layers, windows[chosen].astype(np.float32), labels[chosen])):
                pulled = slope + RIDGE * layers[at]
                means[at] += 0.1 * (pulled - means[at])
                squares[at] += 0.001 * (pulled * pulled - squares[at])
                layers[at] -= rate * (means[at] / (1 - 0.9**step)) / (np.sqrt(squares[at] / (1 - 0.999**step)) + 1e-8)
    return Network(*layers)


def _slopes(layers: Sequence[Matrix], windows: Matrix, labels: Labels) -> tuple[Matrix, Matrix]:
    hidden, outer = layers
    neurons = np.maximum(windows @ hidden[:-1] + hidden[-1], 0)
    wrong = Network(hidden, outer).signs(windows)
    wrong[np.arange(len(labels)), labels] -= 1
    wrong /= len(labels)
    back = (wrong @ outer[:-1].T) * (neurons > 0)
    return np.vstack([windows.T @ back, back.sum(0)]), np.vstack([neurons.T @ wrong, wrong.sum(0)])


def write(network: Network) -> None:
    """Write the weights into the package, as eight-bit numbers."""
    scales = [np.float32(np.abs(layer).max() / 127) for layer in (network.hidden, network.outer)]
    hidden, outer = (
        np.round(layer / scale).astype(np.int8)
        for layer, scale in zip((network.hidden, network.outer), scales, strict=True)
    )
    np.savez_compressed(MODEL, hidden=hidden, outer=outer, scales=np.array(scales))
    own_digits.load_network.cache_clear()


def check(fonts: Sequence[str], seed: int, count: int = 400) -> str:
    """Return how many numbers of freshly drawn lines are read right."""
    chance = random.Random(seed)
    right = sure = sure_right = 0
    for _ in range(count):
        line = draw_line(chance.choice(fonts), chance)
        spelt = own_digits.spell_numbers(line.picture)
        is_right = line.number.lstrip("-") in [each.text for each in spelt]
        is_sure = bool(spelt) and min(each.confidence for each in spelt) >= 0.9
        right, sure, sure_right = right + is_right, sure + is_sure, sure_right + (is_sure and is_right)
    return f"{right / count:.1%} of {count} numbers right; of {sure} sure ones {sure_right / max(sure, 1):.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=9000, help="lines that are drawn to learn from")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    fonts = find_fonts()
    write(fit(*make_examples(fonts, args.lines, args.seed), args.seed))
    print(check(fonts, args.seed + 1))


if __name__ == "__main__":
    main()
