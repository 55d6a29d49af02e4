"""Dates in other calendars than the Gregorian: eras of Japan, the Republic of China, the Islamic, the Iranian calendar.

Own arithmetic, because three functions of a few lines need no library. The Iranian calendar follows its rule of 33
years, exact from 1178 to 1633 (Borkowski, The Persian calendar for 3000 years, 1996). The Islamic one is the tabular
calendar of 30 years (Dershowitz and Reingold, Calendrical Calculations, ch. 7); what is in use, such as Umm al-Qura,
may differ by a day or two, so such a date is a guess that a person looks at. Years of Thailand are read in
`written_dates`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from expensed.extraction.date.written_dates import LONGEST_LINE, REPUBLIC_OF_CHINA, Written
from expensed.languages.scripts import Script

_ERA_BY_LETTER = {"r": 2018, "令": 2018, "h": 1988, "平": 1988, "s": 1925, "昭": 1925}
_JAPANESE = re.compile(
    r"(?<![^\W_])(?P<era>[RrHhSs令平昭])\.? ?(?P<year>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})(?![\d./-])"
)
_TAIWANESE = re.compile(
    r"(?<![\d./-])(?P<year>1\d{2})(?P<sep>[./-])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![\d./-])"
)
_FOUR_FIGURES = re.compile(
    r"(?<![\d./-])(?:(?P<year>1[34]\d{2})(?P<sep>[./-])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    r"|(?P<day2>\d{1,2})(?P<sep2>[./-])(?P<month2>\d{1,2})(?P=sep2)(?P<year2>1[34]\d{2}))(?![\d./-])"
)
_SIX_FIGURES = re.compile(r"(?<![\w./-])(?P<year>\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?![\w./-])")
_FIRST_HIJRI = 1416
"""The Islamic year of 1995. Iran's years of papers since then are lower, up to 1405 in 2026."""
_ISLAMIC_HOMES = frozenset("SAR AED QAR KWD BHD OMR YER IQD JOD EGP LYD IRR AFN PKR".split())
YEAR_FIRST_SIX = frozenset(("SEK", "HUF", "JPY", "KRW", "CNY", "TWD"))
"""Currencies of countries whose invoices write `240307` for 7 March 2024."""


def find_era_dates(line: str, home: str, script: Script | None) -> list[Written]:
    """Return the dates that only papers of some countries write so: `113/03/14` in Taiwan, `R6.3.14` in Japan.

    `home` is the currency of the seller's country, if known, `script` the one that the paper is in.
    """
    text = line[:LONGEST_LINE]
    if home == "TWD":
        return list(_written(_TAIWANESE, text, lambda match: _date(REPUBLIC_OF_CHINA, match)))
    if home == "JPY" or (not home and script is Script.EASTERN):
        return list(_written(_JAPANESE, text, lambda match: _date(_ERA_BY_LETTER[match["era"].lower()], match)))
    if home in _ISLAMIC_HOMES or script is Script.ARABIC:
        return list(_islamic(text))
    return []


def find_six_figures(line: str, home: str) -> list[Written]:
    """Return the dates such as `240307`, year first, on papers of countries that write them; any number may be one."""
    if home not in YEAR_FIRST_SIX:
        return []
    return list(_written(_SIX_FIGURES, line[:LONGEST_LINE], lambda match: _date(2000, match), is_told=False))


def _written(
    pattern: re.Pattern[str], text: str, day_of: Callable[[re.Match[str]], date | None], *, is_told: bool = True
) -> Iterator[Written]:
    for match in pattern.finditer(text):
        if (day := day_of(match)) is not None:
            yield Written(day, None, match.start(), match.end(), four_digit_year=is_told)


def _date(years: int, match: re.Match[str]) -> date | None:
    try:
        return date(years + int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _islamic(text: str) -> Iterator[Written]:
    for match in _FOUR_FIGURES.finditer(text):
        year, month, day = (int(match[name] or match[f"{name}2"]) for name in ("year", "month", "day"))
        is_lunar = year >= _FIRST_HIJRI
        found = from_islamic(year, month, day) if is_lunar else from_iranian(year, month, day)
        if found is not None:
            guess = f"the Islamic date {match[0]}, to within a day or two" if is_lunar else ""
            yield Written(found, None, match.start(), match.end(), four_digit_year=True, guess=guess)


def from_iranian(year: int, month: int, day: int) -> date | None:
    """Return the day of a date in the calendar of Iran and Afghanistan; None if there is no such day."""
    if not (1178 <= year <= 1633 and 1 <= month <= 12 and 1 <= day <= _days_of_iranian(year, month)):
        return None
    days = sum(366 if _is_iranian_leap(each) else 365 for each in range(1178, year))
    days += sum(_days_of_iranian(year, each) for each in range(1, month)) + day - 1
    return date(1799, 3, 21) + timedelta(days=days)


def _is_iranian_leap(year: int) -> bool:
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)


def _days_of_iranian(year: int, month: int) -> int:
    return 31 if month <= 6 else 30 if month < 12 or _is_iranian_leap(year) else 29


def from_islamic(year: int, month: int, day: int) -> date | None:
    """Return the day of a date in the tabular Islamic calendar, to within two days of those in use."""
    if not (1 <= month <= 12 and 1 <= day <= 30):
        return None
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day
    return date.fromordinal(_ISLAMIC_EPOCH + days)


_ISLAMIC_EPOCH = 227014
"""The day before 1 Muharram of the year 1, 16 July 622 of the Julian calendar, as Python counts days."""
