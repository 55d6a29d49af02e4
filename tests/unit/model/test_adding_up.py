from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from expensed.model.adding_up import prove_item, prove_sums, prove_tax
from expensed.model.breakdown import CheckedSum, Item, ItemKind, SumName, TaxLine
from expensed.model.expense import Expense


def figures(kind, **values):
    return kind(**{name: None if value is None else Decimal(value) for name, value in values.items()})


def item(**values):
    return figures(Item, **values)


def tax(**values):
    return figures(TaxLine, **values)


@pytest.mark.parametrize(
    ("given", "currency", "proof"),
    [
        (item(quantity="2", unit_price="3.5", total="7"), "EUR", "2 x 3.50"),
        (item(quantity="2", unit_price="3.5", discount="-0.5", total="6.5"), "EUR", "2 x 3.50 - 0.50"),
        (item(quantity="0.532", unit_price="1.99", total="1.06"), "EUR", "0.532 x 1.99"),
        (item(quantity="3", unit_price="0.0125", total="0.04"), "EUR", "3 x 0.0125"),
        (item(quantity="-1", unit_price="150", total="-150"), "JPY", "-1 x 150"),
        (item(quantity="1.5", unit_price="1.25", total="1.875"), "KWD", "1.5 x 1.250"),
        (item(quantity="2", unit_price="3.5", total="7.01"), "EUR", None),
        (item(quantity="2", total="7"), "EUR", None),
        (item(quantity="2", unit_price="3.5"), "EUR", None),
        (item(quantity="1e30", unit_price="1e30", total="1e60"), "EUR", "unknown x unknown"),
    ],
)
def test_an_item_is_proven_by_its_quantity_and_price(given, currency, proof):
    assert prove_item(given, currency) == proof


@pytest.mark.parametrize(
    ("given", "proof"),
    [
        (tax(rate="19", net="10", tax="1.9"), "19 % of 10.00"),
        (tax(net="10", tax="1.9", gross="11.9"), "10.00 + 1.90"),
        (tax(rate="7", tax="0.35", gross="5.35"), "7 % in 5.35"),
        (tax(rate="7", net="10", tax="1.9"), None),
        (tax(rate="7", tax="1.9", gross="5.35"), None),
        (tax(rate="19", net="10"), None),
        (tax(rate="19", tax="1.9"), None),
    ],
)
def test_a_tax_is_proven_by_its_rate_or_by_net_and_gross(given, proof):
    assert prove_tax(given, "EUR") == proof


def expense(*, items=(), taxes=(), amount="12.4", **sums):
    checked = tuple(CheckedSum(name=SumName(name), value=Decimal(value), proof="old") for name, value in sums.items())
    return Expense(
        amount=amount and Decimal(amount),
        currency="EUR",
        confidence=0,
        items=tuple(item(total=total) for total in items),
        taxes=tuple(tax(**each) for each in taxes),
        sums=checked,
    )


def proofs(given, names=tuple(SumName)):
    return {each.name.value: each.proof for each in prove_sums(given, names).sums}


def test_sums_are_proven_by_what_adds_up_to_them():
    given = expense(
        items=("10", "1"), taxes=({"net": "11", "tax": "1.4"},), subtotal="11", net="11", tax="1.4", total="12.4"
    )
    assert proofs(given) == {
        "subtotal": "2 items add up to 11.00",
        "net": "2 items add up to 11.00",
        "tax": "1 tax adds up to 1.40",
        "total": "items 11.00 + tax 1.40",
    }


def test_what_adds_up_to_nothing_has_no_proof():
    given = expense(items=("10", None), taxes=({"net": "11", "tax": None},), subtotal="10", tax="1", net="9", total="9")
    assert set(proofs(given).values()) == {None}
    given = expense(items=("10",), subtotal="10", total="9")
    assert proofs(given, (SumName.TOTAL,)) == {"subtotal": "old", "total": None}


def test_extras_at_the_end_may_stand_below_the_subtotal_and_goods_may_not():
    tip = Item(kind=ItemKind.TIP, total=Decimal(2))
    given = replace(expense(subtotal="11", total="13"), items=(item(total="10"), item(total="1"), tip))
    assert proofs(given) == {"subtotal": "2 items add up to 11.00", "total": "3 items add up to 13.00"}
    assert proofs(replace(given, items=given.items[::-1]))["subtotal"] is None
    unknown = replace(given, items=(*given.items[:2], replace(tip, total=None)))
    assert proofs(unknown) == {"subtotal": "2 items add up to 11.00", "total": None}


def test_taxes_alone_prove_net_and_total():
    given = expense(taxes=({"net": "5", "tax": "1"}, {"net": "5", "tax": "1.4"}), net="10", total="12.4")
    assert proofs(given) == {"net": "the nets of the taxes add up to 10.00", "total": "net 10.00 + tax 2.40"}


def test_the_amount_is_a_sum_where_there_are_lines():
    assert proofs(expense(items=("12.4",))) == {"total": "1 item adds up to 12.40"}
    assert proofs(expense()) == {}
    assert proofs(expense(items=("12.4",), amount=None)) == {}
