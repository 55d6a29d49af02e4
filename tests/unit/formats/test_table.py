"""The table of formats is complete, and what people are told about formats agrees with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from expensed.archive.naming import name_extension
from expensed.errors import UnsupportedKind
from expensed.formats.known_formats import TABLE, WHAT_IS_TAKEN, Decoder, Format
from expensed.formats.sniff import sniff_kind
from expensed.reading.einvoice.read import read_invoices

README = Path(__file__).parents[3] / "README.md"


def test_each_format_has_one_row() -> None:
    assert sorted(row.kind for row in TABLE) == sorted(Format)
    for names in ([row.media_type for row in TABLE], [ending for row in TABLE for ending in row.endings]):
        assert len(names) == len(set(names))


def test_a_picture_has_its_plug_ins_and_nothing_else_has_any() -> None:
    assert all(bool(row.pillow) is (row.decoder is Decoder.PICTURE) for row in TABLE)


def test_the_hint_names_what_is_taken() -> None:
    assert WHAT_IS_TAKEN == (
        "Drop a JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC, AVIF or PDF file, or an e-invoice (CII, UBL, FatturaPA, KSeF, "
        "Facturae, ebInterface, ISDOC or Finvoice XML), also signed (.p7m)."
    )


def test_a_file_of_another_kind_is_refused_with_that_hint() -> None:
    with pytest.raises(UnsupportedKind) as caught:
        sniff_kind(b"plain words")
    assert caught.value.hint == WHAT_IS_TAKEN


@pytest.mark.parametrize("text", [b"<note/>", b"<FatturaElettronica/>"])
def test_xml_that_holds_no_invoice_is_refused_with_that_hint(text: bytes) -> None:
    with pytest.raises(UnsupportedKind) as caught:
        read_invoices(text)
    assert caught.value.hint == WHAT_IS_TAKEN


def test_the_readme_names_every_format() -> None:
    (listed,) = [line for line in README.read_text().splitlines() if line.startswith("Photos, scans, PDFs")]
    words = listed.partition("(")[2].partition(";")[0]
    assert words.split(", ") == [row.name for row in TABLE if row.decoder is not Decoder.XML]


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        ("image/jpeg", ".jpg"),
        ("image/png", ".png"),
        ("image/webp", ".webp"),
        ("image/gif", ".gif"),
        ("image/bmp", ".bmp"),
        ("image/tiff", ".tif"),
        ("image/heic", ".heic"),
        ("image/avif", ".avif"),
        ("application/pdf", ".pdf"),
        ("application/xml", ".xml"),
        ("application/pkcs7-mime", ".p7m"),
        ("application/x-isdocx", ".isdocx"),
    ],
)
def test_the_archive_gives_the_first_ending_of_a_format(kind: str, ending: str) -> None:
    assert name_extension(kind, "scan.odd") == ending
