import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.readings import make_reading
from tests.documents.samples import GERMAN_RECEIPT, TILL_RECEIPT

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.model.json_text import encode
from expensed.model.states import Stage

OPTIONS = ExtractionOptions(today=date(2024, 6, 1))
SURE = (
    "FERNBROOK TRADING SDN BHD",
    "Jalan 5, 50000 Kuala Lumpur, Malaysia",
    "Date: 25/03/2024 14:05",
    "Bread | RM 2.50",
    "Milk | RM 1.20",
    "Total | RM 3.70",
    "Cash | RM 5.00",
    "Change | RM 1.30",
)


def extract(*lines, options=OPTIONS, **reading):
    return extract_expense(make_reading(*lines, **reading), options).expense


def as_json(expense):
    """The expense as a client sees it."""
    return json.loads(encode(expense))


def lines_of(sample):
    return tuple(line.removeprefix("^") for line in sample)


def test_a_plain_receipt_needs_nobody():
    expense = extract(*SURE)
    assert (expense.vendor, expense.amount, expense.date, expense.currency, expense.category) == (
        "FERNBROOK TRADING SDN BHD",
        Decimal("3.70"),
        date(2024, 3, 25),
        "MYR",
        "Groceries",
    )
    assert expense.reasons == ()
    assert not expense.needs_review
    assert expense.fields["amount"].proof == "cash 5.00 − change 1.30"


def test_the_legal_form_stands_beside_the_name():
    assert as_json(extract(*SURE))["legal_form"] == "Sdn Bhd"
    assert as_json(extract("Fernbrook", *SURE[1:]))["legal_form"] is None


@pytest.mark.parametrize(
    ("sample", "vendor", "amount", "day", "currency"),
    [
        (TILL_RECEIPT, "BIRKENHOF BAKERY LTD", "13.00", date(2024, 3, 17), "GBP"),
        (GERMAN_RECEIPT, "Kesselring Werkzeuge GmbH", "32.39", date(2023, 8, 21), "EUR"),
    ],
)
def test_the_samples_are_understood(sample, vendor, amount, day, currency):
    expense = extract(*lines_of(sample))
    assert (expense.vendor, expense.amount, expense.date, expense.currency) == (vendor, Decimal(amount), day, currency)


def test_a_warning_of_the_reading_always_means_review():
    expense = extract(*SURE, warnings=["The picture is cut off."])
    assert expense.needs_review
    assert expense.reasons == ("The picture is cut off.",)


def test_without_a_proof_or_a_label_the_amount_goes_to_a_person():
    expense = extract(*SURE[:3], "RM 3.70")
    assert expense.needs_review
    assert any("no sum confirms it" in reason for reason in expense.reasons)


def test_a_future_date_is_refused():
    expense = extract(*(line.replace("2024", "2031") for line in SURE))
    assert expense.date is None
    assert "No date was found." in expense.reasons


def test_the_currency_is_null_rather_than_a_guess():
    lines = ("Fernbrook", "Date: 25/03/2024", "Total | 3.70")
    assert extract(*lines).currency is None
    assert extract(*lines, options=ExtractionOptions(OPTIONS.today, default_currency="eur")).currency == "EUR"


def test_a_lone_dollar_sign_is_not_sure_until_a_default_settles_it():
    lines = (*(line.replace("RM ", "$") for line in SURE[2:]),)
    lone = extract("Fernbrook", *lines).fields.get("currency")
    assert lone is None or lone.confidence < 0.99
    canadian = extract("Fernbrook", *lines, options=ExtractionOptions(OPTIONS.today, default_currency="CAD"))
    assert (canadian.currency, canadian.fields["currency"].confidence > 0.99) == ("CAD", True)


def test_a_letter_is_no_expense_and_nothing_is_invented():
    expense = extract("Dear Sir or Madam,", "Fernbrook is a nice place.", "Kind regards")
    assert (expense.kind, expense.vendor, expense.amount, expense.date) == ("letter", None, None, None)
    assert expense.needs_review


def test_an_empty_reading_goes_to_a_person():
    assert extract().needs_review


def test_a_credit_note_is_negative():
    expense = extract("Fernbrook GmbH", "Gutschrift Nr. 77", "vom 25.03.2024", "Gesamtbetrag | 119,00 €")
    assert (expense.kind, expense.amount) == ("credit-note", Decimal("-119.00"))
    assert expense.fields["amount"].value == "-119.00"


def test_two_totals_that_contradict_each_other_go_to_a_person():
    lines = (*SURE[:3], "Subtotal | RM 3.00", "Tax | RM 0.70", "Total | RM 3.70", "Old balance | RM 9.00")
    expense = extract(*lines, "Amount due | RM 12.70", "Paid | RM 20.00", "Change | RM 7.30")
    assert expense.needs_review


def test_the_stage_is_called_before_the_currency_is_decided():
    stages: list[Stage] = []
    extract_expense(make_reading(*SURE), OPTIONS, on_stage=stages.append)
    assert stages == [Stage.CURRENCY]


def test_the_result_is_json():
    assert as_json(extract(*SURE))["amount"] == 3.7


HOSTILE = [
    "../../etc/passwd",
    "A" * 4_000,
    "\x00\x1b[31m\u202eexe.gpj",
    "(" * 500,
    "1," * 2_000,
    "a!" * 3_000,
    "€-" * 999,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_end_as_harmless_fields(text):
    expense = extract(text, f"Total {text}", *SURE[1:])
    vendor = expense.vendor or ""
    assert len(vendor) <= 120
    assert vendor.isprintable()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=30))
def test_no_document_makes_it_fail(lines):
    findings = extract_expense(make_reading(*lines), OPTIONS)
    assert 0.0 <= findings.probability <= 1.0
    assert findings.expense.confidence == round(100 * findings.probability)
    assert findings.expense.needs_review == bool(findings.expense.reasons)


@pytest.mark.parametrize("line", ["Чек 12 карта 2024", "1 Карта: 2024.00", "№ 7 Квитанция 2024"])
def test_a_word_of_receipts_between_two_numbers_is_no_month(line):
    assert extract('ООО "Ромашка"', line, "Сыр | 1000.00 руб", "ИТОГО | 1000.00 руб").date is None


def test_a_month_that_is_guessed_sends_to_review_and_says_so():
    expense = extract('ООО "Ромашка"', "12 фебрала 2024", "Сыр | 1000.00 руб", "ИТОГО | 1000.00 руб")
    assert expense.date == date(2024, 2, 12)
    assert "Its date was guessed from the month 'фебрала'." in expense.reasons


def test_a_guessed_month_gives_way_to_any_other_date():
    assert extract('ООО "Ромашка"', "12 фебрала 2024", "Время: 14.03.2024", "ИТОГО | 9.00").date == date(2024, 3, 14)
