"""How a payment code on the page affects the expense; the code is given as text, without a picture."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.documents.codes import write_epc, write_swiss
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.reading import Code

OPTIONS = ExtractionOptions(today=date(2024, 6, 1))
PLACE = (0.1, 0.7, 0.4, 0.9)
LINES = (
    "Northwind Cartography GmbH",
    "Harbour Street 48, 10115 Berlin",
    "Rechnung NC-2041",
    "Rechnungsdatum: 14.05.2024",
    "Karten | 1.617,53 EUR",
    "Gesamtbetrag | 1.617,53 EUR",
)


def extract(*lines, codes=()):
    reading = make_reading(*lines)
    seen = tuple(Code(text, 1, PLACE) for text in codes)
    return extract_expense(replace(reading, codes=seen), OPTIONS).expense


def test_a_code_proves_the_total_and_the_currency_and_nobody_needs_to_look():
    without, proven = extract(*LINES), extract(*LINES, codes=[write_epc()])
    assert "payment_reference" not in without.fields
    assert (proven.vendor, proven.amount, proven.date, proven.currency, proven.kind) == (
        "Northwind Cartography GmbH",
        Decimal("1617.53"),
        date(2024, 5, 14),
        "EUR",
        "invoice",
    )
    proof = "EPC payment code: EUR 1617.53 to Northwind Cartography GmbH"
    assert proven.fields["amount"].proof == proven.fields["currency"].proof == proof
    assert proven.fields["payment_reference"].value == "Invoice NC-2041"
    assert not any("amount" in reason or "currency" in reason for reason in proven.reasons)


def test_a_code_that_asks_for_something_else_sends_it_to_a_person():
    expense = extract(*LINES, codes=[write_epc(amount="EUR1000.00")])
    assert expense.amount == Decimal("1617.53")
    assert "The payment code on it asks for 1000.00, not 1617.53." in expense.reasons
    assert expense.fields["amount"].proof is None


def test_a_code_supplies_what_could_not_be_read():
    expense = extract("Rechnungsdatum: 14.05.2024", codes=[write_epc(amount="EUR84.20")])
    assert (expense.vendor, expense.amount, expense.currency) == ("Northwind Cartography GmbH", Decimal("84.20"), "EUR")
    assert expense.fields["amount"].box == PLACE
    assert "The amount was found in the payment code only." in expense.reasons


def test_a_printed_sum_without_a_label_is_the_total_if_the_code_asks_for_it():
    expense = extract(*LINES[:4], "99,00", "1.617,53", codes=[write_epc()])
    assert (expense.amount, expense.fields["amount"].proof is not None) == (Decimal("1617.53"), True)
    assert not any("amount" in reason for reason in expense.reasons)


def test_what_is_left_after_a_deposit_proves_the_total():
    lines = (*LINES[:4], "Gesamtbetrag | 1.617,53 EUR", "Anzahlung | 617,53 EUR")
    expense = extract(*lines, codes=[write_epc(amount="EUR1000.00")])
    assert (expense.amount, expense.amount_due) == (Decimal("1617.53"), Decimal("1000.00"))
    assert expense.fields["amount"].proof.endswith("with 617.53 paid before")
    assert not any("payment code" in reason for reason in expense.reasons)


def test_a_total_that_its_own_tax_proves_stays_and_is_looked_at_if_a_code_asks_for_less():
    lines = (*LINES[:4], "Netto | 1.359,27 EUR", "MwSt 19% | 258,26 EUR", "Gesamtbetrag | 1.617,53 EUR")
    expense = extract(*lines, "Teilbetrag | 500,00 EUR", codes=[write_epc(amount="EUR500.00")])
    assert (expense.amount, expense.amount_due) == (Decimal("1617.53"), Decimal("500.00"))
    assert "The payment code on it asks for 500.00, not 1617.53." in expense.reasons


def test_another_currency_beside_the_total_is_for_a_person_whatever_the_code_asks_for():
    lines = (*LINES[:-2], "Karten | 1.617,53 CHF", "Gesamtbetrag | 1.617,53 CHF")
    for amount in ("EUR1617.53", ""):
        reasons = extract(*lines, codes=[write_epc(amount=amount)]).reasons
        assert "The payment code on it is in EUR, but the total reads CHF." in reasons
    assert not any("the total reads" in reason for reason in extract(*LINES, codes=[write_epc()]).reasons)


def test_instalments_prove_the_total_that_they_make():
    halves = [write_epc(amount=f"EUR{amount}", message=f"part {amount}") for amount in ("808.76", "808.77")]
    expense = extract(*LINES, codes=halves)
    assert expense.amount == Decimal("1617.53")
    assert expense.fields["amount"].proof == "2 payment codes make 1617.53"
    assert not any("payment code" in reason for reason in expense.reasons)


def test_the_same_code_twice_is_one():
    assert extract(*LINES, codes=[write_epc(), write_epc()]) == extract(*LINES, codes=[write_epc()])


def test_a_swiss_code_gives_number_and_date_of_the_invoice():
    lines = ("Huber Uhren AG", "Biel", "Datum 15.03.2024", "Total CHF | 1'949.75")
    expense = extract(*lines, codes=[write_swiss()])
    assert (expense.invoice_number, expense.date, expense.currency) == ("HU-4711", date(2024, 3, 15), "CHF")
    assert expense.fields["date"].proof is not None
    assert not expense.needs_review


def test_a_whole_swiss_bill_is_understood_though_spaces_count_its_thousands():
    expense = extract(
        "Huber Uhren AG | Rechnung",
        "Rue du Lac 1268",
        "2501 Biel",
        "Rechnung Nr. HU-4711 | Datum: 15.03.2024",
        "Wanduhr | 1 | 1 200.00",
        "Wartung | 2 | 604.40",
        "Zwischentotal | 1 804.40",
        "MWST 8.1% | 145.35",
        "Total CHF | 1 949.75",
        "Empfangsschein | Zahlteil",
        "Konto / Zahlbar an | Konto / Zahlbar an",
        "CH44 3199 9123 0008 8901 2 | CH44 3199 9123 0008 8901 2",
        "Währung Betrag | Währung Betrag",
        "CHF 1 949.75 | CHF 1 949.75",
        codes=[write_swiss()],
    )
    assert (expense.vendor, expense.amount, expense.currency) == ("Huber Uhren AG", Decimal("1949.75"), "CHF")
    assert expense.reasons == ()


def test_a_code_without_an_amount_says_nothing_of_the_total():
    expense = extract(*LINES, codes=[write_epc(amount="")])
    assert expense.amount == Decimal("1617.53")
    assert expense.fields["amount"].proof is None


def test_any_other_code_changes_nothing():
    assert extract(*LINES, codes=["https://example.com/feedback?total=5.00"]) == extract(*LINES)


def test_a_creditor_with_control_characters_and_no_end_is_harmless():
    expense = extract("14.05.2024", codes=[write_epc(creditor="A\x1b[31m\u202e" + "B" * 900)])
    assert expense.vendor is None or (len(expense.vendor) <= 120 and expense.vendor.isprintable())
