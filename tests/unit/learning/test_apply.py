"""What lessons teach of a seller is applied where the paper left something open; what is proven stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec import UNSET

from expensed.learning.apply import SURE, UNSURE, apply_lessons
from expensed.model.expense import BY_DEFAULT, Evidence, Expense
from expensed.model.lesson import LabelledSum, Lesson, Traits

TAX = "number:362584088"
BELOW = 0.97
READ = Expense(
    vendor="NORDLICHT CAFE", amount=Decimal("7.53"), date=date(2024, 3, 4), category="Other", currency="USD",
    confidence=50, needs_review=True,
    fields={
        "vendor": Evidence(value="NORDLICHT CAFE", confidence=0.6, page=1, box=(0, 0, 1, 1), text="NORDLICHT CAFE"),
        "amount": Evidence(value="7.53", confidence=0.6),
        "date": Evidence(value="2024-03-04", confidence=0.9),
        "category": Evidence(value="Other", confidence=0.3),
        "currency": Evidence(value="USD", confidence=0.9),
    },
)  # fmt: skip
TRAITS = Traits(
    identifiers=(TAX,),
    sums=(LabelledSum("subtotal", Decimal("7.53")), LabelledSum("total", Decimal("8.20"))),
    day_first=False,
    sure_if_ordered=0.99,
    words=("espresso", "cake"),
)


def taught(vendor: str | None = "Nordlicht Café", number: int = 1, **changes: Any) -> Lesson:
    lesson = Lesson(
        number=number, document=f"{number}.pdf", identifiers=("read:nordlichtcafe", TAX), vendor=vendor,
        at=f"2024-01-{number:02}",
    )  # fmt: skip
    return replace(lesson, **changes)


def apply(*lessons: Lesson, read: Expense = READ, traits: Traits = TRAITS) -> Expense:
    return apply_lessons(read, traits, lessons, BELOW).expense


def read_with(name: str, value: object, evidence: Evidence | None) -> Expense:
    fields = {**READ.fields, name: evidence} if evidence is not None else {}
    return replace(READ, fields=fields, **{name: value})  # type: ignore[arg-type]


def test_the_latest_lesson_names_the_seller_and_the_document_that_taught_it():
    found = apply(taught("Nordlicht"), taught("Nordlicht Café", number=2, category="Travel"))
    assert (found.vendor, found.category, found.lessons) == ("Nordlicht Café", "Travel", (2,))
    vendor = found.fields["vendor"]
    assert (vendor.value, vendor.proof, vendor.read_as, vendor.page) == (
        "Nordlicht Café", "learnt from document 2.pdf", "NORDLICHT CAFE", 1
    )  # fmt: skip
    assert found.fields["category"].proof == "learnt from document 2.pdf"


def test_a_forgotten_lesson_teaches_nothing():
    assert apply(taught(forgotten_at="2024-05-05")) is READ


@pytest.mark.parametrize(
    ("changes", "sure"),
    [({}, SURE), ({"was_right": True}, SURE), ({"was_right": False}, UNSURE)],
)
def test_a_seller_that_is_surely_known_needs_no_look_unless_its_paper_was_misread(changes, sure):
    assert apply(taught(**changes)).fields["vendor"].confidence == sure


def test_where_lessons_disagree_nobody_is_sure():
    found = apply(taught("Someone Else"), taught(number=2))
    assert (found.vendor, found.fields["vendor"].confidence) == ("Nordlicht Café", UNSURE)


def test_a_guess_stays_doubtful_and_is_none_if_two_sellers_may_be_meant():
    traits = Traits(identifiers=("head:crownepalacedundalk", "head:atlindgrenbakery"))
    crowne = taught("Crowne Palace", identifiers=("read:crownepalace",))
    bakery = taught("Lindgren Bakery", number=2, identifiers=("read:lindgrenbakery",))
    for lesson in (crowne, bakery):
        found = apply(lesson, traits=traits)
        assert (found.vendor, found.fields["vendor"].confidence) == (lesson.vendor, UNSURE)
    assert apply(crowne, bakery, traits=traits) is READ
    known = read_with("vendor", "GREEN PARK", Evidence(value="GREEN PARK", confidence=0.9))
    assert apply(crowne, traits=traits, read=known) is known


def test_a_name_unlike_its_heading_is_sure_only_if_three_documents_taught_it():
    lessons = [taught("Lindgren Bakery", number=number, identifiers=("read:receipt",)) for number in (1, 2, 3)]
    read = read_with("vendor", "RECEIPT", Evidence(value="RECEIPT", confidence=0.6))
    for count, sure in ((1, UNSURE), (2, UNSURE), (3, SURE)):
        found = apply(*lessons[:count], read=read, traits=Traits())
        assert (found.vendor, found.fields["vendor"].confidence) == ("Lindgren Bakery", sure)


def test_a_name_that_is_confirmed_is_not_made_less_sure():
    read = read_with("vendor", "NORDLICHT CAFE", Evidence(value="NORDLICHT CAFE", confidence=0.98))
    found = apply(taught("NORDLICHT CAFE", was_right=False), read=read)
    assert found.fields["vendor"].confidence == 0.98


def test_a_proven_seller_of_another_name_stays():
    proven = Evidence(value="Nordlicht Roasters", confidence=0.99, proof="payment code")
    assert apply(taught(), read=read_with("vendor", "Nordlicht Roasters", proven)).vendor == "Nordlicht Roasters"


def test_where_one_seller_means_several_categories_what_was_bought_decides():
    lessons = [
        taught(number=1, category="Meals & Entertainment", words=("espresso", "cake", "tea")),
        taught(number=2, category="Equipment & Hardware", words=("grinder", "cake")),
    ]
    assert apply(*lessons).category == "Meals & Entertainment"
    assert apply(*lessons, traits=replace(TRAITS, words=("grinder",))).category == "Equipment & Hardware"
    read = read_with("category", "Meals & Entertainment", Evidence(value="Meals & Entertainment", confidence=0.5))
    assert apply(*lessons, read=read, traits=replace(TRAITS, words=())).category == "Meals & Entertainment"


def test_a_category_alone_leaves_the_seller_as_it_is():
    found = apply(taught(None, category="Travel"))
    assert (found.vendor, found.category, found.fields["vendor"]) == (READ.vendor, "Travel", READ.fields["vendor"])


@pytest.mark.parametrize(
    ("value", "evidence", "found"),
    [
        (None, None, "SGD"),
        ("EUR", Evidence(value="EUR", confidence=0.99, proof=BY_DEFAULT), "SGD"),
        ("USD", Evidence(value="USD", confidence=0.9), "SGD"),
        ("USD", Evidence(value="USD", confidence=0.98), "USD"),
        ("USD", Evidence(value="USD", confidence=0.9, proof="fiscal code"), "USD"),
    ],
)
def test_the_currency_is_learnt_only_where_it_was_left_open(value, evidence, found):
    assert apply(taught(currency="SGD"), read=read_with("currency", value, evidence)).currency == found


def test_a_currency_is_settled_by_a_lesson_that_says_the_same_and_by_no_name_alone():
    learnt = apply_lessons(READ, TRAITS, [taught(currency="USD")], BELOW)
    assert "currency" in learnt.settled
    other = apply_lessons(READ, TRAITS, [taught(currency="SGD")], BELOW)
    assert (other.expense.currency, "currency" in other.settled) == ("SGD", False)
    by_name = taught(currency="SGD", identifiers=("read:nordlichtcafe",))
    assert apply(by_name).currency == "USD"


def test_day_and_month_are_read_in_the_order_of_the_seller():
    learnt = apply_lessons(READ, TRAITS, [taught(day_first=True)], BELOW)
    evidence = learnt.expense.fields["date"]
    assert (learnt.expense.date, evidence.value, evidence.read_as) == (date(2024, 4, 3), "2024-04-03", "2024-03-04")
    assert "date" in learnt.settled
    same = apply_lessons(READ, TRAITS, [taught(day_first=False)], BELOW)
    assert (same.expense.date, same.expense.fields["date"].read_as, "date" in same.settled) == (READ.date, UNSET, True)


@pytest.mark.parametrize(
    "traits",
    [replace(TRAITS, sure_if_ordered=None), replace(TRAITS, day_first=None)],
)
def test_a_date_that_can_be_read_one_way_only_stays(traits):
    assert apply(taught(day_first=True), traits=traits).date == READ.date


def test_an_illegible_date_stays_doubtful_in_any_order():
    learnt = apply_lessons(READ, replace(TRAITS, sure_if_ordered=0.8), [taught(day_first=False)], BELOW)
    assert "date" not in learnt.settled


def test_the_sum_that_was_charged_is_known_by_its_label_and_stays_doubtful():
    lesson = taught(amount_label="total", read_label="subtotal")
    learnt = apply_lessons(READ, TRAITS, [lesson], BELOW)
    evidence = learnt.expense.fields["amount"]
    assert (learnt.expense.amount, evidence.value, evidence.read_as) == (Decimal("8.20"), "8.20", "7.53")
    assert (evidence.confidence, "amount" in learnt.settled) == (UNSURE, False)


def test_a_proven_amount_or_one_that_was_right_before_stays():
    proven = read_with("amount", Decimal("7.53"), Evidence(value="7.53", confidence=0.9, proof="net + tax"))
    assert apply(taught(amount_label="total", read_label="subtotal"), read=proven).amount == Decimal("7.53")
    assert apply(taught(amount_label="total")).amount == Decimal("7.53")


def test_lessons_about_others_change_nothing():
    other = taught("Lindgren Bakery", identifiers=("read:lindgrenbakery", "number:111222333"))
    assert apply(other) is READ
    assert apply() is READ
