"""The words of each country's receipts: what the tables in `words/` hold, as types."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

WORDS = Path(__file__).parent / "words"
SCRIPTS = ("Cyrillic", "Greek", "Arabic", "Hebrew", "Thai", "Devanagari", "Han", "Japanese", "Korean")
CONTROL = "Latin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """How one country's receipts are worded.

    In all texts `#` stands for a random digit and `|` divides a label from its value. `{city}`, `{street}`,
    `{proper}`, `{trade}`, `{surname}`, `{person}` are drawn from the lists of these names; what a name has in brackets
    it may do without. Dates and times are made of `{d} {dd} {m} {mm} {month} {yy} {yyyy} {HH} {MM} {SS} {hh} {ampm}`.
    A list of styles is drawn from evenly; one that is more frequent stands there more than once.
    """

    language: str
    currency: str
    numbers: tuple[str, ...]
    """How 1234.5 is written; the number of decimals is the currency's on a receipt."""
    marks: tuple[str, ...]
    """How the currency stands beside a total: `{}` is the number."""
    prices: tuple[float, float]
    """The price of one article, from and to."""
    step: str
    """What prices are multiples of."""
    notes: tuple[int, ...]
    """What people pay with: cash is the next multiple of one of these."""
    taxes: tuple[str, ...]
    """Rates in percent."""
    on_top: float = 0.0
    """The share of receipts on which the tax is added to the sum."""
    names: tuple[str, ...]
    proper: tuple[str, ...]
    trade: tuple[str, ...]
    surname: tuple[str, ...] = ("",)
    person: tuple[str, ...]
    legal: tuple[str, ...]
    """The line of the company behind a shop, where one is printed."""
    address: tuple[str, ...]
    city: tuple[str, ...]
    street: tuple[str, ...]
    contact: tuple[str, ...]
    heading: tuple[str, ...]
    dates: tuple[str, ...]
    times: tuple[str, ...]
    months: tuple[str, ...] = ()
    ampm: tuple[str, str] = ("AM", "PM")
    number: tuple[str, ...]
    cashier: tuple[str, ...]
    columns: tuple[tuple[str, str, str, str], ...]
    """Article, quantity, price, sum."""
    items: tuple[str, ...]
    subtotal: tuple[str, ...]
    discount: tuple[str, ...]
    tax: tuple[str, ...]
    """`{rate}` is the rate in percent."""
    total: tuple[str, ...]
    cash: tuple[str, ...]
    change: tuple[str, ...]
    card: tuple[str, ...]
    thanks: tuple[str, ...]
    digits: str = "0123456789"
    """The country's own digits."""
    own_digits: float = 0.0
    """The share of receipts printed with them."""
    point: str = "."
    """The decimal point among its own digits."""

    @property
    def texts(self) -> list[str]:
        """Every text that may be printed."""
        values = (getattr(self, name) for name in self.__dataclass_fields__)
        return [text for value in values for text in _flat(value)]


@cache
def load_countries(script: str) -> tuple[Country, ...]:
    """Load the countries of one script; raises msgspec.ValidationError if a table does not hold what it must."""
    table = tomllib.loads((WORDS / f"{script.lower()}.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table["country"], tuple[Country, ...])


def _flat(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for each in value for text in _flat(each)] if isinstance(value, tuple) else []
