"""Words and short phrases, each with a meaning, and how they are found in a line however it is spaced and spelt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from expensed.languages.scripts import UNSPACED, Script, fold_han, fold_variants, unify_letters

Meaning = TypeVar("Meaning")
_ABBREVIATION = re.compile(r"(?<=(?<![^\W_])[^\W_])\.\s?(?=[^\W_](?![^\W_]))")
"""The points in `Α.Φ.Μ.` and `ج.م`, but not the one in `ул.Садовая`."""
_QUOTE_INSIDE = re.compile("(?<=[^\\W\\d_])[\"'`’״׳_]{1,2}(?=[^\\W\\d_])")
"""The marks in Hebrew abbreviations such as `בע"מ`, and the stroke that OCR makes of a lengthened Arabic word."""
_ARTICLE = re.compile(r"(?<![^\W_])(?:ال|لل)(?=[^\W\d_]{3})")
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957"
    "\u0962\u0963\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u3099\u309a]"
)
"""Accents, and the vowels that are marks; all are left out."""
_NO_LETTER = re.compile(r"[\W_]+")
_NOT_LATIN = re.compile(r"[^\x00-\x7f]")
_STEM = "*"
_MOST_WORDS = 6
_SHORTEST_MISREAD, _LONG_ENOUGH, _LONG = 5, 7, 10
"""The letters a phrase needs to be recognised with one, or with two of them misread."""


@lru_cache(maxsize=4096)
def plain(text: str, script: Script | None, *, keeps_han: bool = False) -> str:
    """Return the text in lower case without marks, in words apart; without spaces if the script sets none.

    The Arabic article and the points and quotes in abbreviations are left out: `ΑΦΜ` and `Α.Φ.Μ.` are the same.
    So are Han letters of different countries, unless it `keeps_han`.
    """
    joined = _QUOTE_INSIDE.sub("", _ABBREVIATION.sub("", unify_letters(text)))
    folded = unicodedata.normalize("NFKD", joined.casefold())
    spaced = _NO_LETTER.sub(" ", fold_variants(_MARKS.sub("", folded))).strip()
    if script in UNSPACED:
        joined = spaced.replace(" ", "")
        return joined if keeps_han else fold_han(joined)
    return _ARTICLE.sub("", spaced) if script is Script.ARABIC else spaced


class Phrases(Generic[Meaning]):
    """Phrases of one script with their meanings; a word that ends with `*` may begin a longer one."""

    def __init__(self, meanings: Mapping[str, Meaning], script: Script | None, *, keeps_han: bool = False) -> None:
        self._script = script
        self._keeps_han = keeps_han
        self._spelt: dict[str, str] = {}
        self._whole: dict[str, Meaning] = {}
        self._stems: dict[str, Meaning] = {}
        for phrase, meaning in meanings.items():
            known = self._stems if phrase.endswith(_STEM) and script not in UNSPACED else self._whole
            if key := self._plain(phrase).replace(" ", ""):
                known.setdefault(key, meaning)
                self._spelt.setdefault(key, phrase.strip(_STEM))
        self._longest = max(map(len, self._whole), default=0)
        self._longest_stem = max(map(len, self._stems), default=0)

    def in_text(self, text: str) -> Iterator[tuple[str, Meaning]]:
        """Yield the phrases in a text, as usually spelt, with their meanings; of overlapping ones the longest.

        In a script that sets no spaces, single letters are not looked for, as they are in other words.
        """
        for key, meaning in self._in_plain(self._plain(text)):
            yield self._spelt[key], meaning

    def is_in(self, text: str) -> bool:
        """Whether one of the phrases is in the text."""
        return next(self.in_text(text), None) is not None

    def begins(self, text: str) -> bool:
        """Whether the text begins with one of the phrases."""
        found = self._plain(text)
        first = next(self._in_plain(found), None)
        return first is not None and found.replace(" ", "").startswith(first[0])

    def whole(self, text: str) -> Meaning | None:
        """Return the meaning of a text that is one phrase, whatever digits are around it."""
        found = self._plain(text)
        letters = _letters(found)
        if letters in self._whole or sum(any(map(str.isalpha, word)) for word in found.split()) > 1:
            return self._whole.get(letters)
        return self._stems.get(self._stem(letters) or "")

    def misread(self, text: str) -> Meaning | None:
        """Return the meaning of a text that is one phrase but for a misread letter; two in a long one.

        No letter of a short one may be missing, or too many: `Скара`, a grill, is not `С карта`.
        """
        letters = _letters(self._plain(text))
        if len(letters) < _SHORTEST_MISREAD:
            return None
        most = 2 if len(letters) >= _LONG else 1
        found = process.extractOne(letters, self._long, scorer=Levenshtein.distance, score_cutoff=most)
        if not found or (len(letters) < _LONG_ENOUGH and len(found[0]) != len(letters)):
            return None
        return self._whole[found[0]]

    def _plain(self, text: str) -> str:
        return plain(text, self._script, keeps_han=self._keeps_han)

    def _in_plain(self, found: str) -> Iterator[tuple[str, Meaning]]:
        return self._in_signs(found) if self._script in UNSPACED else self._in_words(found.split())

    def _in_words(self, words: Sequence[str]) -> Iterator[tuple[str, Meaning]]:
        place = 0
        while place < len(words):
            for count in range(min(_MOST_WORDS, len(words) - place), 0, -1):
                joined = "".join(words[place : place + count])
                key = joined if joined in self._whole else self._stem(joined) if count == 1 else None
                if key is not None:
                    yield key, (self._whole if key in self._whole else self._stems)[key]
                    place += count - 1
                    break
            place += 1

    def _in_signs(self, signs: str) -> Iterator[tuple[str, Meaning]]:
        reached = 0
        for match in _NOT_LATIN.finditer(signs):
            place = match.start()
            for end in range(min(len(signs), place + self._longest) if place >= reached else 0, place + 1, -1):
                if (key := signs[place:end]) in self._whole:
                    yield key, self._whole[key]
                    reached = end
                    break

    def _stem(self, word: str) -> str | None:
        """Return the longest stem that the word begins with."""
        lengths = range(min(len(word), self._longest_stem), 0, -1)
        return next((word[:length] for length in lengths if word[:length] in self._stems), None)

    @cached_property
    def _long(self) -> list[str]:
        return [phrase for phrase in self._whole if len(phrase) >= _SHORTEST_MISREAD]


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())
