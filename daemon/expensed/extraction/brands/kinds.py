"""What kinds of shops are called in the languages of the world. `benchmarks/lists.py` makes the list."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from expensed.extraction.brands.keys import folded
from expensed.extraction.brands.packed_list import read_packed

_TOKEN = re.compile(r"\w+")
_MOST_WORDS, _MOST_TOKENS = 4, 14
_SHORTEST_END = 6
"""Letters of a word that may end a longer one, as `bäckerei` in `Stadtbäckerei`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The trades that are called by words of a text, and those that are searched by them."""

    called: frozenset[str]
    sought: frozenset[str]


def find_kind(text: str) -> Kind:
    """Return all trades that the words of a line name."""
    kinds = find_kinds(text)
    return Kind(
        frozenset(trade for kind in kinds for trade in kind.called),
        frozenset(trade for kind in kinds for trade in kind.sought),
    )


@lru_cache(maxsize=1024)
def find_kinds(text: str) -> tuple[Kind, ...]:
    """Return what each word or phrase of a line names; the words of a longer name do not count again."""
    tokens = _TOKEN.findall(folded(text))[:_MOST_TOKENS]
    kinds = []
    start = 0
    while start < len(tokens):
        size, said = _longest(tokens[start : start + _MOST_WORDS])
        if said is not _NOTHING:
            kinds.append(said)
        start += size
    return tuple(kinds)


@lru_cache(maxsize=1024)
def kind_share(text: str) -> float:
    """Return the share of a line's letters, 0..1, in words and phrases that are what a kind of shop is called."""
    tokens = _TOKEN.findall(folded(text))[:_MOST_TOKENS]
    start = called = 0
    while start < len(tokens):
        size = next((size for size in range(_MOST_WORDS, 0, -1) if _is_called(tokens[start : start + size], size)), 0)
        called += sum(map(len, tokens[start : start + size]))
        start += max(size, 1)
    return called / max(sum(map(len, tokens)), 1)


def _is_called(tokens: Sequence[str], size: int) -> bool:
    return len(tokens) == size and bool((said := look_up(" ".join(tokens))) and said.called)


_NOTHING = Kind(frozenset(), frozenset())


def _longest(tokens: Sequence[str]) -> tuple[int, Kind]:
    """Return how many of these words make a name, and the trades that it names."""
    for size in range(len(tokens), 0, -1):
        if said := look_up(" ".join(tokens[:size])):
            return size, said
    return 1, _by_end(tokens[0])


def _by_end(token: str) -> Kind:
    for start in range(2, len(token) - _SHORTEST_END + 1):
        if (said := look_up(token[start:])) and said.called:
            return Kind(said.called, frozenset())
    return _NOTHING


@lru_cache(maxsize=4096)
def look_up(phrase: str) -> Kind | None:
    """Return the trades that are called or sought by exactly this."""
    known = read_packed("kinds")
    place = bisect_left(known.lines, f"{phrase}\t")
    if place == len(known.lines) or not known.lines[place].startswith(f"{phrase}\t"):
        return None
    called, sought = known.lines[place].split("\t")[1:]
    return Kind(_named(called), _named(sought))


def _named(numbers: str) -> frozenset[str]:
    trades = read_packed("kinds").names
    return frozenset(trades[int(number)] for number in numbers.split())
