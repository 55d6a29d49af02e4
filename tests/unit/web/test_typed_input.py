from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expensed.extraction.category.choose_category import CATEGORIES
from expensed.web.schema.typed_input import (
    name_currency,
    parse_amount,
    parse_category,
    parse_currency,
    parse_day,
    parse_first_day,
    parse_last_day,
)

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("34.73", "34.73"), ("34,73", "34.73"), ("34,7", "34.7"), (",5", "0.5"), ("1200", "1200"), ("0,500", "0.5"),
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1'234.50", "1234.50"), ("1’234.50", "1234.50"),
        ("1 234,56", "1234.56"), ("1\u202f234,56", "1234.56"), ("1 234", "1234"), ("1'234", "1234"),
        ("1.234.567", "1234567"), ("1,234,567.8", "1234567.8"), ("7,08,000.50", "708000.50"), ("1234,567", "1234.567"),
        ("-12,50", "-12.50"), ("−12.50", "-12.50"), ("- 12.50", "-12.50"), ("+5", "5"), ("３４．７３", "34.73"),
        ("34.73 EUR", "34.73"), ("34,73€", "34.73"), ("€34.73", "34.73"), ("€ -34.73", "-34.73"), ("-€34.73", "-34.73"),
        ("eur 34,73", "34.73"), ("34.73 euro", "34.73"), ("RM 5.00", "5.00"), ("US$5", "5"), ("12,50 zł", "12.50"),
        ("1.234 KWD", "1.234"), ("34,-", "34"), ("12.-", "12"), ("CHF 12.--", "12"), ("1.234,- €", "1234"),
        ("5 zl", "5"), ("5 euros", "5"), ("20 zł.", "20"), ("٣٤.٧٣", "34.73"),
    ],
)  # fmt: skip
def test_an_amount_is_understood_as_people_type_it(typed, amount):
    assert parse_amount(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "abc", "EUR", "1 2", "12 34.50", "1.23.456", "1,23", "5 EUR USD", "EUR 5 EUR", "--5", "+-5", "5-", "1e3",
     "NaN", "5..0", "5.", "1.2.3", "٣ ٤", "4 5 6", "12:30"],
)  # fmt: skip
def test_what_is_not_an_amount_is_refused_with_an_example(typed):
    if typed == "1,23":
        assert parse_amount(typed) == Decimal("1.23")
        return
    with pytest.raises(ValueError, match=r"34\.73|must be|code"):
        parse_amount(typed)


@pytest.mark.parametrize("currency", [None, "EUR", "JPY"])
@pytest.mark.parametrize("typed", ["1,234", "1.234", "12.345", "999,000", "-1,234"])
def test_three_digits_after_the_only_separator_have_two_readings(typed, currency):
    digits = re.sub(r"\D", "", typed)
    small = typed.lstrip("-").replace(",", ".")
    with pytest.raises(ValueError, match=f"may mean {digits} or {re.escape(small)}: write {digits}"):
        parse_amount(typed, currency)


def test_a_way_out_is_offered_only_if_the_currency_has_it():
    with pytest.raises(ValueError, match=r"write 1234\.00$"):
        parse_amount("1.234", "EUR")
    with pytest.raises(ValueError, match=r"write 1234$"):
        parse_amount("1,234", "JPY")
    with pytest.raises(ValueError, match=r"write 1234\.00, or 1\.2340 if that is meant"):
        parse_amount("1,234", "KWD")


def test_both_ways_out_of_two_readings_are_understood():
    assert parse_amount("1234.00") == 1234
    assert parse_amount("1.2340") == Decimal("1.234")


def test_a_sign_of_several_currencies_needs_the_code():
    with pytest.raises(ValueError, match=r"^needs the currency's code: \$ may mean USD, SGD, CAD"):
        parse_amount("$5")
    with pytest.raises(ValueError, match=r"kr\. may mean SEK"):
        parse_amount("20 kr.")
    assert parse_amount("20 kr.", "NOK") == 20
    assert parse_amount("$5", "CAD") == 5
    with pytest.raises(ValueError, match="code"):
        parse_amount("$5", "EUR")
    with pytest.raises(ValueError, match="¥ may mean JPY or CNY"):
        parse_currency("¥")


def test_an_amount_in_another_currency_than_the_one_given_is_refused():
    with pytest.raises(ValueError, match="is in EUR, but the currency given is USD"):
        parse_amount("5 EUR", "USD")


@given(st.text(max_size=20))
def test_whatever_is_typed_ends_in_a_value_or_a_sentence(typed):
    for read in (
        parse_amount,
        parse_currency,
        lambda text: parse_day(text, TODAY),
        lambda text: parse_first_day(text, TODAY),
    ):
        with suppress(ValueError):
            assert read(typed) is not None
    name_currency(typed)


@given(st.decimals(Decimal(-(10**9)), Decimal(10**9), places=2), st.sampled_from([",.", ".,", "'.", " ,"]))
def test_every_amount_of_cents_is_read_as_it_is_written(amount, marks):
    thousands, point = marks
    written = f"{amount:,.2f}".replace(",", "T").replace(".", point).replace("T", thousands)
    assert parse_amount(written) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [("eur", "EUR"), (" usd ", "USD"), ("€", "EUR"), ("£", "GBP"), ("zł", "PLN"), ("Kč", "CZK"), ("HRK", "HRK"),
     ("dem", "DEM"), ("hk$", "HKD")],
)  # fmt: skip
def test_a_currency_is_a_code_or_a_sign_of_its_own(typed, code):
    assert parse_currency(typed) == code


@pytest.mark.parametrize("typed", ["ZZZ", "XXX", "XAU", "XTS", "", "EU", "dollars", "123", "E R"])
def test_a_currency_that_nobody_pays_in_is_refused(typed):
    with pytest.raises(ValueError, match="must be"):
        parse_currency(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("clothing", "Clothing & Personal"), ("Groceries", "Groceries"),
     ("meals and entertainment", "Meals & Entertainment"),
     ("travel", "Travel & Lodging"), ("TRANSPORT", "Transport & Fuel"), ("soft serv", "Software & Services"),
     ("other", "Other"), ("professional services", "Professional Services")],
)  # fmt: skip
def test_a_category_is_understood_by_words_that_only_it_has(typed, name):
    assert parse_category(typed, CATEGORIES) == name


@pytest.mark.parametrize("name", CATEGORIES)
def test_the_first_word_of_every_category_is_enough(name):
    assert parse_category(name.partition(" ")[0], CATEGORIES) == name


def test_a_category_that_may_be_two_is_refused_with_both():
    with pytest.raises(ValueError, match="may mean Software & Services or Professional Services"):
        parse_category("services", CATEGORIES)
    with pytest.raises(ValueError, match=r"must be one of: Meals .*did you mean Groceries\?"):
        parse_category("grocery", CATEGORIES)
    for typed in ("", "&", "o", "things"):
        with pytest.raises(ValueError, match="must be one of: Meals"):
            parse_category(typed, CATEGORIES)


@pytest.mark.parametrize(
    "typed",
    ["2018-09-25", "25.9.2018", "25.09.2018", "25. 9. 2018", "25/9/2018", "9/25/2018", "25-09-2018", "2018-9-25",
     "2018/09/25", "20180925", "25 Sep 2018", "25. September 2018", "Sep 25, 2018", "2018年9月25日", " 25.9.2018 "],
)  # fmt: skip
def test_a_day_is_understood_as_people_type_it(typed):
    assert parse_day(typed, TODAY) == date(2018, 9, 25)


def test_between_points_the_day_stands_first():
    assert parse_day("3.4.2018", TODAY) == date(2018, 4, 3)


@pytest.mark.parametrize("typed", ["3/4/2018", "03-04-2018"])
def test_a_day_with_two_readings_is_refused_with_both_unless_the_settings_tell(typed):
    with pytest.raises(ValueError, match="may mean 3 April 2018 or 4 March 2018: write 2018-04-03 or 2018-03-04"):
        parse_day(typed, TODAY)
    assert parse_day(typed, TODAY, day_first=True) == date(2018, 4, 3)
    assert parse_day(typed, TODAY, day_first=False) == date(2018, 3, 4)


def test_a_day_without_its_century_is_read_only_if_one_reading_is_possible():
    assert parse_day("18-12-31", TODAY) == date(2018, 12, 31)
    with pytest.raises(ValueError, match="may mean 25 September 2018 or 18 September 2025"):
        parse_day("25-09-18", TODAY)


def test_between_points_the_year_never_stands_first():
    assert parse_day("25.9.18", TODAY) == date(2018, 9, 25)
    assert parse_day("31.12.18", TODAY) == date(2018, 12, 31)
    for typed in ("1.1.30", "1. 1. 30", "25.9.31."):
        with pytest.raises(ValueError, match=r"must be between 1970-01-01 and 2027-06-02; is 203\d-"):
            parse_day(typed, TODAY)


@pytest.mark.parametrize(
    "typed",
    ["", "yesterday", "2018", "25.9.", "2018-02-30", "31.4.2018", "25.9.2018 26.9.2018", "on 25.9.2018", "3", "1/2"],
)
def test_what_is_not_a_day_is_refused(typed):
    with pytest.raises(ValueError, match=r"must be a date|is not a calendar day"):
        parse_day(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("9/2018", date(2018, 9, 1), date(2018, 9, 30)),
        ("12.2018", date(2018, 12, 1), date(2018, 12, 31)),
        ("25.9.2018", date(2018, 9, 25), date(2018, 9, 25)),
    ],
)
def test_a_year_and_a_month_have_a_first_and_a_last_day(typed, first, last):
    assert parse_first_day(typed, TODAY) == first
    assert parse_last_day(typed, TODAY) == last


def test_a_month_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="must be a date"):
        parse_last_day("2018-13", TODAY)
