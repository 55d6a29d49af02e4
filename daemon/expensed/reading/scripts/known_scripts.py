"""The scripts that are read besides Latin, with Tesseract's model for each and Debian's package of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

AUTO = "auto"
"""The setting of languages that asks for every script."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script; `alphabets` are the words with which Unicode's names of its letters begin."""

    name: str
    """As people call it: `Cyrillic`."""
    model: str
    """Tesseract's model: `Cyrillic`."""
    package: str
    """Debian's package of that model."""
    alphabets: tuple[str, ...]
    kind: str
    """The label of the misreadings that it causes; scripts that look alike share one."""
    joined: bool = False
    """Whether Tesseract parts its letters, or it is written without spaces between words."""
    right_to_left: bool = False
    latin_shapes: bool = False
    """Whether many of its letters look like Latin ones, so that they are misread with confidence."""

    def letters(self, text: str) -> int:
        """Count the letters of this script in a text."""
        return sum(_alphabet(sign) in self.alphabets for sign in text)

    def digits(self, text: str) -> int:
        """Count the digits of this script's own, such as those of Arabic or Thai, in a text."""
        return sum(sign.isdecimal() and not sign.isascii() for sign in text)


def _script(name: str, package: str, alphabets: str, model: str = "", kind: str = "", **traits: bool) -> Script:
    package = f"tesseract-ocr-script-{package}"
    return Script(name, model or name, package, tuple(alphabets.split()), kind or name, **traits)


SCRIPTS: tuple[Script, ...] = (
    _script("Cyrillic", "cyrl", "CYRILLIC", latin_shapes=True),
    _script("Greek", "grek", "GREEK", latin_shapes=True),
    _script("Arabic", "arab", "ARABIC", right_to_left=True),
    _script("Hebrew", "hebr", "HEBREW", right_to_left=True),
    _script("Thai", "thai", "THAI", joined=True),
    _script("Devanagari", "deva", "DEVANAGARI"),
    _script("Japanese", "jpan", "CJK HIRAGANA KATAKANA KATAKANA-HIRAGANA", joined=True),
    _script("Korean", "hang", "HANGUL", model="Hangul", joined=True),
    _script("simplified Chinese", "hans", "CJK", model="HanS", kind="Han", joined=True),
    _script("traditional Chinese", "hant", "CJK", model="HanT", kind="Han", joined=True),
)
"""Latin is missing: the first engine reads it."""


def scripts_of_kind(kind: str) -> tuple[Script, ...]:
    """Return the scripts that cause misreadings of a kind."""
    return tuple(script for script in SCRIPTS if script.kind == kind)


def scripts_of_languages(languages: Iterable[str]) -> tuple[Script, ...]:
    """Return the scripts that a setting of languages asks for: all for `auto`, else those whose models it names."""
    names = {language.rpartition("/")[2] for language in languages}
    return SCRIPTS if AUTO in names else tuple(script for script in SCRIPTS if script.model in names)


@lru_cache(maxsize=8_192)
def _alphabet(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0] if sign.isalpha() or unicodedata.combining(sign) else ""
