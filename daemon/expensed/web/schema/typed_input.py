"""Understand amounts, dates, currencies and categories as people type them, in any usual style.

All functions are pure. What has two readings is refused, never guessed. Every complaint is a ValueError that completes
the sentence "NAME ...".
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Sequence
from decimal import Decimal

from expensed.extraction.date.written_dates import Written, find_dates
from expensed.languages.signs import SHARED_SIGNS, SIGNS
from expensed.model.money import is_currency, minor_units
from expensed.model.text import fold_letters

MOST_DAYS_AHEAD = 366
"""A subscription is invoiced in advance."""
EARLIEST = dt.date(1970, 1, 1)
_MARKS = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "−": "-", "–": "-", "\xa0": " ", "\u202f": " "})
_AMOUNT = re.compile(
    r"(?P<minus>[+-]?) ?(?P<before>[^\d\s.,'+-]*\.?) ?(?P<inner>[+-]?) ?"
    r"(?P<number>[0-9](?:[0-9.,' ]*[0-9])?|[.,][0-9]+) ?(?P<after>[^\d+-]*)"
)
_NO_CENTS = re.compile(r"(?<=[0-9])([.,]) ?-{1,2}(?![0-9-])")
"""The dash of `34,-`, which stands for no cents."""
_TYPED_SIGNS = {"zl": "PLN", "kc": "CZK", "euros": "EUR"}
"""What people type for a sign, but no receipt prints."""
_WHOLE = re.compile(r"[0-9]{1,15}")
_DECIMAL = re.compile(r"([0-9]{0,15})[.,]([0-9]{1,15})")
_GROUPED = re.compile(r"([0-9]{1,3})(?P<by>[.,' ])([0-9]{3}(?:(?P=by)[0-9]{3}){0,4})(?:(?!(?P=by))[.,]([0-9]{1,15}))?")
_GROUPED_IN_INDIA = re.compile(r"([0-9]{1,2}),([0-9]{2}(?:,[0-9]{2}){0,4},[0-9]{3})(?:\.([0-9]{1,15}))?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MONTH = re.compile(r"(?P<year>(?:19|20)[0-9]{2})[-./](?P<month>[0-9]{1,2})")
_MONTH_FIRST = re.compile(r"(?P<month>[0-9]{1,2})[-./](?P<year>(?:19|20)[0-9]{2})")
_SHORT_DATE = re.compile(r"([0-9]{1,2}) ?[./-] ?([0-9]{1,2}) ?[./-] ?([0-9]{2})")
_FEWEST_LETTERS = 3
"""A shorter beginning of a category's name says too little."""


def parse_amount(text: str, currency: str | None = None) -> Decimal:
    """Read `34.73`, `34,73`, `1.234,56`, `1'234.50`, `34.73 EUR` or `€34.73`; `currency` is the one given beside it.

    A number such as 1,234 is refused, unless it is 1.234 and the currency has three decimals.
    """
    match = _match_amount(text)
    own = _read_currency_of(match, currency)
    if own is not None and currency is not None and own != currency:
        raise ValueError(f"is in {own}, but the currency given is {currency}")
    value = _parse_number(match["number"], own or currency)
    return -value if "-" in (match["minus"], match["inner"]) else value


def name_currency(text: str) -> str | None:
    """Return the currency that is typed beside an amount; None if there is none, or it cannot be understood."""
    try:
        return _read_currency_of(_match_amount(text), None)
    except ValueError:
        return None


def _match_amount(text: str) -> re.Match[str]:
    match = _AMOUNT.fullmatch(_NO_CENTS.sub(r"\g<1>00", " ".join(_plain(text).split())))
    if match is None or (match["minus"] and match["inner"]):
        raise ValueError(_ASK_FOR_AMOUNT)
    return match


_ASK_FOR_AMOUNT = "must be an amount such as 34.73 or 34,73, alone or with its currency"


def _plain(text: str) -> str:
    """Return the text with ordinary digits, also for those of other scripts, spaces, hyphens and apostrophes."""
    digits = "".join(f"{unicodedata.decimal(sign, sign)}" for sign in unicodedata.normalize("NFKC", text))
    return digits.translate(_MARKS).strip()


def _read_currency_of(match: re.Match[str], given: str | None) -> str | None:
    """Return the currency before or after the number; a sign of several currencies may stand beside one of them."""
    signs = [sign for sign in (match["before"].strip(), match["after"].strip()) if sign]
    if not signs:
        return None
    if len(signs) > 1:
        raise ValueError(_ASK_FOR_AMOUNT)
    shared = _list_shared(signs[0])
    if given is not None and given in shared:
        return given
    if shared:
        raise ValueError(f"needs the currency's code: {signs[0]} may mean {_or(shared)}")
    try:
        return parse_currency(signs[0])
    except ValueError as error:
        raise ValueError(f"has a currency that {error}") from None


def _parse_number(digits: str, currency: str | None) -> Decimal:
    if _WHOLE.fullmatch(digits):
        return Decimal(digits)
    if (match := _GROUPED.fullmatch(digits)) is not None and not digits.startswith("0"):
        whole = match[1] + re.sub(r"\D", "", match[3])
        if match[4] is None and len(match[3]) == 3 and match["by"] in ".,":
            return _settle_thousands(digits, whole, currency)
        return Decimal(f"{whole}.{match[4] or 0}") if match[4] else Decimal(whole)
    if (match := _GROUPED_IN_INDIA.fullmatch(digits)) is not None:
        whole = match[1] + match[2].replace(",", "")
        return Decimal(f"{whole}.{match[3]}") if match[3] else Decimal(whole)
    if (match := _DECIMAL.fullmatch(digits)) is not None:
        return Decimal(f"{match[1] or 0}.{match[2]}")
    raise ValueError(_ASK_FOR_AMOUNT)


def _settle_thousands(digits: str, whole: str, currency: str | None) -> Decimal:
    """Read `1.234`: a point is one of decimals if the currency has three; anything else has two readings."""
    small = digits.replace(",", ".")
    if digits == small and currency is not None and minor_units(currency) == 3:
        return Decimal(small)
    units = None if currency is None else minor_units(currency)
    large = whole if units == 0 else f"{whole}.00"
    other = f", or {small}0 if that is meant" if units is None or units > 2 else ""
    raise ValueError(f"may mean {whole} or {small}: write {large}{other}")


def parse_currency(text: str) -> str:
    """Read a code such as `EUR`, in any case, or a sign that only one currency has, such as `€`."""
    typed = " ".join(_plain(text).split())
    code = typed.upper()
    if len(code) == 3 and is_currency(code):
        return code
    sign, shared = _find_sign(typed), _list_shared(typed)
    if shared:
        raise ValueError(f"must be a code: {typed} may mean {_or(shared)}")
    if is_currency(sign):
        return sign
    if re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(f"must be the code of a currency, such as EUR or USD; {code} is not one")
    raise ValueError("must be three letters such as EUR")


def _find_sign(typed: str) -> str:
    """Return the currency of a sign, or the usual spelling of a sign that several currencies share."""
    folded = typed.casefold()
    bare = folded.rstrip(".")
    return SIGNS.get(folded) or SIGNS.get(bare) or _TYPED_SIGNS.get(bare) or typed


def _list_shared(typed: str) -> Sequence[str]:
    """Return the currencies that share a sign; empty if it is not such a sign."""
    return SHARED_SIGNS.get(typed) or SHARED_SIGNS.get(_find_sign(typed), ())


def parse_category(text: str, categories: Sequence[str]) -> str:
    """Return the category that is meant: its name in any case, or the beginnings of words that only it has."""
    wanted = fold_letters(text)
    for name in categories:
        if fold_letters(name) == wanted:
            return name
    words = [word for word in map(fold_letters, re.split(r"[\s&/,+-]+", text)) if word not in ("", "and")]
    found = [name for name in categories if words and all(_begins_a_word(word, name) for word in words)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"may mean {_or(found)}")
    parts = {part.casefold(): name for name in categories for part in (name, *name.split(" & "))}
    near = difflib.get_close_matches(text.strip().casefold(), list(parts), n=1, cutoff=0.75)
    asked = f"; did you mean {parts[near[0]]}?" if near else ""
    raise ValueError(f"must be one of: {', '.join(categories)}{asked}")


def _begins_a_word(word: str, name: str) -> bool:
    return len(word) >= _FEWEST_LETTERS and any(fold_letters(part).startswith(word) for part in name.split())


def parse_day(text: str, today: dt.date, day_first: bool | None = None) -> dt.date:
    """Read `2018-09-25`, `25.9.2018`, `25/9/2018` or `25 Sep 2018`; `day_first` settles `3/4/2018` if it is known.

    Between points the day always stands first; between other marks the year may, if it has two digits. A date without
    its century is taken only if a single reading of it is neither in the future nor older than receipts are.
    """
    typed = _plain(text)
    if _ISO.fullmatch(typed):
        return _check_calendar(typed)
    written = find_dates(typed)
    whole = typed.rstrip(". ")
    if len(written) != 1 or (written[0].start, written[0].end) not in ((0, len(typed)), (0, len(whole))):
        raise ValueError("must be a date such as 2024-01-15 or 15.1.2024")
    readings = _list_readings(whole, written[0], today, day_first)
    if len(readings) > 1:
        said, codes = _or([f"{day.day} {day:%B} {day.year}" for day in readings]), _or([*map(str, readings)])
        raise ValueError(f"may mean {said}: write {codes}")
    return readings[0]


def _check_calendar(typed: str) -> dt.date:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        raise ValueError("is not a calendar day") from None


def _list_readings(typed: str, written: Written, today: dt.date, day_first: bool | None) -> list[dt.date]:
    """Return the days that a date may mean, at least one."""
    if "." in typed:
        day_first = True
    order = (written.second, written.first) if day_first is False else (written.first, written.second)
    readings = [day for day in order if day is not None][: 2 if day_first is None else 1]
    if (short := _SHORT_DATE.fullmatch(typed)) is not None:
        readings += [] if "." in typed else _read_year_first(short)
        latest = today + dt.timedelta(days=MOST_DAYS_AHEAD)
        possible = [day for day in readings if EARLIEST <= day <= latest]
        if not possible:
            raise ValueError(f"must be between {EARLIEST} and {latest}; is {readings[0]} a typo?")
        readings = possible
    return list(dict.fromkeys(readings))


def _read_year_first(short: re.Match[str]) -> list[dt.date]:
    year, month, day = map(int, short.groups())
    try:
        return [dt.date(2000 + year, month, day)]
    except ValueError:
        return []


def parse_first_day(text: str, today: dt.date, day_first: bool | None = None) -> dt.date:
    """Read a day, or the first day of a year such as `2018` or a month such as `2018-09`."""
    year, month = _read_period(text)
    return dt.date(year, month or 1, 1) if year else parse_day(text, today, day_first)


def parse_last_day(text: str, today: dt.date, day_first: bool | None = None) -> dt.date:
    """Read a day, or the last day of a year or month."""
    year, month = _read_period(text)
    if not year:
        return parse_day(text, today, day_first)
    return dt.date(year, month or 12, monthrange(year, month or 12)[1])


def _read_period(text: str) -> tuple[int, int]:
    """Return the year and month of a period, each 0 if it names none."""
    typed = _plain(text)
    if _YEAR.fullmatch(typed):
        return int(typed), 0
    match = _MONTH.fullmatch(typed) or _MONTH_FIRST.fullmatch(typed)
    if match is None or not 1 <= int(match["month"]) <= 12:
        return 0, 0
    return int(match["year"]), int(match["month"])


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
