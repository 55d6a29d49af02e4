"""Changed copies of pictures, as another scan or photo of the same paper would be, and what is read from them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from benchmarks.learn.papers import Paper
from expensed.errors import ExpensedError
from expensed.model.json_text import decode, encode
from expensed.model.reading import Reading
from expensed.readers.examination import examine_content
from expensed.reading.options import ReadingOptions

Change = Callable[[Image.Image, random.Random], Image.Image]
GROUND = (96, 90, 84)
"""The table on which a paper lies, seen where a turned one leaves its corners."""


def _turn(picture: Image.Image, degrees: float) -> Image.Image:
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=GROUND)


def _crop(picture: Image.Image, chance: random.Random) -> Image.Image:
    wide, high = picture.size
    left, top, right, bottom = (chance.uniform(0, most) for most in (0.03, 0.08, 0.03, 0.08))
    return picture.crop((int(wide * left), int(high * top), int(wide * (1 - right)), int(high * (1 - bottom))))


def _scale(picture: Image.Image, factor: float) -> Image.Image:
    return picture.resize(
        (max(1, round(picture.width * factor)), max(1, round(picture.height * factor))), Image.Resampling.LANCZOS
    )


def _slant(picture: Image.Image, chance: random.Random) -> Image.Image:
    """Photograph the picture from the side: each corner moves inwards by up to a sixteenth."""
    wide, high = picture.size
    inside = [(chance.uniform(0, wide / 16), chance.uniform(0, high / 16)) for _ in range(4)]
    to = [(0, 0), (wide, 0), (wide, high), (0, high)]
    signs = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    seen = [(x + sx * dx, y + sy * dy) for (x, y), (dx, dy), (sx, sy) in zip(to, inside, signs, strict=True)]
    rows = []
    for (x, y), (u, v) in zip(seen, to, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    solved = np.linalg.solve(np.array(rows, float), np.array(to, float).ravel())
    return picture.transform(
        picture.size, Image.Transform.PERSPECTIVE, tuple(solved), Image.Resampling.BICUBIC, fillcolor=GROUND
    )


def _speckle(picture: Image.Image, chance: random.Random) -> Image.Image:
    noise = np.random.default_rng(chance.getrandbits(32)).normal(0, 18, (picture.height, picture.width, 1))
    return Image.fromarray(np.clip(np.asarray(picture, float) + noise, 0, 255).astype(np.uint8))


def _brighten(picture: Image.Image, factor: float) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(factor)


def _quality(picture: Image.Image, quality: int) -> Image.Image:
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=quality)
    return Image.open(content).convert("RGB")


CHANGES: Mapping[str, Change] = {
    "turned a little": lambda picture, chance: _turn(picture, chance.choice((-1, 1)) * chance.uniform(1, 8)),
    "turned": lambda picture, chance: _turn(picture, chance.uniform(8, 180)),
    "cropped": _crop,
    "JPEG 30": lambda picture, chance: _quality(picture, 30),
    "half": lambda picture, chance: _scale(picture, 0.5),
    "double": lambda picture, chance: _scale(picture, 2),
    "slanted": _slant,
    "brighter": lambda picture, chance: _brighten(picture, 1.35),
    "darker": lambda picture, chance: _brighten(picture, 0.6),
    "grey": lambda picture, chance: ImageOps.grayscale(picture).convert("RGB"),
    "blurred": lambda picture, chance: picture.filter(ImageFilter.GaussianBlur(min(picture.size) / 800)),
    "noisy": _speckle,
}


def read_changed(paper: Paper, change: str, kept: Path) -> Reading | None:
    """Return what is read from a changed copy of a picture, kept in `kept` from an earlier run; None if nothing is."""
    path, file = paper.labelled.path, kept / f"{paper.name}.{change.replace(' ', '-')}.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        found: list[Reading] = []
        try:
            reading, _ = examine_content(draw_changed(path, change), ReadingOptions(), paper.options, lambda _: None)
            found.append(reading)
        except ExpensedError as error:
            print(f"{path.name}, {change}: {error}")
        file.write_bytes(encode(found))
    return next(iter(decode(file.read_bytes(), list[Reading])), None)


def draw_changed(path: Path, change: str) -> bytes:
    """Return a changed copy of a picture as a JPEG, the same each time."""
    with Image.open(path) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    content = io.BytesIO()
    CHANGES[change](upright, random.Random(f"{path.name} {change}")).save(content, "JPEG", quality=88)
    return content.getvalue()
