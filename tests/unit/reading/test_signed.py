"""Signed files: the invoice inside is read, whatever form the signature has; hostile ones end quickly as broken."""

import base64
import contextlib
import json
import shutil
import struct
import subprocess
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.drawing import write_pdf
from tests.documents.einvoices import encode_xml, write_fattura
from tests.documents.signed import (
    DATA,
    END,
    ENVELOPED_DATA,
    SHA256,
    SIGNED_DATA,
    armour,
    ber,
    der,
    detach,
    sign,
    sign_in_pieces,
)

from expensed.errors import Corrupt, DocumentError, Encrypted, NoSuchPage, TooLarge, UnsupportedKind
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.reading.document import read_document
from expensed.reading.einvoice.signed import DEEPEST, LARGEST, MOST_ELEMENTS, MOST_LAYERS, take_out
from expensed.reading.options import ReadingOptions
from expensed.reading.whole_pictures.page_picture import draw_page

OPTIONS = ReadingOptions()
INVOICE = encode_xml(write_fattura())
ENOUGH_S = 5.0


def understand(data):
    return extract_expense(read_document(data, OPTIONS), ExtractionOptions(today=date(2024, 6, 1))).expense


def signed_data(*contents):
    """A signed file whose parts behind its digests are these."""
    return der(0x30, SIGNED_DATA, der(0xA0, der(0x30, der(0x02, b"\1"), der(0x31, SHA256), *contents)))


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    """Sign with openssl, by a certificate made for it."""
    assert shutil.which("openssl")
    home = tmp_path_factory.mktemp("signer")
    new = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=A"
    )
    subprocess.run(["openssl", *new.split()], cwd=home, check=True, capture_output=True)

    def run(content, *options):
        words = f"cms -sign -binary -nodetach -signer cert.pem -inkey key.pem {' '.join(options)}"
        return subprocess.run(
            ["openssl", *words.split()], cwd=home, input=content, check=True, capture_output=True
        ).stdout

    return run


@pytest.mark.parametrize("options", ["-outform DER", "-outform DER -stream", "-outform PEM", "-outform DER -cades"])
def test_what_openssl_signs_is_read(signer, options):
    expense = understand(signer(INVOICE, *options.split()))
    assert (expense.vendor, expense.amount, expense.reasons) == ("Trattoria Lucciola S.r.l.", Decimal("61.00"), ())


@pytest.mark.parametrize(
    "data",
    [
        sign(INVOICE),
        sign_in_pieces(INVOICE),
        sign_in_pieces(INVOICE, 1),
        sign(sign_in_pieces(sign(INVOICE))),
        armour(sign(INVOICE)),
        armour(sign(INVOICE), "CMS").replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + armour(sign_in_pieces(INVOICE)),
        sign(INVOICE) + b"\r\n",
        signed_data(
            ber(0x30, DATA, der(0xA0, ber(0x24, ber(0x24, der(0x04, INVOICE[:9]), der(0x04)), der(0x04, INVOICE[9:]))))
        ),
    ],
)
def test_every_form_of_a_signature_gives_its_document(data):
    assert take_out(data) == INVOICE
    assert understand(data).amount == Decimal("61.00")


def test_a_signed_file_has_no_page_to_draw_and_its_own_media_type():
    assert read_document(sign(INVOICE), OPTIONS).kind == "application/pkcs7-mime"
    with pytest.raises(NoSuchPage):
        draw_page(sign(INVOICE), 1, OPTIONS)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (detach(), UnsupportedKind, "a file of its own"),
        (sign(INVOICE, name=ENVELOPED_DATA), Encrypted, "encrypted"),
        (sign(write_pdf([[(60, 60, "Total")]])), UnsupportedKind, "encloses a PDF file"),
        (sign(b"plain text"), UnsupportedKind, "a file of an unknown kind"),
        (sign(b""), UnsupportedKind, "a file of an unknown kind"),
        (sign(b"<order/>"), UnsupportedKind, "not an e-invoice in a known dialect"),
        (sign(b'<!DOCTYPE a [<!ENTITY a "ha">]><a>&a;</a>'), UnsupportedKind, "document type"),
        (sign(INVOICE[:150]), Corrupt, "The XML is broken"),
    ],
)
def test_what_encloses_no_invoice_is_refused_with_what_it_is(data, error, words):
    with pytest.raises(error, match=words) as caught:
        read_document(data, OPTIONS)
    assert caught.value.hint


def nested(depth):
    """A document in pieces within pieces."""
    pieces = der(0x04, b"<a/>")
    for _ in range(depth):
        pieces = ber(0x24, pieces)
    return signed_data(der(0x30, DATA, der(0xA0, pieces)))


def hostile():
    """Yield name and bytes of signed files that are wrong on purpose."""
    whole = sign(INVOICE)
    yield "giant length", b"0\x88" + b"\x7f" * 8 + whole[4:]
    yield "length of nine bytes", b"0\x84\x7f\xff\xff\xff" + SIGNED_DATA + b"\xa0\x89" + b"\x01" * 9 + whole[20:]
    yield "inner giant length", whole.replace(b"\x31\x0d\x30\x0b", b"\x31\x84\xff\xff\xff\xff")
    yield "longer than its place", whole.replace(b"\x31\x0d\x30\x0b", b"\x31\x83\x00\x04\x80")
    yield "nested lengths", b"0\x80" + SIGNED_DATA + b"\xa0\x80" * 1_000_000
    yield (
        "nested in what is skipped",
        b"0\x80" + SIGNED_DATA + b"\xa0\x80\x30\x80\x02\x01\x01" + b"\x31\x80" * 1_000_000,
    )
    yield "pieces in pieces", nested(DEEPEST + 2)
    yield "pieces in pieces without end", nested(200)[:-600]
    yield "ends that end nothing", b"0\x80" + SIGNED_DATA + END * 1_000_000
    yield "a tag of several bytes", b"0\x80" + SIGNED_DATA + b"\xbf" + b"\xff" * 100_000
    yield "a value without an end", b"0\x80" + SIGNED_DATA + b"\xa0\x80\x30\x80\x02\x80\x01"
    yield "something else in place", signed_data(der(0x30, DATA, der(0xA0, der(0x0C, b"<a/>"))))
    yield "something else among pieces", signed_data(der(0x30, DATA, der(0xA0, ber(0x24, der(0x0C, b"<a/>")))))
    yield "no version", der(0x30, SIGNED_DATA, der(0xA0, der(0x30, der(0x31, SHA256))))
    yield "nothing", der(0x30, SIGNED_DATA)
    yield "base64 with junk", armour(whole)[:-60] + b"%%%\n-----END PKCS7-----"
    yield "base64 of nothing more", base64.b64encode(whole[:60]) + b"=" * 100


@pytest.mark.parametrize(("name", "data"), [pytest.param(*each, id=each[0]) for each in hostile()])
def test_a_hostile_signature_is_broken_and_quickly_so(name, data):
    began = time.perf_counter()
    with pytest.raises(Corrupt, match="signed file is broken") as caught:
        read_document(data, OPTIONS)
    assert time.perf_counter() - began < ENOUGH_S
    assert caught.value.hint


def test_more_elements_or_bytes_than_any_signer_writes_are_too_many():
    began = time.perf_counter()
    for data in (sign_in_pieces(bytes(MOST_ELEMENTS + 1), 1), sign(bytes(LARGEST))):
        with pytest.raises(TooLarge):
            take_out(data)
    assert time.perf_counter() - began < ENOUGH_S * 2


def test_more_signatures_than_people_sign_are_too_many():
    data = INVOICE
    for _ in range(MOST_LAYERS + 1):
        data = sign(data)
    with pytest.raises(Corrupt, match="times over"):
        take_out(data)


FORMS = [sign(INVOICE), sign_in_pieces(INVOICE), armour(sign(INVOICE))]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FORMS), st.integers(0, 2_000), st.binary(max_size=6), st.integers(0, 6))
def test_no_damage_makes_it_fail_in_a_way_without_a_name(whole, place, put, away):
    place %= len(whole)
    with contextlib.suppress(DocumentError):
        understand(whole[:place] + put + whole[place + away :])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FORMS[:2]), st.integers(30, 5_000))
def test_the_beginning_of_a_signed_file_is_never_taken_for_all_of_its_invoice(whole, length):
    end = whole.rindex(b"FatturaElettronica>")
    with pytest.raises(Corrupt):
        read_document(whole[: 30 + length % (end - 30)], OPTIONS)


def test_lengths_may_be_stated_in_more_bytes_than_needed():
    content = struct.pack(">BBI", 0x04, 0x84, len(INVOICE)) + INVOICE
    assert take_out(signed_data(der(0x30, DATA, der(0xA0, content)))) == INVOICE


def test_an_invoice_as_the_italian_exchange_delivers_it_is_read(shared):
    folder = shared / "findings/documents/11-signed-fatturapa"
    expected = json.loads((folder / "expect.json").read_text())
    assert expected
    for name, each in expected.items():
        expense = understand((folder / name).read_bytes())
        want = each["want"]
        assert (float(expense.amount), expense.currency) == (want["amount"], want["currency"])
        assert (expense.date.isoformat(), expense.needs_review) == (want["date"], False)
