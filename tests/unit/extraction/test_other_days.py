"""Days on a paper that are not the purchase's: of mails, of statements, of a first order, and pieces of numbers."""

from datetime import date

import pytest
from tests.documents.readings import make_reading

from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions

OPTIONS = ExtractionOptions(today=date(2024, 12, 20))
SHOP = ("Lindenhof Books Ltd", "London EC1A 1BB")
PAID = ("Pen | £20.00", "Pad | £10.00", "Total | £30.00", "Cash | £50.00", "Change | £20.00")


def extract(*lines):
    return extract_expense(make_reading(*SHOP, *lines, *PAID), OPTIONS).expense


@pytest.mark.parametrize(
    "lines",
    [
        ("On 20 Jun 2024, at 10:11, shop wrote:",),
        ("On Thu, 20 Jun 2024 at 10:11, Lindenhof", "<shop@lindenhof.example> wrote:"),
        ("Am 20.06.2024 um 10:11 schrieb Lindenhof:",),
        ("Le jeu. 20 juin 2024 à 10:11, Lindenhof a écrit :",),
        ("El jue, 20 jun 2024 a las 10:11, Lindenhof escribió:",),
        ("Il giorno 20 giu 2024, alle ore 10:11, Lindenhof ha scritto:",),
        ("Op 20 juni 2024 om 10:11 schreef Lindenhof:",),
        ("20 июня 2024 г., 10:11, Lindenhof написал:",),
    ],
)
def test_the_day_of_an_answered_mail_is_not_the_purchases(lines):
    assert extract(*lines, "14/03/2024").date == date(2024, 3, 14)


def test_a_day_above_an_answered_mail_is_the_purchases():
    assert extract("14/03/2024", "On 20 Jun 2024, at 10:11, shop wrote:").date == date(2024, 3, 14)


def test_the_day_of_a_mail_alone_is_reviewed():
    assert extract("On 20 Jun 2024, at 10:11, shop wrote:").needs_review


def test_the_day_of_a_statement_beside_another_is_doubted():
    expense = extract("Statement date 20/03/2024", "14/03/2024")
    assert any("'Statement date'" in reason for reason in expense.reasons)


@pytest.mark.parametrize("label", ["TSE-Erstbestellung", "Zertifikat"])
def test_a_stamp_after_another_label_alone_is_reviewed(label):
    assert extract(f"{label} 2020-01-01T10:11:00").needs_review


@pytest.mark.parametrize("line", ["14/03/20Z4", "Ref 14/03/2024/55"])
def test_a_piece_of_a_token_is_never_filed_as_the_day(line):
    assert extract(line).needs_review


@pytest.mark.parametrize("line", ["14/03/24T10:11:00", "2024-03-14T10:11", "14/03/24 10h11", "14-03-2024/10:11"])
def test_a_time_may_follow_a_day(line):
    assert extract(line).date == date(2024, 3, 14)


@pytest.mark.parametrize(
    "lines",
    [
        ("Digitally signed by", "Lindenhof Books", "Date: 2024.06.20"),
        ("Firmado digitalmente por", "Lindenhof Books", "Fecha: 2024.06.20"),
        ("Elektronisch signiert am 20.06.2024",),
        ("Signé électroniquement par", "Lindenhof Books", "Date : 20/06/2024"),
    ],
)
def test_the_day_of_a_digital_signature_is_not_the_purchases(lines):
    assert extract(*lines, "Tax point", "14/03/2024").date == date(2024, 3, 14)


@pytest.mark.parametrize("line", ["fron 14/03/2024 onwards we are closed", "RECEIPT THKU 14/03/2024"])
def test_a_day_in_a_sentence_or_behind_a_misread_word_is_reviewed(line):
    assert extract(line).needs_review


@pytest.mark.parametrize("line", ["Server: Ann | 14/03/2024", "Date 14/03/2024", "Date Thursday 14/03/2024"])
def test_a_day_beside_other_words_is_filed(line):
    assert not extract(line).needs_review


def test_two_days_that_differ_in_a_digit_are_doubted():
    expense = extract("Date 14/03/2024 10:11", "Printed 14/08/2024 10:12")
    assert "It is dated 2024-03-14 and 2024-08-14, of which one may be misread." in expense.reasons


@pytest.mark.parametrize(
    "lines",
    [
        ("Date 14/03/2024 10:11", "Printed 14/03/2024 10:12", "Ref 14/08/2024"),
        ("Thursday 14/03/2024 10:11", "Printed 14/08/2024 10:12"),
        ("Date 14/03/2024 10:11", "Due 14/04/2024"),
    ],
)
def test_a_day_said_twice_or_confirmed_or_beside_the_last_day_to_pay_is_not(lines):
    assert not extract(*lines).needs_review
