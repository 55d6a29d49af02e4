"""What the data files know of countries: names, towns, taxes, numbers, post codes, and the words of tills."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

import msgspec

from expensed.extraction.prepared import load_prepared

COUNTRIES = files(__package__).joinpath("data", "countries.toml")
TILLS = files(__package__).joinpath("data", "tills.toml")
_COMMA = re.compile(r"\s*,\s*")


class Country(msgspec.Struct, frozen=True):
    """One country as in `data/countries.toml`, whose head explains the fields; lists are texts with commas."""

    title: str
    currency: str
    """An ISO 4217 code; one that replaced another is preceded by its first day: `2023-01-01 EUR, HRK`."""
    languages: str
    names: str = ""
    cities: str = ""
    forms: str = ""
    taxes: dict[str, str] = {}
    tax_words: str = ""
    numbers: dict[str, str] = {}
    code: str = ""
    phones: str = ""
    posts: str = ""
    posts_before: str = ""
    posts_after: str = ""
    web: str = ""
    words: str = ""
    streets: str = ""
    region_after_town: bool = False
    regions: dict[str, str] = {}
    areas: dict[str, str] = {}


class Tills(msgspec.Struct, frozen=True):
    """What `data/tills.toml` says of languages and of all countries."""

    phone_labels: str
    month_first: str
    decimal_point: str
    decimal_comma: str
    sizes: dict[str, str]
    worth: dict[str, str]
    words: dict[str, str]


@cache
def load_countries() -> dict[str, Country]:
    """Return all countries by their ISO 3166 codes."""
    return load_prepared("countries", dict[str, Country], read_countries, COUNTRIES)


def read_countries() -> dict[str, Country]:
    """Read the countries from their data file."""
    return msgspec.toml.decode(COUNTRIES.read_bytes(), type=dict[str, Country])


@cache
def load_tills() -> Tills:
    """Return the words of tills by language, and what compares countries."""
    return msgspec.toml.decode(TILLS.read_bytes(), type=Tills)


@cache
def countries_by_title() -> dict[str, str]:
    """Return the ISO 3166 code of each country's English name, by which `languages/data` calls it."""
    return {country.title: code for code, country in load_countries().items()}


@cache
def worth() -> dict[str, int]:
    """Return how many units of a currency are about a dollar, as a power of ten; those that are missing have 0."""
    return {code: int(power) for power, codes in load_tills().worth.items() for code in codes.split()}


@cache
def towns() -> frozenset[str]:
    """Return the towns of all countries, folded."""
    return frozenset(fold(town) for country in load_countries().values() for town in listed(country.cities))


def currencies_of(country: Country) -> tuple[tuple[str, str], ...]:
    """Return the country's currencies, newest first, each after its first day; the oldest has none."""
    return tuple((each.rpartition(" ")[0], each.rpartition(" ")[2]) for each in listed(country.currency))


def currency_on(country: Country, day: str) -> str:
    """Return what a country pays with on a day in ISO form; without a day, what it pays with now."""
    return next(code for first, code in currencies_of(country) if not day or day >= first)


def listed(words: str) -> list[str]:
    """Return the phrases of a list with commas."""
    return [" ".join(phrase.split()) for phrase in _COMMA.split(words.strip()) if phrase.strip()]


def fold(text: str) -> str:
    """Return the text in lower case without accents."""
    if text.isascii():
        return text.lower()
    marked = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o").replace("ı", "i"))
    return "".join(sign for sign in marked if not unicodedata.combining(sign))
