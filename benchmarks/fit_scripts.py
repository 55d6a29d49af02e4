"""Fit the model that tells the script of a page from how the first engine misreads it.

    pip install babel
    python -m benchmarks.fit_scripts [--pages 45] [--seed 1]

Words of each script (names of countries, languages, currencies, months and days from the Unicode CLDR, which comes
with babel) are drawn line by line in the fonts of this machine, worn, and read by paddle's tiny model. A multinomial
logistic regression over letters and pairs of letters is fitted to what it makes of them, and written into the package.
Lines drawn with another seed show how many are told right. Fonts: see benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import msgspec
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from expensed.model.reading import Word
from expensed.reading.engines.deadline import start_deadline
from expensed.reading.engines.paddle import PaddleEngine
from expensed.reading.scripts import misreadings

MODEL = Path(misreadings.__file__).with_suffix(".json")
FEWEST = 4
"""How many lines must show a feature."""
RIDGE = 1e-3
ROUNDS = 400
LINES = 12


@dataclass(frozen=True)
class Source:
    """Where a script's words and letters come from."""

    locales: tuple[str, ...]
    language: str
    """The language by which fontconfig finds fonts."""
    spaced: bool = True


SOURCES = {
    "Latin": Source(
        (
            *"en en_GB de fr es it pt nl pl cs sk hu ro tr vi sv da nb fi et lv lt hr sl".split(),
            *"ms id sq ca is ga eu sw af".split(),
        ),
        "vi",
    ),
    "Cyrillic": Source(tuple("ru uk bg sr mk kk be ky mn".split()), "uk"),
    "Greek": Source(("el",), "el"),
    "Arabic": Source(("ar", "fa", "ur"), "ar"),
    "Hebrew": Source(("he",), "he"),
    "Thai": Source(("th",), "th", spaced=False),
    "Devanagari": Source(("hi", "mr", "ne"), "hi"),
    "Han": Source(("zh_Hans", "zh_Hant", "yue"), "zh-cn", spaced=False),
    "Japanese": Source(("ja",), "ja", spaced=False),
    "Korean": Source(("ko",), "ko", spaced=False),
}


@dataclass(frozen=True)
class Misreading:
    """What the engine made of a drawn line."""

    script: str
    text: str
    confidence: float


class Writer:
    """Draws worn pages of one script."""

    def __init__(self, script: str, seed: int) -> None:
        self._script, self._source = script, SOURCES[script]
        self._random = random.Random(f"{script} {seed}")
        self._words = [_words(locale) for locale in self._source.locales]
        self._fonts = _fonts(self._source.language)

    def page(self) -> npt.NDArray[np.uint8]:
        """Draw a page of lines, worn."""
        chance = self._random
        size = chance.choice((22, 26, 30, 36, 44))
        width = size * 26
        sheet = Image.new("L", (width, int(LINES * size * 1.7) + 40), 255)
        pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(chance.choice(self._fonts), size)
        for line in range(LINES):
            place = (chance.choice((10, 10, 40, width // 4)), 20 + line * size * 1.7)
            pen.text(place, self._line(), font=font, fill=chance.randint(0, 70))
        return self._worn(np.array(sheet, dtype=np.float32))

    def _line(self) -> str:
        chance = self._random
        text = chance.choice(chance.choice(self._words))
        if self._source.spaced:
            text = " ".join(text.split()[: chance.randint(1, 4)])
        text = chance.choice((str.upper, str.upper, str.title, str.lower, str, str))(text)
        if self._script == "Greek" and text.isupper():  # capitals bear no accents
            text = "".join(sign for sign in unicodedata.normalize("NFD", text) if sign != "\u0301")
        kind = chance.random()
        if kind < 0.25:
            amount = f"{chance.randint(0, 999)}{chance.choice(',.')}{chance.randint(0, 99):02}"
            return f"{text}{chance.choice((': ', ' '))}{amount}"
        return f"{text} {chance.randint(1, 30)}" if kind < 0.35 else text

    def _worn(self, sheet: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
        chance = self._random
        slope, width = chance.uniform(-0.02, 0.02), sheet.shape[1]
        turn = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]], dtype=np.float32)
        worn = cv2.warpAffine(sheet, turn, (width, sheet.shape[0]), borderValue=(255.0,))
        scale = chance.uniform(0.45, 1.0)
        worn = cv2.resize(worn, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        if (blur := chance.uniform(0, 1.1)) > 0.25:
            worn = cv2.GaussianBlur(worn, (0, 0), blur)
        worn = 255 - (255 - worn) * chance.uniform(0.45, 1) - chance.uniform(0, 40)
        noise = np.random.default_rng(chance.randrange(2**32)).normal(0, chance.uniform(0, 12), worn.shape)
        return np.clip(worn + noise, 0, 255).astype(np.uint8)


def _words(locale: str) -> list[str]:
    from babel import Locale  # type: ignore[import-not-found]

    known = Locale.parse(locale)
    names = {*known.territories.values(), *known.languages.values(), *known.currencies.values()}
    for width in ("wide", "abbreviated"):
        names |= {*known.months["format"][width].values(), *known.days["format"][width].values()}
    return sorted(map(str, names))


def _fonts(language: str) -> list[str]:
    listed = subprocess.run(["fc-list", f":lang={language}", "file"], capture_output=True, text=True, check=True).stdout
    names = sorted({line.split(":")[0] for line in listed.splitlines()})
    found = [name for name in names if name.lower().endswith((".ttf", ".otf", ".ttc"))]
    if not found:
        raise SystemExit(f"There is no font for the language {language}; benchmarks/README.md names the packages.")
    return found


def misread(pages: int, seed: int) -> Iterator[Misreading]:
    """Yield what the engine makes of each drawn line."""
    engine = PaddleEngine("tiny")
    for script in SOURCES:
        writer = Writer(script, seed)
        for _ in range(pages):
            for seen in engine.read(writer.page(), start_deadline(None)):
                yield Misreading(script, seen.text, seen.confidence)


def fit(lines: list[Misreading]) -> misreadings.Model:
    """Fit the weights by Adam."""
    scripts = tuple(SOURCES)
    rows = [(misreadings.misreading_features(line.text, line.confidence), scripts.index(line.script)) for line in lines]
    known = [(features, script) for features, script in rows if features]
    counts = Counter(name for features, _ in known for name in features)
    columns = {name: index for index, name in enumerate(sorted(name for name in counts if counts[name] >= FEWEST))}
    table = np.zeros((len(known), len(columns) + 1), np.float32)
    table[:, -1] = 1
    for row, (features, _) in enumerate(known):
        for name, value in features.items():
            if name in columns:
                table[row, columns[name]] = value
    weights = _descend(table, np.eye(len(scripts), dtype=np.float32)[[script for _, script in known]])
    whole = np.rint(weights * 100).astype(int)
    by_name = {name: tuple(whole[index].tolist()) for name, index in columns.items()}
    return misreadings.Model(scripts, tuple(whole[-1].tolist()), by_name)


def _descend(table: npt.NDArray[np.float32], truth: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    weights = np.zeros((table.shape[1], truth.shape[1]), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, ROUNDS + 1):
        scores = table @ weights
        odds = np.exp(scores - scores.max(1, keepdims=True))
        slope = table.T @ (odds / odds.sum(1, keepdims=True) - truth) / len(table) + RIDGE * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        weights -= 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=45, help="drawn pages of each script")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    model = fit(list(misread(args.pages, args.seed)))
    MODEL.write_bytes(msgspec.json.encode(model) + b"\n")
    print(f"{len(model.weights)} features, {MODEL.stat().st_size // 1000} kB")
    right: dict[str, list[bool]] = {}
    for line in misread(max(2, args.pages // 6), args.seed + 1):
        word = Word(line.text, 1, (0, 0, 1, 1), line.confidence)
        for likely in misreadings.tell_scripts([word]).words.values():
            right.setdefault(line.script, []).append(max(likely, key=lambda name: likely[name]) == line.script)
    for script, told in right.items():
        print(f"{script:<12} {sum(told)} of {len(told)} other lines told right, {sum(told) / len(told):.0%}")


if __name__ == "__main__":
    main()
