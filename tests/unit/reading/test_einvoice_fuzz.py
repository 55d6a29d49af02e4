"""Damaged e-invoices: each ends as an expense or a named error, and nothing incomplete is taken for complete."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents import national
from tests.documents.drawn_invoices import draw
from tests.documents.einvoices import encode_xml, write_cii, write_fattura, write_ubl, write_zugferd1

from expensed.errors import Corrupt, DocumentError
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.reading.document import read_document
from expensed.reading.options import ReadingOptions

OPTIONS = ReadingOptions()
DRAWN = draw("several rates", 1, percents=("23", "8"), home="EUR", foreign="USD")
WHOLE = [
    encode_xml(text)
    for text in (
        *(write_cii(), write_zugferd1(), write_ubl(), write_fattura()),
        *(national.write_ksef(DRAWN), national.write_facturae(DRAWN), national.write_ebinterface(DRAWN)),
        *(national.write_isdoc(DRAWN), national.write_finvoice(DRAWN), national.write_peppol(DRAWN)),
    )
]
WORDS = st.sampled_from(
    [
        b"",
        b"<",
        b">",
        b"&",
        b"</",
        b"<!DOCTYPE a>",
        b"-",
        b"1e9",
        b",",
        b"\x00",
        b"\xff",
        b"9" * 300,
        b"]]>",
        b"<ram:ID/>",
    ]
)


def read(data):
    """The expense, or the error that names what is wrong."""
    try:
        reading = read_document(data, OPTIONS)
    except DocumentError as error:
        return error
    return extract_expense(reading, ExtractionOptions(today=date(2024, 6, 1))).expense


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WHOLE), st.integers(0, 5_000), st.integers(0, 40), WORDS)
def test_no_damage_makes_it_fail_in_a_way_without_a_name(whole, place, length, word):
    place %= len(whole)
    found = read(whole[:place] + word + whole[place + length :])
    if isinstance(found, DocumentError):
        assert found.message
        assert found.hint
    elif not found.reasons:
        assert None not in (found.vendor, found.amount, found.currency)
        assert found.date is not None
        assert found.date <= date(2024, 6, 2)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(WHOLE), st.integers(60, 5_000))
def test_the_beginning_of_an_e_invoice_is_never_taken_for_all_of_it(whole, length):
    length = 60 + length % (len(whole) - 61)
    found, right = read(whole[:length]), read(whole)
    if isinstance(found, Corrupt):
        return
    assert found.needs_review
    assert any("What stands behind that place was not read." in reason for reason in found.reasons)
    assert found.amount in (None, right.amount)
    assert found.date in (None, right.date)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(-300, 300).filter(bool))
def test_a_total_that_net_and_tax_do_not_make_is_never_filed_unseen(net, tax, apart):
    sums = [f"{value / 100:.2f}" for value in (net, tax, net + tax + apart)]
    reading = read_document(encode_xml(write_ubl(net=sums[0], tax=sums[1], total=sums[2], due=sums[2])), OPTIONS)
    expense = extract_expense(reading, ExtractionOptions(today=date(2024, 6, 1))).expense
    assert expense.needs_review
    assert expense.fields["amount"].proof is None
