"""ISDOCX archives: the invoice in the root is read; what is broken, locked or a bomb is refused."""

import contextlib
import io
import struct
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.drawn_invoices import draw
from tests.documents.einvoices import encode_xml
from tests.documents.national import write_isdoc
from tests.documents.signed import sign

from expensed.errors import Corrupt, DocumentError, Encrypted, TooLarge, UnsupportedKind
from expensed.extraction.expense import extract_expense
from expensed.extraction.options import ExtractionOptions
from expensed.reading.document import read_document
from expensed.reading.einvoice.isdocx import LARGEST
from expensed.reading.options import ReadingOptions

DRAWN = draw("several rates", 1, percents=("21", "12", "0"), home="CZK", foreign="EUR")
INVOICE = encode_xml(write_isdoc(DRAWN))
OTHER = encode_xml(write_isdoc(draw("plain", 2, percents=("21", "12"), home="CZK", foreign="EUR")))
MANIFEST = b'<manifest xmlns="http://isdoc.cz/namespace/2013/manifest"><maindocument filename="a.isdoc"/></manifest>'


def pack(*files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def understand(data):
    return extract_expense(read_document(data, ReadingOptions()), ExtractionOptions(today=date(2026, 1, 1))).expense


@pytest.mark.parametrize(
    "data",
    [
        pack(("a.isdoc", INVOICE)),
        pack(("a.isdoc", INVOICE), method=zipfile.ZIP_STORED),
        pack(("manifest.xml", MANIFEST), ("scan.pdf", b"%PDF-1.4 no invoice"), ("A.ISDOC", INVOICE)),
        pack(("old/b.isdoc", OTHER), ("old\\c.isdoc", OTHER), ("a.isdoc", INVOICE)),
        sign(pack(("a.isdoc", INVOICE))),
    ],
)
def test_the_invoice_in_the_root_is_read(data):
    expense = understand(data)
    assert (expense.amount, expense.date, expense.reasons) == (Decimal(DRAWN.total) / 100, DRAWN.day, ())


def locked():
    data = bytearray(pack(("a.isdoc", INVOICE)))
    for start, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(start) + place] |= 1
    return bytes(data)


def with_method(method):
    data = bytearray(pack(("a.isdoc", INVOICE)))
    for start, place in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        struct.pack_into("<H", data, data.index(start) + place, method)
    return bytes(data)


def with_large_form(count):
    """An archive whose directory is found by the records of ZIP64 only."""
    data = pack(("a.isdoc", INVOICE), *((f"{number:0200}", b"") for number in range(count)))
    end = data.rfind(b"PK\x05\x06")
    size, start = (int.from_bytes(data[end + at : end + at + 4], "little") for at in (12, 16))
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count + 1, count + 1, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 100, 0xFFFFFFFF, 0)
    return data[:end] + record + locator + last


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (with_large_form(5_000), TooLarge),
        (pack(("manifest.xml", MANIFEST)), UnsupportedKind),
        (locked(), Encrypted),
        (with_method(12), UnsupportedKind),
        (with_method(99), UnsupportedKind),
        (pack(("a.isdoc", INVOICE))[:-30], Corrupt),
        (pack(("a.isdoc", INVOICE)).replace(INVOICE[:1], b"!"), DocumentError),
        (pack(("a.isdoc", bytes(LARGEST + 1))), TooLarge),
        (pack(("a.isdoc", INVOICE), *((f"{number:0200}", b"") for number in range(5_000))), TooLarge),
        (pack(("a.isdoc", b"<Invoice><!--" + b"x" * 1_000_000 + b"--></Invoice>")), UnsupportedKind),
        (pack(("a.isdoc", b'<!DOCTYPE a [<!ENTITY a "ha">]><a>&a;</a>')), UnsupportedKind),
    ],
)
def test_what_cannot_be_unpacked_or_is_no_invoice_is_refused(data, error):
    with pytest.raises(error) as caught:
        read_document(data, ReadingOptions())
    assert caught.value.hint


WHOLE = pack(("a.isdoc", INVOICE), ("b.pdf", b"%PDF-1.4"))


@settings(max_examples=200, deadline=None)
@given(st.integers(12, 10_000), st.binary(max_size=8), st.integers(0, 8))
def test_no_damage_makes_it_fail_in_a_way_without_a_name(place, put, away):
    place %= len(WHOLE)
    with contextlib.suppress(DocumentError):
        understand(WHOLE[:place] + put + WHOLE[place + away :])
