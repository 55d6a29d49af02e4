from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from expensed.model.json_text import encode
from expensed.web.schema.requests import ExpenseData, ProcessBody
from expensed.web.schema.values import read_amount, read_moment


def said(**given):
    """Return what a client said, as it is kept and shown again."""
    return json.loads(encode(ExpenseData.model_validate(given).said()))


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        (52.99, 52.99),
        ("52.99", 52.99),
        (" 12 ", 12),
        (1200, 1200),
        ("-3.50", -3.5),
        (0.1 + 0.2, 0.3),
        (1.234, 1.234),
        ("34,73", 34.73),
        ("1.234,56", 1234.56),
        (0, 0),
    ],
)
def test_an_amount_is_a_number_or_text_as_people_type_it(given, amount):
    assert said(amount=given) == {"amount": amount}


@pytest.mark.parametrize(
    "given",
    ["1,234", "1.234", "$5", "5 ZZZ", "", "abc", "1e3", "NaN", "٣ ٤", float("inf"), float("nan"), 1e15, "9" * 16,
     True, [5], {"value": 5}, "1.2345", 1.2345],
)  # fmt: skip
def test_an_amount_that_would_have_to_be_guessed_is_refused(given):
    with pytest.raises((ValidationError, ValueError)):
        said(amount=given)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_every_amount_of_cents_survives_json_both_ways(amount):
    for sent in (float(amount), str(amount)):
        assert read_amount(json.loads(json.dumps(sent))) == amount


@pytest.mark.parametrize(("amount", "currency"), [("1234.567", "USD"), ("0.001", "EUR"), (1.234, "USD")])
def test_an_amount_with_more_decimals_than_its_currency_is_refused(amount, currency):
    with pytest.raises(ValidationError, match=f"decimals of {currency}"):
        said(amount=amount, currency=currency)


def test_an_amount_brings_its_currency_along_unless_another_is_given():
    assert said(amount="34,73 EUR") == {"amount": 34.73, "currency": "EUR"}
    assert said(amount="€ 34.73", currency="eur") == {"amount": 34.73, "currency": "EUR"}
    assert said(amount="$34.73", currency="CAD") == {"amount": 34.73, "currency": "CAD"}
    with pytest.raises(ValidationError, match="is in EUR, but the currency given is USD"):
        said(amount="34.73 EUR", currency="USD")


@pytest.mark.parametrize("currency", ["ZZZ", "XXX", "XAU", "EURO-ish", "12"])
def test_a_currency_that_is_not_one_is_refused(currency):
    with pytest.raises(ValidationError, match="must be"):
        said(currency=currency)


def test_a_day_that_the_settings_can_settle_is_settled_by_them():
    for day_first, day in ((True, "2018-04-03"), (False, "2018-03-04")):
        given = ExpenseData.model_validate({"date": "3/4/2018"}, context={"day_first": day_first})
        assert str(given.date) == day


def test_a_dinar_has_three_decimals():
    assert said(amount="1.234", currency="kwd") == {"amount": 1.234, "currency": "KWD"}


@pytest.mark.parametrize(
    "day",
    [
        "2024-02-30",
        "30.2.2024",
        "3/4/2024",
        "yesterday",
        "2024-01-15T00:00:00",
        20240115,
        "٢٠٢٤-١٣-١٥",
        "3",
        "1.2.1800",
    ],
)
def test_a_date_is_a_day_of_the_calendar(day):
    with pytest.raises(ValidationError):
        said(date=day)
    for typed in ("2024-02-29", "29.2.2024", "29/02/2024", "29 Feb 2024", "٢٩/٠٢/٢٠٢٤", "२९.२.२०२४"):
        assert said(date=typed) == {"date": "2024-02-29"}


def test_a_category_is_one_of_the_list_however_it_is_typed():
    for typed in ("software & services", "software"):
        assert said(category=typed) == {"category": "Software & Services"}
    with pytest.raises(ValidationError, match="must be one of: Meals"):
        said(category="Things")


def test_a_vendor_is_one_line():
    assert said(vendor="  Adobe\n Systems ") == {"vendor": "Adobe Systems"}
    for vendor in ("", "  ", "a\0b", "x" * 201, "\N{RIGHT-TO-LEFT OVERRIDE}evil"):
        with pytest.raises(ValidationError):
            said(vendor=vendor)


def test_what_is_null_or_unknown_was_not_said():
    assert said(vendor=None, amount=None, date=None, currency=None, confidence=92, colour="blue") == {}


def test_the_body_of_the_seed_is_understood():
    body = ProcessBody.model_validate(
        {
            "file_id": "20240115_120000_invoice.pdf",
            "expense_data": {
                "vendor": "Adobe Systems",
                "amount": 52.99,
                "date": "2024-01-15",
                "category": "Software & Services",
                "description": "Monthly subscription",
            },
            "original_extraction": {"vendor": "Adobe", "amount": 52.99},
        }
    )
    assert body.expense_data.amount == Decimal("52.99")
    assert json.loads(encode(body.expense_data.said())) == {
        "vendor": "Adobe Systems", "amount": 52.99, "date": "2024-01-15", "category": "Software & Services",
        "description": "Monthly subscription",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("2024-01-15T14:30:00+01:00", "2024-01-15T13:30:00+00:00"),
        ("2024-01-15 14:30:00Z", "2024-01-15T14:30:00+00:00"),
        ("20240115T143000.5-0500", "2024-01-15T19:30:00.500000+00:00"),
    ],
)
def test_a_moment_is_a_time_in_iso_form(given, moment):
    assert read_moment(given).isoformat() == moment


def test_a_moment_without_a_zone_is_here_and_a_day_stands_for_its_beginning():
    assert read_moment("2024-01-15").astimezone().isoformat()[:19] == "2024-01-15T00:00:00"
    assert read_moment("2024-01-15 14:30").astimezone().isoformat()[:19] == "2024-01-15T14:30:00"


@pytest.mark.parametrize("given", ["", "yesterday", "14:30", "0001-01-01", "9999-12-31T23:59:59-14:00", 20240115, None])
def test_what_is_not_a_moment_is_refused(given):
    with pytest.raises(ValueError, match="must be a time such as"):
        read_moment(given)
