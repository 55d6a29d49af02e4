"""The typefaces that receipts are drawn in: where Debian puts them, and which letters they have."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import msgspec
from PIL import ImageFont, features

FONTS = Path("/usr/share/fonts")
TABLE = Path(__file__).parent / "typefaces.toml"


class FontMissing(Exception):
    """A font file, or what shapes letters, is not there; the message names the Debian package that has it."""


@dataclass(frozen=True)
class Typeface:
    """One family: its files below /usr/share/fonts, and the index of the face within a collection."""

    package: str
    regular: str
    bold: str = ""
    index: int = 0
    languages: tuple[str, ...] = ()
    """The languages it is right for, if not all of its script."""
    size: float = 1.0
    """How many times larger it must be set to look as large as others."""
    _known: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def font(self, pixels: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
        """Load the face at a size; raises FontMissing."""
        return _load(self.package, (bold and self.bold) or self.regular, self.index, round(pixels * self.size))

    def covers(self, text: str) -> bool:
        """Whether it has all letters of the text."""
        return all(self._has(letter) for letter in set(text) if not letter.isspace())

    def _has(self, letter: str) -> bool:
        if letter not in self._known:
            printed = _print(self._plain, letter)
            self._known[letter] = any(printed[0]) and printed != self._blank
        return self._known[letter]

    @cached_property
    def _plain(self) -> ImageFont.FreeTypeFont:
        path = _existing(self.package, self.regular)
        return ImageFont.truetype(path, 40, self.index, layout_engine=ImageFont.Layout.BASIC)

    @cached_property
    def _blank(self) -> tuple[bytes, float]:
        return _print(self._plain, "\U000effff")


@cache
def load_typefaces(script: str) -> tuple[Typeface, ...]:
    """Return the typefaces of a script, then those in which letters are set that these lack; raises FontMissing."""
    table = msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), dict[str, tuple[Typeface, ...]])
    for typeface in (*table[script], *table["others"]):
        _existing(typeface.package, typeface.regular)
    return table[script]


@cache
def substitutes() -> tuple[Typeface, ...]:
    """Return the typefaces that stand in for letters that one lacks."""
    return load_typefaces("others")


def _existing(package: str, file: str) -> Path:
    path = FONTS / file
    if not path.exists():
        raise FontMissing(f"{path} is missing: sudo apt-get install --no-install-recommends {package}")
    return path


@cache
def _load(package: str, file: str, index: int, pixels: int) -> ImageFont.FreeTypeFont:
    path = _existing(package, file)
    if not features.check("raqm"):
        raise FontMissing("Pillow cannot shape letters: sudo apt-get install --no-install-recommends libfribidi0")
    return ImageFont.truetype(path, pixels, index, layout_engine=ImageFont.Layout.RAQM)


def _print(font: ImageFont.FreeTypeFont, letter: str) -> tuple[bytes, float]:
    return bytes(font.getmask(letter)), font.getlength(letter)
