from datetime import date

import pytest
from tests.documents.readings import make_rows

from expensed.extraction.date.choose_date import find_purchase_dates
from expensed.extraction.date.day_month_order import order_certainty
from expensed.extraction.options import ExtractionOptions

OPTIONS = ExtractionOptions(today=date(2024, 6, 1))


def best(*lines, options=OPTIONS):
    candidates, _ = find_purchase_dates(make_rows(*lines), options)
    return candidates[0].value if candidates else None


def test_the_invoice_date_beats_the_due_date():
    assert best("Due Date: 20/05/2024", "Invoice Date: 06/05/2024", "EUR 5.00") == date(2024, 5, 6)


@pytest.mark.parametrize("label", ["Leistungsdatum", "Lieferschein-Datum", "Order date", "Bestellung vom"])
def test_other_dates_of_the_business_come_second(label):
    assert best(f"{label}: 20/05/2024", "Rechnung Nr. 471102 vom 22.05.2024", "EUR 5.00") == date(2024, 5, 22)


def test_a_date_with_a_time_beats_a_bare_one():
    assert best("Sale until 30.04.2024", "14.04.2024 17:22", "02.02.2023") == date(2024, 4, 14)


def test_a_date_with_separators_beats_a_number_that_might_be_one():
    assert best("20052023", "Coffee", "23/09/2021") == date(2021, 9, 23)


def test_tomorrow_is_taken_and_the_day_after_refused():
    assert best("Date: 2024-06-02") == date(2024, 6, 2)
    assert best("Date: 2024-06-03") is None


@pytest.mark.parametrize(
    ("setting", "expected"), [("yes", date(2024, 4, 3)), ("no", date(2024, 3, 4)), ("auto", date(2024, 4, 3))]
)
def test_the_setting_decides_how_an_ambiguous_date_is_read(setting, expected):
    options = ExtractionOptions(today=date(2024, 6, 1), day_first=setting)
    assert best("Date: 03/04/2024", options=options) == expected


def test_another_date_on_the_paper_tells_the_order():
    assert best("Order Date: 12/28/2023", "Invoice Date: 03/04/2024") == date(2024, 3, 4)


def test_an_american_address_puts_the_month_first():
    assert best("Springfield, IL 62701", "Date: 03/04/2024", "Total $5.00") == date(2024, 3, 4)


def test_a_reading_in_the_future_gives_way_to_the_other():
    assert best("GmbH", "Date: 01/12/2024 09:00") == date(2024, 1, 12)


def test_an_ambiguous_date_is_less_sure_with_an_american_clock():
    plain, order = find_purchase_dates(make_rows("RM 5.00 Sdn Bhd", "Date: 03/04/2024 14:05"), OPTIONS)
    clock, other = find_purchase_dates(make_rows("RM 5.00 Sdn Bhd", "Date: 3/4/2024 2:05 PM"), OPTIONS)
    assert order_certainty(plain[0], order) > 0.99 > order_certainty(clock[0], other)


MAIL = ("From: Acme <a@acme.example>", "Sent: Monday, March 18, 2024 8:00 AM", "To: Ann", "Subject: Receipt")


def roles(*lines):
    candidates, _ = find_purchase_dates(make_rows(*lines), OPTIONS)
    return {candidate.value: bool(candidate.features["not_it"]) for candidate in candidates}


def test_the_day_of_a_mail_is_not_the_papers():
    assert best(*MAIL, "Acme Inc", "Date paid: March 15, 2024") == date(2024, 3, 15)
    assert roles(*MAIL, "Acme Inc") == {date(2024, 3, 18): True}


def test_the_first_line_of_a_browser_is_not_the_papers():
    page = ("4/22/24, 9:15 AM Your order", "Acme Inc", "Total $43.45", "https://www.acme.example/orders/1 1/1")
    assert roles(*page) == {date(2024, 4, 22): True}
    assert roles(*page[:-1]) == {date(2024, 4, 22): False}


def test_a_period_is_no_date_of_a_purchase():
    assert best("01.03.2024 - 31.03.2024", "GmbH", "Datum 02.04.2024") == date(2024, 4, 2)
    assert all(roles("Leistung 13.03.2024 - 31.03.2024", "GmbH").values())


def test_the_invoice_date_outweighs_a_print_time():
    assert best("Rechnungsdatum 15.05.2024", "Druckdatum 16.05.2024 08:15", "GmbH") == date(2024, 5, 15)


@pytest.mark.parametrize("line", ["Weinlese: 14.03.2024", "Weinlese 14.03.2024", "Weinlese 14.03.2024 17:22"])
def test_a_label_that_is_not_known_makes_a_person_look(line):
    candidates, _ = find_purchase_dates(make_rows(line, "GmbH"), OPTIONS)
    assert candidates[0].doubt == "What day 'Weinlese' is, is not known."


@pytest.mark.parametrize("line", ["Donnerstag 14.03.2024", "Bremen, 14.03.2024", "Bremen 14.03.2024 17:22"])
def test_a_weekday_or_a_town_is_no_reason_for_that(line):
    candidates, _ = find_purchase_dates(make_rows(line, "GmbH"), OPTIONS)
    assert candidates[0].doubt is None


def test_the_heads_of_a_table_tell_what_its_dates_are():
    head, row = "No | Kind | Invoice date | Due date", "4711 | Services | 17/05/2024 | 31/05/2024"
    assert best(head, row, "Pay until 31/05/2024", "EUR 5.00") == date(2024, 5, 17)
