"""Which lessons are about the seller of a document: numbers identify, words support."""

from __future__ import annotations

import pytest

from expensed.learning.identify import Tie, identify, list_keys, list_lesson_keys
from expensed.model.expense import Evidence, Expense
from expensed.model.lesson import Lesson, Traits

TAX, PHONE, BUYER = "number:362584088", "number:037728123", "number:987654321"


def read(vendor: str | None = "NORDLICHT CAFE", sure: float = 0.6) -> Expense:
    fields = {} if vendor is None else {"vendor": Evidence(value=vendor, confidence=sure)}
    return Expense(vendor=vendor, confidence=50, fields=fields)


def taught(vendor: str, *identifiers: str, number: int = 1, at: str = "2024-01-01") -> Lesson:
    return Lesson(number=number, document=f"{number}.pdf", identifiers=identifiers, vendor=vendor, at=at)


def find_tie(expense: Expense, identifiers: tuple[str, ...], *lessons: Lesson) -> Tie:
    """Return the tie of the lessons that are about the seller."""
    matches = identify(Traits(identifiers=identifiers), expense, lessons)
    return matches[0].tie if matches else Tie.NONE


def test_a_number_and_a_like_name_are_sure():
    lesson = taught("Nordlicht", "read:nordlichtcafe", TAX)
    assert find_tie(read(), (TAX,), lesson) is Tie.SURE
    assert find_tie(read("N0RDLIGHT CAFE"), (TAX,), lesson) is Tie.SURE


@pytest.mark.parametrize(
    ("vendor", "tie"),
    [("Nordlicht Café", Tie.NAMED), ("Nordlicht Roasters", Tie.NONE), ("NORDL1CHT", Tie.NONE), ("Lindgren", Tie.NONE)],
)
def test_without_a_number_the_name_must_be_read_as_it_was(vendor, tie):
    assert find_tie(read(vendor), (), taught("Nordlicht", "read:nordlichtcafe")) is tie


@pytest.mark.parametrize("vendor", ["Buardian Health And Beauty", "Guardian Health and Beauty Store #337"])
def test_a_name_with_a_wrong_letter_or_the_number_of_a_branch_is_near(vendor):
    assert find_tie(read(vendor), (), taught("Guardian Health and Beauty", "read:other")) is Tie.NEAR


def test_a_number_without_a_like_name_is_no_proof():
    """The first seller's lesson has the number of the buyer, too, who is on every invoice."""
    lesson = taught("Lindgren Bakery", "read:lindgrenbakery", TAX, BUYER)
    assert find_tie(read("Office Supplies"), (BUYER,), lesson) is Tie.NONE
    assert find_tie(read("Office Supplies"), (BUYER, TAX), lesson) is Tie.GUESSED
    assert find_tie(read(None), (BUYER,), lesson) is Tie.GUESSED


def test_a_heading_on_the_papers_of_many_sellers_is_not_sure_by_the_number_of_the_buyer():
    lesson = taught("Lindgren Bakery", "read:invoice", TAX, BUYER)
    assert find_tie(read("Invoice"), (BUYER, PHONE), lesson) is Tie.NAMED
    assert find_tie(read("Invoice"), (BUYER, TAX), lesson) is Tie.SURE
    assert find_tie(read("Invoice"), (TAX,), lesson) is Tie.SURE


def test_a_number_that_several_sellers_have_loses_its_force():
    lessons = [
        taught("Lindgren Bakery", "read:lindgrenbakery", BUYER),
        taught("Office Supplies", "read:officesupplies", BUYER, number=2),
    ]
    assert find_tie(read(None), (BUYER,), *lessons) is Tie.NONE
    assert find_tie(read("LINDGREN BAKERY"), (BUYER,), *lessons) is Tie.NAMED


def test_a_number_keeps_its_force_if_people_say_that_its_sellers_are_one():
    lessons = [
        taught("Lindgren Bakery", "read:lindgrenbakery", TAX),
        taught("Quayside", "read:quayside", TAX, number=2),
    ]
    traits, names = Traits(identifiers=(TAX,)), {"lindgrenbakery": "Quayside"}
    assert identify(traits, read(None), lessons) == []
    assert [match.tie for match in identify(traits, read(None), lessons, names)] == [Tie.GUESSED, Tie.GUESSED]


def test_a_seller_with_another_name_later_keeps_its_numbers():
    lessons = [
        taught("Nordlicht", "read:nordlichtcafe", TAX),
        taught("North Light", "read:nordlichtcafe", TAX, number=2, at="2024-01-02"),
    ]
    matches = identify(Traits(identifiers=(TAX,)), read(), lessons)
    assert [(match.tie, match.lesson.number) for match in matches] == [(Tie.SURE, 2), (Tie.SURE, 1)]


def test_a_domain_alone_supports_no_name_that_is_only_like_it():
    """The maker of a till prints its own domain on the papers of all its customers."""
    lesson = taught("Mizu Noodles", "read:mizunoodles", "domain:tillmaker")
    assert find_tie(read("Mizo Noodle House"), ("domain:tillmaker",), lesson) is Tie.NONE
    assert find_tie(read("MIZU NOODLES"), ("domain:tillmaker",), lesson) is Tie.SURE


def test_a_known_name_in_the_head_is_a_guess():
    lesson = taught("Crowne Palace", "read:crownepalace")
    assert find_tie(read("GREEN PARK"), ("head:crownepalacedundalk",), lesson) is Tie.GUESSED


def test_the_surest_lessons_count_alone():
    lessons = [taught("Nordlicht", "read:nordlichtcafe"), taught("Nordlicht Ltd", "read:x", TAX, number=2)]
    (match,) = identify(Traits(identifiers=(TAX,)), read("Nordlicht Cafe"), lessons)
    assert match.lesson.number == 2


def test_a_lesson_is_found_by_each_key_that_can_tie_it():
    lesson = taught("Guardian Health", "read:buardian", TAX, "head:1stmainstreet", "head:shop")
    keys = set(list_lesson_keys(lesson))
    assert keys == {TAX, "start:guar", "end:alth", "start:buar", "end:dian"}
    misread = Traits(identifiers=("head:guard1anhealth", "number:111222333"))
    assert "end:alth" in keys.intersection(list_keys(misread, read("Other")))
