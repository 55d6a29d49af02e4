"""The list of brands: by name, by misread name, by web address. `benchmarks/lists.py` makes it.

It is one sorted text, looked up by bisection: reading it takes some milliseconds, whereas objects would take a tenth of
a second and many megabytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from expensed.extraction.brands.keys import skeleton
from expensed.extraction.brands.packed_list import packed, read_packed
from expensed.extraction.prepared import load_prepared

_SHORTEST_MISREAD = 4
_LETTERS_PER_MISREAD = 5
_SHORT = 5
"""A shorter name may differ only in a letter of the same shape."""
_CONFUSED = ("el", "ft", "oceqdg", "uvwy", "nmhr", "bpr", "kx", "sz", "aod")
_COMMON, _WEB_ONLY = "~", "@"
_AFTER_ANY = "\uffff"


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand as it spells itself, its trades as OpenStreetMap names them, its countries; none means anywhere."""

    name: str
    trades: tuple[str, ...]
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a key of the list stands for."""

    key: str
    brands: tuple[Brand, ...]
    is_common: bool
    """Whether it is also a common word of some language."""
    is_web: bool
    """Whether the brand is only called so in web addresses."""


@cache
def _backwards() -> Sequence[str]:
    """Return all keys written backwards, sorted, so that those with a misread beginning can be found by their end."""
    return load_prepared("brands_backwards", list[str], make_backwards, packed("brands"))


def make_backwards() -> list[str]:
    """Make the list of keys that are written backwards."""
    return sorted(line.partition("\t")[0][::-1] for line in read_packed("brands").lines)


@lru_cache(maxsize=4096)
def find_spelling(key: str) -> Spelling | None:
    """Return what this key stands for."""
    lines = read_packed("brands").lines
    place = bisect_left(lines, f"{key}\t")
    if place == len(lines) or not lines[place].startswith(f"{key}\t"):
        return None
    _, numbers, mark = lines[place].split("\t")
    brands = [_brand(int(number)) for number in numbers.split(" ")]
    own = [brand for brand in brands if skeleton(brand.name) == key]
    return Spelling(key, tuple(own or brands), mark == _COMMON, mark == _WEB_ONLY)


@lru_cache(maxsize=1024)
def find_misread(key: str) -> Spelling | None:
    """Return the only brand from whose key this one differs by as few letters as an engine may misread."""
    most = len(key) // _LETTERS_PER_MISREAD or 1
    if len(key) < _SHORTEST_MISREAD or not key[0].isalpha():
        return None
    near = {
        other
        for other in _alike(key)
        if abs(len(other) - len(key)) <= most and Levenshtein.distance(key, other, score_cutoff=most) <= most
    }
    if len(key) < _SHORT:
        near = {other for other in near if _is_confusion(key, other)}
    found = [
        spelling for spelling in map(find_spelling, near) if spelling and not spelling.is_common and not spelling.is_web
    ]
    return found[0] if len({spelling.brands for spelling in found}) == 1 else None


def _is_confusion(key: str, other: str) -> bool:
    """Whether they differ in one letter that looks like the other's."""
    pairs = [(one, two) for one, two in zip(key, other, strict=False) if one != two]
    return len(key) == len(other) and len(pairs) == 1 and any(set(pairs[0]) <= set(group) for group in _CONFUSED)


def _alike(key: str) -> Iterator[str]:
    """Yield the keys that share the first or the last half with this one."""
    half = len(key) // 2
    for line in _beginning_with(read_packed("brands").lines, key[:half]):
        yield line.partition("\t")[0]
    for turned in _beginning_with(_backwards(), key[::-1][:half]):
        yield turned[::-1]


def _beginning_with(lines: Sequence[str], start: str) -> Iterable[str]:
    return lines[bisect_left(lines, start) : bisect_left(lines, start + _AFTER_ANY)]


@lru_cache(maxsize=1024)
def _brand(number: int) -> Brand:
    name, trades, countries = read_packed("brands").names[number].split("\t")
    return Brand(name, tuple(trades.split()), tuple(countries.split()))
