"""Lines that look like the seller, a misreading or another day, and are not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions

OPTIONS = ExtractionOptions(today=date(2026, 3, 20))
ADDRESS = ("12 High Street", "London SW1A 1AA", "VAT No GB123456789")
GOODS = ("Coffee | £3.50", "Sandwich | £6.50", "Total | £10.00", "Visa | £10.00")
GERMAN = ("Hauptstr. 12", "10115 Berlin", "14.03.2026", "Brett | 10,00", "Summe EUR | 10,00", "Bar EUR | 10,00")
AMERICAN = ("Fernbrook Grill", "12 Main Street", "Springfield, IL 62701", "(217) 555-0123", "03/14/2026 12:31 PM")


def extract(*lines):
    return extract_expense(make_reading(*lines), OPTIONS).expense


@pytest.mark.parametrize("label", ["Kunde", "Issued for"])
def test_a_company_behind_a_customers_label_is_no_seller(label):
    assert extract(f"{label}: Northwind Trading GmbH", "Tischlerei Holzmann", *GERMAN).vendor == "Tischlerei Holzmann"


@pytest.mark.parametrize("name", ["Tanning Sun Bed", "Cafe San Bad", "Cafe 1 May", "The Voucher", "Cafe 4 July"])
def test_a_name_that_resembles_a_legal_form_a_day_or_a_title_stays(name):
    assert extract(name, *ADDRESS, "14/03/2026 12:31", *GOODS).vendor == name


def test_a_word_of_trade_does_not_take_in_the_person_below_it():
    assert extract("Auto", "Peter Jones", *ADDRESS, "14/03/2026 12:31", *GOODS).vendor == "Auto"


@pytest.mark.parametrize(("net", "tax", "total"), [("10.00", "0.80", "10.80"), ("20.00", "1.00", "21.00")])
def test_a_subtotal_that_differs_from_the_total_in_a_digit_by_its_tax_is_no_misreading(net, tax, total):
    lines = (f"Steak | ${net}", f"Subtotal | ${net}", f"Tax | ${tax}", f"Total | ${total}", f"Visa | ${total}")
    found = extract(*AMERICAN, *lines)
    assert (found.amount, found.reasons) == (Decimal(total), ())


@pytest.mark.parametrize(
    "days",
    [
        ("Order date 13/03/2026", "Date 14/03/2026"),
        ("Date 14/03/2026", "Delivered 15/03/2026"),
        ("Booked 12/03/2026", "This receipt is electronically signed", "Receipt date 14/03/2026"),
    ],
)
def test_days_with_labels_of_their_own_are_no_misreading_of_each_other(days):
    found = extract("Smith Bakery Ltd", *ADDRESS, *days, *GOODS)
    assert (found.date, found.reasons) == (date(2026, 3, 14), ())


def test_a_small_whole_number_that_nothing_proves_may_be_a_count():
    found = extract("Fernbrook Grill", *AMERICAN[1:], "Total | $1")
    assert found.needs_review
