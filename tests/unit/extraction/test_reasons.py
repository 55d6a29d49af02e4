"""The sentences that send a document to review say what is in doubt, how much, and what would settle it."""

from __future__ import annotations

from datetime import date

from tests.documents.readings import make_reading

from expensed.extraction.confidence import review_reasons
from expensed.extraction.expense import extract_expense
from expensed.extraction.findings import Field
from expensed.extraction.options import ExtractionOptions

OPTIONS = ExtractionOptions(today=date(2025, 1, 1))


def test_both_numbers_are_named_and_neither_is_rounded_up():
    fields = {"currency": Field("USD", 0.98996), "amount": Field("5", 1.0), "date": Field("2024-01-01", 1.0)}
    assert "The currency is not proven: USD is 98.99% sure, less than 99%." in review_reasons(fields, (), 0.99)


def test_a_sign_that_several_countries_share_names_the_setting():
    expense = extract_expense(make_reading("Quick Mart", "Date 2024-03-15", "Total $ 12.00"), OPTIONS).expense
    assert any("Only '$' is printed" in reason and "extraction.default_currency" in reason
               for reason in expense.reasons), expense.reasons  # fmt: skip


def test_a_date_that_can_be_read_in_two_ways_names_both():
    expense = extract_expense(make_reading("Quick Mart", "Date 03/04/2024", "Total 12.00"), OPTIONS).expense
    assert any("3 April or 4 March" in reason or "4 March or 3 April" in reason for reason in expense.reasons)
    assert any("extraction.day_first" in reason for reason in expense.reasons)
