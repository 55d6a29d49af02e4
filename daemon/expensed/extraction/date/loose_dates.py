"""Days that a person may see on a paper although no rule takes them for its date: what else the date might be.

They are only offered to a person, so they are found generously: day and month the other way round, six figures beside
a time, figures of the year or letters of the month misread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from expensed.extraction.candidates import Candidate
from expensed.extraction.date.choose_date import OLDEST
from expensed.extraction.page.lines import Row
from expensed.extraction.word_lists import load_word_lists

MOST = 8
_MOST_ROWS = 150
_LONGEST_ROW = 200
_MONTHS = {
    name: number
    for number, names in enumerate(load_word_lists("date", "months").values(), 1)
    for name in names
    if len(name) >= 3
}
_BETWEEN = r"(?:[./\-–,:' ]| ?[./\-–,] ?)"
_NUMERIC = re.compile(rf"(?<!\d)(?=(\d{{1,4}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{2,4}}))")
_COMPACT = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2}|20\d{2})(?=\D{1,4}\d{1,2}:\d{2})")
_DAY_NAMED = re.compile(r"(?<!\d)(?=(\d{1,2})\W{0,3}([^\W\d_]\w{2,8}?)\W{0,3}(\d{2,4}))")
_NAMED = re.compile(r"(?<![^\W\d_])(?=([^\W\d_]\w{2,8}?)\W{0,3}(\d{1,2})\W{1,3}(\d{2,4}))")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}")
_LETTER_FOR = str.maketrans("01|", "oll")


def find_loose_dates(rows: Sequence[Row], chosen: Sequence[Candidate[date]], today: date) -> list[Candidate[date]]:
    """Return other days, likeliest first: other readings of those chosen from, then those beside a time, then the rest.

    `today`: no day after the next one is returned.
    """
    latest = today + timedelta(days=1)
    first = [each.text for each in chosen]
    known = {each.value for each in chosen}
    found: dict[date, Candidate[date]] = {}
    ranked = sorted(rows[:_MOST_ROWS], key=lambda row: (row.text not in first, not _CLOCK.search(row.text)))
    for row in ranked:
        for day in _days(row.text[:_LONGEST_ROW].lower(), today):
            if OLDEST <= day <= latest and day not in known:
                found.setdefault(day, Candidate("date", day, 0.0, row.page, row.box, row.text))
    return list(found.values())[:MOST]


def _days(text: str, today: date) -> Iterator[date]:
    """Yield every day that the figures of a row may mean."""
    for match in _NUMERIC.finditer(text):
        one, two, three = match.groups()
        for year, month, day in ((three, two, one), (three, one, two), (one, two, three)):
            yield from _day(year, int(month), int(day), today)
    for match in _COMPACT.finditer(text):
        one, two, three = match.groups()
        for year, month, day in ((three, two, one), (three, one, two), (one, two, three)):
            yield from _day(year, int(month), int(day), today)
    for match in _DAY_NAMED.finditer(text):
        yield from _day(match[3], _month(match[2]), int(match[1]), today)
    for match in _NAMED.finditer(text):
        yield from _day(match[3], _month(match[1]), int(match[2]), today)


def _month(word: str) -> int:
    """Return the month of a name, or 0; digits in it may be letters: `ju1`."""
    return _MONTHS.get(word.translate(_LETTER_FOR), 0)


def _day(year: str, month: int, day: int, today: date) -> Iterator[date]:
    """Yield the day; of a year with four digits that is far off, also that of the nearest year with one other digit."""
    number = int(year)
    if len(year) == 2:
        numbers = [2000 + number]
    elif len(year) == 3:
        numbers = [2000 + number // 10]  # the next number follows without a space
    else:
        is_possible = OLDEST.year <= number <= today.year
        numbers = [number] if is_possible else [2000 + number % 100, 2000 + number // 100]
    for each in numbers:
        try:
            yield date(each, month, day)
        except ValueError:
            continue
