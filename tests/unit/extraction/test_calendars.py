from datetime import date

import pytest

from expensed.extraction.date.calendars import find_era_dates, find_six_figures, from_iranian, from_islamic
from expensed.languages.scripts import Script


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1403, 1, 1), date(2024, 3, 20)),
        ((1404, 5, 12), date(2025, 8, 3)),
        ((1402, 12, 30), None),
        ((1403, 13, 1), None),
    ],
)
def test_days_of_the_iranian_calendar(day, expected):
    assert from_iranian(*day) == expected


def test_days_of_the_islamic_calendar_are_right_to_a_day_or_two():
    assert from_islamic(1445, 9, 1) == date(2024, 3, 11)
    assert from_islamic(1446, 1, 1) in (date(2024, 7, 6), date(2024, 7, 7), date(2024, 7, 8))
    assert from_islamic(1445, 0, 1) is None


@pytest.mark.parametrize(
    ("line", "home", "expected"),
    [
        ("113/03/14", "TWD", date(2024, 3, 14)),
        ("R6.3.14", "JPY", date(2024, 3, 14)),
        ("H31.4.1", "JPY", date(2019, 4, 1)),
        ("1403/03/17", "IRR", date(2024, 6, 6)),
        ("12/09/1445", "SAR", date(2024, 3, 22)),
    ],
)
def test_each_country_has_its_calendar(line, home, expected):
    assert [each.first for each in find_era_dates(line, home, None)] == [expected]


def test_only_the_islamic_date_is_a_guess():
    assert find_era_dates("15/09/1445", "", Script.ARABIC)[0].guess
    assert not find_era_dates("1403/03/17", "", Script.ARABIC)[0].guess


def test_other_papers_have_none_of_them():
    assert find_era_dates("113/03/14", "EUR", None) == []
    assert find_era_dates("1403/03/17", "", None) == []


def test_six_figures_are_a_date_only_where_the_year_comes_first():
    assert [each.first for each in find_six_figures("Fakturadatum 240307", "SEK")] == [date(2024, 3, 7)]
    assert find_six_figures("Rechnungsdatum 240307", "EUR") == []
    assert find_six_figures("Nr 240399", "SEK") == []
