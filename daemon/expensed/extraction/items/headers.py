"""Find the head of a table of items: a row without sums that names at least two of its columns."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from tomllib import loads

from expensed.extraction.items.lines import Line
from expensed.languages.phrases import Phrases
from expensed.languages.scripts import Script, script_of

_LONGEST = 120
_FEWEST = 2
_OF_ITEMS = frozenset(("description", "quantity", "price"))
_NEEDED = frozenset(("quantity", "price", "total", "discount"))


def is_header(line: Line) -> bool:
    """Whether a line is the head of a table: it names columns, and no more than that."""
    return not line.prices and len(line.text) <= _LONGEST and _names_columns(line.text)


def heads_items(line: Line) -> bool:
    """Whether a line is the head of a table of items, and not of one of taxes."""
    return is_header(line) and bool({column for _, column in _found(line.text)} & _OF_ITEMS)


def names_quantity(line: Line) -> bool:
    """Whether a line is the head of a table with a column of counts."""
    return is_header(line) and any(column == "quantity" for _, column in _found(line.text))


@lru_cache(maxsize=500)
def _found(text: str) -> list[tuple[str, str]]:
    known = _phrases().get(script_of(text))
    return [] if known is None else list(known.in_text(text))


@lru_cache(maxsize=2_000)
def _names_columns(text: str) -> bool:
    found = _found(text)
    columns = {column for _, column in found}
    letters = sum(map(str.isalpha, text))
    named = sum(sum(map(str.isalpha, phrase)) for phrase, _ in found)
    return len(columns) >= _FEWEST and bool(columns & _NEEDED) and 2 * named >= letters


@cache
def _phrases() -> dict[Script | None, Phrases[str]]:
    """Return the heads by script; None stands for the Latin."""
    text = files("expensed.extraction.items").joinpath("headers.toml").read_text(encoding="utf-8")
    by_script: dict[Script | None, dict[str, str]] = {}
    for column, phrases in loads(text).items():
        for phrase in phrases:
            by_script.setdefault(script_of(phrase), {}).setdefault(phrase, column)
    return {script: Phrases(meanings, script) for script, meanings in by_script.items()}
