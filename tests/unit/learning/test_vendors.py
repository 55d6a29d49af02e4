from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from expensed.learning.vendor_key import find_heading, is_alike, reduce_heading
from expensed.learning.vendor_lessons import PROOF, SURE, UNSURE, apply_lessons, draw_lessons
from expensed.model.expense import Evidence, Expense, Lesson, Said
from expensed.web.schema.values import read_shown


def expense(vendor: str | None = "NORDLICHT CAFE", confidence: float = 0.6) -> Expense:
    return Expense(
        vendor=vendor,
        amount=Decimal("7.53"),
        date=None,
        category="Other",
        currency="EUR",
        confidence=50,
        needs_review=True,
        fields={
            "vendor": Evidence(value=vendor, confidence=confidence, page=1, box=(0, 0, 1, 1), text=vendor),
            "amount": Evidence(value="7.53", confidence=0.5),
            "category": Evidence(value="Other", confidence=0.3),
        },
    )


def read_as(vendor: str | None) -> Expense:
    """Return a reading of which only the vendor is known."""
    return Expense(vendor=vendor, confidence=0)


def lesson(vendor: str | None = "Nordlicht Café", category: str | None = None) -> Lesson:
    return Lesson("nordlichtcafe", vendor, category)


@pytest.mark.parametrize(
    "text", ["Nordlicht Café", "NORDLICHT  CAFE", "nordlicht-cafe.", "\N{FULLWIDTH LATIN CAPITAL LETTER N}ordlichtcafé"]
)
def test_a_heading_is_known_again_however_it_is_set(text):
    assert reduce_heading(text) == "nordlichtcafe"


@pytest.mark.parametrize("text", ["", " . ", "é", "!!!"])
def test_too_little_is_no_heading(text):
    assert reduce_heading(text) is None


def test_a_heading_in_another_script_is_one():
    assert reduce_heading("星巴克 咖啡") == "星巴克咖啡"


def test_the_heading_is_what_was_read_before_any_correction():
    name = Evidence(value="B", confidence=1.0, read_as="A & Sons")
    assert find_heading(Expense(vendor="B", confidence=0, fields={"vendor": name})) == "asons"
    assert find_heading(read_as("B GmbH")) == "bgmbh"
    assert find_heading(None) is None
    assert find_heading(read_as(None)) is None


def test_a_correction_teaches_of_what_was_read_and_of_what_was_shown():
    said = Said(vendor="Adobe Systems", category="Other")
    drawn = draw_lessons(read_as("ADOBE"), said, Said(vendor="Adobe Inc"))
    assert drawn == [Lesson("adobe", "Adobe Systems", "Other"), Lesson("adobeinc", "Adobe Systems", "Other")]
    shown = read_shown({"vendor": 5})
    assert draw_lessons(read_as("ADOBE"), Said(category="Other"), shown) == [Lesson("adobe", None, "Other")]


def test_what_says_nothing_of_vendor_or_category_teaches_nothing():
    said = Said(amount=Decimal(5), date=date(2024, 1, 1))
    assert draw_lessons(read_as("ADOBE"), said, Said(vendor="Adobe")) == []
    assert draw_lessons(None, Said(vendor="Adobe"), None) == []


def test_the_latest_lesson_names_vendor_and_category_and_says_where_it_came_from():
    found = apply_lessons(expense(), [lesson(category="Meals & Entertainment"), lesson("nordlicht café", "Other")])
    assert (found.vendor, found.category) == ("Nordlicht Café", "Meals & Entertainment")
    vendor = found.fields["vendor"]
    assert (vendor.value, vendor.confidence, vendor.proof, vendor.read_as) == (
        "Nordlicht Café", SURE, PROOF, "NORDLICHT CAFE"
    )  # fmt: skip
    assert vendor.page == 1
    assert found.fields["category"].proof == PROOF


def test_amount_and_confidence_of_the_document_are_never_touched():
    before = expense()
    after = apply_lessons(before, [lesson()])
    assert (after.amount, after.confidence, after.fields["amount"]) == (
        before.amount, before.confidence, before.fields["amount"]
    )  # fmt: skip


def test_where_lessons_disagree_nobody_is_sure():
    found = apply_lessons(expense(confidence=0.95), [lesson(), lesson("Someone Else")])
    assert (found.vendor, found.fields["vendor"].confidence) == ("Nordlicht Café", UNSURE)


def test_a_name_unlike_its_heading_is_sure_only_when_two_documents_taught_it():
    other = lesson("Lindgren Bakery")
    assert apply_lessons(expense(), [other]).fields["vendor"].confidence == UNSURE
    assert apply_lessons(expense(), [other, other]).fields["vendor"].confidence == SURE


def test_a_name_that_was_confirmed_is_not_made_less_sure():
    found = apply_lessons(expense("Nordlicht Café", 0.999), [lesson()])
    assert found.fields["vendor"].confidence == 0.999


def test_a_category_alone_leaves_the_vendor_as_it_is():
    before = expense()
    found = apply_lessons(before, [lesson(None, "Travel")])
    assert (found.vendor, found.category, found.fields["vendor"]) == (before.vendor, "Travel", before.fields["vendor"])


def test_without_lessons_or_vendor_nothing_changes():
    before = expense()
    assert apply_lessons(before, []) is before
    nameless = expense(None)
    assert apply_lessons(nameless, [lesson()]) is nameless


@pytest.mark.parametrize(
    ("heading", "vendor", "alike"),
    [("adobe", "Adobe Systems", True), ("ad0besystens", "Adobe Systems", True), ("receipt", "Adobe", False),
     ("adobe", "!!", False)],
)  # fmt: skip
def test_a_misread_or_shortened_name_is_alike(heading, vendor, alike):
    assert is_alike(heading, vendor) is alike
