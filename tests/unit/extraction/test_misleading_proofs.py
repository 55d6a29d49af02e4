"""Papers on which a proof would mislead: whatever they say, the result is right or a person looks at it."""

from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions

OPTIONS = ExtractionOptions(today=date(2024, 12, 20))
SHOP = ("Waterstones Ltd", "London EC1A 1BB", "VAT No GB 123 4567 89", "14/03/2024 10:11")
ITEMS = ("Book | £20.00", "Book | £10.00")
FIRM = ("Acme GmbH", "10117 Berlin", "USt-IdNr. DE123456789", "Rechnung", "Rechnungsdatum 14.03.2024")


def extract(*lines):
    return extract_expense(make_reading(*lines), OPTIONS).expense


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ((*ITEMS, "Total | £30.00", "£52.50", "Change | £20.00"), "30.00"),
        ((*ITEMS, "Total | £30.00", "Cash | £50.00", "Change | £14.00"), "36.00"),
        ((*ITEMS, "Total | £36.00", "Cash | £50.00", "Change | £20.00"), "30.00"),
        (("Book | £25.00", "Total | £25.00", "VAT 20% | 25.00 | 5.00"), "30.00"),
        (("Subtotal | £30.00", "VAT 20% | £6.00", "Total | £30.00"), "36.00"),
        (("Pen | £5.00", *ITEMS, "Total | £30.00"), "35.00"),
        ((*ITEMS, "Total | £30.00", "Delivery | £4.00", "Total | £34.00"), "34.00"),
        ((*ITEMS, "Total drinks | £20.00", "Total food | £10.00", "Total | £30.00"), "30.00"),
        ((*ITEMS, "Total | £30.00", "Second bill", "Book | £8.00", "Book | £9.00", "Total | £17.00"), "30.00"),
        ((*ITEMS, "Subtotal | £30.00", "VAT 20% | £6.00", "T0ta1 to pqy | 36.0"), "36.00"),
        ((*ITEMS, "Balance | £30.00", "Deposit | £10.00", "Balance due | £20.00"), "30.00"),
        (("Refill | £30.00", "Total incl. deposit | £30.00", "Deposit refund | £30.00"), "30.00"),
        (("Loan | £100.00", "Total | £1OO.0O", "Total | £100.00", "VAT 20% | £16.67"), "100.00"),
        (("Voucher sold | £50.00", "Total | £50.00", "Paid with voucher | £50.00", "To pay | £0.00"), "50.00"),
        ((*ITEMS, "Total | £30.00", "Tip | ____", "Total with tip | ____"), "30.00"),
        ((*ITEMS, "Total | £30.00", "18% tip is £5.40", "20% tip is £6.00"), "30.00"),
        ((*ITEMS, "Total points | 30.00", "Total to pay | £30.00"), "30.00"),
    ],
)
def test_figures_that_agree_by_chance_are_right_or_doubted(lines, value):
    expense = extract(*SHOP, *lines)
    assert expense.needs_review or expense.amount == Decimal(value)


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (("Betrag enthält | 3,26 € MwSt", "Summe | 49,90 €", "EC-Karte | 49,90 €"), "49.90"),
        (("Netto | 100,00 €", "MwSt 19% | 19,00 €", "Skonto 2% | 2,38 €", "Gesamtbetrag | 119,00 €"), "119.00"),
        (("Netto | 100,00 €", "MwSt 19% | 19,00 €", "Anzahlung | -50,00 €", "Restbetrag | 69,00 €"), "119.00"),
        (("Pos 1 | 1 234,50 €", "Pos 2 | 1 000,00 €", "Summe | 2 234,50 €"), "2234.50"),
        (("Abo | 2 840 €", "Gesamtbetrag | 2 840 €"), "2840"),
    ],
)
def test_an_invoice_is_right_or_doubted(lines, value):
    expense = extract(*FIRM, *lines)
    assert expense.needs_review or expense.amount == Decimal(value)


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (
            (
                "青葉書店 東京都",
                "2024年3月14日",
                "ノート | ¥1,620",
                "合計 | ¥1,782",
                "お預り | ¥2,000",
                "お釣り | ¥218",
            ),
            "1782",
        ),
        (("青葉書店 東京都", "2024年3月14日", "小計 | ¥1,620", "消費税 10% | ¥162", "合計 3点 | ¥1,782"), "1782"),
        (
            ("青葉書店 東京都", "2024年3月14日", "ノート 2 | ¥200", "合計 | ¥400", "お預り | ¥1,000", "お釣り | ¥700"),
            "300",
        ),
        (("한빛문구 서울특별시", "2024-03-14", "합계 | 12,000", "받은금액 | 20,000", "거스름돈 | 8,000"), "12000"),
        (("青山茶行 台北市", "統一編號 12345678", "113年03月14日", "紅茶 | 60", "綠茶 | 35", "合計 | 95"), "95"),
    ],
)
def test_whole_sums_are_right_or_doubted(lines, value):
    expense = extract(*lines)
    assert expense.needs_review or expense.amount == Decimal(value)


def test_a_tax_that_is_larger_than_what_it_is_on_proves_nothing():
    lines = ("Kawa | 11,18 A", "Kompot | 26,34 B", "PTU A 23,00", "PTU B 8,00 % | 7,04", "LACZNIE PTU | 6,28")
    expense = extract("Cukiernia Bursztyn", "50-126 Wroclaw", "2021-02-25", *lines, "DO ZAPLATY | 13,32")
    assert expense.fields["amount"].proof is None


def test_whole_sums_are_proven_by_the_change():
    lines = ("青葉書店 東京都", "2024年3月14日", "合計 | ¥1,782", "お預り | ¥2,000", "お釣り | ¥218")
    assert extract(*lines).fields["amount"].proof == "cash 2000 − change 218"


@pytest.mark.parametrize(
    ("lines", "currency"),
    [
        (("Fernbrook Sdn Bhd", "Jalan 5, Kuala Lumpur", "Total | S$ 30.00"), "SGD"),
        (("Fernbrook Sdn Bhd", "Jalan 5, Kuala Lumpur", "All amounts in USD", "Total | 30.00"), "USD"),
        (("Waterstones Ltd", "London EC1A 1BB", "Total | €30.00"), "EUR"),
        (("Kiosk GmbH", "8001 Zürich", "Total | 30.00"), "CHF"),
        (("Kiosk GmbH", "Total | 30.00"), "?"),
        (("Tapas Bar", "+34 600 000 000", "Bill to:", "Acme Ltd", "London EC1A 1BB", "Total | 30.00"), "EUR"),
        (("Roti Shop", "Singapore 319515", "Total RM | 30.00"), "MYR"),
        (("Nordic AB", "Total | 300,00 kr"), "?"),
        (("Smørrebrød ApS", "1058 København", "CVR 12345678", "Total | 300,00 kr"), "DKK"),
        (("Ball Pen Store Ltd", "Auckland, New Zealand", "PEN BLUE | 3.00", "Total | $3.00"), "NZD"),
        (("Gadget LLC", "11/23/2024 14:32:18 PST", "San Francisco, CA 94103", "Total | $30.00"), "USD"),
    ],
)
def test_a_country_and_a_sign_that_differ_are_right_or_doubted(lines, currency):
    expense = extract(lines[0], "2024-03-14 10:11", *lines[1:], lines[-1].replace("Total", "Visa"))
    assert expense.currency == currency or any("currency" in reason for reason in expense.reasons)


TOTAL = ("Book | £30.00", "Total | £30.00", "Cash | £50.00", "Change | £20.00")


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (("Offer ends Sunday 24/03/2024", "Date 14/03/2024 10:11"), date(2024, 3, 14)),
        (("Sale from Thursday 14/03/2024", "Card 633500402024031512", "15/03/2024 10:11"), date(2024, 3, 15)),
        (("Monday 14/03/2024",), None),
        (("Thu 04/07/2024",), date(2024, 7, 4)),
        (("Invoice date 03/04/2024", "Due date 04/05/2024"), date(2024, 4, 3)),
        (("Invoice date 05/12/2024", "Due date 06/01/2025"), date(2024, 12, 5)),
        (("Member since 14/03/2020", "Order date 12/03/2024", "Receipt date 14/03/2024"), date(2024, 3, 14)),
        (("Next service 14/03/2024", "13/09/2023 10:11"), date(2023, 9, 13)),
    ],
)
def test_what_confirms_a_date_confirms_no_other(lines, value):
    expense = extract(*SHOP[:3], *lines, *TOTAL)
    assert expense.date == value or any("date" in reason for reason in expense.reasons)


def test_a_weekday_settles_the_order_of_day_and_month():
    expense = extract("Corner Shop", "Thu 04/07/2024", *TOTAL)
    assert (expense.date, expense.fields["date"].proof) == (
        date(2024, 7, 4),
        "the weekday beside it agrees: Thursday",
    )


def test_a_number_of_the_till_confirms_the_date():
    expense = extract(*SHOP[:3], "14/03/24", "Receipt 0042202403140001", *TOTAL)
    assert expense.fields["date"].proof == "the number 0042202403140001 holds it"


def test_the_due_date_settles_the_order_of_day_and_month():
    lines = ("Invoice date 7/9/18", "Due date 09/07/18", "Total | $30.00")
    assert extract("Plumbers", "Springfield", *lines).date == date(2018, 7, 9)


@pytest.mark.parametrize(
    "lines",
    [
        ("Dear Sir or Madam,", "we met on 14/03/2024 in London.", "Kind regards"),
        ("",),
        ("Meeting notes", "Budget 30.00 per head?", "Lunch 12:30"),
    ],
)
def test_what_is_no_expense_goes_to_a_person(lines):
    assert extract(*lines).needs_review


def test_a_total_is_doubted_if_the_figures_also_lead_to_one_that_differs_in_a_digit():
    expense = extract(*SHOP, "VAT 10% | £25.91 | £2.59 | £28.50", "Total | £28.60")
    assert expense.needs_review
    assert any("28.50" in reason for reason in expense.reasons)


def test_a_total_is_doubted_if_it_stands_with_its_tax_below():
    expense = extract(*SHOP, *ITEMS, "Total | £30.00", "VAT | £6.00", "£36.00")
    assert expense.amount == Decimal("36.00") or expense.needs_review


def test_a_total_whose_change_fits_is_not():
    lines = (*ITEMS, "Total | £30.00", "VAT | £6.00", "Cash | £50.00", "Change | £20.00", "Points | 36.00")
    assert not extract(*SHOP, *lines).needs_review


def test_a_total_is_doubted_if_subtotal_and_tax_make_one_that_differs_in_a_digit():
    lines = ("Subtotal | £50.18", "VAT | £3.01", "Total | £63.19", "Cash | £63.19")
    assert "The figures also lead to 53.19, so that 63.19 may be misread." in extract(*SHOP, *lines).reasons


GROCER = ("Blue Door Market", "12 Main Street, Springfield, IL 62701", "2024-03-15 12:30")
CAFE = ("Cafe Berlin GmbH", "Hauptstr. 5, 10115 Berlin", "2024-03-15 12:30")


@pytest.mark.parametrize(
    ("head", "lines", "value"),
    [
        (CAFE, ("Tee | 10,00", "Lampe | 12,00", "Stuhl | 40,00", "Regal | 60,00", "Summe EUR | 112,00"), "122.00"),
        (GROCER, ("Tea | 2 | 3.00 | 6.00", "Egg | 3 | 1.00 | 3.00", "Fig | 1 | 4.00 | 4.00", "Total | $8.00"), "13.00"),
        (GROCER, ("Cake | 22.22", "Juice | 24.41", "Burger | 5.28", "Total | $51.91", "Rounding | 0.09"), "52.00"),
        (GROCER, ("Pizza | 13.17", "Pasta | 4.95", "Soup | 16.19", "Total | $34.31", "Delivery | 3.14"), "37.45"),
        (GROCER, ("Lamp | 10.00", "Desk | 40.00", "Chair | 60.00", "Promo | 5.00", "Total | $115.00"), "105.00"),
        (
            CAFE,
            ("Tee | 45,28", "Kaffee | 12,48", "Zwischensumme EUR | 57,76", "Lieferung | 9,73", "Zu zahlen"),
            "67.49",
        ),
        (CAFE, ("Buch | 4,00", "Gesamt EUR | 4,00", "zzgl. MwSt 5% | 0,20"), "4.20"),
        (CAFE, ("Buch", "2 x 5,00 | 10,00", "Gesamt EUR | 10,00", "MwSt 0% | 10,00 | 0,00", "Porto | 3,00"), "13.00"),
    ],
)
def test_items_and_taxes_that_explain_a_wrong_amount_leave_it_to_a_person(head, lines, value):
    expense = extract(*head, *lines)
    assert expense.needs_review or expense.amount == Decimal(value)
