"""Where a second look is worth it, and what becomes of two findings that differ."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import ROW, make_reading

from expensed.extraction.doubtful_places import find_doubtful_places, find_rest
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import build_rows
from expensed.extraction.second_opinion import reconcile
from expensed.model.reading import Band

OPTIONS = ExtractionOptions(today=date(2025, 1, 1))
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


def test_findings_that_agree_are_those_of_the_second_look():
    first, second = findings(*UNPROVEN), findings(*UNPROVEN, "Cash | 10.00", "Change | 2.50")
    assert reconcile(first, second) is second


def test_a_proven_amount_replaces_another_and_both_are_named():
    first = findings("Harbour Books Ltd", "2024-03-14 10:24", "Total GBP | 57.50")
    found = reconcile(first, findings(*SURE)).expense
    assert (found.amount, found.needs_review) == (Decimal("7.50"), True)
    assert found.reasons == ("The amount was read as 57.50 at first, and as 7.50 when it was looked at again.",)


def test_a_proven_amount_is_not_replaced_by_one_that_nothing_proves():
    second = findings("Harbour Books Ltd", "2024-03-14 10:24", "Total GBP | 57.50")
    found = reconcile(findings(*SURE), second)
    assert (found.expense.amount, found.expense.needs_review) == (Decimal("7.50"), True)
    assert found.expense.fields["amount"].value == found.fields["amount"].value == "7.50"
    assert "57.50" in found.expense.reasons[-1]


def test_a_date_that_is_not_seen_again_is_kept_and_said():
    second = findings("Harbour Books Ltd", "Atlas | 7.50", "Total GBP | 7.50", "Cash | 10.00", "Change | 2.50")
    found = reconcile(findings(*SURE), second).expense
    assert found.date == date(2024, 3, 14)
    assert found.reasons == ("The date 2024-03-14 was not seen when it was looked at again.",)


def test_another_seller_is_a_doubt_and_a_better_spelling_is_none():
    other = findings("Meadow Garden Centre Ltd", *SURE[1:])
    assert any("The vendor was read as" in reason for reason in reconcile(findings(*SURE), other).expense.reasons)
    worse = findings("Harbuur Books Ltd", *SURE[1:])
    assert reconcile(worse, findings(*SURE)).expense.vendor == findings(*SURE).expense.vendor
    assert not reconcile(worse, findings(*SURE)).expense.reasons
