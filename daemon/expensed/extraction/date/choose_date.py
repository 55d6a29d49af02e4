"""Find the date of the purchase or invoice by label, time of day and repetition, with what confirms it.

Future dates are refused; due, delivery and expiry dates are recognised by their labels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta

from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.date.around import find_rows_around
from expensed.extraction.date.calendars import find_era_dates, find_six_figures
from expensed.extraction.date.day_month_order import Order, find_order, resolve
from expensed.extraction.date.labels import (
    DateRole,
    date_role_of,
    fold,
    has_words_of,
    known_words,
    unknown_label,
    unknown_word_between,
)
from expensed.extraction.date.written_dates import Written, find_dates, find_weekdays, year_first
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import Row
from expensed.languages.scripts import LETTER, script_of

_LABEL_SCORE = {
    DateRole.ISSUED: 6.5,
    DateRole.DATED: 4.0,
    DateRole.NONE: 2.0,
    DateRole.RELATED: 1.0,
    DateRole.OTHER: -1.0,
    DateRole.DUE: -1.0,
}
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\s?(?:[ap]\.?m|uhr)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}\s?:\s?\d{2}(?!\d*[/.]\d)")
_STAMPED = re.compile(r"T\d{2}:\d{2}")
_LABEL = re.compile(rf"(?<![^\W_])(?:{LETTER}){{2,}}(?![^\W_])|(?:{LETTER}){{2}}[:.]?\s*$")
"""A word, not the letters in a number such as `VF1005193`."""
_DASH = re.compile(r"\s{0,2}[-–—~〜]\s{0,2}")
_COLUMNS = 3
"""The cells of a row that may be the head of a table."""
_COLUMN, _BEHIND = "  ", 14
"""How many letters behind a date count."""
_LAST_WORD, _NEXT_WORD = re.compile(r"[^\W\d_]{2} $"), re.compile(r",? [^\W\d_]{2}")
_LONG_NUMBER = re.compile(r"\d{6,}")
_WEEK = timedelta(days=7)
OLDEST = date(1995, 1, 1)
_OLD = timedelta(days=365 * 12)
_LEGIBLE = 0.95
_GUESSED = 3.0
"""The penalty for a date that is only guessed; any other date goes before it."""
_FORMS = ("%Y%m%d", "%y%m%d", "%d%m%Y")
"""The forms in which till numbers contain a date."""


@dataclass(frozen=True, slots=True)
class _Place:
    written: Written
    row: Row
    before: str
    role: DateRole
    has_time: bool
    weekdays: frozenset[int]
    legible: float
    """The engine's confidence in its cell."""
    unknown: str = ""
    """A label before it that is not known."""
    is_in_sentence: bool = False


def find_purchase_dates(
    rows: Sequence[Row], options: ExtractionOptions, home: str = ""
) -> tuple[list[Candidate[date]], Order]:
    """Return every date that might be the purchase's, best first, and the order of day and month.

    `home` is the currency of the seller's country, if known.
    """
    places = _places(rows, home)
    order = find_order([(place.row.text, place.written, place.role) for place in places], rows, options, home)
    latest = options.today + timedelta(days=1)
    read = [(place, _resolved(place, order, latest)) for place in places]
    possible = [(place, found) for place, found in read if found is not None and OLDEST <= found <= latest]
    counts = Counter(
        {found: len({place.row.index for place, other in possible if other == found}) for _, found in possible}
    )
    if len({found for _, found in possible}) == 1:
        possible = [(_with_label_asked(place), found) for place, found in possible]
    own = {found for place, found in possible if place.role not in (DateRole.OTHER, DateRole.DUE)}
    numbers = _long_numbers(rows) if possible else []
    best: dict[date, Candidate[date]] = {}
    for place, found in possible:
        candidate = _candidate(place, found, counts[found], len(rows), options.today, numbers)
        candidate = replace(candidate, doubt=_or_unclear(candidate.doubt, place, found, own))
        if found not in best or candidate.score > best[found].score:
            best[found] = candidate
    said = [found for place, found in possible if place.role not in (DateRole.OTHER, DateRole.DUE)]
    near = {found for place, found in possible if place.role is DateRole.RELATED}
    return _unless_misread(best_first(best.values()), Counter(said), near), order


def _unless_misread(dates: list[Candidate[date]], said: Mapping[date, int], near: Set[date]) -> list[Candidate[date]]:
    """Doubt the best date if another differs from it in one digit, is said as often, and nothing confirms the best.

    Of a date that is printed twice, as by the till and on the slip of the card, one may be misread. The days in `near`,
    of an order or a delivery, may well lie within a week of it.
    """
    best = dates[0] if dates else None
    if best is None or best.doubt or best.proof or best.value not in said:
        return dates
    others = (day for day in said if day not in near or abs(day - best.value) > _WEEK)
    other = next((day for day in others if said[day] >= said[best.value] and _differ_in_a_digit(day, best.value)), None)
    doubt = f"It is dated {best.value} and {other}, of which one may be misread."
    return dates if other is None else [replace(best, doubt=doubt), *dates[1:]]


def _differ_in_a_digit(one: date, other: date) -> bool:
    return sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True)) == 1


def find_due_date(rows: Sequence[Row], order: Order, issued: date) -> date | None:
    """Return the first day on or after the purchase that is labelled as the last day to pay."""
    read = [
        (place, resolve(place.written, order, date.max, set(place.weekdays), place.row.text))
        for place in _places(rows, order.home)
    ]
    due = [day for place, day in read if day and day >= issued and place.role is DateRole.DUE]
    return min(due, default=None)


def _resolved(place: _Place, order: Order, latest: date) -> date | None:
    return resolve(place.written, order, latest, set(place.weekdays), place.row.text)


def _places(rows: Sequence[Row], home: str) -> list[_Place]:
    script = script_of("\n".join(row.text for row in rows))
    around = find_rows_around(rows)
    places = []
    for index, row in enumerate(rows):
        dates = find_era_dates(row.text, home, script) or find_dates(row.text)
        for written in dates:
            is_around = row.index in around or _is_in_period(row.text, written, dates)
            places.append(_place(rows, index, written, is_around=is_around))
        if not dates:
            numbers = [_place(rows, index, written) for written in find_six_figures(row.text, home)]
            places += [each for each in numbers if each.role is not DateRole.NONE]
    return places


def _place(rows: Sequence[Row], index: int, written: Written, *, is_around: bool = False) -> _Place:
    row = rows[index]
    text = row.text
    around = text[max(0, written.start - 12) : written.start] + " " + text[written.end :]
    has_time = bool(_CLOCK.search(around)) or (index + 1 < len(rows) and _starts_with_time(rows[index + 1]))
    weekdays = frozenset(find_weekdays(text, written.start, written.end))
    legible = row.cells[_cell_at(row, written.start)].confidence
    before = _label(rows, index, written)
    is_other = is_around or _is_last_day(text[written.end :][:_BEHIND])
    role = DateRole.OTHER if is_other else date_role_of(before)
    if role is DateRole.NONE and index and len(rows[index - 1].cells) >= _COLUMNS:
        before = _above(rows[index - 1], row, written)
        role = date_role_of(before)
    unknown = None
    if role in (DateRole.NONE, DateRole.DATED):
        unknown = unknown_label(text[: written.start], has_colon=has_time or bool(weekdays))
    is_bare = not has_time and not weekdays
    if role is DateRole.DATED and unknown is None and is_bare:
        unknown = unknown_word_between(text[: written.start])
    in_sentence = role is DateRole.NONE and is_bare and _is_in_sentence(text, written)
    return _Place(written, row, before, role, has_time, weekdays, legible, unknown or "", in_sentence)


def _is_in_sentence(text: str, written: Written) -> bool:
    """Whether words stand right before and right behind a date."""
    before, behind = _LAST_WORD.search(text, 0, written.start), _NEXT_WORD.match(text, written.end)
    return before is not None and behind is not None


def _is_in_period(text: str, written: Written, dates: Sequence[Written]) -> bool:
    """Whether it is the first or last day of a period: `01.03.2024 - 31.03.2024`."""
    between = (
        text[min(written.end, other.end) : max(written.start, other.start)] for other in dates if other is not written
    )
    return any(_DASH.fullmatch(each) or fold(each) in known_words("period") for each in between)


def _is_last_day(behind: str) -> bool:
    """Whether the words behind a date make it the last day of something: `2024年3月5日まで`."""
    text = fold(behind)
    return any(text.startswith(word) for word in known_words("behind")) and not behind.startswith(_COLUMN)


def _long_numbers(rows: Sequence[Row]) -> list[str]:
    """Return the long numbers on a document, without its dates."""
    found = []
    for row in rows:
        text = row.text
        if _LONG_NUMBER.search(text):
            for written in find_dates(text):
                text = text[: written.start] + " " * (written.end - written.start) + text[written.end :]
            found.extend(_LONG_NUMBER.findall(text))
    return found


def _starts_with_time(row: Row) -> bool:
    match = _TIME.search(row.text[:24])
    return bool(match and ("time" in row.text[:24].lower() or match.start() < 2) and ":" in match[0])


def _label(rows: Sequence[Row], index: int, written: Written) -> str:
    """Return the words before the date in its row or, if there are none, those of the row above."""
    before = rows[index].text[: written.start]
    if _LABEL.search(before):
        return before[-48:]
    if index and rows[index - 1].page == rows[index].page and not find_dates(rows[index - 1].text):
        return _above(rows[index - 1], rows[index], written)
    return ""


def _above(upper: Row, row: Row, written: Written) -> str:
    cell = _cell_at(row, written.start)
    left, right = row.cells[cell].box[0], row.cells[cell].box[2]
    return " ".join(head.text for head in upper.cells if head.box[0] < right and head.box[2] > left)[-48:]


def _cell_at(row: Row, position: int) -> int:
    for index, cell in enumerate(row.cells):
        position -= len(cell.text) + 2
        if position < 0:
            return index
    return len(row.cells) - 1


def _doubt(place: _Place) -> str | None:
    if place.written.guess:
        return f"Its date was guessed from {place.written.guess}."
    if place.is_in_sentence:
        return f"Its date stands in a sentence: {place.row.text[:60]!r}."
    return f"What day {place.unknown!r} is, is not known." if place.unknown else None


def _with_label_asked(place: _Place) -> _Place:
    """Return the place of the only date on a paper; the word before it must be known, unless that is a weekday."""
    is_stamp = _STAMPED.match(place.row.text, place.written.end)
    if place.role is not DateRole.NONE or place.unknown or (place.weekdays and not is_stamp):
        return place
    return replace(place, unknown=unknown_label(place.row.text[: place.written.start], has_colon=False) or "")


def _or_unclear(doubt: str | None, place: _Place, found: date, days: Set[date]) -> str | None:
    """Return a doubt if the label of a date may be that of another paper's and there are other dates."""
    if doubt is not None or not days - {found} or not has_words_of("unclear", place.before):
        return doubt
    return f"Whether {place.before.strip()[-24:]!r} is the day of the purchase is not clear."


def _candidate(
    place: _Place, found: date, count: int, row_count: int, today: date, numbers: Sequence[str]
) -> Candidate[date]:
    role = place.role
    score = _LABEL_SCORE[role]
    why = "a date without a label" if role is DateRole.NONE else f"after the words {place.before.strip()[-24:]!r}"
    others = _other_readings(place, found)
    agrees = found.weekday() in place.weekdays and not any(day.weekday() in place.weekdays for day in others)
    holder = _holder(found, numbers) if not any(_holder(day, numbers) for day in others) else None
    score += 1.5 * (place.has_time and role not in (DateRole.OTHER, DateRole.DUE))
    score += min(count - 1, 2) * 0.8
    score += 0.3 * place.written.four_digit_year
    score -= _GUESSED * bool(place.written.guess)
    score -= 0.5 * place.row.text[place.written.start : place.written.end].isdecimal()  # it may be any number
    score += 0.8 * ((agrees or holder is not None) and role not in (DateRole.OTHER, DateRole.DUE))
    score -= 0.4 * place.row.index / max(row_count, 1)
    score -= 1.5 * (found < today - _OLD)
    features = {
        "labelled": float(role in (DateRole.ISSUED, DateRole.DATED)),
        "not_it": float(role in (DateRole.DUE, DateRole.OTHER, DateRole.RELATED)),
        "timed": float(place.has_time),
        "repeated": float(count > 1),
        "confirmed": float(agrees or holder is not None),
        "other_weekday": float(bool(place.weekdays) and found.weekday() not in place.weekdays),
        "short_year": float(not place.written.four_digit_year),
        "illegible": max(0.0, _LEGIBLE - place.legible),
    }
    return Candidate(
        "date", found, score, place.row.page, place.row.box, place.row.text, why, features=features,
        proof=_proof(found, agrees, holder) if not features["not_it"] else None,
        doubt=_doubt(place),
    )  # fmt: skip


def _other_readings(place: _Place, found: date) -> set[date]:
    """Return the other possible readings: day and month swapped, or the year first."""
    swapped = year_first(place.row.text[place.written.start : place.written.end])
    return {day for day in (place.written.first, place.written.second, swapped) if day is not None} - {found}


def _holder(day: date, numbers: Sequence[str]) -> str | None:
    """Return the first of the numbers that contains the day."""
    return next((number for number in numbers if any(day.strftime(form) in number for form in _FORMS)), None)


def _proof(found: date, agrees: bool, holder: str | None) -> str | None:
    if agrees:
        return f"the weekday beside it agrees: {found:%A}"
    return f"the number {holder} holds it" if holder is not None else None
