"""Which categories are in force, and which one a name means."""

import pytest

from expensed.model.categories import CATEGORIES, STANDARD, Categories, OwnCategory

HOSTING = OwnCategory("Hosting", instead_of="Software & Services")
HOBBY = OwnCategory("Hobby")


def test_without_settings_the_sixteen_are_in_force():
    assert STANDARD.names == CATEGORIES
    assert [STANDARD.called(each) for each in CATEGORIES] == [*CATEGORIES]


def test_one_that_replaces_another_has_its_place_and_new_ones_come_before_the_last():
    known = Categories((HOBBY, HOSTING))
    assert known.names[5] == "Hosting"
    assert known.names[-2:] == ("Hobby", "Other")
    assert "Software & Services" not in known.names
    assert known.called("Software & Services") == "Hosting"


def test_without_the_sixteen_those_that_are_replaced_or_named_stay_and_the_last():
    known = Categories((HOBBY, HOSTING, OwnCategory("Groceries", words=("oats",))), keeps_standard=False)
    assert known.names == ("Groceries", "Hosting", "Hobby", "Other")
    assert [known.called(each) for each in ("Groceries", "Travel & Lodging", "Hobby")] == [
        "Groceries",
        "Other",
        "Hobby",
    ]


def test_the_last_can_be_replaced_too():
    known = Categories((OwnCategory("Misc", instead_of="Other"),), keeps_standard=False)
    assert known.names == ("Misc",)
    assert known.called("Groceries") == "Misc"


@pytest.mark.parametrize(
    ("name", "found"),
    [("hobby", "Hobby"), ("software and services", None), ("SOFTWARE  & services", "Hosting"), ("software", None)],
)
def test_a_category_is_found_by_its_whole_name_also_by_that_of_the_one_it_replaces(name, found):
    assert Categories((HOBBY, HOSTING)).find(name) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [("Travel", "Travel & Lodging"), ("lodging and travel", "Travel & Lodging"), ("Services", None), ("Trav", None)],
)
def test_whole_words_that_only_one_has_are_enough_for_a_folder(name, found):
    known = Categories((OwnCategory("IT Services"),))
    assert known.find_by_words(name) == found


def test_a_whole_name_comes_before_a_word_of_another():
    assert Categories((OwnCategory("Travel"),)).find_by_words("travel") == "Travel"
