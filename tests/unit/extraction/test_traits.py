"""What of a document is compared with lessons: what identifies its seller, sums by label, the order of its date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import make_reading

from expensed.extraction.doubts import ORDER_HINT, is_doubt_about
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import build_rows
from expensed.extraction.traits import find_traits
from expensed.model.expense import Evidence
from expensed.model.lesson import LabelledSum, Traits

TODAY = date(2024, 6, 1)


def find(*lines: str) -> Traits:
    reading = make_reading(*lines)
    return find_traits(build_rows(reading), extract_expense(reading, ExtractionOptions(today=TODAY)))


def find_kind(kind: str, *lines: str) -> list[str]:
    return [each.removeprefix(f"{kind}:") for each in find(*lines).identifiers if each.startswith(f"{kind}:")]


HEAD = ("NORDLICHT COFFEE", "12 Market Street", "Date 03/04/2024 10:24 AM")
SUMS = ("Coffee | GBP 3.00", "Cake | GBP 4.50", "Subtotal | GBP 7.50", "TOTAL | GBP 7.50")


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        ("VAT No GB 362 5840 88", ["362584088"]),
        ("(CO. REG: 105329-P)", ["105329"]),
        ("Tel +44 20 7946 0958", ["079460958"]),
        ("Tel 01.45.67.89.10", ["145678910"]),
        ("Date 12/03/2024", []),
        ("Form 000000", []),
        ("Total 1,234.50 1,300.75", []),
    ],
)
def test_numbers_in_the_head_identify_but_dates_sums_and_blanks_do_not(line, numbers):
    assert find_kind("number", HEAD[0], line, *HEAD[1:], *SUMS) == numbers


def test_below_the_first_sum_a_number_needs_a_label():
    assert find_kind("number", *HEAD, *SUMS, "Barcode 9556001234567", "GST Reg 001234567890", "GST 6% 11.32 0.68") == [
        "234567890"
    ]


def test_the_number_of_the_invoice_and_those_of_the_customer_do_not_identify_the_seller():
    lines = (HEAD[0], "Invoice No: 20240815", "Bill to:", "Miller Office Supply", "VAT 987 6543 21", "", *HEAD[1:])
    assert find_kind("number", *lines, *SUMS) == []


@pytest.mark.parametrize("label", [
    "Your VAT ID: DE", "Customer VAT", "Ihre USt-IdNr.: DE", "USt-IdNr. Kunde:", "N° TVA client FR", "P.IVA cliente",
])  # fmt: skip
def test_a_number_that_is_said_to_be_the_buyers_identifies_no_seller(label):
    assert find_kind("number", HEAD[0], "Invoice", f"{label} 987654321", *HEAD[1:], *SUMS) == []
    assert find_kind("number", *HEAD, *SUMS, f"{label} 987654321") == []


def test_accounts_and_domains_identify_but_those_of_mail_services_do_not():
    lines = (*HEAD, *SUMS, "IBAN DE89 3704 0044 0532 0130 00", "www.nordlicht-coffee.co.uk", "nordlicht@gmail.com")
    assert find_kind("account", *lines) == ["DE89370400440532013000"]
    assert find_kind("domain", *lines) == ["nordlichtcoffee"]


def test_the_lines_of_the_head_are_kept_in_plain_letters():
    assert find_kind("head", *HEAD, *SUMS)[:2] == ["nordlichtcoffee", "12marketstreet"]


def test_sums_are_told_with_their_labels_the_chosen_one_first():
    sums = find(*HEAD, "Coffee | GBP 3.00", "Cake | GBP 4.50", "Subtotal | GBP 7.50", "TOTAL 2 | GBP 8.20").sums
    assert sums[0] == LabelledSum("total", Decimal("8.20"))
    assert LabelledSum("subtotal", Decimal("7.50")) in sums


@pytest.mark.parametrize(
    ("written", "day_first", "is_open"),
    [
        ("03/04/2024 10:24 AM", True, True),
        ("23/04/2024", True, False),
        ("04/23/2024", False, False),
        ("23 April 2024", None, False),
    ],
)
def test_the_order_of_the_date_is_told_and_how_sure_it_would_be(written, day_first, is_open):
    traits = find(HEAD[0], "VAT No GB 362 5840 88", f"Date: {written}", *SUMS)
    assert traits.day_first is day_first
    assert (traits.sure_if_ordered is not None) is is_open
    assert not is_open or (traits.sure_if_ordered or 0) > 0.9


def test_words_of_what_was_bought_are_kept():
    assert find(*HEAD, *SUMS).words == ("coffee", "cake")


def test_a_hostile_document_has_few_traits():
    lines = [f"Tel {number:09}  www.shop{number}.com" for number in range(123_456_000, 123_458_000)]
    assert len(find(*lines).identifiers) <= 160


@pytest.mark.parametrize(
    ("name", "reason", "says_no_more"),
    [
        ("date", "The date 2024-03-04 is probably right, but nothing else confirms it.", True),
        ("date", "The date may be 2024-03-04, but that is not certain: nothing else confirms it.", True),
        ("date", f"It may be 3 April or 4 March: {ORDER_HINT}", True),
        ("date", "The date was read as 2024-03-04 at first, and as 2024-03-09 when it was looked at again.", False),
        ("date", "It is dated 2024-03-04 and 2024-03-09, of which one may be misread.", False),
        ("date", "The amount 3.50 is probably right, but no sum confirms it.", False),
        ("currency", "No currency was found.", True),
        ("vendor", "The vendor is uncertain: it may be Nordlicht.", True),
        ("vendor", "The vendor was read as A at first, and as B when it was looked at again.", False),
    ],
)  # fmt: skip
def test_what_speaks_against_a_value_is_more_than_uncertainty(name, reason, says_no_more):
    chosen = Evidence(value="2024-03-04", confidence=0.9 if "probably" in reason else 0.5)
    assert is_doubt_about(name, chosen, reason) is says_no_more
