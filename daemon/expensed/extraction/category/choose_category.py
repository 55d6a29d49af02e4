"""Find the category by words in the seller's name and in what was bought."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.category.vocabulary import WORDS
from expensed.extraction.languages.scripts import count_letters
from expensed.extraction.languages.vocabulary import load_vocabulary
from expensed.extraction.page.addresses import is_address
from expensed.extraction.page.lines import Row

OTHER = "Other"
CATEGORIES = (*WORDS, OTHER)
_VENDOR_WEIGHT = 4.0
_HEAD_WEIGHT = 1.0
_HEAD_ROWS = 6
_MOST_WORDS = 5.0
_WEAK = 0.5
_MOST_TEXT = 12_000
_LONGEST = 18
"""Letters of the longest word in the vocabulary that can begin others."""
_SHORTEST_PART = 5
_SHORTEST_WHOLE = 8
"""A word at least this long may end with another, as `Holzschrauben` with `Schrauben`."""
_SHORTEST_INSIDE = 7
_ENDING = 0.7
"""The weight of a word that only ends with a known one."""
_PLURAL = re.compile(r"(?:e[nrs]|[nse])$")
_PRICE = re.compile(r"\d[.,]\d\d(?!\d)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TOKEN = re.compile(r"[^\W_]+")
_EASTERN = "\u2e80"
"""In characters from here on, no space marks where a word begins."""

Weighted = Mapping[str, float]
"""How much a word says for each category."""


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


def find_categories(rows: Sequence[Row], vendor: str | None, allowed: Sequence[str]) -> list[Candidate[str]]:
    """Return the allowed categories that words on the document support, best first.

    Addresses do not count, because many streets are named after a market.
    """
    body = _evidence([row.text for row in rows if not _is_place(row.text)])
    head = _evidence([row.text for row in rows[:_HEAD_ROWS] if not _is_place(row.text)])
    name = _evidence([_HUMP.sub(" ", vendor)], in_name=True) if vendor else {}
    found = []
    for category in CATEGORIES:
        words = body.get(category, {})
        score = min(sum(words.values()), _MOST_WORDS)
        score += _VENDOR_WEIGHT * max(name.get(category, {}).values(), default=0.0)
        score += _HEAD_WEIGHT * max(head.get(category, {}).values(), default=0.0)
        if score and category in allowed:
            reasons = sorted({**words, **name.get(category, {})})[:4]
            found.append(Candidate("category", category, score, why=f"the words {', '.join(reasons)}"))
    return best_first(found)


def _is_place(text: str) -> bool:
    """Whether this is a line of an address; a number before a word is a quantity if a price follows."""
    return not _PRICE.search(text) and is_address(text)


def _evidence(lines: Sequence[str], *, in_name: bool = False) -> dict[str, dict[str, float]]:
    """Return for each category the distinct words that support it, with their weights."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    text = "\n".join(lines)[:_MOST_TEXT]
    for line in _folded(text).split("\n"):
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
    for category, words in WORDS.items():
        for entry in words.split():
            _add(lexicon, category, entry)
    return lexicon


def _add(lexicon: _Lexicon, category: str, entry: str) -> None:
    weight = _WEAK if entry.startswith("~") else 1.0
    word = _folded(entry.strip("~^*"))
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
    """Look up a word: as it is, in the singular, by its beginning, by its end; the longest known match counts."""
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
    return {}


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


def _folded(text: str) -> str:
    """Return lower-case letters without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
