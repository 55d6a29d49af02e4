from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from expensed.model.json_text import encode
from expensed.web.schema.requests import ExpenseData, ProcessBody
from expensed.web.schema.values import read_amount


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
        ("1.234", 1.234),
        (0, 0),
    ],
)
def test_an_amount_is_a_number_or_a_number_in_a_string(given, amount):
    assert said(amount=given) == {"amount": amount}


@pytest.mark.parametrize(
    "given",
    ["1,234.56", "1.234,56", "$5", "5 EUR", "", "abc", "1e3", "NaN", "٣", float("inf"), float("nan"), 1e15, "9" * 16,
     True, [5], {"value": 5}, "1.2345", 1.2345],
)  # fmt: skip
def test_an_amount_that_would_have_to_be_guessed_is_refused(given):
    with pytest.raises((ValidationError, ValueError)):
        said(amount=given)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_every_amount_of_cents_survives_json_both_ways(amount):
    for sent in (float(amount), str(amount)):
        assert read_amount(json.loads(json.dumps(sent))) == amount


@pytest.mark.parametrize(("amount", "currency"), [("1.234", "USD"), ("0.001", "EUR")])
def test_an_amount_with_more_decimals_than_its_currency_is_refused(amount, currency):
    with pytest.raises(ValidationError, match=f"decimals of {currency}"):
        said(amount=amount, currency=currency)


def test_a_dinar_has_three_decimals():
    assert said(amount="1.234", currency="kwd") == {"amount": 1.234, "currency": "KWD"}


@pytest.mark.parametrize(
    "day", ["15.01.2024", "2024-1-5", "2024-02-30", "20240115", "2024-01-15T00:00:00", 20240115, "٢٠٢٤-٠١-١٥"]
)
def test_a_date_is_a_day_of_the_calendar_in_iso_form(day):
    with pytest.raises(ValidationError):
        said(date=day)
    assert said(date="2024-02-29") == {"date": "2024-02-29"}


def test_a_category_is_one_of_the_list_however_it_is_capitalised():
    assert said(category="software & services") == {"category": "Software & Services"}
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
