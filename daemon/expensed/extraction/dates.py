"""The date of the purchase or invoice: candidates by label, time beside it and repetition; order of day and month.

Future dates are refused; due, delivery and expiry dates are told apart by their labels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from expensed.extraction.calendars import Written, find_dates, year_first
from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.countries import STATE_AND_ZIP, without_customer
from expensed.extraction.labels import compact
from expensed.extraction.lines import Row
from expensed.extraction.options import ExtractionOptions

_GOOD = re.compile(
    r"date|datum|datim|fecha|data|dato|pvm|tarikh|issued|invoiced|rechnungsdatum|belegdatum|ausgestellt|dated|emis|du$|"
    r"leistungsdatum|日期|purchase|order|bill|trans|da[tf71i]e|dete|vom$|issuedat$"
)
_BEST = re.compile(
    r"(?:invoice|bill|receipt|issue|tax|purchase|transaction|trans|txn|sale)s?.?(?:date|datum)|dateofissue|rechnungsdatum|"
    r"belegdatum|datedefacture|datefacture|facturele|rechnungvom$|n(?:[or]|ummer)[a-z]{0,3}[0-9]{3,20}(?:vom|du|del|of|dated)$|factuurdatum|fechadefactura|datafattura|fechadeemision|dataemiss|"
    r"datadaemiss|factuur.{0,12}du$|datefact|emisele"
)
_BAD = re.compile(
    r"contract|agreement|vertrag|due|fallig|zahlbar|echeance|vencimiento|scadenza|verval|pay(?:able)?by|payuntil|expir|exp$|valid|gultig|validade|until|till|"
    r"before|bis$|effective|deliver(?!ed)|shipdate|lieferung|lieferdatum|arriv|depart|checkin|checkout|birth|geburt|dob|joined|"
    r"membersince|since|best|prelev|period|zeitraum|bestellung|reklamation|schreiben|gemass|printed?date|next|return|training|stand$|punktestand|lastupdate|version|"
    r"rev$|copyright|warranty|start|end$|from$|points?|per$|billing?period|abgebucht|registered|established"
)
_WEAK = re.compile(
    r"(?:leistungs?|liefer(?:schein)?|bestell|auftrags?|versand|print(?:ed)?|order|delivery|service)"
    r"(?:date|datum)$"
)
"""Dates of something that came before or after the purchase; better than none."""
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\s?(?:[ap]\.?m|uhr)?", re.IGNORECASE)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}\s?:\s?\d{2}(?!\d*[/.]\d)")
_TWELVE_HOURS = re.compile(r"\d\s?[ap]\.?m\b", re.IGNORECASE)
_HABIT = 0.985
"""How sure a country's habit makes the order of day and month: 2 of 120 Malaysian receipts put the month first."""
_OLDEST = date(1995, 1, 1)
_OLD = timedelta(days=365 * 12)
_MONTH_FIRST_COUNTRY = re.compile(
    r"\b(?:[A-Z]{2},? \d{5}(?:-\d{4})?|USA|U\.S\.A|United States|sales tax|state tax)\b"
    r"|\(\s?\d{3}\s?\) ?\d{3} ?- ?\d{4}"
    r"|(?<!\d)\d{3}-\d{3}-\d{4}(?!\d)"
)
_MONTH_FIRST_CLUE = re.compile(
    rf"{STATE_AND_ZIP}|\bUSA\b|U\.S\.A|United States|(?i:sales tax|state tax|philippines|\bmanila\b|\bPHP\b)|₱"
)
_POINTS_USUAL = re.compile(r"\b(?:GmbH|MwSt|Deutschland|Germany|Österreich|Austria)\b", re.IGNORECASE)
_WEAK_HINT = re.compile(r"€|\b(?:EUR|VAT)\b", re.IGNORECASE)
_LONG_BEFORE = timedelta(days=365 * 2)
"""Further back than this the other reading of a date is not thought of."""
_DAY_FIRST_HINT = re.compile(
    r"€|£|\b(?:EUR|GBP|CHF|RM|MYR|SGD|INR|AUD|NZD|GST|VAT|MwSt|USt|TVA|IVA|BTW|Sdn|Bhd|GmbH|Ltd)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Order:
    """Whether the day stands first in ambiguous dates, and how sure that is, 0..1."""

    day_first: bool
    certainty: float
    is_mixed: bool = False
    """Something speaks for America or the Philippines, or slashes stand where points are usual."""


@dataclass(frozen=True, slots=True)
class _Place:
    written: Written
    row: Row
    before: str
    has_time: bool


def find_purchase_dates(rows: Sequence[Row], options: ExtractionOptions) -> tuple[list[Candidate[date]], Order]:
    """Every date that might be the purchase's, best first, and how day and month were told apart."""
    places = _places(rows)
    order = _order(places, rows, options)
    latest = options.today + timedelta(days=1)
    read = [(place, _resolved(place.written, order, latest)) for place in places]
    possible = [(place, found) for place, found in read if found is not None and _OLDEST <= found <= latest]
    counts = Counter(found for _, found in possible)
    best: dict[date, Candidate[date]] = {}
    for place, found in possible:
        candidate = _candidate(place, found, counts[found], len(rows), options.today)
        if found not in best or candidate.score > best[found].score:
            best[found] = candidate
    return best_first(best.values()), order


def _places(rows: Sequence[Row]) -> list[_Place]:
    places = []
    for index, row in enumerate(rows):
        text = row.text
        for written in find_dates(text):
            around = text[max(0, written.start - 12) : written.start] + " " + text[written.end :]
            has_time = bool(_CLOCK.search(around)) or (index + 1 < len(rows) and _starts_with_time(rows[index + 1]))
            places.append(_Place(written, row, _label(rows, index, written), has_time))
    return places


def _starts_with_time(row: Row) -> bool:
    match = _TIME.search(row.text[:24])
    return bool(match and ("time" in row.text[:24].lower() or match.start() < 2) and ":" in match[0])


def _label(rows: Sequence[Row], index: int, written: Written) -> str:
    """The words before the date in its row; where there are none, those of the row above it."""
    before = rows[index].text[: written.start]
    if re.search(r"[^\W\d_]{2}", before):
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


def _order(places: Sequence[_Place], rows: Sequence[Row], options: ExtractionOptions) -> Order:
    """Day or month first: the setting, an unambiguous date on the document, then the country's habit."""
    if options.day_first in ("yes", "no"):
        return Order(options.day_first == "yes", 1.0)
    day = sum(place.written.second is None and _is_numeric(place) for place in places)
    month = sum(place.written.first is None for place in places)
    if day != month:
        return Order(day > month, 0.985)
    text = "\n".join(row.text for row in without_customer(rows))[:20_000]
    if _MONTH_FIRST_CLUE.search(text):
        return _mixed_order(text)
    american = len(_MONTH_FIRST_COUNTRY.findall(text)) + (0.5 if "$" in text else 0)
    other = len(_DAY_FIRST_HINT.findall(text))
    if american > other:
        return Order(False, 0.95 if american >= 1 else 0.7)
    return Order(True, _HABIT if other >= 2 else 0.95 if other else 0.75, is_mixed=bool(_POINTS_USUAL.search(text)))


def _mixed_order(text: str) -> Order:
    """Where America or the Philippines are named: never sure, since their papers also go out to other countries."""
    american = len(_MONTH_FIRST_COUNTRY.findall(text)) + len(_MONTH_FIRST_CLUE.findall(text))
    other = len(_DAY_FIRST_HINT.findall(_WEAK_HINT.sub(" ", text)))
    return Order(other > american, 0.95 if american != other else 0.7, is_mixed=True)


def year_certainty(candidate: Candidate[date], rows: Sequence[Row], today: date) -> float:
    """How sure it is that the year does not stand first: `23/11/15` may be of 2023, unless another date agrees."""
    written = [each for each in find_dates(candidate.text) if candidate.value in (each.first, each.second)]
    texts = [candidate.text[each.start : each.end] for each in written]
    swapped = [year_first(text) for text in texts]
    earliest = candidate.value - _LONG_BEFORE
    if not swapped or any(other is None or not earliest < other <= today for other in swapped):
        return 1.0
    agrees = any(
        each.four_digit_year and candidate.value in (each.first, each.second)
        for row in rows
        for each in find_dates(row.text)
    )
    return 1.0 if agrees or candidate.value in swapped else 0.9


def order_certainty(candidate: Candidate[date], order: Order) -> float:
    """How sure it is that day and month were not exchanged: 1.0 where the date can be read in one way only.

    Padded figures without AM or PM are rarely month first outside America; `1/2/2017 9:05 AM` often is, since
    programs print it so that were never told their country.
    """
    written = [each for each in find_dates(candidate.text) if candidate.value in (each.first, each.second)]
    if not written or not all(each.is_ambiguous for each in written):
        return 1.0
    text = candidate.text[written[0].start : written[0].end]
    if not order.day_first or order.certainty < _HABIT:
        return order.certainty
    if "." in text:
        return max(order.certainty, 0.998)
    if order.is_mixed:
        return order.certainty
    is_padded = re.match(r"\D*\d{2}\D+\d{2}\D", text) is not None
    if _TWELVE_HOURS.search(candidate.text) and "/" in text:
        return 0.97 if is_padded else 0.93
    return max(order.certainty, 0.995) if is_padded else order.certainty


def _is_numeric(place: _Place) -> bool:
    text = place.row.text[place.written.start : place.written.end]
    match = re.match(r"\d{1,2} ?[./\-–,] ?\d{1,2}(?!\d)", text)
    return match is not None


def _resolved(written: Written, order: Order, latest: date) -> date | None:
    preferred, other = (written.first, written.second) if order.day_first else (written.second, written.first)
    if preferred is None or preferred > latest:
        return other
    return preferred


def _candidate(place: _Place, found: date, count: int, row_count: int, today: date) -> Candidate[date]:
    label = compact(place.before)
    score, why = 2.0, "a date without a label"
    if _BAD.search(label[-24:]):
        score, why = -1.0, f"after the words {place.before.strip()[-24:]!r}"
    elif _WEAK.search(label[-24:]):
        score, why = 1.0, f"after the words {place.before.strip()[-24:]!r}"
    elif _BEST.search(label[-40:]):
        score, why = 5.0, f"after the words {place.before.strip()[-24:]!r}"
    elif _GOOD.search(label[-24:]):
        score, why = 4.0, f"after the words {place.before.strip()[-24:]!r}"
    score += 1.5 * place.has_time
    score += min(count - 1, 2) * 0.8
    score += 0.3 * place.written.four_digit_year
    score -= 0.4 * place.row.index / max(row_count, 1)
    score -= 1.5 * (found < today - _OLD)
    return Candidate("date", found, score, place.row.page, place.row.box, place.row.text, why)
