from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expensed.model.expense import Expense
from expensed.model.states import ExpenseKind
from expensed.pipeline.duplicates.same_purchase import Paper, compare, find_change, list_keys

INVOICE = Expense(
    vendor="Larkspur Hosting Ltd", date=date(2024, 3, 4), amount=Decimal(72), currency="GBP", confidence=99,
    kind=ExpenseKind.INVOICE, invoice_number="LH-40871",
)  # fmt: skip
RECEIPT = replace(INVOICE, kind=ExpenseKind.RECEIPT, date=date(2024, 3, 9), invoice_number="LH40871")
REMINDER = replace(INVOICE, kind=ExpenseKind.REMINDER, date=date(2024, 4, 8))
UNNUMBERED = replace(RECEIPT, invoice_number=None)
TILL = replace(UNNUMBERED, vendor="Nordlicht", date=date(2024, 3, 14), amount=Decimal("3.80"))
SLIP = replace(TILL, kind=ExpenseKind.CARD_SLIP, vendor="NORDLICHT COFFEE")


def judge(one: Expense, other: Expense, text: str = "", other_text: str = "") -> str:
    papers = Paper(one, text), Paper(other, other_text)
    verdict = compare(*papers)
    assert compare(*reversed(papers)) is verdict
    return verdict.name


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "SAME"),
        ({"vendor": "LARKSPUR H0STING"}, "SAME"),
        ({"vendor": "Castellan Hardware"}, "OTHER"),
        ({"vendor": None, "legal_name": "Larkspur Hosting Limited"}, "SAME"),
        ({"amount": None}, "SAME"),
        ({"amount": Decimal(24)}, "UNSURE"),
        ({"currency": "EUR"}, "OTHER"),
        ({"currency": None}, "SAME"),
        ({"date": None}, "SAME"),
        ({"date": date(2025, 3, 9)}, "UNSURE"),
        ({"kind": ExpenseKind.CREDIT_NOTE}, "OTHER"),
        ({"kind": ExpenseKind.STATEMENT}, "OTHER"),
        ({"amount": Decimal(-72)}, "OTHER"),
        ({"kind": ExpenseKind.INVOICE}, "UNSURE"),
        ({"kind": ExpenseKind.INVOICE, "date": date(2024, 3, 4)}, "UNSURE"),
        ({"kind": ExpenseKind.INVOICE, "date": date(2024, 4, 4), "amount": Decimal(80)}, "OTHER"),
        ({"invoice_number": "LH-40872"}, "OTHER"),
        ({"invoice_number": None}, "UNSURE"),
        ({"invoice_number": None, "date": date(2024, 3, 12)}, "OTHER"),
    ],
)
def test_the_number_of_a_seller_tells(changes, verdict):
    assert judge(INVOICE, replace(RECEIPT, **changes)) == verdict


def test_an_invoice_that_names_the_one_before_is_another():
    text = "LH-40872. Your last invoice, LH-40871, was paid."
    assert (
        judge(INVOICE, replace(INVOICE, invoice_number="LH-40872", date=date(2024, 4, 4)), "LH-40871", text) == "OTHER"
    )


def test_a_copy_in_other_words_is_of_the_purchase_and_one_in_the_same_words_may_be_the_same_paper():
    copy = replace(INVOICE, vendor="Larkspur Hosting")
    mail = "Hello, thank you for your order. Larkspur Hosting, invoice LH-40871, 72.00"
    assert (
        judge(INVOICE, copy, "Larkspur Hosting Ltd Invoice number LH-40871 Team plan 60.00 Total 72.00", mail) == "SAME"
    )
    assert judge(INVOICE, copy, mail, mail.upper().replace("HELLO", "HELL0")) == "UNSURE"


def test_reminders_of_one_invoice_are_of_one_purchase():
    assert judge(REMINDER, replace(REMINDER, date=date(2024, 4, 22))) == "SAME"
    assert judge(INVOICE, replace(REMINDER, invoice_number=None)) == "UNSURE"


@pytest.mark.parametrize("written", ["Ref LH-40871", "for invoice lh 40871.", "LH40871", "Invoice: LH/40871, paid"])
def test_a_number_that_only_one_of_them_was_read_from_is_found_on_the_other(written):
    for number in (None, "R-771"):
        assert judge(INVOICE, replace(RECEIPT, invoice_number=number), other_text=written) == "SAME"
    assert judge(INVOICE, replace(UNNUMBERED, date=date(2024, 4, 9)), other_text="LH-408711 XLH-40871") == "OTHER"


@pytest.mark.parametrize(
    ("mark", "other_mark"),
    [
        ("VAT GB 123 4567 89", "VAT no. GB123456789"),
        ("IBAN GB29 NWBK 6016 1331 9268 19", "pay to GB29NWBK60161331926819"),
        ("www.larkspur.example", "billing@larkspur.example"),
    ],
)
def test_a_seller_is_known_by_what_identifies_it(mark, other_mark):
    other = replace(RECEIPT, vendor="LSPR Payments")
    assert judge(INVOICE, other, mark, other_mark) == "SAME"
    assert judge(INVOICE, other, mark, "VAT GB987654321 www.other.example") == "OTHER"
    assert judge(INVOICE, other, "LH-40871 22.03.2024 12:30", "LH-40871 22.03.2024 12:30") == "OTHER"


@pytest.mark.parametrize(
    ("text", "other_text", "verdict"),
    [
        ("10:24", "10:26", "FITS"),
        ("10:24", "10:44", "OTHER"),
        ("10:24", "", "UNSURE"),
        ("10:24 given 5.00 back 1.20", "10:24", "OTHER"),
        ("14h30 12.30", "11:31 12.30", "OTHER"),
    ],
)
def test_a_slip_belongs_to_the_receipt_of_its_minute(text, other_text, verdict):
    assert judge(TILL, SLIP, text, other_text) == verdict
    assert judge(TILL, replace(SLIP, date=date(2024, 3, 15)), text, other_text) == "OTHER"


def test_parts_of_a_sum_are_purchases_of_their_own():
    assert judge(INVOICE, RECEIPT, "Instalment 1 of 3", "Instalment 2 of 3") == "OTHER"
    assert judge(INVOICE, RECEIPT, "Rate 1/3", "2/3 Raten") == "OTHER"
    assert judge(INVOICE, RECEIPT, "Instalment 1 of 3", "Instalment 1 of 3") == "SAME"
    assert judge(INVOICE, RECEIPT, "page 1 of 2", "page 2 of 2") == "SAME"


def test_change_is_found_by_arithmetic():
    assert find_change(Decimal("3.80"), "CASH 5,00\n03.05.2024\nCHANGE 1,20") == {(Decimal(5), Decimal("1.20"))}
    assert find_change(Decimal(72), "60.00 12.00 72.00") == frozenset()
    assert find_change(Decimal(1000), "1,500.00 500.00") == {(Decimal(1500), Decimal(500))}
    assert find_change(None, "5.00 1.20") == frozenset()


def test_whatever_may_be_a_number_is_looked_up():
    paper = Paper(INVOICE, "Receipt for LH 40 871\nTotal 12\nTel 123")
    assert list_keys(paper)[0] == "lh40871"
    assert {"lh40871", "40871", "for40871"} & set(list_keys(paper)) == {"lh40871", "40871"}
    assert len(list_keys(Paper(INVOICE, "\n".join(f"No {number}" for number in range(1000, 5000))))) <= 400
