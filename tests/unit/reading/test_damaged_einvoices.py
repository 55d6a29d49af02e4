"""E-invoices whose XML is damaged go to a person, with what they still say and with what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.documents import national
from tests.documents.drawn_invoices import PLAIN, Rate
from tests.documents.einvoices import encode_xml, write_cii, write_fattura, write_ubl, write_zugferd1
from tests.documents.signed import sign

from expensed.errors import Corrupt, DocumentError, UnsupportedKind
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions

DAY = date(2024, 3, 14)
DIALECTS = {
    "KSeF": national.write_ksef(replace(PLAIN, currency="PLN", rates=(Rate("23", 10_000, 2_300),))),
    "Facturae": national.write_facturae(PLAIN),
    "ebInterface": national.write_ebinterface(PLAIN),
    "ISDOC": national.write_isdoc(PLAIN),
    "Finvoice": national.write_finvoice(PLAIN),
    "Peppol": national.write_peppol(PLAIN),
    "UBL": write_ubl(seller="Adler Werkzeug"),
    "CII": write_cii(seller="Adler Werkzeug"),
    "ZUGFeRD 1": write_zugferd1().replace("Nordlicht\n Kaffee e.K.", "Adler Werkzeug"),
    "FatturaPA": write_fattura(who="<Denominazione>Adler Werkzeug</Denominazione>"),
}
SAMPLES = pytest.mark.parametrize("text", DIALECTS.values(), ids=DIALECTS)


def understand(content: bytes):
    reading = read_document(content, ReadingOptions(engine="none at all"))
    return extract_expense(reading, ExtractionOptions(today=date(2025, 1, 1))).expense


@SAMPLES
@pytest.mark.parametrize("share", [0.6, 0.8, 0.95])
def test_one_that_is_cut_off_says_what_it_still_says_and_what_it_lacks(text, share):
    content = encode_xml(text)
    whole, expense = understand(content), understand(content[: int(len(content) * share)])
    assert not whole.needs_review
    assert expense.needs_review
    assert expense.date == DAY
    assert expense.amount in (None, whole.amount)
    assert expense.vendor in (None, "Adler Werkzeug")
    (reason,) = [reason for reason in expense.reasons if reason.startswith("The e-invoice is damaged (")]
    assert "What stands behind that place was not read." in reason
    assert ("total" in reason.partition("It lacks:")[2]) == (expense.amount is None)


@SAMPLES
def test_one_whose_elements_are_wrongly_nested_is_read_up_to_there(text):
    content = encode_xml(text)
    place = content.rindex(b"</", 0, int(len(content) * 0.8))
    expense = understand(content[:place] + content[content.index(b">", place) + 1 :])
    assert (expense.needs_review, expense.vendor, expense.date) == (True, "Adler Werkzeug", DAY)
    assert "mismatched tag" in expense.reasons[0]


@SAMPLES
def test_one_in_another_encoding_than_it_names_is_read_and_its_letters_are_to_be_checked(text):
    content = f'<?xml version="1.0" encoding="UTF-8"?>{text}'.replace("Adler", "Ädler").encode("cp1252", "replace")
    expense = understand(content)
    assert (expense.needs_review, expense.vendor, expense.date) == (True, "Ädler Werkzeug", DAY)
    assert expense.amount == understand(encode_xml(text)).amount
    assert "letters with accents may be wrong" in expense.reasons[0]


@SAMPLES
def test_one_with_a_bare_ampersand_is_read_and_to_be_checked(text):
    expense = understand(encode_xml(text.replace("Adler", "Adler & Söhne")))
    assert (expense.needs_review, expense.vendor) == (True, "Adler & Söhne Werkzeug")
    assert expense.amount == understand(encode_xml(text)).amount
    assert "not well-formed" in expense.reasons[0]


def test_sums_of_which_some_may_be_missing_are_not_added_up():
    content = encode_xml(DIALECTS["Facturae"])
    expense = understand(content[: content.index(b"<InvoiceTotals>")])
    assert (expense.amount, expense.tax) == (None, None)
    assert "It lacks: total." in expense.reasons[0]


def test_a_value_that_is_cut_off_is_missing_and_not_shortened():
    content = encode_xml(DIALECTS["KSeF"])
    expense = understand(content[: content.index(b"<P_15>") + len("<P_15>12")])
    assert expense.amount is None


def test_a_signed_one_that_was_cut_off_before_it_was_signed_goes_to_a_person():
    content = encode_xml(DIALECTS["FatturaPA"])
    assert understand(sign(content[:-30])).needs_review


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<note><to>you</to><from>me", Corrupt),
        (encode_xml(write_ubl())[:150], Corrupt),
        (b"<Invoice><a></Invoice>", Corrupt),
        (encode_xml(write_ubl(seller="&passwd;")), Corrupt),
        (b'<!DOCTYPE Invoice [<!ENTITY x "y">]>' + write_ubl(seller="&x;").encode()[:-30], UnsupportedKind),
    ],
)
def test_what_does_not_even_say_what_it_is_or_has_entities_is_still_refused(content, error):
    with pytest.raises(error) as caught:
        understand(content)
    assert isinstance(caught.value, DocumentError)
    assert caught.value.hint
