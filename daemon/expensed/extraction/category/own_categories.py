"""File a document as the settings say: by its seller, by words that stand on it, or under a new name for the ordinary.

A seller decides alone, since a person has named it; of words, the longest phrase does, then the number of words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rapidfuzz import fuzz

from expensed.extraction.brands.keys import folded, skeleton
from expensed.extraction.findings import Field
from expensed.extraction.vendor.legal_forms import without_legal_form
from expensed.model.categories import Categories, OwnCategory
from expensed.model.expense import Expense

_TOKEN = re.compile(r"[^\W_]+")
_UNSPACED = "\u0e00"
"""In characters from here on, no space marks where a word begins."""
_SURE_BY_SELLER, _SURE_BY_WORDS = 0.99, 0.97
_ALIKE = 85.0
"""Per cent of its letters that a misread name of a seller still shares with the right one."""
_MOST_TOLD = 3
"""How many words a sentence names."""

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words of a category as the settings write them, and folded."""

    text: str
    tokens: Tokens
    category: str

    @property
    def rank(self) -> tuple[int, int]:
        return len(self.tokens), len(self.text)

    @property
    def is_unspaced(self) -> bool:
        return any(sign >= _UNSPACED for sign in self.text)

    def is_in(self, tokens: Sequence[str]) -> bool:
        """Whether it stands in a folded line of these words."""
        if self.is_unspaced:
            return "".join(self.tokens) in "".join(tokens)
        size = len(self.tokens)
        return any(tuple(tokens[start : start + size]) == self.tokens for start in range(len(tokens) - size + 1))


@dataclass(slots=True)
class _Match:
    """The words of a category that stand on a document, each with the first line in which it does."""

    lines: dict[_Phrase, str] = field(default_factory=dict)

    @property
    def best_first(self) -> list[_Phrase]:
        return sorted(self.lines, key=lambda phrase: phrase.rank, reverse=True)

    @property
    def rank(self) -> tuple[int, int, int]:
        words, letters = self.best_first[0].rank
        return words, len(self.lines), letters


def settle_category(ordinary: Field, lines: Iterable[str], sellers: Iterable[str | None], known: Categories) -> Field:
    """Return the category by the settings; where they name none for this document, the ordinary one as they call it."""
    own = find_by_seller(sellers, known) or _find_by_words(lines, known)
    if own is not None or ordinary.value is None:
        return own or ordinary
    return replace(ordinary, value=known.called(ordinary.value))


def find_by_seller(sellers: Iterable[str | None], known: Categories) -> Field | None:
    """Return the category for which the settings name one of these sellers; None if they name none of them."""
    names = [name for name in sellers if name]
    for own in known.own if names else ():
        for seller in own.sellers:
            if any(_is_named(seller, name) for name in names):
                proof = f"{seller} is a seller of {own.name} by the settings"
                return Field(known.called(own.name), _SURE_BY_SELLER, text=names[0][:200], proof=proof)
    return None


def _is_named(seller: str, name: str) -> bool:
    """Whether a name on a document is this seller's: all its words in a row, or nearly the same letters."""
    if _make_phrase(seller, "").is_in(_TOKEN.findall(folded(name))):
        return True
    return fuzz.ratio(skeleton(without_legal_form(seller)), skeleton(without_legal_form(name))) >= _ALIKE


def _find_by_words(lines: Iterable[str], known: Categories) -> Field | None:
    matches = _find_matches(lines, known)
    if not matches:
        return None
    category, match = max(matches.items(), key=lambda each: each[1].rank)  # of equal ones the first in the settings
    best, *others = match.best_first
    told = " and ".join(f'"{phrase.text}"' for phrase in (best, *others)[:_MOST_TOLD])
    are = "are words" if others or len(best.tokens) > 1 else "is a word"
    proof = f"{told} {are} of {category} by the settings"
    return Field(known.called(category), _SURE_BY_WORDS, text=match.lines[best][:200], proof=proof)


def name_by_words(text: str, known: Categories) -> str | None:
    """Return the category of the settings whose words stand in a text; None if none do."""
    found = _find_by_words([text], known)
    return None if found is None else found.value


def _find_matches(lines: Iterable[str], known: Categories) -> Mapping[str, _Match]:
    """Return the categories of which words stand on these lines, in the order of the settings."""
    spaced, unspaced = _list_phrases(known.own)
    matches: dict[str, _Match] = {own.name: _Match() for own in known.own}
    for text in lines if spaced or unspaced else ():
        tokens = _TOKEN.findall(folded(text))
        for phrase in (*unspaced, *(phrase for token in set(tokens) for phrase in spaced.get(token, ()))):
            if phrase.is_in(tokens):
                matches[phrase.category].lines.setdefault(phrase, text)
    return {category: match for category, match in matches.items() if match.lines}


@lru_cache(maxsize=4)
def _list_phrases(own: tuple[OwnCategory, ...]) -> tuple[Mapping[str, Sequence[_Phrase]], Sequence[_Phrase]]:
    """Return the phrases by their first word, and those whose script puts no space between words."""
    spaced: dict[str, list[_Phrase]] = defaultdict(list)
    unspaced = []
    for phrase in _make_phrases(own):
        if phrase.is_unspaced:
            unspaced.append(phrase)
        else:
            spaced[phrase.tokens[0]].append(phrase)
    return spaced, unspaced


def _make_phrases(own: Iterable[OwnCategory]) -> Iterator[_Phrase]:
    for each in own:
        yield from (_make_phrase(word, each.name) for word in each.words)


def _make_phrase(text: str, category: str) -> _Phrase:
    return _Phrase(text, tuple(_TOKEN.findall(folded(text))), category)


def categorise_learnt(learnt: Expense, read: Expense, known: Categories) -> Expense:
    """Return an expense with what was learnt of its seller in a category in force; `read` is what it was before that.

    If only the seller's name was learnt, the settings may know the category of that name.
    """
    category = learnt.fields.get("category")
    if category == read.fields.get("category") and learnt.vendor != read.vendor:
        found = find_by_seller([learnt.vendor], known)
        category = category if found is None else found.evidence
    if category is None or category.value is None:
        return learnt
    category = replace(category, value=known.called(category.value))
    return replace(learnt, category=category.value, fields={**learnt.fields, "category": category})
