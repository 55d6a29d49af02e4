"""Names that a person may take for the seller's although the rules do not: what else the seller might be called.

They are only offered to a person, so they are found generously: a known brand among other words, also misread, and the
first word or the capitals of the names that were weighed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expensed.extraction.brands.keys import skeleton
from expensed.extraction.brands.known_brands import find_misread, find_spelling
from expensed.extraction.candidates import Candidate
from expensed.extraction.page.lines import Row

MOST = 4
_MOST_ROWS, _MOST_TOKENS, _MOST_JOINED, _MOST_NAMES = 80, 10, 3, 3
_SHORTEST_BRAND, _SHORTEST_WORD = 5, 4
_TOKEN = re.compile(r"[^\s/,;:()|]+")
_CAPITALS = re.compile(r"(?:(?<=^)|(?<=\s))[A-Z][A-Z&'.-]+(?:\s+[A-Z&][A-Z&'.-]*)+")
_EDGE = " .,;:-"
_PRICE = re.compile(r"\d[.,]\d\d(?!\d)")


def find_loose_names(rows: Sequence[Row], names: Sequence[Candidate[str]]) -> list[Candidate[str]]:
    """Return other names, likeliest first; `names` are those that were weighed, best first."""
    found: dict[str, Candidate[str]] = {}
    for each in (*_brands(rows), *_parts(names[:_MOST_NAMES])):
        found.setdefault(each.value, each)
    return list(found.values())[:MOST]


def _brands(rows: Sequence[Row]) -> Iterator[Candidate[str]]:
    """Yield brands that are some words of a row without a price."""
    for row in rows[:_MOST_ROWS]:
        if _PRICE.search(row.text):
            continue
        keys = [skeleton(token) for token in _TOKEN.findall(row.text)[:_MOST_TOKENS]]
        for start in range(len(keys)):
            for end in range(start + 1, min(len(keys), start + _MOST_JOINED) + 1):
                key = "".join(keys[start:end])
                known = find_spelling(key) if len(key) >= _SHORTEST_BRAND and not key.isdigit() else None
                if known is not None and not known.is_common and not known.is_web:
                    yield Candidate("vendor", known.brands[0].name, 0.0, row.page, row.box, row.text)


def _parts(names: Sequence[Candidate[str]]) -> Iterator[Candidate[str]]:
    for each in names:
        if (known := find_misread(skeleton(each.value))) is not None:
            yield _called(each, known.brands[0].name)
        if (capitals := _CAPITALS.search(each.value)) is not None and capitals[0] != each.value:
            yield _called(each, capitals[0].strip())
        first, _, rest = each.value.partition(" ")
        if rest and sum(map(str.isalpha, first)) >= _SHORTEST_WORD:
            yield _called(each, first.strip(_EDGE))


def _called(candidate: Candidate[str], name: str) -> Candidate[str]:
    return Candidate("vendor", name, 0.0, candidate.page, candidate.box, candidate.text)
