"""Validation of single values in requests. Every complaint is a ValueError that completes the sentence "NAME ..."."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from expensed.extraction.category.choose_category import CATEGORIES
from expensed.model.expense import SAYABLE, Said, Value

MOST_DECIMALS = 3
"""No currency in use has more decimals."""
LARGEST_AMOUNT = Decimal(10) ** 12
"""Amounts must be below this; a JSON number holds them to the cent."""
LONGEST_SHOWN = 1000
"""Characters kept of a text that a client says it had shown."""
EARLIEST = datetime.date(1970, 1, 1)
MOST_DAYS_AHEAD = 366
"""A subscription is invoiced in advance."""
_NOISE = Decimal("1e-6")
_WRITTEN = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


def read_line(text: str) -> str:
    """Return one line of text with its white space normalized."""
    clean = " ".join(text.split())
    if not clean:
        raise ValueError("must not be empty")
    if any(unicodedata.category(character)[0] == "C" for character in clean):
        raise ValueError("must not contain control characters")
    return clean


def read_prose(text: str) -> str:
    """Return a text of one or more lines."""
    if any(unicodedata.category(character) == "Cc" and character not in "\n\r\t" for character in text):
        raise ValueError("must not contain control characters")
    return text.strip()


def read_amount(value: object) -> Decimal:
    """Read a JSON number, or a plain decimal number in a string; thousands separators would have to be guessed."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number such as 52.99")
    text = value.strip() if isinstance(value, str) else repr(value)
    if isinstance(value, str) and not _WRITTEN.fullmatch(text):
        raise ValueError(
            "must be a plain number such as 52.99, with a decimal point, not a comma, and no thousands separators"
        )
    amount = Decimal(text)
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT:
        raise ValueError("is larger than any receipt")
    rounded = round(amount, MOST_DECIMALS)
    is_noise = isinstance(value, float) and abs(amount - rounded) < _NOISE  # 0.1 + 0.2, as scripts add floats
    if amount != rounded and not is_noise:
        raise ValueError(f"has more than {MOST_DECIMALS} decimals")
    return rounded


def read_date(value: object) -> datetime.date:
    """Read a day in ISO form."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        raise ValueError("must be a date such as 2024-01-15: year, month, day, with hyphens")
    try:
        return datetime.date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("is not a calendar day") from None


def read_purchase_date(value: object) -> datetime.date:
    """Read a plausible day of purchase, so that no typo is filed under the year 1800."""
    day = read_date(value)
    latest = datetime.datetime.now().astimezone().date() + datetime.timedelta(days=MOST_DAYS_AHEAD)
    if not EARLIEST <= day <= latest:
        raise ValueError(f"must be between {EARLIEST} and {latest}; is {day} a typo?")
    return day


def read_category(value: str) -> str:
    """Return the category as it is spelled in the archive."""
    for name in CATEGORIES:
        if name.casefold() == value.strip().casefold():
            return name
    raise ValueError(f"must be one of: {', '.join(CATEGORIES)}")


def read_currency(value: str) -> str:
    """Return a code of three capital letters."""
    if not re.fullmatch(r"[A-Za-z]{3}", value.strip()):
        raise ValueError("must be three letters such as EUR")
    return value.strip().upper()


def read_object(value: dict[str, object]) -> dict[str, object]:  # JSON of a client may hold anything
    """Check that every JSON parser understands the object: 1e999 would be written as Infinity."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        raise ValueError("contains a number that is too large") from None
    return value


def read_shown(values: dict[str, object]) -> Said:  # JSON of a client
    """Return the fields of an expense that a client sent, for the record; invalid ones are left out."""
    found: dict[str, Any] = {}  # each field has its own type
    for name in SAYABLE:
        if name in values:
            with suppress(ValueError):
                found[name] = _SHOWN[name](values[name])
    return Said(**found)


def _read_shown_text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError("must be text")
    return None if value is None else value[:LONGEST_SHOWN]


def _read_shown_amount(value: object) -> Decimal | None:
    return None if value is None else read_amount(value)


def _read_shown_date(value: object) -> datetime.date | None:
    return None if value is None else read_date(value)


_SHOWN: dict[str, Callable[[object], Value | None]] = {
    **dict.fromkeys(SAYABLE, _read_shown_text),
    "amount": _read_shown_amount,
    "date": _read_shown_date,
}

Vendor = Annotated[str, Field(max_length=200), AfterValidator(read_line)]
Amount = Annotated[Decimal, BeforeValidator(read_amount)]
Day = Annotated[datetime.date, BeforeValidator(read_date)]
PurchaseDay = Annotated[datetime.date, BeforeValidator(read_purchase_date)]
Category = Annotated[str, AfterValidator(read_category), WithJsonSchema({"type": "string", "enum": list(CATEGORIES)})]
Currency = Annotated[str, AfterValidator(read_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{3}$"})]
Description = Annotated[str, Field(max_length=2000), AfterValidator(read_prose)]
PlainObject = Annotated[dict[str, object], AfterValidator(read_object)]  # JSON of a client
