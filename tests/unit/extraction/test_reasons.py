"""The sentences that send a document to review say what is in doubt, what else it might be, and what settles it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.documents.readings import make_reading

from expensed.extraction.confidence import review_reasons
from expensed.extraction.expense import extract_expense
from expensed.extraction.findings import Field
from expensed.extraction.options import ExtractionOptions

OPTIONS = ExtractionOptions(today=date(2025, 1, 1))


@pytest.mark.parametrize(
    ("name", "field", "sentence"),
    [
        ("amount", Field("34.73", 0.97), "The amount 34.73 is probably right, but no sum confirms it."),
        ("amount", Field("34.73", 0.3, others=("30.10", "4.63")),
         "The amount may be 34.73, but that is not certain: no sum confirms it. It might also be 30.10 or 4.63."),
        ("date", Field("2024-01-15", 0.98996, others=("2024-02-01",)),
         "The date 2024-01-15 is probably right, but nothing else confirms it. It might also be 2024-02-01."),
        ("currency", Field("USD", 0.9), "The currency USD is probably right, but nothing on it says so clearly."),
        ("vendor", Field("Adobe", 0.8), "The vendor is uncertain: it is probably Adobe."),
        ("vendor", Field("Adobe", 0.2), "The vendor is uncertain: it may be Adobe."),
    ],
)  # fmt: skip
def test_a_doubt_is_said_as_a_person_would_say_it(name, field, sentence):
    sure = {"vendor": "Shop", "amount": "5", "date": "2024-01-01", "currency": "EUR"}
    fields = {each: Field(value, 1.0) for each, value in sure.items()} | {name: field}
    assert review_reasons(fields, (), 0.99) == (sentence,)


def test_another_total_on_the_paper_is_named_beside_the_one_that_was_chosen():
    lines = ("Quick Mart", "Date 2024-03-15", "Total | EUR 12.00", "Total | EUR 15.00")
    expense = extract_expense(make_reading(*lines), OPTIONS).expense
    other = "15.00" if str(expense.amount) == "12.00" else "12.00"
    assert any(f"It might also be {other}." in reason for reason in expense.reasons), expense.reasons


def test_a_sign_that_several_countries_share_names_the_setting():
    expense = extract_expense(make_reading("Quick Mart", "Date 2024-03-15", "Total $ 12.00"), OPTIONS).expense
    assert any("Only '$' is printed" in reason and "extraction.default_currency" in reason
               for reason in expense.reasons), expense.reasons  # fmt: skip


def test_a_date_that_can_be_read_in_two_ways_names_both():
    expense = extract_expense(make_reading("Quick Mart", "Date 03/04/2024", "Total 12.00"), OPTIONS).expense
    assert any("3 April or 4 March" in reason or "4 March or 3 April" in reason for reason in expense.reasons)
    assert any("extraction.day_first" in reason for reason in expense.reasons)
