"""Find the words that tell a country or a language in the rows of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from expensed.extraction.country.facts import COUNTRIES, TILLS, Country, fold, listed, load_countries, load_tills
from expensed.extraction.prepared import load_prepared

Meaning = tuple[str, str]
"""A country's or a language's code, and the kind of clue; the kind of a language's words is `language`."""
LANGUAGE = "language"
_TOKEN = re.compile(r"[^\W_]+")
_MIXED = re.compile(r"(?=.*\d)(?=.*[^\W\d_])")
_LETTER_FOR = (str.maketrans("0156", "oisg"), str.maketrans("0158", "olsb"))
"""Letters that OCR reads as digits."""
_KINDS = {
    "name": "names",
    "city": "cities",
    "form": "forms",
    "tax_word": "tax_words",
    "word": "words",
    "street": "streets",
}
"""The lists of a country by the kind of clue that their words are."""
_SHORTEST, _LONG = 2, 8
_JOINT = re.compile(r"(?<=[a-zß-ÿ]{2})(?=[A-ZÀ-Þ][a-zß-ÿ])|(?<=[A-Za-z]{3})(?=\d{3})|(?<=\d{3})(?=[A-Za-z]{3})")
"""Where OCR has lost the blank between two words: `HowardCentre`, `1000Bruxelles`."""


def part_words(text: str) -> str:
    """Return the text with the blanks that OCR has lost between words."""
    return _JOINT.sub(" ", text)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase that tells something: as it is spelt in the data, what it tells, and where it stands."""

    phrase: str
    meanings: tuple[Meaning, ...]
    row: int
    end: int
    """Where it ends in the row's folded text."""


def find_words(texts: Sequence[str]) -> Iterator[Word]:
    """Yield the telling words of folded rows; of overlapping ones the longest."""
    index = _index()
    for row, text in enumerate(texts):
        tokens = [(_spelt(match[0]), match.end()) for match in _TOKEN.finditer(text)]
        at = 0
        while at < len(tokens):
            found, meanings = _longest(tokens, at, index)
            if found:
                yield Word(" ".join(found), meanings, row, tokens[at + len(found) - 1][1])
            at += max(1, len(found))


_Phrase = tuple[tuple[str, ...], tuple[Meaning, ...]]
Index = dict[str, list[_Phrase]]
"""By first word the phrases, longest first, with their meanings."""


def _longest(tokens: Sequence[tuple[str, int]], at: int, index: Index) -> _Phrase:
    for phrase, meanings in index.get(tokens[at][0], ()):
        if all(at + n < len(tokens) and tokens[at + n][0] == word for n, word in enumerate(phrase)):
            return phrase, meanings
    return (), ()


@cache
def _index() -> Index:
    return load_prepared("country_words", Index, make_index, COUNTRIES, TILLS)


def make_index() -> Index:
    """Make the index of all words that tell a country or a language."""
    meanings: dict[tuple[str, ...], set[Meaning]] = {}
    for phrase, meaning in _all_phrases():
        tokens = tuple(_TOKEN.findall(fold(phrase)))
        if len("".join(tokens)) >= _SHORTEST and not all(map(str.isdigit, tokens)):
            meanings.setdefault(tokens, set()).add(meaning)
            if len(tokens) > 1 and len("".join(tokens)) >= _LONG:
                meanings.setdefault(("".join(tokens),), set()).add(meaning)
    index: Index = {}
    for tokens in sorted(meanings, key=len, reverse=True):
        index.setdefault(tokens[0], []).append((tokens, tuple(sorted(meanings[tokens]))))
    return index


def _all_phrases() -> Iterator[tuple[str, Meaning]]:
    for language, words in load_tills().words.items():
        yield from _with(listed(words), (language, LANGUAGE))
    for code, country in load_countries().items():
        yield from _with(country.taxes, (code, "tax"))
        yield from _with(_region_names(country), (code, "region"))
        for kind, name in _KINDS.items():
            yield from _with(listed(getattr(country, name)), (code, kind))


def _region_names(country: Country) -> list[str]:
    return [name for names in country.regions.values() for name in listed(names)]


def _with(phrases: Iterable[str], meaning: Meaning) -> Iterator[tuple[str, Meaning]]:
    return ((phrase, meaning) for phrase in phrases)


def _spelt(token: str) -> str:
    """Return a word that mixes letters and digits with letters only, if that makes a known one."""
    if not _MIXED.match(token):
        return token
    index = _index()
    tried = (token.translate(table) for table in _LETTER_FOR)
    return next((each for each in tried if each in index), token)
