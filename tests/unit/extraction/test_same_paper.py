"""Two readings of one paper, and two purchases at one till, told apart by their texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expensed.extraction.same_paper import compare_papers, judge_pictures, share_numbers
from expensed.model.expense import Evidence, Expense, Facts
from expensed.model.states import ExpenseKind, Likeness

COFFEE = """KRANE COFFEE ROOMS
12 Quay Road, Leith   Tel 0131 555 0192
VAT No 123 4567 89   open 07:30-18:00
Receipt 0048213   Till 2
14/03/2024 10:24
Flat white   3.40
TOTAL   3.40
CASH   5.00
CHANGE   1.60"""
READ = Facts(date=date(2024, 3, 14), amount=Decimal("3.40"), currency="GBP", kind=ExpenseKind.RECEIPT)
PRICES = ("1.25", "2.39", "0.89", "4.50", "3.15", "2.05", "7.99", "1.10", "6.40", "5.75")
GROCERIES = "\n".join(
    ["HALVARD FOODS, VAT No 554 8821 07, Tel 0141 555 0107", *PRICES, "TOTAL 35.47", "CARD 35.47 AUTH 720419"]
)


def compare(one: str, other: str, facts: Facts = READ, other_facts: Facts = READ) -> Likeness:
    forth = compare_papers(facts, one, other_facts, other)
    assert forth.likeness is compare_papers(other_facts, other, facts, one).likeness
    return forth.likeness


@pytest.mark.parametrize(
    "again",
    [
        COFFEE.replace("Flat white   3.40", "Flat white\n3.4O").replace("Leith", "Lelth"),
        COFFEE.replace("KRANE COFFEE ROOMS\n", "").replace("CHANGE   1.60", ""),  # cropped
        "\n".join(COFFEE.replace("123 4567", "123 4667").splitlines()[::-1]),  # misread, out of order
        COFFEE.replace("0048213", "00482I3").replace("TOTAL   3.40", "TOTAL 3,40"),
        COFFEE.replace("14/03/2024 10:24", "14/03/202410:24"),
    ],
)
def test_another_scan_of_a_receipt_is_the_same_paper(again: str) -> None:
    assert compare(COFFEE, again) is Likeness.SURE


@pytest.mark.parametrize(
    "other",
    [
        COFFEE.replace("0048213", "0048239").replace("10:24", "11:52"),  # the second coffee of a day
        COFFEE.replace("0048213", "0048239").replace("10:24", "11:52").replace("5.00", "10.00").replace("1.60", "6.60"),
        COFFEE.replace("0048213", "0051877").replace("14/03", "15/03").replace("10:24", "09:41"),
        COFFEE.replace("10:24", "10:51"),  # whose number nobody could read
        COFFEE.replace("Receipt 0048213   ", "").replace("10:24", "13:05"),
    ],
)
def test_two_coffees_at_one_price_on_one_day_are_two_papers(other: str) -> None:
    assert compare(COFFEE, other) is Likeness.DIFFERENT


def test_opening_hours_are_not_the_time_of_a_purchase() -> None:
    one = COFFEE.replace("07:30-18:00", "07:15-18:45")
    assert compare(one, one.replace("10:24", "11:52")) is Likeness.DIFFERENT
    assert compare(one, one.replace("18:45", "")) is Likeness.SURE


def test_two_coffees_paid_within_one_minute_are_not_taken_for_one() -> None:
    assert compare(COFFEE, COFFEE.replace("0048213", "0048214")) is Likeness.UNSURE
    assert compare(COFFEE, COFFEE.replace("0048213", "9926077")) is Likeness.UNSURE


def test_a_time_to_the_second_makes_up_for_misread_numbers() -> None:
    one = COFFEE.replace("10:24", "10:24:37")
    assert compare(one, one.replace("0048213", "0048273").replace("0192", "0182")) is Likeness.SURE
    assert compare(one, one.replace("10:24:37", "10:58:02").replace("0048213", "0048219")) is Likeness.DIFFERENT


def test_without_time_and_number_a_short_receipt_is_not_sure() -> None:
    bare = COFFEE.replace(" 10:24", "").replace("Receipt 0048213   ", "")
    assert compare(bare, bare) is Likeness.UNSURE


def test_many_equal_prices_on_one_day_are_one_purchase() -> None:
    read = replace(READ, amount=Decimal("35.47"))
    assert compare(GROCERIES, GROCERIES.replace("2.39", "2.89"), read, read) is Likeness.SURE
    other = GROCERIES.replace("7.99", "8.49").replace("35.47", "35.97").replace("720419", "118865")
    assert compare(GROCERIES, other, read, replace(read, amount=Decimal("35.97"))) is not Likeness.SURE


def test_the_same_document_number_makes_sure() -> None:
    one = COFFEE.replace(" 10:24", "")
    read = replace(READ, invoice_number="0048213")
    assert compare(one, one.replace("Flat white   3.40", ""), read, read) is Likeness.SURE


def test_another_seller_over_the_same_numbers_is_not_taken_for_one() -> None:
    read, other = replace(READ, vendor="Krane Coffee Rooms"), replace(READ, vendor="Pizzeria Bellavista")
    text = COFFEE.replace("KRANE COFFEE ROOMS", "Pizzeria Bellavista")
    assert compare(COFFEE, text, read, other) is Likeness.UNSURE
    assert compare(COFFEE, text, read, replace(other, currency="CZK")) is Likeness.DIFFERENT
    assert compare(COFFEE, COFFEE, read, other) is Likeness.SURE  # the name was chosen badly on one


def test_next_months_invoice_over_the_same_sums_is_another_paper() -> None:
    march = (
        "Lumen Hosting Ltd\nVAT 998 2211 04\nIBAN GB29 6016 1331 9268 19\nInvoice 20240317\nDate 01.03.2024\n"
        + "\n".join(f"Server {place}  {price}.90" for place, price in enumerate(range(11, 23)))
    )
    april = march.replace("20240317", "20240421").replace("01.03.2024", "01.04.2024")
    facts = replace(READ, date=date(2024, 3, 1)), replace(READ, date=date(2024, 4, 1))
    assert compare(march, april, *facts) is not Likeness.SURE


def test_an_enormous_text_is_compared_in_a_moment() -> None:
    numbers = " ".join(str(number * 7919) for number in range(200_000))
    assert compare(numbers, numbers.replace("3", "4")) is Likeness.DIFFERENT


def test_a_refund_with_the_same_numbers_is_another_paper() -> None:
    refund = replace(READ, amount=Decimal("-3.40"), kind=ExpenseKind.CREDIT_NOTE)
    assert compare(COFFEE, COFFEE, READ, refund) is Likeness.DIFFERENT


def test_the_same_print_is_sure_only_if_it_tells_purchases_apart() -> None:
    bare = COFFEE.replace(" 10:24", "").replace("Receipt 0048213   ", "")

    def judge(pictures: Likeness, text: str, other: str) -> Likeness | None:
        verdict = judge_pictures(pictures, Expense(confidence=0), text, Expense(confidence=0), other)
        return verdict.likeness if verdict is not None else None

    assert judge(Likeness.UNSURE, bare, bare) is Likeness.UNSURE
    assert judge(Likeness.UNSURE, bare, COFFEE) is judge(Likeness.UNSURE, COFFEE, "illegible") is Likeness.SURE
    assert judge(Likeness.SURE, bare, "illegible") is Likeness.SURE
    assert judge(Likeness.DIFFERENT, COFFEE, COFFEE) is None


@pytest.mark.parametrize(("name", "value", "sure"), [
    ("date", "2024-04-12", 0.97), ("amount", "12.99", 0.97), ("date", "2024-03-12", 0.97), ("date", "2024-04-12", 0.6),
])  # fmt: skip
def test_pictures_on_which_another_day_or_amount_was_surely_read_are_not_surely_one(
    name: str, value: str, sure: float
) -> None:
    fields = {"date": Evidence(value="2024-03-12", confidence=0.97), "amount": Evidence(value="9.99", confidence=0.95)}
    known = Expense(confidence=90, fields=fields)
    read = Expense(confidence=90, fields=fields | {name: Evidence(value=value, confidence=sure)})
    is_other = value != fields[name].value and sure > 0.9
    for pair in ((read, known), (known, read)):
        for pictures in (Likeness.SURE, Likeness.UNSURE):
            verdict = judge_pictures(pictures, pair[0], COFFEE, pair[1], COFFEE)
            assert verdict is not None
            assert verdict.likeness is (Likeness.UNSURE if is_other else Likeness.SURE)


def test_texts_share_numbers_as_far_as_the_shorter_one_has_them() -> None:
    assert share_numbers(COFFEE, COFFEE.replace("0048213", "9926077")) > 0.8
    assert share_numbers(COFFEE, "TOTAL 3.40") == 1
    assert share_numbers(COFFEE, GROCERIES) < 0.4
    assert share_numbers(COFFEE, "") == 0
