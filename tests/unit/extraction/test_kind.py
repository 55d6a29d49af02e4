import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import make_reading, make_rows

from expensed.extraction.amount.choose_amount import find_amounts
from expensed.extraction.expense import extract_expense
from expensed.extraction.kind.choose_kind import find_kind, sign_doubt
from expensed.extraction.kind.words import split_words, words_for
from expensed.extraction.options import ExtractionOptions
from expensed.model.expense import Expense
from expensed.model.json_text import decode, encode
from expensed.model.states import ExpenseKind

DAY = date(2026, 1, 1)
SELLER = ("Fernbrook Supplies Ltd", "12 Mill Lane, London W1B 5QH")
SUMS = ("Shelf | £100.00", "Net | £100.00", "VAT 20% | £20.00", "Total | £120.00")


def kind_of(*lines):
    rows = make_rows(*lines)
    return find_kind(rows, find_amounts(rows))


def titled(*titles, sums=SUMS):
    return kind_of(*SELLER, *titles, "Date 14/03/2024", *sums)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("QUOTATION", "quotation"),
        ("Angebot Nr. A-17", "quotation"),
        ("Devis n° 17", "quotation"),
        ("PRO FORMA INVOICE PF-88", "pro-forma"),
        ("Fattura pro-forma n. 3", "pro-forma"),
        ("DRAFT INVOICE 88", "pro-forma"),
        ("Auftragsbestätigung 17", "order"),
        ("PURCHASE ORDER PO-88", "order"),
        ("Angebot Nr.: A-17", "quotation"),
        ("Invoice (pro forma) 17", "pro-forma"),
        ("Rechnung - Entwurf", "pro-forma"),
        ("ANGEBOT / OFFER", "quotation"),
        ("Gutschrift Nr.: 77", "credit-note"),
        ("2. Mahnung", "reminder"),
        ("Zahlungserinnerung zur Rechnung 17", "reminder"),
        ("Delivery note 12", "delivery-note"),
        ("Statement of account", "statement"),
        ("Gehaltsabrechnung", "payslip"),
        ("AVOIR n° 17", "credit-note"),
        ("Creditfactuur 17", "credit-note"),
        ("Tax credit note CN-4", "credit-note"),
        ("Rechnung Nr. 17", "invoice"),
        ("TAX INVOICE", "invoice"),
        ("Copy of invoice 17", "invoice"),
        ("Receipt 17", "receipt"),
    ],
)
def test_the_title_tells_the_kind(title, kind):
    assert titled(title).value == kind


@pytest.mark.parametrize(
    "cited",
    [
        "Purchase order: PO-88",
        "Your order no. 4711",
        "Delivery note no. 123",
        "Ihr Auftrag 4711",
        "Votre commande 4711",
        "A statement in every room",
        "Thank you for your order",
        "This is not a tax invoice",
        "Order 12",
    ],
)
def test_an_invoice_that_names_another_paper_stays_one(cited):
    assert titled("Invoice 17", cited) == titled("Invoice 17")


def test_the_larger_of_two_titles_decides():
    assert titled("Invoice 17", "Delivery note 12").value == "invoice"
    assert titled("TAX INVOICE / DELIVERY ORDER").value == "invoice"


def test_a_title_below_the_sums_is_none():
    assert kind_of(*SELLER, *SUMS, "Quotation").value == "receipt"


def test_a_paid_bill_is_no_order():
    paid = (*SUMS, "Cash | £150.00", "Change | £30.00")
    assert titled("Order 12", sums=paid) == titled(sums=paid)


def test_a_title_on_a_paid_bill_makes_a_person_look():
    found = titled("Quotation", sums=(*SUMS, "Cash | £150.00", "Change | £30.00"))
    assert any("a quotation" in doubt for doubt in found.doubts)


def test_what_is_no_expense_says_so():
    expense = extract_expense(make_reading(*SELLER, "ESTIMATE 88", *SUMS), ExtractionOptions(today=DAY)).expense
    assert expense.kind is ExpenseKind.QUOTATION
    assert "It looks like a quotation, not an invoice: 'ESTIMATE 88'." in expense.reasons


def test_a_credit_note_is_negative_whatever_sign_it_prints():
    for total in ("£120.00", "-£120.00"):
        lines = (*SELLER, "CREDIT NOTE 17", "Date 14/03/2024", "Shelf | £120.00", f"Total | {total}")
        expense = extract_expense(make_reading(*lines), ExtractionOptions(today=DAY)).expense
        assert (expense.kind, expense.amount) == ("credit-note", Decimal("-120.00"))


def test_a_negative_total_on_another_paper_is_doubted():
    assert sign_doubt(ExpenseKind.RECEIPT, Decimal("-3.75")) is not None
    assert sign_doubt(ExpenseKind.CREDIT_NOTE, Decimal("-3.75")) is None
    assert sign_doubt(ExpenseKind.RECEIPT, Decimal("3.75")) is None


def test_the_slip_of_a_card_terminal_is_told_from_a_receipt():
    slip = ("Terminal ID | 0042", "AID | A0000000031010", "Auth code | 123456", "APPROVED", "Sale | £120.00")
    assert kind_of(*SELLER, *slip).value is ExpenseKind.CARD_SLIP
    assert kind_of(*SELLER, *SUMS, *slip).value is ExpenseKind.RECEIPT


def test_a_letter_begins_and_ends_like_one_and_has_no_total():
    assert kind_of("Dear Mr Leaf,", "we are moving.", "Kind regards", "Ann").value is ExpenseKind.LETTER
    assert kind_of("Dear Mr Leaf,", "we charge you:", "Total | £120.00", "Kind regards").value is not ExpenseKind.LETTER


def test_only_four_kinds_are_expenses():
    assert {kind for kind in ExpenseKind if kind.is_expense} == {"receipt", "invoice", "credit-note", "card-slip"}


@pytest.mark.parametrize("text", ["Invoice", "ใบเสร็จรับเงิน", "領収書", "Счет-фактура", "חשבונית מס", "فاتورة ضريبية"])
def test_titles_of_all_scripts_are_known(text):
    words = split_words(text)
    assert words_for(text).title_at(words, 0) == ("".join(words), len(words))


@pytest.mark.parametrize("kind", ["receipt", "invoice", "credit-note", "other", *ExpenseKind])
def test_kinds_old_and_new_are_read_back_as_written(kind):
    expense = extract_expense(make_reading(*SELLER, *SUMS), ExtractionOptions(today=DAY)).expense
    said = json.loads(encode(replace(expense, kind=ExpenseKind(kind))))
    assert said["kind"] == kind
    assert decode(json.dumps(said), Expense).kind == kind
