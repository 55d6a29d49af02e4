"""What a paper says of itself that speaks against a purchase makes a person look."""

from datetime import date

import pytest
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions

OPTIONS = ExtractionOptions(today=date(2024, 12, 20))
SHOP = ("Lindenhof Books Ltd", "London EC1A 1BB")
SOLD = ("Pen | £20.00", "Pad | £10.00", "Total | £30.00")
PAID = (*SOLD, "Cash | £50.00", "Change | £20.00")
MEUBLES = ("Meubles Luz SARL", "75002 Paris", "14/03/2024")
TAXED = ("Total HT | 100,00 €", "TVA 20% | 20,00 €", "Total TTC | 120,00 €")


def extract(*lines):
    return extract_expense(make_reading(*lines), OPTIONS).expense


def titled(title):
    return extract(*SHOP, title, "14/03/2024", *PAID)


@pytest.mark.parametrize(
    "title",
    [
        "This is not an invoice",
        "NOT A RECEIPT",
        "THIS IS NOT A BILL",
        "Kein Beleg",
        "Dies ist keine Rechnung",
        "Ceci n'est pas une facture",
        "Esto no es una factura",
        "Não é uma fatura",
        "Non è una fattura",
        "Geen factuur",
        "Ej kvitto",
        "Ikke kvittering",
    ],
)
def test_a_denied_title_is_reviewed(title):
    assert any("no invoice or receipt" in reason for reason in titled(title).reasons)


@pytest.mark.parametrize(
    "line",
    [
        "This is not a tax invoice",
        "** This is not a VAT invoice",
        "Factura No 12",
        "Nota fiscal",
        "No receipt, no refund",
        "SCONTRINO NON FISCALE",
        "Guest check",
        "NIEFISKALNY",
        "Relatório gerencial",
        "Kein Bon, kein Umtausch",
        "Geen bon, geen ruiling",
        "Geen bon? Gratis!",
    ],
)
def test_what_only_the_law_of_taxes_misses_does_not_stop_a_paid_receipt(line):
    assert not any("no invoice or receipt" in reason or "before" in reason for reason in titled(line).reasons)


def test_an_unpaid_paper_that_is_no_tax_invoice_is_reviewed():
    assert extract(*SHOP, "This is not a tax invoice", "14/03/2024", *SOLD).needs_review


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Pre-bill", "before its payment"),
        ("Provisional bill", "before its payment"),
        ("Precuenta", "before its payment"),
        ("Note provisoire", "before its payment"),
        ("Tussenrekening", "before its payment"),
        ("Conferência de conta", "before its payment"),
        ("Cupom não fiscal", "before its payment"),
        ("Wydruk niefiskalny", "before its payment"),
        ("Z report", "a till"),
        ("Z-Bericht Nr. 12", "a till"),
        ("Tagesabschluss", "a till"),
        ("*** Trainingsmodus ***", "a till"),
        ("Övningskvitto", "a till"),
        ("Dagafsluiting", "a till"),
        ("Raport dobowy", "a till"),
        ("Store credit", "paid out or credited"),
        ("Payout slip", "paid out or credited"),
        ("Ankaufbeleg", "paid out or credited"),
        ("Rückzahlung", "paid out or credited"),
        ("Pawn ticket", "paid out or credited"),
        ("ATM receipt", "paid out or credited"),
        ("Pantkvitto", "paid out or credited"),
        ("Payment failed", "not have been charged"),
        ("Not approved", "not have been charged"),
        ("Unpaid", "not have been charged"),
        ("No sale", "not have been charged"),
        ("Mietvertrag", "a contract"),
    ],
)
def test_a_paper_that_is_no_purchase_is_reviewed(title, reason):
    assert any(reason in each for each in titled(title).reasons)


@pytest.mark.parametrize("word", ["Avoir", "Avoir n° 12", "Abono", "Korekta", "Gutschrift"])
def test_a_word_for_a_credit_note_alone_in_its_cell_is_reviewed_wherever_it_stands(word):
    assert "It may be a credit note." in extract(*MEUBLES, *TAXED, word).reasons


@pytest.mark.parametrize("title", ["Estimate", "Order", "Statement", "Packing list"])
def test_a_title_beside_the_sellers_name_is_reviewed(title):
    net = ("VAT No GB 123 4567 89", "14/03/2024", "Net | £100.00", "VAT 20% | £20.00", "Total | £120.00")
    assert extract(f"Lindenhof Books Ltd | {title}", "London EC1A 1BB", *net).needs_review


@pytest.mark.parametrize("beside", ["Order 12 | Table 4", "Till 2 | Order 12"])
def test_the_number_of_an_order_does_not_stop_a_receipt(beside):
    assert not extract(*SHOP, beside, "14/03/2024 10:11", *PAID).needs_review


@pytest.mark.parametrize("head", ["Lindenhof Books Ltd | Pre-bill", "Pre-bill | Lindenhof Books Ltd"])
def test_a_notice_beside_the_sellers_name_counts(head):
    expense = extract(head, "London EC1A 1BB", "14/03/2024", *SOLD)
    assert "It may be a bill before its payment: 'Pre-bill'." in expense.reasons
