"""Parse the values of fiscal codes strictly: ASCII digits only, real days and times, addresses that nobody fetches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from urllib.parse import unquote, urlsplit

_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_CENTS = Decimal("0.01")
_FIRST_YEAR, _LAST_YEAR = 2009, 2099
"""No dialect is older."""
_DAYS = {
    "ymd": re.compile(r"([0-9]{4})([-.]?)([0-9]{2})\2([0-9]{2})"),
    "dmy": re.compile(r"([0-9]{2})([-.]?)([0-9]{2})\2([0-9]{4})"),
}
_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]{1,9})?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def parse_amount(text: str, *, comma: bool = False) -> Decimal | None:
    """Parse an amount with a decimal point (or comma) and no more than whole cents; `1000.000` is 1000.00."""
    if comma:
        text = "" if "." in text else text.replace(",", ".")
    if not _AMOUNT.fullmatch(text):
        return None
    value = Decimal(text)
    in_cents = value.quantize(_CENTS)
    return in_cents + 0 if in_cents == value else None


def parse_day(text: str, form: str) -> date | None:
    """Parse a day of a code, in the form `ymd` or `dmy` with any one sign or none between the numbers."""
    match = _DAYS[form].fullmatch(text)
    if match is None:
        return None
    first, middle, last = int(match[1]), int(match[3]), int(match[4])
    return make_day(first, middle, last) if form == "ymd" else make_day(last, middle, first)


def make_day(year: int, month: int, day: int) -> date | None:
    """Return the day; None if the calendar has no such day, or there were no fiscal codes yet."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_clock(text: str) -> time | None:
    """Parse a time of day: `1837`, `183702`, `18:37` or `18:37:02`."""
    match = re.fullmatch(r"([0-9]{2})(:?)([0-9]{2})(?:\2([0-9]{2}))?", text)
    if match is None:
        return None
    try:
        return time(int(match[1]), int(match[3]), int(match[4] or 0))
    except ValueError:
        return None


_PAIR = re.compile(r'"([^"\\]{1,60})"\s*:\s*("[^"\\]{0,200}"|-?[0-9]{1,20}(?:\.[0-9]{1,10})?)')
_OBJECT = re.compile(rf"\s*\{{\s*{_PAIR.pattern}(?:\s*,\s*{_PAIR.pattern})*\s*\}}\s*")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date with a time, as a code writes it."""

    day: date
    clock: time
    zone: str
    """`Z`, an offset such as `+02:00`, or empty."""


def parse_stamp(text: str) -> Stamp | None:
    """Parse `2024-05-14T18:37:02`, with or without seconds, their fractions and a zone."""
    match = _STAMP.fullmatch(text)
    if match is None:
        return None
    day, clock = parse_day(match[1], "ymd"), parse_clock(match[2])
    return Stamp(day, clock, match[3] or "") if day is not None and clock is not None else None


def local_days(day: date, clock: time, offsets: Iterable[int]) -> tuple[date, ...]:
    """Return the days that a moment in UTC can be where clocks are ahead by one of these hours; the likeliest first."""
    moment = datetime.combine(day, clock, UTC)
    return tuple(dict.fromkeys((moment + timedelta(hours=hours)).date() for hours in offsets))


@dataclass(frozen=True, slots=True)
class Address:
    """The address in a code; only its text is looked at."""

    host: str
    path: str
    values: Mapping[str, str]
    """The parameters, each decoded, in their order."""


def parse_address(text: str) -> Address | None:
    """Parse a web address whose parameters stand after `?`, also within its fragment; None if one is given twice."""
    if not text.isprintable() or not text.isascii():
        return None
    try:
        parts = urlsplit(text)
        host, port, user = parts.hostname, parts.port, parts.username
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or port is not None or user is not None:
        return None
    path, query = parts.path, parts.query
    if parts.fragment:
        inner, _, query_of_fragment = parts.fragment.partition("?")
        path, query = f"{path}#{inner}", query or query_of_fragment
    values: dict[str, str] = {}
    for pair in query.split("&") if query else ():
        key, sign, value = pair.partition("=")
        if not sign or key in values:
            return None
        values[key] = unquote(value)
    return Address(host.lower(), path, values)


def parse_flat_object(text: str) -> dict[str, str] | None:
    """Parse a JSON object of plain strings and numbers, each with its digits as written; None if a name comes twice."""
    if not _OBJECT.fullmatch(text):
        return None
    pairs = [(match[1], match[2].strip('"')) for match in _PAIR.finditer(text)]
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None


def add_up(amounts: Iterable[Decimal]) -> Decimal:
    """Return the sum of amounts."""
    return sum(amounts, Decimal(0))


def parse_amounts(texts: Sequence[str], *, comma: bool = False) -> list[Decimal] | None:
    """Parse every amount; None if one of them is not an amount."""
    amounts = [parse_amount(text, comma=comma) for text in texts]
    return [each for each in amounts if each is not None] if None not in amounts else None
