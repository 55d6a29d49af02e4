"""What a page says for each category, as named features: its seller's brand, kind of shop and name, and its goods."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log1p

from rapidfuzz import fuzz

from expensed.extraction.brands.find_brands import BrandFound
from expensed.extraction.brands.keys import skeleton
from expensed.extraction.brands.kinds import find_kinds
from expensed.extraction.category.letters import guess_by_letters
from expensed.extraction.category.words import Said, find_signs, find_words
from expensed.extraction.page.addresses import is_address
from expensed.extraction.page.lines import Row
from expensed.extraction.vendor.legal_forms import without_legal_form
from expensed.extraction.word_lists import load_word_lists
from expensed.model.categories import CATEGORIES

_HEAD_ROWS, _MOST_ROWS = 8, 80
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINS = re.compile(r"&|\+|and|und|et|y|e|en|og|och|ja|i|dan|ve", re.IGNORECASE)
_PRICE = re.compile(r"\d[.,]\d\d(?!\d)")
_SHORTEST_BRAND = 4
_ALIKE, _MOST_BRANDS, _MOST_LETTERS = 85.0, 2, 4.0

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Described:
    """By category, its features and the words that speak for it."""

    features: Mapping[str, Features]
    reasons: Mapping[str, Sequence[str]]


def describe_categories(rows: Sequence[Row], vendor: str | None, brands: Sequence[BrandFound]) -> Described:
    """Return what the page says for each category.

    Addresses do not count, because many streets are named after a market.
    """
    own = skeleton(vendor or "")
    lines = [row.text for row in rows[:_MOST_ROWS] if not _is_place(row.text) or (own and own in skeleton(row.text))]
    head = [text for text in lines[:_HEAD_ROWS] if not _PRICE.search(text)]
    goods = [text for text in lines if _PRICE.search(text)] or lines[1:]
    names = [_HUMP.sub(" ", vendor)] if vendor else []
    if names and (last := _telling_end(names[0])):
        lines = [last if own and own in skeleton(text) else text for text in lines]
        names = [last]
    found: dict[str, dict[str, float]] = {category: {} for category in CATEGORIES}
    in_name, in_page = find_words(names, in_name=True), find_words(lines)
    _describe_words(found, "name", in_name)
    _describe_words(found, "page", in_page)
    _describe_amounts(found, "page", in_page)
    _describe_brands(found, brands, vendor)
    for category, signs in find_signs(lines).items():
        found[category]["signs"] = log1p(len(signs))
    for place, texts in (("name", names), ("head", head)):
        _describe_kinds(found, place, texts)
    for place, texts in (("name", names), ("goods", goods)):
        _describe_letters(found, place, texts)
    reasons = {each: sorted({**in_page.get(each, {}), **in_name.get(each, {})}) for each in found}
    return Described(found, reasons)


def _telling_end(name: str) -> str | None:
    """Return the last word of a name if it says what is sold: in `Beer Mat Printing` those before it only say for what.

    So it is in English and its relatives; elsewhere the last word seldom says another trade than the first. Words that
    are joined by an "and" count alike.
    """
    words = without_legal_form(name).split()
    if len(words) < 2 or _JOINS.fullmatch(words[-2]):
        return None
    return words[-1] if find_words(words[-1:], in_name=True) else None


def _is_place(text: str) -> bool:
    """Whether this is a line of an address; a number before a word is a quantity if a price follows."""
    return not _PRICE.search(text) and is_address(text)


def _describe_words(found: dict[str, dict[str, float]], place: str, said: Said) -> None:
    """Add the strongest word of each category."""
    for category, words in said.items():
        found[category][f"word of {place}"] = max(words.values())


def _describe_amounts(found: dict[str, dict[str, float]], place: str, said: Said) -> None:
    """Add how many words of each category there are, and their share of all."""
    total = sum(sum(words.values()) for words in said.values())
    for category, words in said.items():
        weight = sum(words.values())
        found[category][f"words of {place}"] = log1p(weight)
        found[category][f"share of {place}"] = weight / total


def _describe_brands(found: dict[str, dict[str, float]], brands: Sequence[BrandFound], vendor: str | None) -> None:
    """Add the trades of the likeliest brands: those that are surely the seller's, and others."""
    for brand in brands[:_MOST_BRANDS]:
        is_seller = brand.is_sure or bool(vendor and _is_alike(brand, vendor))
        if is_seller or not brand.is_common:
            _add_shares(found, "brand" if is_seller else "brand perhaps", _shares(main_trades(brand.trades)))


def _is_alike(brand: BrandFound, vendor: str) -> bool:
    own, seller = skeleton(brand.text), skeleton(vendor)
    begins = not brand.is_common and len(own) >= _SHORTEST_BRAND and seller.startswith(own)
    return begins or fuzz.ratio(own, seller) >= _ALIKE


def _describe_kinds(found: dict[str, dict[str, float]], place: str, lines: Iterable[str]) -> None:
    """Add by how clear a word kinds of shops are called so, and by how many words of the head they are searched."""
    sought: dict[str, float] = defaultdict(float)
    for kind in (kind for line in lines for kind in find_kinds(line)):
        _add_shares(found, f"kind called in {place}", _shares(kind.called))
        for category, share in _shares(kind.sought).items() if place != "name" else ():
            sought[category] += share
    for category, share in sought.items():
        found[category][f"kind sought in {place}"] = log1p(share)


def _describe_letters(found: dict[str, dict[str, float]], place: str, lines: Sequence[str]) -> None:
    """Add a guess by letters, which counts no more than so much."""
    for category, score in guess_by_letters(lines).items():
        found[category][f"letters of {place}"] = max(-_MOST_LETTERS, min(_MOST_LETTERS, score))


def _add_shares(found: dict[str, dict[str, float]], name: str, shares: Mapping[str, float]) -> None:
    for category, share in shares.items():
        found[category][name] = max(found[category].get(name, 0.0), share)


def _shares(trades: Collection[str]) -> dict[str, float]:
    """Return each category's share of these trades."""
    shares: dict[str, float] = defaultdict(float)
    for trade in trades:
        categories = trade_categories()[trade]
        for category in categories:
            shares[category] += 1.0 / len(trades) / len(categories)
    return shares


def main_trades(trades: Sequence[str]) -> Sequence[str]:
    """Return the trades without those that are run on the side of another of them."""
    beside = _side_trades()
    return [trade for trade in trades if beside.get(trade, frozenset()).isdisjoint(trades)] or trades


@cache
def _side_trades() -> Mapping[str, frozenset[str]]:
    return {trade: frozenset(others) for trade, others in load_word_lists("brands", "data/side_trades").items()}


@cache
def trade_categories() -> Mapping[str, Sequence[str]]:
    """Return the categories of each trade."""
    found: dict[str, list[str]] = defaultdict(list)
    for category, trades in load_word_lists("brands", "data/trades").items():
        for trade in trades:
            found[trade].append(category)
    return found
