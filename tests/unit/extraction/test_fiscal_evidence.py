"""How a fiscal code on the page affects the expense; the code is given as text, without a picture."""

import base64
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.documents.codes import write_epc
from tests.documents.fiscal_codes import write_polish, write_slovenian, write_taxcore, write_zatca
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.reading import Code

OPTIONS = ExtractionOptions(today=date(2024, 6, 1))
PLACE = (0.1, 0.7, 0.4, 0.9)
LINES = (
    "Bäckerei Morgenrot GmbH",
    "Hafenstraße 48, 10115 Berlin",
    "Brot | 4,15",
    "Kuchen | 8,25",
    "Summe | EUR 12,40",
    "14.05.2024 10:12",
)
SIGNED = f"{'A' * 86}==;{'B' * 87}="


def tse(sums="0.00_12.40_0.00_0.00_0.00", paid="12.40", day="2024-05-14", act="Beleg"):
    stamp = f"{day}T08:12:09.000Z"
    return (
        f"V0;KASSE-1;Kassenbeleg-V1;{act}^{sums}^{paid}:Bar;18;112;{stamp};{stamp};ecdsa-plain-SHA256;unixTime;{SIGNED}"
    )


def fatura(kind="FT", total="12.40"):
    return (
        f"A:500000000*B:999999990*C:PT*D:{kind}*E:N*F:20240514*G:{kind} A/12*H:CDF7T5HD-12*I1:PT*I7:10.08*I8:2.32"
        f"*N:2.32*O:{total}*Q:YhGV*R:9999"
    )


def extract(*lines, codes=(), data=b""):
    reading = make_reading(*lines)
    seen = tuple(Code(text, 1, PLACE, data) for text in codes)
    return extract_expense(replace(reading, codes=seen), OPTIONS).expense


def test_what_is_printed_and_in_the_code_is_proven():
    proven = extract(*LINES, codes=[tse()])
    assert (proven.amount, proven.date, proven.currency) == (Decimal("12.40"), date(2024, 5, 14), "EUR")
    proof = "German fiscal code: EUR 12.40 on 2024-05-14"
    assert proven.fields["amount"].proof == proven.fields["date"].proof == proven.fields["currency"].proof == proof
    assert not any("amount" in reason or "date" in reason or "currency" in reason for reason in proven.reasons)
    assert proven.kind == "receipt"


def test_another_total_in_the_code_sends_it_to_a_person_with_both():
    expense = extract(*LINES, codes=[tse("0.00_12.90_0.00_0.00_0.00", "12.90")])
    assert any("12.90" in reason and "12.40" in reason for reason in expense.reasons)
    assert expense.needs_review


def test_another_day_in_the_code_sends_it_to_a_person_with_both():
    expense = extract(*LINES, codes=[tse(day="2024-05-11")])
    assert "The fiscal code on it is of 2024-05-11, but the date reads 2024-05-14." in expense.reasons


def test_a_code_settles_which_of_day_and_month_stands_first():
    lines = (*LINES[:-1], "05/04/2024 10:12")
    expense = extract(*lines, codes=[tse(day="2024-05-04")])
    assert expense.date == date(2024, 5, 4)
    assert not any("date" in reason for reason in expense.reasons)


def test_a_code_supplies_what_could_not_be_read_and_says_so():
    expense = extract("Bäckerei Morgenrot GmbH", "Vielen Dank", codes=[tse()])
    assert (expense.amount, expense.date, expense.currency) == (Decimal("12.40"), date(2024, 5, 14), "EUR")
    assert "The amount was found in the fiscal code only." in expense.reasons


def test_a_tip_beside_the_code_s_total_contradicts_nothing():
    expense = extract(*LINES[:-1], "Trinkgeld | 1,60", "Gesamt | EUR 14,00", LINES[-1], codes=[tse()])
    assert expense.amount == Decimal("14.00")
    assert not any("fiscal" in reason for reason in expense.reasons)


def test_a_total_that_its_change_proves_stays_and_is_looked_at_if_the_code_names_another():
    lines = (*LINES[:-1], "Bar | 20,00", "Rückgeld | 7,60", LINES[-1])
    expense = extract(*lines, codes=[tse("0.00_4.15_0.00_0.00_0.00", "4.15")])
    assert expense.amount == Decimal("12.40")
    assert "The fiscal code on it names 4.15, not 12.40." in expense.reasons


def test_two_codes_of_one_receipt_agree_where_their_days_meet():
    other = write_taxcore(datetime(2024, 5, 13, 22, 30, tzinfo=UTC), Decimal("12.40"))
    expense = extract(*LINES, codes=[tse(), other])
    assert (expense.amount, expense.date) == (Decimal("12.40"), date(2024, 5, 14))
    assert not any("fiscal" in reason for reason in expense.reasons)


def test_a_printed_sum_that_the_code_names_is_the_total_whatever_the_label_says():
    lines = (*LINES[:2], "Reparatur | 106,00", "Gesamtbetrag | EUR 170,00", LINES[-1])
    expense = extract(*lines, codes=[tse("106.00_0.00_0.00_0.00_0.00", "106.00")])
    assert expense.amount == Decimal("106.00")
    assert any("170.00" in reason for reason in expense.reasons)


def test_a_total_printed_in_two_currencies_is_that_of_the_code():
    lines = ("Model A.Ş.", "18.02.2025", "Toplam | 28.250,00 EUR", "Toplam TL | 1.070.578,95 TRY")
    options = replace(OPTIONS, today=date(2025, 6, 1))
    code = (
        '{"vkntckn":"1234567890","avkntckn":"9876543210","senaryo":"IHRACAT","tip":"ISTISNA","tarih":"2025-02-18",'
        '"no":"ABC2025000000019","ettn":"01234567-89AB-4CDE-8F01-23456789ABCD","parabirimi":"EUR",'
        '"malhizmettoplam":"28250","vergidahil":"28250","odenecek":"28250"}'
    )
    reading = replace(make_reading(*lines), codes=(Code(code, 1, PLACE),))
    expense = extract_expense(reading, options).expense
    assert (expense.amount, expense.currency) == (Decimal("28250.00"), "EUR")


def test_another_currency_beside_the_total_is_for_a_person():
    expense = extract(*LINES[:4], "Summe | CHF 12,40", LINES[-1], codes=[tse()])
    assert (expense.amount, expense.currency) == (Decimal("12.40"), "CHF")
    assert "The fiscal code on it is in EUR, but the total reads CHF." in expense.reasons


def test_a_currency_whose_sign_many_share_is_that_of_the_code():
    code = "AB112233441130514999900000144000001540000000001234567ydXZt4LAN1UHN/j1juVcRA==:**********:3:3:1:"
    expense = extract("Sunny Store", "2024-05-14", "Total | $340.00", codes=[code])
    assert (expense.amount, expense.currency) == (Decimal(340), "TWD")


def test_the_net_in_a_code_is_never_the_amount():
    lines = ("增值税电子普通发票", "开票日期 2024-05-14", "合计 | ¥100.00 | ¥6.00", "价税合计 | ¥106.00")
    code = "01,10,050003523456,29342181,100.00,20240514,02418567008427471889,1774,"
    without, with_code = extract(*lines), extract(*lines, codes=[code])
    assert with_code.amount == without.amount
    assert "amount" not in without.fields or with_code.fields["amount"].proof == without.fields["amount"].proof


def test_a_code_without_a_total_proves_the_day_only():
    sample = write_polish(random.Random(7))
    assert sample.day is not None
    expense = extract("Firma Sp. z o.o.", f"{sample.day:%d.%m.%Y}", "Razem | 12,40 PLN", codes=[sample.text])
    assert expense.fields["date"].proof == f"Polish fiscal code (KSeF): {sample.day}"
    assert not any("fiscal" in reason for reason in expense.reasons)


def test_an_exact_tax_is_that_of_the_code():
    lines = ("Padaria Central Lda", "2024-05-14", "Total | 12,40 EUR")
    expense = extract(*lines, codes=[fatura()])
    assert (expense.amount, expense.tax, expense.invoice_number) == (Decimal("12.40"), Decimal("2.32"), "FT A/12")


def test_a_refund_in_the_code_is_for_a_person():
    lines = ("Padaria Central Lda", "2024-05-14", "Total | 12,40 EUR")
    assert "It may be a refund: the fiscal code on it names -12.40." in extract(*lines, codes=[fatura("NC")]).reasons


def test_a_code_of_training_proves_nothing():
    expense = extract(*LINES, codes=[tse(act="AVTraining")])
    assert "Its fiscal code says that the till was in training mode." in expense.reasons
    assert not (expense.fields["amount"].proof or "").startswith("German")


def test_two_codes_with_two_totals_prove_nothing():
    expense = extract(*LINES, codes=[tse(), tse("5.00_0.00_0.00_0.00_0.00", "5.00")])
    assert "The fiscal codes on it name different totals: 12.40, 5.00." in expense.reasons


def test_a_code_of_the_future_is_no_code():
    assert extract(*LINES, codes=[tse(day="2024-06-14")]) == extract(*LINES)


def test_a_time_near_midnight_agrees_with_either_day():
    code = write_taxcore(datetime(2024, 5, 13, 22, 30, tzinfo=UTC), Decimal("1240.00"))
    for written, day in (("13.05.2024", 13), ("14.05.2024", 14)):
        expense = extract("Pekara Zora", "Ukupan iznos | 1.240,00", written, codes=[code])
        assert expense.date == date(2024, 5, day)
        assert not any("fiscal" in reason for reason in expense.reasons)


def test_the_seller_in_a_code_is_found_on_the_page():
    data = write_zatca("Palm Bakery", "300000000000003", "2024-05-14T11:00:00Z", "11.50", "1.50")
    expense = extract("Palm Bakery", "2024-05-14", "Total | SAR 11.50", codes=["\x01"], data=data)
    assert (expense.vendor, expense.tax, expense.currency) == ("Palm Bakery", Decimal("1.50"), "SAR")


def test_the_line_printed_instead_of_a_code_proves_but_never_contradicts():
    line = "_R1-AT1_KASSE1_4711_2024-05-14T10:12:09_0,00_12,40_0,00_0,00_0,00_nLoiSHL3bsM=_51a8a6b3_8G8LhCC5BO4=_"
    lines = ("Bäckerei Morgenrot GmbH", "1010 Wien", "Summe | EUR 12,40", "14.05.2024", line[:60], line[60:])
    proven = extract(*lines)
    assert proven.fields["amount"].proof == "Austrian fiscal code: EUR 12.40 on 2024-05-14"
    misread = [each.replace("12,40_0", "72,40_0") for each in lines]
    assert not any("fiscal" in reason for reason in extract(*misread).reasons)


def test_a_payment_code_that_asks_for_less_is_still_reported():
    lines = (*LINES[:4], "Gesamtbetrag | 12,40 EUR", LINES[-1])
    expense = extract(*lines, codes=[tse(), write_epc(amount="EUR10.00")])
    assert "The payment code on it asks for 10.00, not 12.40." in expense.reasons


def test_an_address_of_anyone_else_is_no_code():
    assert extract(*LINES, codes=["https://porezna.gov.hr.example.com/rn?jir=1&datv=2&izn=3"]) == extract(*LINES)


def other_of(code):
    """The code of another act of the same till, with the same sums."""
    return code.replace(";18;112;", ";19;113;")


def test_two_receipts_of_the_same_till_and_total_are_for_a_person():
    sentence = "It may be more than one receipt: several fiscal codes of one kind stand on it."
    assert sentence in extract(*LINES, codes=[tse(), other_of(tse())]).reasons
    assert sentence in extract(*LINES, codes=[tse(), tse(day="2024-05-13")]).reasons
    assert sentence not in extract(*LINES, codes=[tse(), tse()]).reasons


@pytest.mark.parametrize(
    ("lines", "larger"),
    [
        (("Zwischensumme | 12,40", "Gesamtsumme | EUR 12,85"), "12.85"),
        (("Warenwert | 12,40", "MwSt | 2,36", "Summe | EUR 14,76"), "14.76"),
        (("Warenwert | 12,40", "MwSt 19% | 2,36", "Summe | EUR 14,76"), "14.76"),
        (("12,40", "MwSt 19% | 2,36", "14,76"), "14.76"),
        (("Brot | 12,40", "Wein | 20,00", "Sunne | EUR 32,40"), "32.40"),
    ],
)
def test_a_code_that_names_less_than_another_total_never_settles_it_in_silence(lines, larger):
    reasons = extract(*LINES[:2], *lines, LINES[-1], codes=[tse()]).reasons
    assert any("names 12.40" in reason and larger in reason for reason in reasons)


@pytest.mark.parametrize(
    ("lines", "amount"),
    [
        (("Brot | 15,00", "Summe | EUR 15,00", "Rabatt | 2,60"), "15.00"),
        (("Brot | 10,80", "Summe | EUR 10,80", "Trinkgeld | 1,60"), "10.80"),
    ],
)
def test_a_discount_or_tip_explains_only_an_amount_on_its_own_side(lines, amount):
    reasons = extract(*LINES[:2], *lines, LINES[-1], codes=[tse()]).reasons
    assert f"The fiscal code on it names 12.40, not {amount}." in reasons


def test_another_currency_beside_the_very_total_is_for_a_person_even_if_the_code_s_is_printed_too():
    expense = extract(*LINES[:4], "Summe | CHF 12,40", "Kurs EUR 11,80", LINES[-1], codes=[tse()])
    assert "The fiscal code on it is in EUR, but the total reads CHF." in expense.reasons


def test_a_purchase_in_the_code_of_a_credit_note_is_for_a_person():
    lines = ("Padaria Central Lda", "Credit Note", "2024-05-14", "Total | 12,40 EUR")
    sold, returned = extract(*lines, codes=[fatura()]), extract(*lines, codes=[fatura("NC")])
    assert "It may not be a refund: the fiscal code on it names 12.40." in sold.reasons
    assert not any("refund" in reason for reason in returned.reasons)


def test_the_tax_of_a_code_has_the_sign_of_the_amount():
    data = write_zatca("Palm Bakery", "300000000000003", "2024-05-14T11:00:00Z", "11.50", "1.50")
    lines = ("Palm Bakery", "Credit Note", "2024-05-14", "Total | SAR 11.50")
    expense = extract(*lines, codes=[base64.b64encode(data).decode()])
    assert (expense.amount, expense.tax) == (Decimal("-11.50"), Decimal("-1.50"))


def test_no_tax_in_a_code_is_a_tax_of_zero():
    data = write_zatca("Palm Bakery", "300000000000003", "2024-05-14T11:00:00Z", "11.50", "0.00")
    lines = ("Palm Bakery", "2024-05-14", "VAT | 1.50", "Total | SAR 11.50")
    assert extract(*lines, codes=[base64.b64encode(data).decode()]).tax == 0


def test_an_order_supplies_no_date():
    code = tse(day="2024-05-11").replace("Kassenbeleg-V1", "Bestellung-V1")
    expense = extract(*LINES[:-1], codes=[code])
    assert expense.date is None
    assert "Its fiscal code says that it is an order, not a receipt." in expense.reasons


def test_a_misread_line_never_makes_an_item_the_total():
    line = "_R1-AT1_KASSE1_4711_2024-05-14T10:12:09_0,00_4,15_0,00_0,00_0,00_nLoiSHL3bsM=_51a8a6b3_8G8LhCC5BO4=_"
    lines = ("Bäckerei Morgenrot GmbH", "1010 Wien", *LINES[2:5], "14.05.2024", line[:60], line[60:])
    assert extract(*lines).amount == Decimal("12.40")


def test_codes_without_a_total_that_name_two_days_are_for_a_person():
    texts = [write_slovenian(random.Random(number)).text for number in (1, 2)]
    reasons = extract(*LINES, codes=texts).reasons
    assert "The fiscal codes on it are of different days." in reasons
    assert "It may be more than one receipt: several fiscal codes of one kind stand on it." in reasons


def test_a_discount_after_the_total_of_the_code_is_for_a_person():
    sums = ("Base | 10,08", "IVA 23% | 2,32", "Total | 12,40 EUR", "Desconto | 2,40", "Total a pagar | 10,00 EUR")
    expense = extract("Padaria Central Lda", "2024-05-14", *sums, codes=[fatura()])
    assert expense.amount == Decimal("12.40")
    assert "The fiscal code on it names 12.40, but 10.00 may be the total." in expense.reasons


def test_a_negative_sum_that_a_code_names_positive_is_for_a_person():
    data = write_zatca("Palm Bakery", "300000000000003", "2024-05-14T11:00:00Z", "11.50", "1.50")
    expense = extract("Palm Bakery", "2024-05-14", "Bread | -11.50 SAR", codes=[base64.b64encode(data).decode()])
    assert expense.amount == Decimal("-11.50")
    assert "It may not be a refund: the fiscal code on it names 11.50." in expense.reasons
