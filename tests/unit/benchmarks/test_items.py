"""Items, taxes and sums are judged as they are printed and labelled."""

from decimal import Decimal
from pathlib import Path

import pytest
from benchmarks.breakdown.labelled import Line, judge, load_truth
from benchmarks.breakdown.marks import Marked, Price, list_totals, match_prices, parse_price
from benchmarks.breakdown.taxes import judge_tax, judge_tip
from benchmarks.labels import Labelled

from expensed.model.breakdown import CheckedSum, Item, ItemKind, SumName, TaxLine
from expensed.model.expense import Expense

TRUTH = load_truth()


def values(*texts):
    return {Decimal(text) for text in texts}


def expense(*totals, **others):
    return Expense(confidence=0, items=tuple(Item(total=Decimal(each)) for each in totals), **others)


def prices(*texts):
    return [Price(frozenset({Decimal(text)}), (0.5, 0.1, 0.6, 0.2)) for text in texts]


def marked(text, left, top, role="Prod_price_value"):
    return Marked(text, (left, top, left + 30, top + 10), role)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$3.95", "3.95"), ("5,00", "5.00"), ("285.0O", "285.00"), ("-0.24", "-0.24"), ("2.50-", "-2.50"),
        ("£20,800.00", "20800.00"), ("1.234,50", "1234.50"), (".50", "0.50"), ("15,20EUR", "15.20"), ("7", "7"),
    ],
)  # fmt: skip
def test_a_marked_price_is_parsed(text, value):
    assert parse_price(text, "EUR", None) == values(value)


@pytest.mark.parametrize("text", ["Guests:4", "M/CNO.0", "BAJASTEAK"])
def test_a_word_marked_by_mistake_is_no_price(text):
    assert not parse_price(text, "USD", "20.00")


def test_the_amount_tells_three_decimals_from_thousands():
    assert parse_price("50.000", "IDR", "197285") == values("50000")
    assert parse_price("6.900", "OMR", "19.729") == values("6.900")
    assert not parse_price("$1.999", "USD", "19.00")


def test_the_rightmost_price_of_a_line_is_its_total():
    words = [
        marked("3.50", 100, 10),
        marked("7.00", 200, 11),
        marked("2.00", 100, 30),
        marked("9.00", 200, 50, "Total"),
    ]
    assert [each.text for each in list_totals(words)] == ["7.00", "2.00"]


def test_each_item_explains_one_marked_price():
    found = match_prices(prices("2.00", "2.00", "-5.00"), expense("2.00", "5.00", "1.00"))
    assert (found.asked, found.claimed, found.found) == (3, 3, 2)
    assert found.unmarked == (Decimal("1.00"),)


@pytest.mark.parametrize(
    ("claim", "is_right"),
    [
        (expense(taxes=(TaxLine(tax=Decimal("0.83")), TaxLine(tax=Decimal("1.65")))), True),
        (expense(tax=Decimal("2.48")), True),
        (expense(taxes=(TaxLine(tax=Decimal("0.83")),), tax=Decimal("2.48")), False),
        (None, False),
    ],
)
def test_taxes_by_rate_add_up_to_the_labelled_one(claim, is_right):
    judged = judge_tax(Labelled(Path(), {"tax": "2.48"}), claim)
    assert judged
    assert judged.is_right is is_right


def test_a_service_charge_may_be_what_the_label_calls_a_tip():
    charged = Expense(confidence=0, items=(Item(kind=ItemKind.SERVICE, total=Decimal("4.50")),))
    assert judge_tip(Labelled(Path(), {"tip": "4.50"}), charged).is_right
    assert not judge_tip(Labelled(Path(), {"tip": None}), charged).claims


@pytest.mark.parametrize("name", [name for name, each in TRUTH.items() if each.lines])
def test_the_labels_of_a_paper_add_up(name):
    truth = TRUTH[name]
    lines = sum(total for _, total, _ in truth.lines)
    taxes = sum(each["tax"] for each in truth.taxes)
    assert truth.sums[SumName.TOTAL][0] in (lines, lines + taxes)


def test_forty_papers_are_labelled():
    assert len(TRUTH) == 40


def answer(truth, **others):
    items = [Item(quantity=quantity, total=total) for quantity, total, _ in truth.lines]
    taxes = tuple(TaxLine(**each) for each in truth.taxes)
    return Expense(confidence=0, items=tuple(items), taxes=taxes, **others)


def test_an_answer_like_the_label_is_right():
    truth = TRUTH["receipts/383.jpg"]
    total = CheckedSum(name=SumName.TOTAL, value=Decimal("180.10"), proof="sum of lines")
    judged = judge(truth, answer(truth, sums=(total,)))
    assert (judged.right, judged.claimed, judged.labelled) == (7, 7, 7)
    assert judged.kinds_right == 6, "the rounding is not known for one"
    assert (judged.taxes_right, judged.taxes_claimed) == (2, 2)
    assert judged.is_proven
    assert not judged.violations


def test_a_wrong_quantity_a_wrong_rate_and_a_wrong_proof_are_told():
    truth = TRUTH["receipts/076.jpg"]
    items = (Item(quantity=Decimal(3), total=Decimal("12.00")),)
    taxes = (TaxLine(rate=Decimal(7), tax=Decimal("0.68")),)
    wrong = CheckedSum(name=SumName.TOTAL, value=Decimal("20.00"), proof="12.00 + 8.00")
    judged = judge(truth, Expense(confidence=0, items=items, taxes=taxes, sums=(wrong,)))
    assert (judged.right, judged.taxes_right, judged.violations) == (0, 0, (wrong,))
    assert judged.missed == (Line(Decimal(2), Decimal("12.00")),)


def test_a_charge_of_nothing_is_not_counted():
    claim = Expense(confidence=0, items=(Item(kind=ItemKind.ROUNDING, total=Decimal("0.00")),))
    assert judge(TRUTH["receipts/080.jpg"], claim).claimed == 0
