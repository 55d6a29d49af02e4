"""Which names are offered as those of one seller."""

from __future__ import annotations

import pytest

from expensed.pipeline.requests.same_sellers import find_same_sellers


def pair_up(names: list[str], numbers: dict[str, list[str]] | None = None) -> set[frozenset[str]]:
    return {frozenset((each.one, each.other)) for each in find_same_sellers(names, numbers or {})}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Larkspur Hosting", "Larkspur Hosting Ltd"),
        ("Larkspur Hosting", "LARKSPUR HOSTING"),
        ("Café Nordlicht", "Cafe Nordlicht GmbH"),
        ("Larkspur Market", "Larkspur Market Store 0412"),
        ("Larkspur Hosting", "Larkspvr Hosting"),
    ],
)
def test_spellings_of_one_name_are_offered(one: str, other: str) -> None:
    assert pair_up([one, other, "Bakery Lindgren"]) == {frozenset((one, other))}


def test_names_that_are_only_somewhat_alike_are_not_offered() -> None:
    assert pair_up(["Larkspur Hosting", "Larkspur Books", "Lark", "Lars"]) == set()


def test_numbers_tell_one_seller_by_two_names_unless_more_sellers_have_them() -> None:
    names = ["Old Name", "Brand", "Third"]
    tax, phone = "number:362584088", "number:079460958"
    assert pair_up(names, {tax: ["Old Name", "Brand"], phone: ["Brand", "Old Name"]}) == {
        frozenset(("Old Name", "Brand"))
    }
    assert pair_up(names, {tax: ["Old Name", "Brand"]}) == set(), "it may be the buyer's"
    assert pair_up(names, {tax: names, phone: names}) == set()
    (offer,) = find_same_sellers(["Brand", "Brand Coffee House"], {tax: ["Brand", "Brand Coffee House"]})
    assert offer.reason == "Both have the number 362584088."
