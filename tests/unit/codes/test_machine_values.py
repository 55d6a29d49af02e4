from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expensed.codes.machine_values import parse_currency, parse_day, parse_decimal

AMOUNTS = st.decimals(min_value=-999_999_999, max_value=999_999_999, places=2, allow_nan=False)


@given(AMOUNTS)
def test_every_amount_is_read_as_it_is_written(amount):
    assert parse_decimal(f"{amount:f}") == amount
    assert parse_decimal(f" {amount:f}\n") == amount


@given(AMOUNTS)
def test_a_decimal_comma_is_read_too(amount):
    assert parse_decimal(f"{amount:f}".replace(".", ",")) == amount


@given(AMOUNTS, st.integers(0, 8))
def test_zeros_at_the_end_change_nothing(amount, zeros):
    read = parse_decimal(f"{amount:f}" + "0" * zeros)
    assert read == amount
    assert read.as_tuple().exponent == -2


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=6, allow_nan=False))
def test_no_decimal_is_lost(amount):
    assert parse_decimal(f"{amount:f}") == amount


@given(st.text(max_size=60))
def test_whatever_is_written_it_is_a_number_or_none(text):
    read = parse_decimal(text)
    assert read is None or (read.is_finite() and abs(read) < 10**12)


@pytest.mark.parametrize(
    "text",
    [None, "", " ", "NaN", "Infinity", "1e3", "0x10", "1.234,56", "1,234.56", "1 234", "1_000", "--1", "1-", "1,234",
     "١٢٫٣٤", "１２", "9" * 400, "1." + "0" * 400, "1000000000000", "€5", ".", "-"],
)  # fmt: skip
def test_what_is_not_clearly_a_number_is_none(text):
    assert parse_decimal(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("300", "300.00"), ("47.9", "47.90"), ("+5", "5.00"), (".5", "0.50"), ("-0.00", "0.00"), ("1.2345", "1.2345"),
     ("1234,567", "1234.567"), ("00.10", "0.10")],
)  # fmt: skip
def test_numbers_come_with_their_cents(text, value):
    assert str(parse_decimal(text)) == value


@given(st.dates(min_value=date(1970, 1, 1)))
def test_every_iso_date_is_read(day):
    assert parse_day(day.isoformat(), date.max) == day
    assert parse_day(f"{day.isoformat()}T12:30:00.5+02:00", date.max) == day


@pytest.mark.parametrize(
    "text", [None, "", "2024-02-30", "14.03.2024", "2024-3-4", "1969-12-31", "2024-03-14x", "٢٠٢٤-٠٣-١٤"]
)
def test_what_is_no_iso_date_is_none(text):
    assert parse_day(text, date.max) is None


def test_a_date_after_the_latest_is_none():
    assert parse_day("2024-03-15", date(2024, 3, 14)) is None


@pytest.mark.parametrize(
    ("text", "code"), [("EUR", "EUR"), (" eur ", "EUR"), ("€", None), ("EURO", None), ("XXX", None), (None, None)]
)
def test_currencies_are_those_of_iso_4217(text, code):
    assert parse_currency(text) == code
    assert parse_decimal("1") == Decimal(1)
