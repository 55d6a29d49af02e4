"""Decide how to read a numeric date: day or month first, and whether two digits at its start are the year.

The setting decides, then a weekday beside the date, another date of the same style, then the country's habit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from expensed.extraction.candidates import Candidate
from expensed.extraction.country.countries import without_customer
from expensed.extraction.country.places import STATE_AND_ZIP
from expensed.extraction.date.labels import DateRole
from expensed.extraction.date.tax_periods import Regime, find_regimes, is_in_force
from expensed.extraction.date.written_dates import BUDDHIST, Written, find_dates, year_first
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import Row
from expensed.languages.scripts import Script, script_of

_HABIT = 0.985
"""The certainty that a country's habit gives: 2 of 120 Malaysian receipts put the month first."""
_SETTLED = 0.998
"""The same if a weekday, a document number or a date of the same style agrees."""
_DOUBTED_YEAR = 0.9
_MONTH_FIRST_COUNTRY = re.compile(
    r"\b(?:[A-Z]{2},? \d{5}(?:-\d{4})?|USA|U\.S\.A|United States|sales tax|state tax)\b"
    r"|\(\s?\d{3}\s?\) ?\d{3} ?- ?\d{4}"
    r"|(?<!\d)\d{3}-\d{3}-\d{4}(?!\d)"
)
_MONTH_FIRST_CLUE = re.compile(
    rf"{STATE_AND_ZIP}|\bUSA\b|U\.S\.A|United States|(?i:sales tax|state tax|philippines|\bmanila\b|\bPHP\b)|₱"
)
_AMERICAN_KINDS = (
    re.compile(STATE_AND_ZIP),
    re.compile(r"\bUSA\b|U\.S\.A|United States|(?i:sales tax|state tax)"),
    re.compile(r"\(\s?\d{3}\s?\) ?\d{3} ?- ?\d{4}|(?<!\d)\d{3}-\d{3}-\d{4}(?!\d)"),
    re.compile(r"\$ ?\d"),
)
_FILIPINO = re.compile(r"philippines|\bmanila\b|\bPHP\b|₱", re.IGNORECASE)
_POINTS_USUAL = re.compile(r"\b(?:GmbH|MwSt|Deutschland|Germany|Österreich|Austria)\b", re.IGNORECASE)
_WEAK_HINT = re.compile(r"€|\b(?:EUR|VAT)\b", re.IGNORECASE)
_LONG_BEFORE = timedelta(days=365 * 2)
"""Other readings further back than this are not considered."""
_DAY_FIRST_HINT = re.compile(
    r"€|£|\b(?:EUR|GBP|CHF|RM|MYR|SGD|INR|AUD|NZD|GST|VAT|MwSt|USt|TVA|IVA|BTW|Sdn|Bhd|GmbH|Ltd)\b", re.IGNORECASE
)
_TWELVE_HOURS = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)
_BARE_HALF = re.compile(r"\d:\d\d ?[ap]\b(?!\.?m)", re.IGNORECASE)
"""`8:43p`, as hardly any but American tills write the time."""
_STYLE = re.compile(r"(\d{1,2}) ?([./\-–,]) ?(\d{1,2}) ?[./\-–,] ?(\d{2,4})")
YEAR_FIRST = frozenset(("JPY", "CNY", "TWD", "KRW", "HUF", "SEK"))
"""Currencies of countries in which `24/05/12` is in 2024."""
_WITH_DASHES = frozenset(("SEK",))
"""Those that do so with dashes only: `24-05-12`, but `12/5 2024` (Unicode CLDR and SIS, Sweden)."""
_YEAR_MAY_BE_FIRST = frozenset(("CAD", "ZAR", "LKR"))
"""Countries in which both are usual: the year comes first if the first figure is no month."""
_DAY_FIRST = frozenset(
    "EUR GBP CHF MYR SGD AUD NZD INR PKR LKR PLN CZK RON BGN TRY DKK NOK RUB UAH BRL MXN ARS CLP COP PEN IDR THB VND "
    "ILS AED SAR EGP ZAR KES NGN MAD QAR KWD BHD OMR JOD IQD LBP TND DZD RSD MKD KZT BYN NPR HKD".split()
)
"""Currencies of countries in which the day comes first (Unicode CLDR, short dates)."""
_FIRST_BUDDHIST = 2060
"""Two digits from 60 on, read as years after 2000: no paper is that far ahead, but the Buddhist 2560 was 2017."""
_DAY_FIRST_SCRIPTS = frozenset(Script) - {Script.EASTERN}
_LONGEST_TERM = timedelta(days=120)
_MOST_TEXT = 20_000
Labelled = tuple[str, Written, DateRole]
"""The text of a date's row, the date as written, and the role that its label gives."""


@dataclass(frozen=True, slots=True)
class Order:
    """Whether the day comes first in ambiguous dates, and the certainty of that, 0..1."""

    day_first: bool
    certainty: float
    is_mixed: bool = False
    """Whether something suggests the USA or the Philippines, or slashes appear where points are usual."""
    styles: frozenset[str] = frozenset()
    """The styles of dates on the document that have only one reading."""
    home: str = ""
    """The currency of the seller's country, if known."""
    is_buddhist: bool = False
    """Whether two digits may be a year of the calendar of Thailand."""
    year_first: bool = False
    """Whether the first of three pairs of digits is the year."""
    regimes: list[Regime] = field(default_factory=list)
    """The taxes on the document, with the periods in which they were in force."""


def find_order(dates: Sequence[Labelled], rows: Sequence[Row], options: ExtractionOptions, home: str = "") -> Order:
    """Return the order of day and month in a document's dates, which come with their row's text and their role.

    `home` is the currency of the seller's country, if known.
    """
    text = "\n".join(row.text for row in without_customer(rows))[:_MOST_TEXT]
    order = _order([(line, written) for line, written, _ in dates], text, options, home)
    if order.certainty < 1.0 and (day_first := _order_by_due(dates)) is not None:
        styles = frozenset(_style(line, written) for line, written, _ in dates) - {""}
        order = Order(day_first, _HABIT, order.is_mixed, styles)
    return Order(
        order.day_first, order.certainty, order.is_mixed, order.styles, home,
        is_buddhist=home == "THB" or script_of(text) is Script.THAI,
        year_first=home in YEAR_FIRST, regimes=find_regimes(home, text) if home else [],
    )  # fmt: skip


def _order_by_due(dates: Sequence[Labelled]) -> bool | None:
    """Return whether the day comes first, if only one order puts the due date after the invoice's; else None.

    The two dates must have the same style.
    """
    issued = [(line, each) for line, each, role in dates if role is DateRole.ISSUED and each.is_ambiguous]
    due = [(line, each) for line, each, role in dates if role is DateRole.DUE and each.is_ambiguous]
    fits: dict[bool, bool] = {True: True, False: True}
    pairs = [(one, other) for one in issued for other in due if _separator(*one) == _separator(*other)]
    for (_, one), (_, other) in pairs:
        for day_first in (True, False):
            first, last = (one.first, other.first) if day_first else (one.second, other.second)
            fits[day_first] &= first is not None and last is not None and timedelta(0) <= last - first <= _LONGEST_TERM
    if not pairs or fits[True] == fits[False]:
        return None
    return fits[True]


def _separator(line: str, written: Written) -> str:
    return _style(line, written)[:1]


def _order(dates: Sequence[tuple[str, Written]], text: str, options: ExtractionOptions, home: str) -> Order:
    if options.day_first in ("yes", "no"):
        return Order(options.day_first == "yes", 1.0)
    day = [_style(line, each) for line, each in dates if each.second is None and _style(line, each)]
    month = [_style(line, each) for line, each in dates if each.first is None]
    if len(day) != len(month):
        certain = day if len(day) > len(month) else month
        return Order(len(day) > len(month), _HABIT, styles=frozenset(certain) if not (day and month) else frozenset())
    if _MONTH_FIRST_CLUE.search(text):
        return _mixed_order(text)
    if home in _DAY_FIRST:
        return Order(True, _HABIT, is_mixed=bool(_POINTS_USUAL.search(text)))
    if script_of(text) in _DAY_FIRST_SCRIPTS:
        return Order(True, _HABIT)
    is_likely_american = "$" in text or _BARE_HALF.search(text) is not None
    american = len(_MONTH_FIRST_COUNTRY.findall(text)) + 0.5 * is_likely_american
    other = len(_DAY_FIRST_HINT.findall(text))
    if american > other:
        return Order(False, 0.95 if american >= 1 else 0.7)
    return Order(True, _HABIT if other >= 2 else 0.95 if other else 0.75, is_mixed=bool(_POINTS_USUAL.search(text)))


def _mixed_order(text: str) -> Order:
    """Return the order if the USA or the Philippines are named; sure only if nothing suggests another country.

    Their documents also go to other countries, and name them.
    """
    kinds = sum(bool(pattern.search(text)) for pattern in _AMERICAN_KINDS)
    if kinds >= 2 and not _DAY_FIRST_HINT.search(text) and not _FILIPINO.search(text):
        return Order(False, 0.996, is_mixed=True)
    american = len(_MONTH_FIRST_COUNTRY.findall(text)) + len(_MONTH_FIRST_CLUE.findall(text))
    other = len(_DAY_FIRST_HINT.findall(_WEAK_HINT.sub(" ", text)))
    return Order(other > american, 0.95 if american != other else 0.7, is_mixed=True)


def _style(line: str, written: Written) -> str:
    """Return the separator and the length of the year, such as `/4`; empty if the date is not numeric."""
    match = _STYLE.fullmatch(line[written.start : written.end].strip())
    return f"{match[2]}{len(match[4])}" if match else ""


def resolve(written: Written, order: Order, latest: date, weekdays: set[int], line: str = "") -> date | None:
    """Return the reading of a date as written: the one that matches a weekday beside it, else the preferred one."""
    if order.is_buddhist and not written.four_digit_year:
        written = replace(written, first=_from_buddhist(written.first), second=_from_buddhist(written.second))
    readings = [each for each in (written.first, written.second) if each is not None and each <= latest]
    named = [each for each in readings if each.weekday() in weekdays]
    if len(named) == 1:
        return named[0]
    text = line[written.start : written.end]
    if not written.four_digit_year and _is_year_first(text, written, order):
        swapped = year_first(text)
        if swapped is not None and swapped <= latest:
            return swapped
    preferred, other = (written.first, written.second) if order.day_first else (written.second, written.first)
    if preferred is None or preferred > latest:
        return other
    return preferred


def _is_year_first(text: str, written: Written, order: Order) -> bool:
    if order.home in _WITH_DASHES:
        return "-" in text
    return order.year_first or (order.home in _YEAR_MAY_BE_FIRST and written.second is None)


def _from_buddhist(day: date | None) -> date | None:
    """Return the day that two digits of a Buddhist year mean: 68, read as 2068, is the year 2568, which is 2025."""
    if day is None or day.year < _FIRST_BUDDHIST:
        return day
    try:
        return day.replace(year=day.year + 500 - BUDDHIST)
    except ValueError:
        return None


def year_certainty(candidate: Candidate[date], rows: Sequence[Row], order: Order, today: date) -> float:
    """Return the certainty that the position of the year was read correctly: `23/11/15` may be in 2023.

    Another date settles it, or a tax on the document that was in force only then.
    """
    texts = [candidate.text[each.start : each.end] for each in _written_at(candidate)]
    if any(each.first != candidate.value for each in _written_at(candidate)) and any(
        year_first(text) == candidate.value for text in texts
    ):
        return 1.0 if _is_written_elsewhere(candidate, rows) else 0.97
    swapped = [year_first(text) for text in texts]
    earliest = candidate.value - _LONG_BEFORE
    if not swapped or any(other is None or not earliest < other <= today for other in swapped):
        return 1.0
    if _is_written_elsewhere(candidate, rows) or candidate.value in swapped:
        return 1.0
    return _SETTLED if _is_settled(candidate, order, [other for other in swapped if other]) else _DOUBTED_YEAR


def _is_settled(candidate: Candidate[date], order: Order, others: Sequence[date]) -> bool:
    """Whether a weekday or a number confirms the date, or a tax on the document was in force only then."""
    if candidate.features.get("confirmed"):
        return True
    is_taxed = bool(order.regimes) and is_in_force(candidate.value, order.regimes)
    return is_taxed and not any(is_in_force(other, order.regimes) for other in others)


def _is_written_elsewhere(candidate: Candidate[date], rows: Sequence[Row]) -> bool:
    return any(
        each.four_digit_year and candidate.value in (each.first, each.second)
        for row in rows
        for each in find_dates(row.text)
    )


def _written_at(candidate: Candidate[date]) -> list[Written]:
    """Return the dates in the candidate's row that may be it."""
    return [
        each
        for each in find_dates(candidate.text)
        if candidate.value in (each.first, each.second, year_first(candidate.text[each.start : each.end]))
    ]


def order_certainty(candidate: Candidate[date], order: Order) -> float:
    """Return the certainty that day and month were not swapped; 1.0 if the date has only one reading.

    Padded digits without AM or PM are rarely month first outside the USA; `1/2/2017 9:05 AM` often is, because programs
    that were never configured for their country print it that way.
    """
    written = _written_at(candidate)
    if not written or not all(each.is_ambiguous for each in written):
        return 1.0
    text = candidate.text[written[0].start : written[0].end]
    others = {day for each in written for day in (each.first, each.second) if day is not None} - {candidate.value}
    if order.certainty < 1.0 and _is_settled(candidate, order, sorted(others)):
        return _SETTLED
    if _style(candidate.text, written[0]) in order.styles:
        return _SETTLED
    if order.day_first and "." in text:
        return max(order.certainty, _SETTLED)
    if not order.day_first or order.certainty < _HABIT:
        return order.certainty
    if order.is_mixed:
        return order.certainty
    is_padded = re.match(r"\D*\d{2}\D+\d{2}\D", text) is not None
    if _TWELVE_HOURS.search(candidate.text) and "/" in text:
        return 0.97 if is_padded else 0.93
    return max(order.certainty, 0.995) if is_padded else order.certainty
