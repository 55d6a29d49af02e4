"""Figures whose thousands, deductions or days are not clear make a person look."""

from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import make_reading, make_rows

from expensed.extraction.country.decimal_marks import decimal_mark
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions

OPTIONS = ExtractionOptions(today=date(2024, 12, 20))
HEAD = ("Waterstones Ltd", "London EC1A 1BB", "VAT No GB 123 4567 89")
SHOP = (*HEAD, "14/03/2024 10:11")
ITEMS = ("Book | £20.00", "Book | £10.00", "Total | £30.00")


def extract(*lines):
    return extract_expense(make_reading(*lines), OPTIONS).expense


def paid(total, cash, change):
    return (f"Sofa | {total}", f"Total | {total}", f"Cash | {cash}", f"Change | {change}")


def test_thousands_after_the_mark_of_decimals_are_doubted():
    expense = extract(*SHOP, *paid("£3.000", "£5.000", "£2.000"))
    assert any("thousands or decimals" in reason for reason in expense.reasons)


@pytest.mark.parametrize("sums", [("£3,000", "£5,000", "£2,000"), ("£3,000.00", "£5,000.00", "£2,000.00")])
def test_thousands_as_the_country_writes_them_are_clear(sums):
    expense = extract(*SHOP, *paid(*sums))
    assert expense.amount == Decimal("3000.00")
    assert not any("thousands or decimals" in reason for reason in expense.reasons)


@pytest.mark.parametrize(
    ("currency", "lines", "mark"),
    [
        ("GBP", (), "."),
        ("PLN", (), ","),
        ("EUR", ("Acme GmbH", "10117 Berlin", "USt-IdNr. DE123456789"), ","),
        ("EUR", ("Acme Ltd", "Dublin D02 X285", "Ireland", "VAT No IE6388047V"), "."),
        ("CAD", (), ""),
        ("JPY", (), ""),
        ("IDR", (), ""),
        (None, (), ""),
    ],
)
def test_the_mark_of_decimals_is_that_of_the_country(currency, lines, mark):
    assert decimal_mark(make_rows(*lines), currency) == mark


@pytest.mark.parametrize("line", ["10% off | -£3.00", "Loyal friend | -£3.00", "Aktion | -£3.00"])
def test_a_deduction_below_the_total_is_doubted(line):
    expense = extract(*SHOP, *ITEMS, line)
    assert "The deduction of 3.00 below it may not be part of 30.00." in expense.reasons


def test_a_deduction_below_the_total_that_was_paid_is_none():
    assert not extract(*SHOP, *ITEMS, "Cash | £30.00", "10% off | -£3.00").reasons


@pytest.mark.parametrize("label", ["Wumbold", "Wumbold:", "Wumbold: |"])
def test_an_only_date_after_an_unknown_word_is_doubted_even_beside_a_time(label):
    expense = extract(*HEAD, f"{label} 14/03/2024 10:11", *ITEMS)
    assert "What day 'Wumbold' is, is not known." in expense.reasons


@pytest.mark.parametrize("label", ["", "Thursday", "London", "Date", "Date: |", "Cashier", "Till 4 |"])
def test_an_only_date_after_usual_words_is_clear(label):
    assert not extract(*HEAD, f"{label} 14/03/2024 10:11", *ITEMS).reasons
