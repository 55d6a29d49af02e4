"""What a single value of a request must hold. Every complaint is a ValueError that finishes "NAME ..."."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from expensed.extraction.category.categories import CATEGORIES

MOST_DECIMALS = 3
"""No currency in use has more."""
LARGEST_AMOUNT = Decimal(10) ** 12
"""Amounts stay below it; a JSON number holds every cent of them."""
EARLIEST = datetime.date(1970, 1, 1)
MOST_DAYS_AHEAD = 366
"""A subscription is invoiced in advance."""
_NOISE = Decimal("1e-6")
_WRITTEN = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


def read_line(text: str) -> str:
    """One line of text, its white space put in order."""
    clean = " ".join(text.split())
    if not clean:
        raise ValueError("must not be empty")
    if any(unicodedata.category(character)[0] == "C" for character in clean):
        raise ValueError("must not hold control characters")
    return clean


def read_prose(text: str) -> str:
    """Some lines of text."""
    if any(unicodedata.category(character) == "Cc" and character not in "\n\r\t" for character in text):
        raise ValueError("must not hold control characters")
    return text.strip()


def read_amount(value: Any) -> Decimal:
    """A JSON number, or a plain decimal number in a string; thousands separators would have to be guessed."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number such as 52.99")
    text = value.strip() if isinstance(value, str) else repr(value)
    if isinstance(value, str) and not _WRITTEN.fullmatch(text):
        raise ValueError(
            "must be a plain number such as 52.99: a point, no comma, before the cents, and no thousands separators"
        )
    amount = Decimal(text)
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT:
        raise ValueError("is larger than any receipt")
    rounded = round(amount, MOST_DECIMALS)
    is_noise = isinstance(value, float) and abs(amount - rounded) < _NOISE  # 0.1 + 0.2, as a script adds it up
    if amount != rounded and not is_noise:
        raise ValueError(f"has more than {MOST_DECIMALS} decimals")
    return rounded


def read_date(value: Any) -> datetime.date:
    """A day in ISO form."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        raise ValueError("must be a date such as 2024-01-15: year, month, day, with hyphens")
    try:
        return datetime.date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("is not a day of the calendar") from None


def read_purchase_date(value: Any) -> datetime.date:
    """A day on which something may have been bought: a slip of the finger is not filed under the year 1800."""
    day = read_date(value)
    latest = datetime.datetime.now().astimezone().date() + datetime.timedelta(days=MOST_DAYS_AHEAD)
    if not EARLIEST <= day <= latest:
        raise ValueError(f"must lie between {EARLIEST} and {latest}; is {day} a slip?")
    return day


def read_category(value: str) -> str:
    """One of the categories, as it is spelt in the archive."""
    for name in CATEGORIES:
        if name.casefold() == value.strip().casefold():
            return name
    raise ValueError(f"must be one of: {', '.join(CATEGORIES)}")


def read_currency(value: str) -> str:
    """A code of three capital letters."""
    if not re.fullmatch(r"[A-Za-z]{3}", value.strip()):
        raise ValueError("must be three letters such as EUR")
    return value.strip().upper()


def read_object(value: dict[str, Any]) -> dict[str, Any]:
    """A JSON object that every JSON reader understands: 1e999 would come out as Infinity."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        raise ValueError("holds a number that is too large") from None
    return value


Vendor = Annotated[str, Field(max_length=200), AfterValidator(read_line)]
Amount = Annotated[Decimal, BeforeValidator(read_amount)]
Day = Annotated[datetime.date, BeforeValidator(read_date)]
PurchaseDay = Annotated[datetime.date, BeforeValidator(read_purchase_date)]
Category = Annotated[str, AfterValidator(read_category), WithJsonSchema({"type": "string", "enum": list(CATEGORIES)})]
Currency = Annotated[str, AfterValidator(read_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{3}$"})]
Description = Annotated[str, Field(max_length=2000), AfterValidator(read_prose)]
PlainObject = Annotated[dict[str, Any], AfterValidator(read_object)]
