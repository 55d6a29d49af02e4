"""Words that point to categories, and where they stand in texts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from expensed.extraction.brands.keys import folded
from expensed.extraction.category.vocabulary import load_words
from expensed.extraction.vendor.spelling import mend_digits
from expensed.languages.scripts import count_letters
from expensed.languages.vocabulary import load_vocabulary

_WEAK = 0.5
_MOST_TEXT = 12_000
_LONGEST = 18
"""Letters of the longest word in the vocabulary that can begin others."""
_SHORTEST_PART = 5
_SHORTEST_WHOLE = 8
"""A word at least this long may end with another, as `Holzschrauben` with `Schrauben`."""
_SHORTEST_INSIDE = 7
_ENDING = 0.85
"""The weight of a word that only ends with a known one."""
_PLURAL = re.compile(r"(?:e[nrs]|[nse])$")
_TOKEN = re.compile(r"[^\W_]+")
_EDGES = ".,:;#()[]*-=!?'\"/"
_UNSPACED = "\u0e00"
_EASTERN = "\u2e80"
"""In characters from here on, no space marks where a word begins."""

Weighted = Mapping[str, float]
"""How much a word says for each category."""
Said = Mapping[str, Mapping[str, float]]
"""By category, the words that point to it with their weights."""


@dataclass(slots=True)
class _Lexicon:
    """The vocabulary, prepared for look-ups."""

    whole: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    begin: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    end: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    phrases: dict[str, list[tuple[tuple[str, ...], str, float]]] = field(default_factory=lambda: defaultdict(list))
    in_name: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    """Whole words end with a space in these keys."""
    eastern: dict[str, str] = field(default_factory=dict)


def find_words(lines: Sequence[str], *, in_name: bool = False) -> dict[str, dict[str, float]]:
    """Return for each category the distinct words that support it, with their weights."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    text = "\n".join(lines)[:_MOST_TEXT]
    for line in folded(text).split("\n"):
        for word, said in _said(_TOKEN.findall(line), in_name=in_name):
            for category, weight in said.items():
                found[category][word] = weight
    if any(sign >= _EASTERN for sign in text):
        for word, category in _lexicon().eastern.items():
            if word in text:
                found[category][word] = 1.0
    if not text.isascii():
        for script in count_letters(text):
            for word, category in load_vocabulary(script).categories.in_text(text):
                found[category][word] = 1.0
    return found


def _said(tokens: Sequence[str], *, in_name: bool) -> Iterator[tuple[str, Weighted]]:
    """Yield the known words and phrases of a line; the words of a phrase do not count again."""
    lexicon, skip = _lexicon(), 0
    for place, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        for phrase, category, weight in lexicon.phrases.get(token, ()):
            if tuple(tokens[place : place + len(phrase)]) == phrase:
                yield " ".join(phrase), {category: weight}
                skip = len(phrase) - 1
                break
        else:
            said = _look_up(token)
            if in_name and not said:
                said = _by_beginning(token, lexicon.in_name) or _look_inside(token)
            if said:
                yield token, said


@cache
def _lexicon() -> _Lexicon:
    lexicon = _Lexicon()
    for category, words in load_words().items():
        for entry in words:
            _add(lexicon, category, entry)
    return lexicon


def _add(lexicon: _Lexicon, category: str, entry: str) -> None:
    weight = _WEAK if entry.startswith("~") else 1.0
    word = folded(entry.strip("~^*"))
    if word[0] >= _EASTERN:
        lexicon.eastern[word] = category
        return
    parts = tuple(_TOKEN.findall(word))
    if entry.startswith("^"):
        lexicon.in_name[parts[0] if entry.endswith("*") else f"{parts[0]} "][category] = weight
        return
    if len(parts) > 1:
        lexicon.phrases[parts[0]].append((parts, category, weight))
        return
    (lexicon.begin if entry.endswith("*") else lexicon.whole)[parts[0]][category] = weight
    if len(parts[0]) >= _SHORTEST_PART:
        lexicon.end[parts[0]][category] = weight


@lru_cache(maxsize=8192)
def _look_up(token: str) -> Weighted:
    """Look up a word: as it is, in the singular, by its beginning, by its end; the longest known match counts.

    A word with digits that is not known may be one whose letters were read as digits, as `p0tato` and `fi5h`.
    """
    lexicon = _lexicon()
    singular = token[:-1] if token.endswith("s") else token
    known: Weighted = lexicon.whole.get(token) or lexicon.whole.get(singular) or _by_beginning(token, lexicon.begin)
    if known:
        return known
    if len(token) >= _SHORTEST_WHOLE:
        for start in range(2, len(token) - _SHORTEST_PART + 1):
            part = token[start:]
            if said := lexicon.end.get(part) or lexicon.end.get(_PLURAL.sub("", part)):
                return {category: _ENDING * weight for category, weight in said.items()}
    mended = mend_digits(token)
    return _look_up(mended) if mended != token else {}


def _by_beginning(token: str, words: Mapping[str, Weighted]) -> Weighted:
    """Look up the longest word that the token begins with."""
    spaced = f"{token} "
    for length in range(min(len(spaced), _LONGEST), 2, -1):
        if said := words.get(spaced[:length]):
            return said
    return {}


def _look_inside(token: str) -> Weighted:
    """Look up a word inside a name whose spaces were lost."""
    words = _lexicon().end
    for length in range(min(len(token) - 1, _LONGEST), _SHORTEST_INSIDE - 1, -1):
        for start in range(len(token) - length + 1):
            if said := words.get(token[start : start + length]):
                return said
    return {}


def find_signs(lines: Sequence[str]) -> dict[str, set[str]]:
    """Return for each category the words on the page that stand on its trade's forms."""
    signs, longest = _signs()
    found: dict[str, set[str]] = defaultdict(set)
    for line in folded("\n".join(lines)[:_MOST_TEXT]).split("\n"):
        tokens = line.split()
        for token in dict.fromkeys([*tokens, *(token.strip(_EDGES) for token in tokens), *_pairs(tokens)]):
            for category in signs.get(token, ()):
                found[category].add(token)
        if any(sign >= _UNSPACED for sign in line):
            for word in longest:
                if word in line:
                    for category in signs[word]:
                        found[category].add(word)
    return found


def _pairs(tokens: Sequence[str]) -> Iterator[str]:
    """Yield each two neighbours, and each three."""
    plain = [token.strip(_EDGES) for token in tokens]
    for size in (2, 3):
        yield from (" ".join(plain[start : start + size]) for start in range(len(plain) - size + 1))


@cache
def _signs() -> tuple[Mapping[str, Sequence[str]], Sequence[str]]:
    """Return the categories of each sign, and the signs of scripts without blanks."""
    signs: dict[str, list[str]] = defaultdict(list)
    for category, words in load_words("signs").items():
        for word in words:
            signs[folded(word.replace("_", " ").strip())].append(category)
    return signs, [word for word in signs if word[0] >= _UNSPACED]
