"""Find the head of a table of items: a row without sums that names at least two of its columns."""

from __future__ import annotations

from functools import lru_cache

from expensed.extraction.items.lines import Line
from expensed.extraction.word_lists import load_phrases

_LONGEST = 120
_FEWEST = 2
_LEAST_SHARE = 0.5
_OF_ITEMS = frozenset(("description", "quantity", "price"))
_NEEDED = frozenset(("quantity", "price", "total", "discount"))


def is_header(line: Line) -> bool:
    """Whether a line is the head of a table: it names columns, and no more than that."""
    return not line.prices and len(line.text) <= _LONGEST and _names_columns(line.text)


def heads_items(line: Line) -> bool:
    """Whether a line is the head of a table of items, and not of one of taxes."""
    return is_header(line) and bool(_columns(line.text) & _OF_ITEMS)


def names_quantity(line: Line) -> bool:
    """Whether a line is the head of a table with a column of counts."""
    return is_header(line) and "quantity" in _columns(line.text)


@lru_cache(maxsize=500)
def _columns(text: str) -> frozenset[str]:
    return load_phrases("items", "headers").find(text)


@lru_cache(maxsize=2_000)
def _names_columns(text: str) -> bool:
    columns = _columns(text)
    is_clear = len(columns) >= _FEWEST and bool(columns & _NEEDED)
    return is_clear and load_phrases("items", "headers").share(text) >= _LEAST_SHARE
