"""What becomes of the items and taxes that a person gives."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import UNSET

from expensed.errors import RequestError
from expensed.model.breakdown import CheckedSum, Item, SumName, TaxLine
from expensed.model.expense import SAID, Evidence, Expense, Said
from expensed.pipeline.requests.breakdown import settle_breakdown, without_known
from expensed.pipeline.requests.merge import add_correction, confirm, merge_said, note_corrections

BOX = (0.1, 0.2, 0.3, 0.4)
READ = Expense(
    vendor="Obi", amount=Decimal("12.40"), currency="EUR", confidence=60, tax=Decimal("1.98"),
    fields={"tax": Evidence(value="1.98", confidence=0.9, text="MwSt 1,98")},
    items=(
        Item(description="Drill", total=Decimal("10.00"), page=1, box=BOX, proof="stated"),
        Item(description="Bit", total=Decimal("2.00"), page=1, box=BOX, proof="stated"),
        Item(description="Bag", total=Decimal("0.40"), page=2, box=BOX, read_as="0.10"),
    ),
    taxes=(TaxLine(rate=Decimal(19), net=Decimal("10.42"), tax=Decimal("1.98"), page=1, box=BOX, proof="of paper"),),
    sums=(CheckedSum(name=SumName.TOTAL, value=Decimal("12.40"), proof="3 items add up to 12.40"),),
)  # fmt: skip


def items(*described):
    return tuple(Item(description=name, total=Decimal(total)) for name, total in described)


SAME = items(("Drill", "10"), ("Bit", "2"), ("Bag", "0.4"))


def say(said, read=READ):
    """Return the expense after a person said something, as a request makes it."""
    asked = settle_breakdown(read, said)
    return merge_said(read, without_known(read, asked))


def test_what_a_client_sends_back_as_it_got_it_says_nothing():
    taxes = (TaxLine(rate=Decimal(19), net=Decimal("10.42"), tax=Decimal("1.98")),)
    said = settle_breakdown(READ, Said(vendor="Obi", items=SAME, taxes=taxes))
    assert without_known(READ, said) == Said(vendor="Obi")
    kept = say(Said(amount=Decimal("12.4"), items=SAME, taxes=taxes))
    assert (kept.items, kept.taxes, kept.sums) == (READ.items, READ.taxes, READ.sums)
    spaced = (Item(description=" Drill\n\x00", total=Decimal(10)), *SAME[1:])
    assert without_known(replace(READ, items=spaced), Said(items=SAME)) == Said()


def test_an_item_that_was_misread_keeps_its_place_and_proofs_are_made_anew():
    kept = say(Said(items=(*SAME[:1], *items(("Bit", "2.10")), *SAME[2:])))
    assert kept.items[0] == READ.items[0]
    assert kept.items[1] == Item(description="Bit", total=Decimal("2.10"), page=1, box=BOX)
    assert kept.items[2].read_as == "0.10"
    assert kept.sums == (CheckedSum(name=SumName.TOTAL, value=Decimal("12.40"), proof="net 10.42 + tax 1.98"),)
    assert say(Said(items=items(("Bit", "9"))), replace(READ, taxes=())).sums[0].proof is None
    assert kept.fields["items"] == Evidence(value="3 lines", confidence=1, proof=SAID)
    assert (kept.confidence, kept.needs_review) == (100, False)
    again = say(Said(items=SAME), kept)
    assert again.items == (READ.items[0], replace(READ.items[1], proof=None), READ.items[2])
    assert again.sums == READ.sums


def test_words_alone_leave_the_proofs_of_the_sums_as_they_were():
    richer = replace(READ, sums=(replace(READ.sums[0], proof="10.42 + tax 1.98 + rounding 0.00 = 12.40"),))
    kept = say(Said(items=(Item(description="Drill 2000", total=Decimal(10), category="Other"), *SAME[1:])), richer)
    assert kept.items[0].description == "Drill 2000"
    assert kept.sums == richer.sums


def test_an_item_that_is_removed_or_added_has_no_place_and_leaves_the_others_theirs():
    kept = say(Said(items=(*SAME[1:], *items(("Glue", "10.00"), ("Nail", "0")))))
    assert [(each.description, each.page) for each in kept.items] == [
        ("Bit", 1), ("Bag", 2), ("Glue", None), ("Nail", None)
    ]  # fmt: skip
    assert [each.proof for each in kept.items] == ["stated", None, None, None]
    assert kept.sums[0].proof == "4 items add up to 12.40"


def test_the_same_line_twice_keeps_both_places():
    twice = replace(READ, items=(READ.items[0], replace(READ.items[0], page=7)))
    kept = say(Said(items=(*SAME[:1], *SAME[:1], *SAME[2:])), twice)
    assert [each.page for each in kept.items] == [1, 7, None]


def test_no_items_are_none():
    kept = say(Said(items=()))
    assert kept.items == ()
    assert kept.sums[0].proof == "net 10.42 + tax 1.98"


def test_the_total_of_the_taxes_follows_them():
    taxes = (TaxLine(rate=Decimal(7), net=Decimal(10), tax=Decimal("0.7")), *READ.taxes)
    kept = say(Said(taxes=taxes))
    assert kept.tax == Decimal("2.68")
    assert (kept.fields["tax"].value, kept.fields["tax"].read_as) == ("2.68", "1.98")
    assert [each.proof for each in kept.taxes] == ["7 % of 10.00", "of paper"]
    assert kept.items == READ.items
    assert kept.sums == READ.sums
    unknown = say(Said(taxes=(TaxLine(rate=Decimal(7)),)))
    assert (unknown.tax, unknown.fields["tax"]) == (READ.tax, READ.fields["tax"])
    none = say(Said(taxes=()))
    assert (none.tax, none.taxes, "tax" in none.fields) == (None, (), False)


def test_a_corrected_amount_is_the_total_if_it_was_the_total():
    kept = say(Said(amount=Decimal("13.00")))
    assert kept.sums == (CheckedSum(name=SumName.TOTAL, value=Decimal("13.00")),)
    assert kept.items == READ.items
    tipped = say(Said(amount=Decimal("13.00")), replace(READ, amount=Decimal("12.90")))
    assert tipped.sums == READ.sums


def test_a_total_that_its_lines_no_longer_prove_keeps_the_proof_of_the_amount():
    change = Evidence(value="12.40", confidence=0.9, proof="handed over 20.00 − change 7.60")
    read = replace(READ, taxes=(), fields={"amount": change})
    corrected = say(Said(items=items(("Drill", "9"))), read)
    assert corrected.sums[0].proof == change.proof
    assert say(Said(items=SAME), corrected).sums == READ.sums
    by_items = replace(read, fields={"amount": replace(change, proof="3 items add up to 12.40")})
    assert say(Said(items=items(("Drill", "9"))), by_items).sums[0].proof is None
    said = say(Said(items=items(("Drill", "9"))), say(Said(amount=Decimal("13.00")), read))
    assert said.sums == (CheckedSum(name=SumName.TOTAL, value=Decimal("13.00")),)


def test_amounts_have_the_decimals_of_their_currency():
    line = Item(unit_price=Decimal("1.5"), total=Decimal("3"), discount=Decimal("-1"), quantity=Decimal("0.5"))
    tax = TaxLine(net=Decimal(1), tax=Decimal(2), gross=Decimal(3), rate=Decimal(19))
    settled = settle_breakdown(READ, Said(items=(line,), taxes=(tax,), currency="KWD")).applied_to(READ)
    item, shown = settled.items[0], settled.taxes[0]
    assert [str(each) for each in (item.unit_price, item.total, item.discount, item.quantity)] == [
        "1.500", "3.000", "-1.000", "0.5"
    ]  # fmt: skip
    assert [str(each) for each in (shown.net, shown.tax, shown.gross, shown.rate)] == ["1.000", "2.000", "3.000", "19"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Said(items=(*SAME, Item(total=Decimal("1.005")))), "items.3.total has more than the 2 decimals of EUR."),
        (Said(items=(Item(discount=Decimal("0.001")),)), "items.0.discount has more than the 2 decimals of EUR."),
        (Said(taxes=(TaxLine(tax=Decimal("0.0001")),), currency="KWD"),
         "taxes.0.tax has more than the 3 decimals of KWD."),
    ],
)  # fmt: skip
def test_a_sum_of_too_many_decimals_is_refused(said, message):
    with pytest.raises(RequestError) as refused:
        settle_breakdown(READ, said)
    assert (refused.value.message, refused.value.code) == (message, "invalid")
    with pytest.raises(RequestError, match="more than 2 decimals"):
        settle_breakdown(None, Said(items=(Item(total=Decimal("1.005")),)))


def test_a_sum_that_was_read_so_may_be_sent_back():
    odd = replace(READ, items=(Item(description="Fuel", total=Decimal("1.005"), box=BOX),))
    said = Said(items=(Item(description="Fuel", total=Decimal("1.005")),))
    assert without_known(odd, settle_breakdown(odd, said)) == Said()


def test_corrections_keep_the_lines_that_were_read():
    said = Said(items=SAME[:2])
    first = add_correction(None, READ, said)
    assert first.original == Said(items=READ.items)
    second = add_correction(first, merge_said(READ, said), Said(items=SAME[:1]))
    assert (second.said.items, second.original.items) == (SAME[:1], READ.items)
    noted = note_corrections(READ, said, Said(vendor="Client"), "2024-01-01")
    assert noted.original == Said(vendor="Client", items=READ.items)
    assert noted.confirmed != UNSET
    assert not {"items", "taxes"} & noted.confirmed.names(), "who files a document has not looked at each line"
    assert "items" not in confirm(READ, Said()).fields
