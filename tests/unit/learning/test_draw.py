"""What a document teaches once a person has corrected it, or filed it as it was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from msgspec import UNSET

from expensed.learning.draw import draw_lesson, merge_headings
from expensed.model.expense import Corrections, Evidence, Expense, Said
from expensed.model.lesson import LabelledSum, Lesson, Traits
from expensed.pipeline.requests.merge import confirm, merge_said, note_corrections

READ = Expense(
    vendor="NORDLICHT CAFE", amount=Decimal("7.53"), date=date(2024, 3, 4), category="Other", currency="EUR",
    confidence=50,
    fields={
        "vendor": Evidence(value="NORDLICHT CAFE", confidence=0.6),
        "amount": Evidence(value="7.53", confidence=0.5),
        "date": Evidence(value="2024-03-04", confidence=0.9),
        "category": Evidence(value="Other", confidence=0.3),
        "currency": Evidence(value="EUR", confidence=0.9),
    },
)  # fmt: skip
TRAITS = Traits(
    identifiers=("number:123456789", "head:nordlichtcafe"),
    sums=(LabelledSum("subtotal", Decimal("7.53")), LabelledSum("total", Decimal("8.20"))),
    day_first=True,
    words=("espresso",),
)


def draw(said: Said, read: Expense = READ, original: Said | None = None) -> Lesson:
    """Return the lesson of a document that a person filed from review with this data."""
    merged = confirm(merge_said(read, said), said)
    lesson = draw_lesson(merged, note_corrections(read, said, original, "now"), TRAITS)
    assert lesson is not None
    return lesson


def test_a_document_that_is_filed_unchanged_teaches_what_was_read():
    assert draw(Said()) == Lesson(
        identifiers=("read:nordlichtcafe", *TRAITS.identifiers), vendor="NORDLICHT CAFE", category="Other",
        read_category="Other", words=("espresso",), currency="EUR", day_first=True, amount_label="subtotal",
        was_right=True,
    )  # fmt: skip


def test_a_correction_teaches_the_right_values_and_how_they_were_read():
    said = Said(vendor="Nordlicht", category="Travel", amount=Decimal("8.20"), date=date(2024, 4, 3))
    lesson = draw(said, original=Said(vendor="Nord Licht"))
    assert lesson.identifiers[:2] == ("read:nordlichtcafe", "read:nordlicht")
    assert (lesson.vendor, lesson.category, lesson.read_category) == ("Nordlicht", "Travel", "Other")
    assert (lesson.amount_label, lesson.read_label) == ("total", "subtotal")
    assert (lesson.day_first, lesson.was_right) == (False, False)


def test_a_date_elsewhere_on_the_paper_tells_no_order():
    assert draw(Said(date=date(2024, 5, 17))).day_first is None


def test_what_a_person_did_not_look_at_is_not_taught():
    said = Said(category="Travel")
    corrections = Corrections(said=said, original=Said(category="Other"))
    lesson = draw_lesson(merge_said(READ, said), corrections, TRAITS)
    assert lesson is not None
    assert (lesson.vendor, lesson.category, lesson.currency, lesson.amount_label) == (None, "Travel", None, None)
    assert (lesson.day_first, lesson.was_right) == (None, None)


def test_what_was_taught_before_is_seen_through():
    """The name as read counts, not the one that a lesson put in its place."""
    fields = {**READ.fields, "vendor": Evidence(value="Nordlicht", confidence=0.97, read_as="NORDLICHT CAFE")}
    assert draw(Said(), replace(READ, vendor="Nordlicht", fields=fields)).identifiers[0] == "read:nordlichtcafe"


def test_a_description_alone_teaches_nothing():
    said = Said(description="a coffee")
    assert draw_lesson(merge_said(READ, said), Corrections(said=said, original=Said()), TRAITS) is None


def test_lessons_by_heading_become_one():
    old = [
        Lesson(heading="a", vendor="Old", category="Other", at="2024-01-01"),
        Lesson(heading="b", vendor="New", at="2024-01-02"),
    ]
    assert merge_headings(old) == Lesson(
        identifiers=("read:a", "read:b"), vendor="New", category="Other", at="2024-01-02"
    )
    assert merge_headings([]) is None
    new = Lesson(vendor="As it is")
    assert (merge_headings([new]), new.heading) == (new, UNSET)
