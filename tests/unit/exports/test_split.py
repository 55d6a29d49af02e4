from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from tests.unit.exports.test_formats import document

from expensed.exports.split import split_amount
from expensed.model.breakdown import Item, ItemKind, TaxLine

FOOD, DRUGS = "Groceries", "Health & Medical"


def item(total, category=UNSET, rate=None, **more):
    return Item(total=None if total is None else Decimal(total), category=category, tax_rate=as_rate(rate), **more)


def tax(rate, amount, **more):
    sums = {name: None if value is None else Decimal(value) for name, value in more.items() if name in ("net", "gross")}
    return TaxLine(rate=as_rate(rate), tax=None if amount is None else Decimal(amount), **more | sums)


def as_rate(rate):
    return None if rate is None else Decimal(rate)


def split(amount, items=(), taxes=(), *, by_tax=True, by_item=True, **more):
    told = document(amount=Decimal(amount), currency="EUR", category=FOOD, items=tuple(items), taxes=tuple(taxes))
    return split_amount(replace(told, **more), Decimal(amount), by_tax=by_tax, by_item=by_item)


def shown(found):
    """Return the parts of an amount as text, by category or rate."""
    shares = {each.category or FOOD: str(each.amount) for each in found.shares}
    return shares | {f"{each.rate} %": str(each.amount) for each in found.taxes}


def test_an_amount_that_nobody_wants_divided_is_whole():
    found = split("11.90", [item("11.90", DRUGS)], [tax(19, "1.90")], by_tax=False, by_item=False)
    assert (shown(found), found.remarks) == ({FOOD: "11.90"}, [])


def test_taxes_are_split_off_by_rate():
    found = split("22.60", taxes=[tax(7, "0.70"), tax(19, "1.90"), tax(0, None, net="5.00")])
    assert (shown(found), found.remarks) == ({FOOD: "20.00", "7 %": "0.70", "19 %": "1.90"}, [])


def test_the_total_of_the_taxes_stands_for_them_if_no_rate_is_known():
    assert shown(split("11.90", tax=Decimal("1.90"))) == {FOOD: "10.00", "None %": "1.90"}


def test_what_is_all_tax_leaves_nothing_to_the_category():
    assert shown(split("19.00", taxes=[tax(19, "19.00")])) == {"19 %": "19.00"}


@pytest.mark.parametrize(
    ("taxes", "total", "remark"),
    [
        ([tax(19, None)], None, "the tax at 19 % is not known"),
        ([tax(None, None)], None, "a tax is not known"),
        ([tax(19, "1.90")], "2.60", "its taxes add up to 1.90, not to 2.60"),
        ([tax(19, "12.00")], None, "its taxes add up to 12.00"),
        ([tax(19, "-1.90")], None, "its taxes add up to -1.90"),
    ],
)
def test_taxes_that_cannot_be_part_of_the_amount_are_not_split_off(taxes, total, remark):
    found = split("11.90", taxes=taxes, tax=None if total is None else Decimal(total))
    assert (shown(found), found.remarks) == ({FOOD: "11.90"}, [f"not split by tax: {remark}"])


def test_items_of_other_categories_are_split_off():
    items = [item("3.00"), item("4.00", DRUGS), item("2.00", DRUGS), item("-1.00", kind=ItemKind.DISCOUNT)]
    found = split("8.00", items, by_tax=False)
    assert (shown(found), found.remarks) == ({FOOD: "2.00", DRUGS: "6.00"}, [])


def test_a_document_all_of_whose_items_are_of_another_category_leaves_nothing_to_its_own():
    assert shown(split("4.00", [item("4.00", DRUGS)])) == {DRUGS: "4.00"}


@pytest.mark.parametrize(
    ("items", "remark"),
    [
        ([item("3.00"), item("4.00", DRUGS)], "its items add up to 7.00, not to 8.00"),
        ([item("3.00"), item(None, DRUGS)], "an item has no total"),
    ],
)
def test_items_that_do_not_add_up_are_not_split_off(items, remark):
    found = split("8.00", items, by_tax=False)
    assert (shown(found), found.remarks) == ({FOOD: "8.00"}, [f"not split by item: {remark}"])


def test_items_of_the_documents_own_category_need_not_add_up():
    found = split("8.00", [item("3.00"), item(None, FOOD)])
    assert (shown(found), found.remarks) == ({FOOD: "8.00"}, [])


def test_taxes_added_to_the_prices_are_none_of_the_items():
    items, taxes = [item("10.00", rate=19), item("5.00", DRUGS, 7)], [tax(19, "1.90"), tax(7, "0.35")]
    assert shown(split("17.25", items, taxes)) == {FOOD: "10.00", DRUGS: "5.00", "19 %": "1.90", "7 %": "0.35"}
    assert shown(split("17.25", items, taxes, by_tax=False)) == {FOOD: "12.25", DRUGS: "5.00"}


def test_taxes_included_in_the_prices_are_taken_off_those_items_that_bear_them():
    items, taxes = [item("11.90", rate=19), item("5.35", DRUGS, 7)], [tax(19, "1.90"), tax(7, "0.35")]
    assert shown(split("17.25", items, taxes)) == {FOOD: "10.00", DRUGS: "5.00", "19 %": "1.90", "7 %": "0.35"}


def test_marks_tie_items_to_taxes():
    items = [item("11.90", tax_mark="A"), item("5.35", DRUGS, tax_mark="B")]
    taxes = [tax(19, "1.90", mark="A", gross="11.90"), tax(None, "0.35", mark="B", net="5.00")]
    assert shown(split("17.25", items, taxes)) == {FOOD: "10.00", DRUGS: "5.00", "19 %": "1.90", "None %": "0.35"}


def test_the_only_tax_is_on_everything_and_its_rounding_stays_with_the_documents_category():
    items = [item("3.33"), item("3.33", DRUGS), item("3.34", "Travel")]
    found = split("10.00", items, [tax(19, "1.60", net="8.40")])
    assert shown(found) == {FOOD: "2.79", DRUGS: "2.80", "Travel": "2.81", "19 %": "1.60"}


def test_some_taxes_may_be_included_and_others_added():
    items = [item("11.90", DRUGS, 19)]
    taxes = [tax(19, "1.90", is_included=True), tax(1, "0.12", is_included=False)]
    assert shown(split("12.02", items, taxes)) == {DRUGS: "10.00", "19 %": "1.90", "1 %": "0.12"}


@pytest.mark.parametrize(
    ("items", "taxes"),
    [
        ([item("11.90"), item("5.35", DRUGS)], [tax(19, "1.90"), tax(7, "0.35")]),
        ([item("11.90", rate=7), item("5.35", DRUGS, 19)], [tax(19, "1.90"), tax(7, "0.35")]),
        ([item("11.90"), item("5.35", DRUGS)], [tax(19, "1.90", gross="11.90")]),
        ([item("11.90"), item("5.35", DRUGS)], [tax(None, "1.90")]),
    ],
)
def test_items_are_not_divided_if_it_is_unclear_which_tax_is_on_which(items, taxes):
    found = split("17.25", items, taxes)
    assert found.remarks == ["not split by item: it is not known which tax is on which item"]
    assert [each.category for each in found.shares] == [None]
    assert [each.amount for each in found.taxes] == [each.tax for each in taxes]


def test_a_credit_note_is_divided_as_an_invoice_is():
    items, taxes = [item("-11.90", rate=19), item("-5.35", DRUGS, 7)], [tax(19, "-1.90"), tax(7, "-0.35")]
    assert shown(split("-17.25", items, taxes)) == {FOOD: "-10.00", DRUGS: "-5.00", "19 %": "-1.90", "7 %": "-0.35"}


CENTS = st.integers(-(10**6), 10**6).map(lambda cents: Decimal(cents).scaleb(-2))
MAYBE = st.none() | CENTS
RATES = st.sampled_from([None, *map(Decimal, ("0", "7", "19", "5.5"))])
ITEMS = st.builds(
    Item, total=MAYBE, category=st.sampled_from([UNSET, FOOD, DRUGS, "Travel"]), tax_rate=RATES,
    tax_mark=st.sampled_from([None, "A", "B"]),
)  # fmt: skip
TAXES = st.builds(TaxLine, rate=RATES, tax=MAYBE, net=MAYBE, gross=MAYBE, mark=st.sampled_from([None, "A", "B"]),
                  is_included=st.sampled_from([None, True, False]))  # fmt: skip


@given(CENTS, st.lists(ITEMS, max_size=4), st.lists(TAXES, max_size=3), MAYBE, st.booleans(), st.booleans())
def test_whatever_was_read_the_parts_add_up_to_the_amount(amount, items, taxes, total, by_tax, by_item):
    adding_up = sum((each.total for each in items if each.total is not None), Decimal())
    for charged in (amount, adding_up, adding_up + sum((each.tax or Decimal() for each in taxes), Decimal())):
        found = split(charged, items, taxes, by_tax=by_tax, by_item=by_item, tax=total)
        assert sum(each.amount for each in (*found.shares, *found.taxes)) == charged
        assert by_tax or not found.taxes
        assert by_item or len(found.shares) <= 1
