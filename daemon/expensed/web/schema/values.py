"""Validation of single values in requests. Every complaint is a ValueError that completes the sentence "NAME ..."."""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from expensed.model.categories import CATEGORIES, STANDARD, Categories
from expensed.model.expense import LISTS, SAYABLE, Said, Value
from expensed.model.reading import Box
from expensed.model.text import fold_letters
from expensed.web.schema.typed_input import (
    EARLIEST,
    MOST_DAYS_AHEAD,
    parse_amount,
    parse_category,
    parse_currency,
    parse_day,
    parse_first_day,
    parse_last_day,
)

MOST_DECIMALS = 3
"""No currency in use has more decimals."""
LARGEST_AMOUNT = Decimal(10) ** 12
"""Amounts must be below this; a JSON number holds them to the cent."""
DAY_FIRST = "day_first"
"""The key, in the context of a validation, of how the settings say that 03/04/2024 is read."""
KNOWN_CATEGORIES = "categories"
"""The key of the categories in force."""
USED_CATEGORIES = "used"
"""The key of the names of the categories that documents have, among them those that only a folder named."""
LONGEST_DATE = 40
LONGEST_SHOWN = 1000
"""Characters kept of a text that a client says it had shown."""
_NOISE = Decimal("1e-6")


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


def read_amount(value: object, currency: str | None = None) -> Decimal:
    """Read a JSON number, or text as people type it; `currency` is the one given beside it, if any."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number such as 52.99")
    amount = parse_amount(value, currency) if isinstance(value, str) else Decimal(repr(value))
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT:
        raise ValueError("is larger than any receipt")
    rounded = round(amount, MOST_DECIMALS)
    is_noise = isinstance(value, float) and abs(amount - rounded) < _NOISE  # 0.1 + 0.2, as scripts add floats
    if amount != rounded and not is_noise:
        raise ValueError(f"has more than {MOST_DECIMALS} decimals")
    return rounded


def read_amount_of_its_currency(value: object, info: ValidationInfo) -> Decimal:
    """Read an amount beside the currency of the same request, which may settle how it is written."""
    return read_amount(value, info.data.get("currency"))


def read_date(value: object, info: ValidationInfo | None = None) -> datetime.date:
    """Read a day as people type it."""
    return parse_day(_text_of_day(value), _today(), _is_day_first(info))


def read_first_day(value: object, info: ValidationInfo) -> datetime.date:
    """Read a day, or the first one of a month or year."""
    return parse_first_day(_text_of_day(value), _today(), _is_day_first(info))


def read_last_day(value: object, info: ValidationInfo) -> datetime.date:
    """Read a day, or the last one of a month or year."""
    return parse_last_day(_text_of_day(value), _today(), _is_day_first(info))


def read_purchase_date(value: object, info: ValidationInfo) -> datetime.date:
    """Read a plausible day of purchase, so that no typo is filed under the year 1800."""
    day = read_date(value, info)
    latest = _today() + datetime.timedelta(days=MOST_DAYS_AHEAD)
    if not EARLIEST <= day <= latest:
        raise ValueError(f"must be between {EARLIEST} and {latest}; is {day} a typo?")
    return day


def read_moment(value: object) -> datetime.datetime:
    """Read a time in ISO form, in the local zone if it names none; a day stands for its beginning."""
    try:
        return datetime.datetime.fromisoformat(value if isinstance(value, str) else "").astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be a time such as 2024-01-15T14:30, or a day") from None


def _text_of_day(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a date such as 2024-01-15 or 15.1.2024")
    return value[:LONGEST_DATE]


def _today() -> datetime.date:
    return datetime.datetime.now().astimezone().date()


def _is_day_first(info: ValidationInfo | None) -> bool | None:
    """Return how the settings say that 03/04/2024 is read; None if they leave it open."""
    return info.context.get(DAY_FIRST) if info is not None and info.context else None


def read_category(value: str, info: ValidationInfo) -> str:
    """Return the category as it is spelled in the archive."""
    known = _known_categories(info)
    used: Sequence[str] = (info.context or {}).get(USED_CATEGORIES, ())
    if value in used:
        return value
    folded = fold_letters(value)
    found = known.find(value) or next((each for each in used if fold_letters(each) == folded), None)
    return found or parse_category(value, known.names)


def _known_categories(info: ValidationInfo) -> Categories:
    known = info.context.get(KNOWN_CATEGORIES) if info.context else None
    return known if isinstance(known, Categories) else STANDARD


def read_box(value: object) -> Box:
    """Read `0.1,0.2,0.5,0.25` as a box that is not empty, in fractions of the page."""
    try:
        left, top, right, bottom = map(float, str(value).split(","))
    except ValueError:
        raise ValueError("must be four numbers with commas between them: left, top, right, bottom") from None
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise ValueError("must lie between 0 and 1, its left before its right and its top above its bottom")
    return left, top, right, bottom


def read_object(value: dict[str, object]) -> dict[str, object]:  # JSON of a client may hold anything
    """Check that every JSON parser understands the object: 1e999 would be written as Infinity."""
    try:
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        raise ValueError("contains a number that is too large") from None
    return value


def read_shown(values: dict[str, object]) -> Said:  # JSON of a client
    """Return the fields of an expense that a client sent, for the record; lists and what is invalid are left out."""
    found: dict[str, Any] = {}  # each field has its own type
    for name, read in _SHOWN.items():
        if name in values:
            with suppress(ValueError):
                found[name] = read(values[name])
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
    **dict.fromkeys((name for name in SAYABLE if name not in LISTS), _read_shown_text),
    "amount": _read_shown_amount,
    "date": _read_shown_date,
}


def _typed(description: str, *examples: str) -> WithJsonSchema:
    """Describe text as people type it, which no format or list of values covers."""
    return WithJsonSchema({"type": "string", "description": description, "examples": list(examples)})


Name = Annotated[str, Field(max_length=200), AfterValidator(read_line)]
Amount = Annotated[Decimal, BeforeValidator(read_amount_of_its_currency)]
FirstDay = Annotated[
    datetime.date,
    BeforeValidator(read_first_day),
    _typed(
        "A day as people type it, or a month or year, for its first day.", "2024-01-15", "15.1.2024", "2024-01", "2024"
    ),
]
LastDay = Annotated[
    datetime.date,
    BeforeValidator(read_last_day),
    _typed(
        "A day as people type it, or a month or year, for its last day.", "2024-12-31", "31.12.2024", "2024-12", "2024"
    ),
]
Moment = Annotated[
    datetime.datetime,
    BeforeValidator(read_moment),
    _typed(
        "A time in ISO form, in the daemon's zone if it names none; a day stands for its beginning.",
        "2024-01-15T14:30:00+01:00",
        "2024-01-15 14:30",
        "2024-01-15",
    ),
]
PurchaseDay = Annotated[
    datetime.date,
    BeforeValidator(read_purchase_date),
    _typed("A day as people type it.", "2024-01-15", "15.1.2024"),
]
Category = Annotated[
    str,
    AfterValidator(read_category),
    _typed("The name of a category, or a word of it.", *CATEGORIES, "software"),
]
Currency = Annotated[
    str,
    AfterValidator(parse_currency),
    _typed("An ISO 4217 code, or a sign such as €.", "EUR", "€"),
]
BoxOfPage = Annotated[
    Box, BeforeValidator(read_box), _typed("Four fractions with commas between them.", "0.1,0.2,0.5,0.25")
]
Description = Annotated[str, Field(max_length=2000), AfterValidator(read_prose)]
PlainObject = Annotated[dict[str, object], AfterValidator(read_object)]  # JSON of a client
