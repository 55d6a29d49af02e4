"""Find the states and provinces of a country in addresses: `Springfield, IL 62704`, `Surrey BC`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from expensed.extraction.country.facts import Country, listed, load_countries

_ALSO_WORDS = frozenset("IN OR ME OK HI DE AL CO ID ON PE PA MA LA MO SA ACT VIC NT WA".split())
"""Codes that are also words or abbreviations; they need a comma before them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A state in an address; `is_certain` if a post code follows that lies in it."""

    country: str
    text: str
    is_certain: bool


def find_places(text: str) -> Iterator[Place]:
    """Yield the states in the addresses of a text of rows."""
    for code, country in load_countries().items():
        if country.region_after_town:
            yield from _with_post_code(code, country, text)
            yield from (Place(code, match[0].strip(), is_certain=False) for match in _after_town(code).finditer(text))


def _with_post_code(code: str, country: Country, text: str) -> Iterator[Place]:
    if not country.areas:
        return
    names = {name.lower(): region for region, each in country.regions.items() for name in listed(each)}
    for match in _region_and_post(code).finditer(text):
        region = match["code"] or names[" ".join(match["name"].lower().split())]
        if any(low <= match["post"][: len(low)] <= high for low, high in _areas(code, region)):
            yield Place(code, " ".join(match[0].split()), is_certain=True)


@cache
def _areas(code: str, region: str) -> tuple[tuple[str, str], ...]:
    """Return the lowest and the highest beginning of each range of a region's post codes."""
    ranges = (each.partition("-") for each in listed(load_countries()[code].areas[region]))
    return tuple((low, high) for low, _, high in ranges)


@cache
def _region_and_post(code: str) -> re.Pattern[str]:
    country = load_countries()[code]
    codes = "|".join(country.areas)
    names = "|".join(
        re.escape(name).replace(r"\ ", r"\s") for region in country.areas for name in listed(country.regions[region])
    )
    digits = 5 if code == "US" else 4
    return re.compile(
        rf"(?<![^\W_])(?:(?P<code>{codes})|(?i:(?P<name>{names})))[,.\s]{{0,3}}(?P<post>\d{{{digits}}})(?![^\W_]|-\d{{1,3}}(?!\d))"
    )


@cache
def _after_town(code: str) -> re.Pattern[str]:
    codes = load_countries()[code].regions
    clear = "|".join(each for each in codes if each not in _ALSO_WORDS)
    town = r"(?<![A-Za-z])[A-Za-z]{3,30}"
    after_comma = rf"{town} ?, ?(?:{'|'.join(codes)})(?=\.?$|  |[ ,.]+\d|,)"
    return re.compile(rf"{after_comma}|{town} (?:{clear})(?=\.?$|  )", re.MULTILINE)


def _state_and_zip() -> str:
    """Return the pattern of a US state in capitals and a ZIP code that lies in it, in one line."""
    states = load_countries()["US"].areas
    either = (f"{state},? (?:{_first_digits(*each)})" for state in states for each in _areas("US", state))
    return rf"\b(?:{'|'.join(either)})\d\d(?:-\d{{4}})?\b"


def _first_digits(low: str, high: str) -> str:
    """Return the pattern of three digits between two."""
    last: dict[str, str] = {}
    for number in range(int(low), int(high) + 1):
        tens, unit = f"{number // 10:02d}", str(number % 10)
        last[tens] = last.get(tens, "") + unit
    return "|".join(f"{tens}[{units}]" for tens, units in last.items())


STATE_AND_ZIP = _state_and_zip()
"""A US state in capitals with a ZIP code that lies in it."""
