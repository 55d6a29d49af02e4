"""What else the doubtful fields might be: found generously, likeliest first, and only where a person has to look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.rivals import MOST, with_candidates
from expensed.extraction.second_opinion import reconcile

OPTIONS = ExtractionOptions(today=date(2025, 1, 1))
SURE = ("Harbour Books Ltd", "2024-03-14 10:24", "Atlas | 7.50", "Total GBP | 7.50", "Cash | 10.00", "Change | 2.50")
HEAD = ("Harbour Books Ltd", "12 Market Street, London", "14 March 2024 10:24")


def look(*lines, options=OPTIONS):
    return extract_expense(make_reading(*lines), options)


def candidates(*lines, options=OPTIONS):
    return with_candidates(look(*lines, options=options), options.review_below).expense.candidates


def values(name, *lines):
    return [each.value for each in candidates(*lines)[name]]


def test_what_needs_nobody_has_no_candidates():
    assert not look(*SURE).expense.needs_review
    assert candidates(*SURE) == {}


def test_only_doubtful_fields_have_them_and_never_the_chosen_value():
    found = candidates(*HEAD, "Atlas | 7.50", "Total GBP | 37.50", "Total GBP | 7.50")
    chosen = look(*HEAD, "Atlas | 7.50", "Total GBP | 37.50", "Total GBP | 7.50").fields["amount"].value
    assert "date" not in found
    (first, *_) = found["amount"]
    assert {chosen, first.value} == {"7.50", "37.50"}
    assert (first.page, first.text) == (1, f"Total GBP  {first.value}")
    assert first.box is not None


def test_a_value_that_was_found_twice_is_shown_once():
    findings = look(*HEAD, "Atlas | 7.50", "Total GBP | 37.50", "Total GBP | 7.50")
    twice = {name: (*rivals, *rivals) for name, rivals in findings.rivals.items()}
    shown = with_candidates(replace(findings, rivals=twice), 0.97).expense.candidates
    assert shown
    for name, each in shown.items():
        assert len({one.value for one in each}) == len(each), name


def test_their_probabilities_share_what_the_chosen_value_leaves():
    findings = with_candidates(look(*HEAD, "Atlas | 7.50", "Total GBP | 37.50", "Total GBP | 7.50"), 0.97)
    left = 1 - findings.fields["amount"].confidence
    shares = [each.confidence for each in findings.expense.candidates["amount"]]
    assert sorted(shares, reverse=True) == shares
    assert 0 < sum(shares) < left
    assert len(shares) <= MOST


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (("Atlas | 50.0", "TOTAL | 50.0"), "50.00"),
        (("Atlas | 53.20", "TOTAL | 53 20", "TOTAL | 63.20"), "53.20"),
        (("Atlas | 67.31", "Total | 567.31"), "67.31"),
        (("Atlas | 2.000", "TOTAL | 2.00", "TOTAL | 2.000"), "2000"),
    ],
)
def test_an_amount_is_offered_however_it_is_written(lines, value):
    assert value in values("amount", "Harbour Books Ltd", "14 March 2024", *lines)


def test_the_total_with_its_tax_is_offered():
    assert "285.00" in values("amount", *HEAD, "Subtotal | 259.09", "VAT 10% | 25.91")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Date: 03/04/2024", "2024-04-03"),
        ("Date: 03/04/2024", "2024-03-04"),
        ("123012 09:52PM  SALE", "2012-12-30"),
        ("Host: Ann  11/10/2914", "2014-11-10"),
        ("KS#03 S#1 Ju1.30'11(Sat)07:27", "2011-07-30"),
        ("Jan25:18 08:49M", "2018-01-25"),
    ],
)
def test_a_day_is_offered_however_it_is_misread(line, day):
    found = with_candidates(look("Harbour Books Ltd", line, "Atlas | 7.50", "Total $ | 7.50"), 1.0)
    chosen = found.fields.get("date")
    offered = [each.value for each in found.expense.candidates.get("date", ())]
    assert day in [*offered, chosen.value if chosen else None]


def test_no_day_ahead_is_offered():
    found = candidates("Harbour Books Ltd", "123031 09:52PM", "Total $ | 7.50")
    assert found["date"] == ()


def test_a_brand_among_other_words_and_the_first_word_of_a_name_are_offered():
    lines = ("Rate us highly satisfied", "Valid at participating US McDonald's", "14 March 2024", "Total GBP | 7.50")
    assert "McDonald's" in values("vendor", *lines)


def test_where_nothing_tells_which_field_is_doubtful_the_three_have_candidates():
    findings = look(*SURE)
    doubted = replace(findings, expense=replace(findings.expense, needs_review=True, reasons=("It is cut off.",)))
    assert set(with_candidates(doubted, 0.97).expense.candidates) == {"amount", "date", "vendor"}


def test_what_the_other_look_read_is_a_candidate():
    first = look(*HEAD, "Atlas | 7.58", "Total GBP | 7.58")
    second = look(*HEAD, "Atlas | 7.50", "Total GBP | 7.50")
    found = with_candidates(reconcile(first, second, 0.97), 0.97).expense
    assert found.needs_review
    assert f"{found.amount}" == "7.50"
    assert "7.58" in [each.value for each in found.candidates["amount"]]


def test_a_value_that_a_doubt_names_goes_before_others():
    lines = (*HEAD, *(f"Atlas | {price}.10" for price in range(2, 9)), "Total GBP | 94.00", "Total GBP | 28.00")
    findings = with_candidates(look(*lines), 0.97)
    (doubt,) = [reason for reason in findings.expense.reasons if reason.startswith("Two totals differ")]
    assert findings.expense.candidates["amount"][0].value in doubt
