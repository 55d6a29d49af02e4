"""The lines of printed papers: what was bought, at which price, and which sum they add up to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from msgspec import UNSET
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.items.kinds import kind_by_words
from expensed.extraction.options import ExtractionOptions
from expensed.model.breakdown import ItemKind, SumName
from expensed.model.expense import Said
from expensed.pipeline.requests.merge import merge_said

OPTIONS = ExtractionOptions(today=date(2024, 12, 20))
_COUPONS = ("0.50", "0.60", "0.70", "0.80", "0.90")
HEAD = ("Acme Ltd", "London EC1A 1BB", "14/03/2024 10:11")


def extract(*lines):
    return extract_expense(make_reading(*HEAD, *lines), OPTIONS).expense


def totals(expense):
    return [(each.quantity, each.total) for each in expense.items]


def proof_of(expense, name):
    return next((each.proof for each in expense.sums if each.name is name), None)


def test_lines_with_a_leading_count():
    expense = extract("2 Tea | 5.00", "1 Cake | 3.50", "3 Scone | 6.00", "Total | 14.50")
    assert totals(expense) == [(2, Decimal("5.00")), (1, Decimal("3.50")), (3, Decimal("6.00"))]
    assert proof_of(expense, SumName.TOTAL) == "3 items add up to 14.50"


def test_positions_are_no_counts():
    expense = extract("1 Tea | 5.00", "2 Cake | 3.50", "3 Scone | 6.00", "Total | 14.50")
    assert [each.quantity for each in expense.items] == [None, None, None]


@pytest.mark.parametrize(
    "lines",
    [
        ("Tea | 2 x 2.50 | 5.00", "Cake | 3.50"),
        ("Tea | 5.00", "2 x 2.50", "Cake | 3.50"),
        ("2 x 2.50", "Tea | 5.00", "Cake | 3.50"),
        ("Tea", "2 @ 2.50 | 5.00", "Cake | 3.50"),
        ("Tea | 2 | 2.50 | 5.00", "Cake | 1 | 3.50 | 3.50"),
    ],
)
def test_the_product_stands_beside_above_or_below_the_name(lines):
    tea, cake = extract(*lines, "Total | 8.50").items
    assert (tea.description, tea.quantity, tea.unit_price, tea.total) == ("Tea", 2, Decimal("2.50"), Decimal("5.00"))
    assert tea.proof == "2 x 2.50"
    assert cake.total == Decimal("3.50")


def test_a_percentage_belongs_to_a_name_if_it_is_no_rate_of_a_tax():
    lines = ("Milk 3.5% | 1.20", "Bread 7% | 2.00", "Wine 19% 12.5 % vol | 9.00", "Total | 12.20")
    rates = ("MwSt | Netto | Steuer | Brutto", "A 19% | 7.56 | 1.44 | 9.00", "B 7% | 2.99 | 0.21 | 3.20")
    names = [each.description for each in extract(*lines, *rates).items]
    assert names == ["Milk 3.5%", "Bread", "Wine 12.5 % vol"]
    assert extract("Tea | 5.00", "Discount 10% | -0.50", "Total | 4.50").items[1].description == "Discount"


def test_weights():
    item = extract("Bananas", "0.830 kg @ 1.23/kg | 1.02", "Bread | 1.98", "Total | 3.00").items[0]
    assert (item.description, item.quantity, item.unit) == ("Bananas", Decimal("0.830"), "kg")


@pytest.mark.parametrize("name", ["12.5 h Beratung", "12,5h Beratung", "Beratung 12.5h", "Beratung 12,5 h"])
def test_a_count_with_its_unit_is_no_part_of_the_name(name):
    item = extract(f"{name} | 80.00 | 1000.00", "3 Std Anfahrt | 20.00 | 60.00", "Gesamt | 1060.00").items[0]
    assert (item.description, item.quantity) == ("Beratung", Decimal("12.5"))


def test_a_unit_alone_names_something():
    lines = ("Hours | 12.5 h | 80.00 | 1000.00", "3 Stk Nagel | 2.00 | 6.00", "Gesamt | 1006.00")
    assert [each.description for each in extract(*lines).items] == ["Hours", "Nagel"]


def test_the_name_stands_below_a_line_of_figures():
    lines = ("Code | Qty | Price | Amount", "1432 | 3 | 2.12 | 6.36 S", "Glove", "1433 | 1 | 4.00 | 4.00 S", "Brush")
    assert [each.description for each in extract(*lines, "Total | 10.36").items] == ["Glove", "Brush"]


@pytest.mark.parametrize(
    "lines",
    [
        ("Organic fair trade dark", "chocolate bar | 3.50", "Milk | 1.20"),
        ("Organic fair trade dark | 3.50", "chocolate bar", "Milk | 1.20"),
        ("1 | Organic fair trade dark | 3.50", "| chocolate bar |", "2 | Milk | 1.20"),
        ("1 | Organic fair trade dark | 3.50", "| Chocolate Bar |", "2 | Milk | 1.20"),
    ],
)
def test_a_name_of_two_lines_is_whole(lines):
    names = [(each.description or "").casefold() for each in extract(*lines, "Total | 4.70").items]
    assert names == ["organic fair trade dark chocolate bar", "milk"]


def test_a_heading_is_no_part_of_a_name():
    lines = ("EUR", "tea cake | 2.00", "Food", "Cake | 3.50", "PAPER TOWELS | 1.00", "ecRe")
    names = [each.description for each in extract(*lines, "Total | 6.50").items]
    assert names == ["tea cake", "Cake", "PAPER TOWELS"]
    names = [each.description for each in extract("Drinks", "tea | 2.00", "cocoa | 4.50", "Total | 6.50").items]
    assert names == ["tea", "cocoa"]
    others = ("Drinks", "7 up | 2.00", "Cocoa | 4.50", "Delivery | 1.00", "by courier")
    names = [each.description for each in extract(*others, "Total | 7.50").items]
    assert names == ["7 up", "Cocoa", "Delivery"]


@pytest.mark.parametrize("discount", ["1.00", "-1.00", "1.00-"])
def test_a_discount_is_taken_off_however_its_sign_is_written(discount):
    expense = extract("Tea | 5.00", "Cake | 3.50", f"Discount | {discount}", "Total | 7.50")
    assert [(each.kind, each.total) for each in expense.items][-1] == (ItemKind.DISCOUNT, Decimal("-1.00"))
    assert proof_of(expense, SumName.TOTAL) == "3 items add up to 7.50"


@pytest.mark.parametrize(("heading", "name"), [((), "CPN {} washing powder"), (("COUPONS",), "{} washing powder")])
def test_a_stack_of_coupons_without_signs_is_taken_off(heading, name):
    coupons = [f"{name.format(each)} | {price}" for each, price in zip("ABCDE", _COUPONS, strict=True)]
    expense = extract("Soap | 5.00", "Cake | 8.00", "Tea | 7.00", *heading, *coupons, "Total | 16.50")
    assert [each.total for each in expense.items[3:]] == [-Decimal(price) for price in _COUPONS]
    assert {each.kind for each in expense.items[3:]} == {ItemKind.DISCOUNT}
    assert proof_of(expense, SumName.TOTAL) == "8 items add up to 16.50"


def test_a_line_that_closes_a_product_with_a_discount():
    lines = ("Vitamins", "2.00 x 68.00", "DISC | -28.00 | 108.00", "Cream", "1.00 x 28.60", "DISC | -2.90 | 25.70")
    one, other = extract(*lines, "Total | 133.70").items
    assert (one.description, one.discount, one.total) == ("Vitamins", Decimal("-28.00"), Decimal("108.00"))
    assert (other.description, other.unit_price) == ("Cream", Decimal("28.60"))


def test_a_voided_line_and_a_deposit_are_known_for_what_they_are():
    lines = ("Drill | 49.00", "VOID Drill | -49.00", "Cola | 2.00", "Pfand | 0.25", "Total | 2.25")
    kinds = [each.kind for each in extract(*lines).items]
    assert kinds == [ItemKind.GOODS, ItemKind.VOID, ItemKind.GOODS, ItemKind.DEPOSIT]


def test_what_stands_between_the_subtotal_and_the_total():
    lines = ("Soup | 8.00", "Fish | 12.00", "Subtotal | 20.00", "Service charge 10% | 2.00", "Rounding | -0.01")
    expense = extract(*lines, "Total | 21.99")
    assert [(each.kind, each.total) for each in expense.items[2:]] == [
        (ItemKind.SERVICE, Decimal("2.00")),
        (ItemKind.ROUNDING, Decimal("-0.01")),
    ]
    assert proof_of(expense, SumName.SUBTOTAL) == "2 items add up to 20.00"
    assert proof_of(expense, SumName.TOTAL) == "4 items add up to 21.99"


def test_a_correction_that_is_undone_leaves_the_sums_as_they_were_proven_at_first():
    lines = ("Soup | 8.00", "Fish | 12.00", "Subtotal | 20.00", "Service charge 10% | 2.00", "Rounding | -0.01")
    read = extract(*lines, "Total | 21.99")
    corrected = merge_said(read, Said(items=(replace(read.items[0], total=Decimal(9)), *read.items[1:])))
    assert [each.proof for each in corrected.sums] == [None, None]
    assert merge_said(corrected, Said(items=read.items)).sums == read.sums


def test_one_line_that_the_total_was_taken_from_proves_nothing():
    lines = ("Your chance", "to win $1000", "Diabetes | F", "SUBTOTAL", "TOTAL", "VISA TEND", "CHANGE DUE | 0.00")
    expense = extract(*lines)
    assert (expense.amount, [each.proof for each in expense.sums]) == (Decimal(1000), [None])


def test_lines_that_add_up_to_nothing_are_shown_unproven():
    expense = extract("Tea | 5.00", "Cake | 3.50", "Total | 9.99")
    assert totals(expense) == [(None, Decimal("5.00")), (None, Decimal("3.50"))]
    assert proof_of(expense, SumName.TOTAL) is None


def test_a_misread_digit_is_mended_if_product_and_sum_agree():
    item = extract("Bread | 2 x 3.50 | 9.00", "Milk | 1.20", "Total | 8.20").items[0]
    assert (item.total, item.read_as, item.proof) == (Decimal("7.00"), "9.00", "2 x 3.50")


def test_a_misread_digit_is_left_if_only_one_sum_says_so():
    expense = extract("Bread | 2 x 3.50 | 9.00", "Milk | 1.20", "Total | 8.75")
    assert (expense.items[0].total, expense.items[0].read_as) == (Decimal("9.00"), UNSET)


def test_prices_for_comparison_are_no_items():
    lines = ("Treadmill | 799.99", "Regular price | 1099.99", "Mat | 20.00", "Total | 819.99")
    assert [each.total for each in extract(*lines).items] == [Decimal("799.99"), Decimal("20.00")]


def test_marks_tie_items_to_the_rates_of_a_table():
    lines = ("Wine | 10.00 A", "Bread | 2.00 B", "Total | 12.00", "MwSt | Netto | Steuer | Brutto")
    rates = ("A 19% | 8.40 | 1.60 | 10.00", "B 7% | 1.87 | 0.13 | 2.00")
    assert [each.tax_rate for each in extract(*lines, *rates).items] == [Decimal(19), Decimal(7)]


def test_sums_without_cents():
    lines = ("DESCRIPTION | QTY | UNIT PRICE | TOTAL", "Sink | 3 | 61 | 183", "Filter | 6 | 96 | 576", "SUBTOTAL | 759")
    assert totals(extract(*lines, "TAX 5% | 37.95", "TOTAL | 796.95")) == [(3, 183), (6, 576)]


def test_a_carried_sum_on_the_next_page_is_no_item():
    lines = ("Paper | 10.00", "Pens | 5.00", "Carried forward | 15.00", "Brought forward | 15.00", "Glue | 4.00")
    assert [each.total for each in extract(*lines, "Total | 19.00").items] == [Decimal(10), Decimal(5), Decimal(4)]


def test_the_items_of_a_credit_note_have_its_sign():
    expense = extract("CREDIT NOTE", "Chair | 40.00", "Table | 60.00", "Total | 100.00")
    assert expense.amount == Decimal("-100.00")
    assert [each.total for each in expense.items] == [Decimal("-40.00"), Decimal("-60.00")]
    assert proof_of(expense, SumName.TOTAL) == "2 items add up to -100.00"


def test_a_total_that_its_items_do_not_prove_has_the_proof_of_the_amount():
    expense = extract("Tea | 5.00", "Cake | 3.90", "Total | 8.50", "Cash | 10.00", "Change | 1.50")
    assert expense.fields["amount"].proof == "cash 10.00 − change 1.50"
    assert proof_of(expense, SumName.TOTAL) == expense.fields["amount"].proof


def test_items_and_an_added_tax_prove_the_total_of_a_paper_without_a_subtotal():
    expense = extract("Tea | 5.00", "Cake | 3.50", "VAT 20% | 1.70", "Total | 10.20")
    assert proof_of(expense, SumName.TOTAL) == "items 8.50 + tax 1.70"


def test_a_proof_by_items_has_the_decimals_of_the_currency():
    expense = extract("お茶 | £150", "おにぎり | £300", "合計 | £450")
    assert proof_of(expense, SumName.TOTAL) == "2 items add up to 450.00"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Versandkosten", ItemKind.DELIVERY),
        ("Frais de livraison", ItemKind.DELIVERY),
        ("Coperto", ItemKind.SERVICE),
        ("Trinkgeld", ItemKind.TIP),
        ("скидка", ItemKind.DISCOUNT),
        ("値引", ItemKind.DISCOUNT),
        ("Delivery pizza special", None),
        ("Disc 10%", ItemKind.DISCOUNT),
        ("Staff disc", ItemKind.DISCOUNT),
        ("DVD disc", None),
        ("Cover x 2", ItemKind.SERVICE),
        ("iPad cover", None),
        ("Tea", None),
    ],
)
def test_kinds_are_named_in_many_languages(words, kind):
    assert kind_by_words(words) is kind


@pytest.mark.parametrize("name", ["DVD disc", "Wireless mouse", "Stainless pan"])
def test_goods_whose_names_look_like_a_discount_are_charged(name):
    item = extract(f"{name} | 20.00", "Tea | 5.00", "Total | 26.00").items[0]
    assert (item.kind, item.total) == (ItemKind.GOODS, Decimal(20))


def test_an_item_of_another_category_than_the_paper_says_so():
    lines = ("Tesco Supermarket", "Milk | 1.20", "Batteries | 4.00", "Salmon | 6.00", "Total | 11.20")
    named = {each.description: each.category for each in extract(*lines).items}
    assert named == {"Milk": UNSET, "Batteries": "Equipment & Hardware", "Salmon": UNSET}
