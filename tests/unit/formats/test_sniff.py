import pytest
from tests.documents.drawing import draw_receipt, encode, write_pdf

from expensed.errors import UnsupportedKind
from expensed.formats.sniff import sniff_kind

PICTURE = draw_receipt(["Total | 5.00"])


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("GIF", "image/gif"),
        ("TIFF", "image/tiff"),
        ("WEBP", "image/webp"),
        ("BMP", "image/bmp"),
        ("AVIF", "image/avif"),
    ],
)
def test_pictures_are_known_by_their_content(form, kind):
    assert sniff_kind(encode(PICTURE, form)) == kind


def test_a_pdf_is_known_even_after_some_junk():
    assert sniff_kind(b"\r\n junk \r\n" + write_pdf([[(60, 60, "Total")]])) == "application/pdf"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize(
    "text", ["<?xml version='1.0'?><a/>", "<Invoice/>", "\n <ns:Invoice xmlns:ns='u'/>", "<!DOCTYPE a><a/>"]
)
def test_xml_is_known_in_every_encoding(text, encoding):
    assert sniff_kind(text.encode(encoding)) == "application/xml"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "an empty file"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"Dear Sir, here is the invoice.", "plain text"),
        (b"<html><body>404 not found</body></html>", "a web page"),
        (b"  <!DOCTYPE html><html/>", "a web page"),
        (b"\x00" * 400, "nothing but zero bytes"),
        (b"\x00\x01\x02\x03nonsense", "unknown kind"),
        (b"\x00\x00\x00\x14ftypmif2\x00\x00\x00\x00mif2", "unknown kind"),
        (b"BM", "plain text"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(data, words):
    with pytest.raises(UnsupportedKind, match=words):
        sniff_kind(data)
