"""Where a second look is worth it, and what becomes of two findings that differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import ROW, make_reading

from expensed.extraction.doubtful_places import find_doubtful_places, find_rest
from expensed.extraction.doubts import VENDOR_SURE
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import build_rows
from expensed.extraction.second_opinion import complete, reconcile
from expensed.model.reading import Band

OPTIONS = ExtractionOptions(today=date(2025, 1, 1), review_below=0.99)
SURE = ("Harbour Books Ltd", "2024-03-14 10:24", "Atlas | 7.50", "Total GBP | 7.50", "Cash | 10.00", "Change | 2.50")
UNPROVEN = ("Harbour Books Ltd", "2024-03-14 10:24", *"abcdefgh", "Atlas and other things", "Total GBP | 7.50")
UNKNOWN = ("15:04", "2024-03-14 10:24", *"1234", *"56789", "Total GBP | 7.50")
DATELESS = ("Harbour Books Ltd", *"abcdefgh", "Total GBP | 7.50", "Cash | 10.00", "Change | 2.50", "Thank you")


def findings(*lines):
    return extract_expense(make_reading(*lines), OPTIONS)


def places(*lines):
    return find_doubtful_places(findings(*lines), build_rows(make_reading(*lines)), OPTIONS.review_below)


def test_nothing_is_looked_at_again_on_a_document_that_needs_nobody():
    assert not findings(*SURE).expense.needs_review
    assert places(*SURE) == ()


def test_only_the_sums_are_looked_at_if_no_more_than_a_proof_of_the_amount_is_missing():
    (sums,) = places(*UNPROVEN)
    assert sums.top == pytest.approx(0.02 + 11 * ROW, abs=ROW / 4)


def test_the_head_is_looked_at_for_the_seller_and_the_sums_if_no_sum_proves_the_amount():
    head, sums = places(*UNKNOWN)
    assert head.top == 0.0
    assert head.bottom == pytest.approx(0.02 + 6 * ROW, abs=ROW / 4)
    assert sums.top == pytest.approx(0.02 + 11 * ROW, abs=ROW / 4)
    assert sums.bottom == 1.0


def test_of_sums_all_over_a_full_page_only_the_lowest_are_looked_at():
    items = 8 * ("Atlas and other things, and an index of them",)
    *_, sums = places("Harbour Books Ltd", "2024-03-14 10:24", "Total GBP | 9.50", *items, "Total GBP | 7.50")
    assert sums.top == pytest.approx(0.02 + 11 * ROW, abs=ROW / 4)


def test_the_sums_are_left_alone_if_one_proves_the_amount():
    assert findings(*DATELESS).fields["amount"].proof
    (head,) = places(*DATELESS)
    assert head.top == 0.0


def test_the_rest_is_looked_at_only_if_amount_or_date_are_missing():
    (head,) = places(*DATELESS)
    assert find_rest(findings(*DATELESS), (head,), [1]) == (Band(1, head.bottom, 1.0),)
    assert find_rest(findings(*UNPROVEN), (head,), [1]) == ()
    assert find_rest(findings(*DATELESS), (Band(1, 0.2, 0.4), Band(1, 0.6, 1.0)), [1]) == (
        Band(1, 0.0, 0.2), Band(1, 0.4, 0.6),
    )  # fmt: skip


def reconciled(first, second, options=OPTIONS):
    """Return the expense of two findings, each given as lines."""
    one, other = (extract_expense(make_reading(*lines), options) for lines in (first, second))
    return reconcile(one, other, options.review_below).expense


def test_findings_that_agree_are_those_of_the_second_look():
    found = reconciled(UNPROVEN, (*UNPROVEN, "Cash | 10.00", "Change | 2.50"))
    assert (found.amount, found.needs_review, found.reasons) == (Decimal("7.50"), False, ())
    second = findings(*UNPROVEN, "Cash | 10.00", "Change | 2.50").expense
    assert replace(found, fields={}) == replace(second, fields={})
    assert found.fields["amount"] == second.fields["amount"]
    values = [{name: each.value for name, each in expense.fields.items()} for expense in (found, second)]
    assert values[0] == values[1]  # of evidence that agrees the surer is kept


def test_a_proven_amount_replaces_another_and_both_are_named():
    found = reconciled(("Harbour Books Ltd", "2024-03-14 10:24", "Total GBP | 57.50"), SURE)
    assert (found.amount, found.needs_review) == (Decimal("7.50"), True)
    assert found.reasons == ("The amount was read as 57.50 at first, and as 7.50 when it was looked at again.",)


def test_a_proven_amount_is_not_replaced_by_one_that_nothing_proves():
    found = reconciled(SURE, ("Harbour Books Ltd", "2024-03-14 10:24", "Total GBP | 57.50"))
    assert (found.amount, found.fields["amount"].value) == (Decimal("7.50"), "7.50")
    assert found.reasons == ("The amount was read as 7.50 at first, and as 57.50 when it was looked at again.",)


def test_a_date_that_is_not_seen_again_is_kept_and_said():
    found = reconciled(SURE, ("Harbour Books Ltd", *SURE[2:]))
    assert (found.date, found.confidence) == (date(2024, 3, 14), findings(*SURE).expense.confidence)
    assert found.reasons == ("The date 2024-03-14 was not seen when it was looked at again.",)


def test_a_printed_currency_is_not_replaced_by_the_default_one():
    options = replace(OPTIONS, default_currency="EUR")
    lacking = ("Harbour Books Ltd", "2024-03-14 10:24", "Total | 7.50", "Cash | 10.00", "Change | 2.50")
    found = reconciled(UNPROVEN, lacking, options)
    assert (found.currency, found.needs_review) == ("GBP", True)
    assert "The currency GBP was not seen when it was looked at again." in found.reasons
    assert not reconciled(lacking, lacking, options).needs_review


def test_another_currency_is_a_doubt():
    found = reconciled(SURE, tuple(line.replace("GBP", "EUR") for line in SURE))
    assert found.needs_review
    assert "The currency was read as GBP at first, and as EUR when it was looked at again." in found.reasons


@pytest.mark.parametrize("odd", ["PROFORMA INVOICE", "Card | 17.50"])
def test_a_doubt_is_not_forgotten_because_the_second_look_passed_over_its_line(odd):
    first = findings(*SURE, odd)
    assert first.expense.needs_review
    found = reconcile(first, findings(*SURE), OPTIONS.review_below).expense
    assert found.needs_review
    assert set(found.reasons) <= set(first.expense.reasons)


def test_another_seller_is_a_doubt_and_what_goes_with_the_seller_stays_with_it():
    found = reconciled(SURE, ("x y", *SURE[1:]))
    expected = findings(*SURE).expense
    assert (found.vendor, found.category, found.legal_form) == (expected.vendor, expected.category, expected.legal_form)
    assert found.needs_review
    assert not any("uncertain" in reason for reason in found.reasons)


def test_a_worse_spelling_replaces_no_sure_one():
    worse = ("Harbuur Books Ltd", *SURE[1:])
    assert reconciled(SURE, worse).vendor == findings(*SURE).expense.vendor
    assert not reconciled(SURE, worse).needs_review


def sold_by(name):
    """Return sure findings with another reading of the seller's name."""
    found = findings(*SURE)
    field = replace(found.fields["vendor"], value=name)
    return replace(found, expense=replace(found.expense, vendor=name), fields={**found.fields, "vendor": field})


@pytest.mark.parametrize(
    ("first", "second"), [("Harb0ur Books Ltd", "Harbour Books Ltd"), ("Harbour Books Ltd", "Harb0ur Books Ltd")]
)
def test_of_two_readings_of_a_name_the_one_without_digits_among_its_letters_counts(first, second):
    one, other = (sold_by(name) for name in (first, second))
    assert reconcile(one, other, OPTIONS.review_below).expense.vendor == "Harbour Books Ltd"


@pytest.mark.parametrize(
    ("first", "second"), [("A1 Harbour Shop", "Al Harbour Shop"), ("H2O Bistro Grill", "HO Bistro Grill")]
)
def test_a_digit_that_belongs_to_a_name_stays(first, second):
    one, other = (sold_by(name) for name in (first, second))
    assert reconcile(one, other, OPTIONS.review_below).expense.vendor == first


@pytest.mark.parametrize(("confidence", "expected"), [(0.80, "Harbour Books Ltd"), (0.99, "Meadow Garden Centre Ltd")])
def test_of_two_sellers_the_first_stays_if_it_alone_is_sure_and_a_person_is_asked_in_any_case(confidence, expected):
    first, second = findings(*SURE), findings("Meadow Garden Centre Ltd", *SURE[1:])
    fields = {**second.fields, "vendor": replace(second.fields["vendor"], confidence=confidence)}
    assert first.fields["vendor"].confidence >= VENDOR_SURE
    found = reconcile(first, replace(second, fields=fields), OPTIONS.review_below).expense
    assert (found.vendor, found.needs_review) == (expected, True)


def test_a_last_look_adds_only_what_is_missing_and_forgets_no_doubt():
    lines = ("Harbour Books Ltd", *SURE[2:])
    first = extract_expense(make_reading("Harbour Books Ltd", "Total GBP | 57.50"), OPTIONS)
    second = reconcile(first, findings(*lines), OPTIONS.review_below)
    told = "The amount was read as 57.50 at first, and as 7.50 when it was looked at again."
    assert (second.expense.date, second.expense.reasons[0]) == (None, told)
    last = findings("Meadow Garden Centre Ltd", SURE[1], "Total GBP | 9.99")
    found = complete(second, last, OPTIONS.review_below).expense
    assert (found.vendor, found.amount, found.date) == (second.expense.vendor, Decimal("7.50"), date(2024, 3, 14))
    assert told in found.reasons
    assert "No date was found." not in found.reasons
    assert found.confidence > 0
    assert complete(findings(*SURE), last, OPTIONS.review_below) == findings(*SURE)


def test_a_known_brand_stays_whatever_the_second_look_takes_for_a_name():
    first, second = sold_by("Green Acorn"), sold_by("4060 Strip")
    fields = {**first.fields, "vendor": replace(first.fields["vendor"], features={"brand": 1.0}, confidence=0.5)}
    found = reconcile(replace(first, fields=fields), second, OPTIONS.review_below).expense
    assert (found.vendor, found.needs_review) == ("Green Acorn", True)
