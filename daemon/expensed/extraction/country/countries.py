"""Find the country in which a document was issued, with the evidence for it and a probability.

A country's score is the sum of the weights of its clues, by kind; the scores of all countries compete. The weights are
learnt by `benchmarks/country.py`. The customer's address says nothing about the seller.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files

from expensed.extraction.country.clues import Clues, find_clues
from expensed.extraction.country.facts import listed, load_countries, load_tills
from expensed.extraction.page.lines import Row
from expensed.model.json_text import decode

_BILL_TO = re.compile(
    r"\b(?:bill(?:ed)?|sold|ship|invoice)[ -]to\b|\bcustomer\b\s*:?$"
    r"|^(?:to|an|à|kunde|cliente?|klant|destinataire)\s*:?$"
    r"|\b(?:rechnung an|rechnungsempfänger|facturé à|adresse de facturation|factuur aan|facturar a)\b",
    re.IGNORECASE,
)
_CUSTOMER_ROWS = 3
_LEAST_SHARE = 0.0005
_WEAK = frozenset(("language", "day_first", "month_first", "size"))
"""Kinds of clue that alone name no country."""


@dataclass(frozen=True, slots=True)
class CountryFound:
    """The likeliest country of a document; its code is empty if nothing on the document tells one."""

    code: str
    """ISO 3166."""
    probability: float
    shares: Mapping[str, float] = field(default_factory=dict)
    """The probability of each country that is possible at all."""
    clues: Mapping[str, Clues] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The country with at most three of its clues: `Austria: wien, atu12345678`."""
        return self.sentence_of(self.code)

    def sentence_of(self, code: str) -> str:
        """Another country with at most three of its clues."""
        return f"{load_countries()[code].title}: {self.clues[code].sentence}" if code in self.clues else ""

    def has_evidence(self, code: str) -> bool:
        """Whether anything but its language speaks for a country."""
        return bool(self.clues[code].words.keys() - _WEAK) if code in self.clues else False


def find_country(rows: Sequence[Row]) -> CountryFound:
    """Return the country in which a document was issued, and how likely it and others are."""
    return _find_country(tuple(row.text for row in without_customer(rows)))


@lru_cache(maxsize=4)
def _find_country(texts: tuple[str, ...]) -> CountryFound:
    clues = find_clues(texts)
    shares = _shares({code: score(code, each.features) for code, each in clues.items()})
    kept = {code: share for code, share in shares.items() if share >= _LEAST_SHARE or clues[code].words.keys() - _WEAK}
    found = CountryFound("", 0.0, kept, {code: clues[code] for code in kept})
    told = [code for code in kept if found.has_evidence(code)]
    best = max(told, key=lambda code: kept[code], default="")
    return replace(found, code=best, probability=kept.get(best, 0.0))


def score(code: str, features: Mapping[str, float]) -> float:
    """Return the sum of the weights of a country's clues, and of its size."""
    weights = load_weights()["country"]
    clues = sum(weights.get(kind, 0.0) * value for kind, value in features.items())
    return clues + weights.get("size", 0.0) * size_of(code)


def _shares(scores: Mapping[str, float]) -> dict[str, float]:
    most = max(scores.values())
    odds = {code: math.exp(each - most) for code, each in scores.items()}
    total = sum(odds.values())
    return {code: each / total for code, each in odds.items()}


@cache
def _sizes() -> dict[str, int]:
    return {code: int(size) for size, codes in load_tills().sizes.items() for code in listed(codes)}


def size_of(code: str) -> int:
    """Return the size of a country's economy, 0 to 4."""
    return _sizes().get(code, 0)


@cache
def load_weights() -> Mapping[str, Mapping[str, float]]:
    """Return the learnt weights in `weights.json`."""
    text = files(__package__).joinpath("weights.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, float]] = decode(text, dict[str, dict[str, float]])
    return found


def without_customer(rows: Sequence[Row]) -> list[Row]:
    """Return the rows without the customer's address, which says nothing about the seller's country."""
    heads = [index for index, row in enumerate(rows) if _BILL_TO.search(row.text)]
    return [row for index, row in enumerate(rows) if not any(head <= index <= head + _CUSTOMER_ROWS for head in heads)]
