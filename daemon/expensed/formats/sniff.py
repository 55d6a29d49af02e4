"""What a file is, judged by its first bytes and never by its name."""

from __future__ import annotations

import codecs
import re

from expensed.errors import UnsupportedKind

PDF = "application/pdf"
XML = "application/xml"
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
)
_HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"))
_BMP_HEADER_SIZES = frozenset((12, 40, 52, 56, 64, 108, 124))
_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"%!PS", "PostScript"),
    (b"{\\rtf", "a rich-text document"),
)
_PDF_SEARCH_BYTES = 1024
_XML_SEARCH_BYTES = 1024
_WEB_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def sniff_kind(data: bytes) -> str:
    """The media type of a picture, PDF or XML.

    Raises UnsupportedKind, with a sentence that says what it seems to be, for anything else.
    """
    kind = _picture_kind(data) or (PDF if b"%PDF-" in data[:_PDF_SEARCH_BYTES] else None)
    if kind is None and _is_xml(data):
        kind = XML
    if kind is None:
        raise UnsupportedKind(f"This is not a picture, a PDF or an e-invoice: it looks like {_describe(data)}.")
    return kind


def _is_xml(data: bytes) -> bool:
    """True for what begins with an XML declaration or any tag, in the encodings that XML may be in."""
    text = _first_text(data[:_XML_SEARCH_BYTES])
    return re.match(r"<[?!\w]", text) is not None and _WEB_PAGE.match(text) is None


def _first_text(head: bytes) -> str:
    """Its first characters, without byte order mark and blanks."""
    if head.startswith(codecs.BOM_UTF16_LE) or head[1:2] == b"\0":
        text = head.decode("utf-16-le", "replace")
    elif head.startswith(codecs.BOM_UTF16_BE) or head[:1] == b"\0":
        text = head.decode("utf-16-be", "replace")
    else:
        text = head.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    return text.lstrip("\ufeff \t\r\n")


def _picture_kind(data: bytes) -> str | None:
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and _is_heif(data):
        return "image/heic"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADER_SIZES:
        return "image/bmp"
    return None


def _is_heif(data: bytes) -> bool:
    if data[8:12] in (b"avif", b"avis"):
        return False
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, size, 4))]
    return any(brand in _HEIF_BRANDS for brand in brands)


def _describe(data: bytes) -> str:
    if not data:
        return "an empty file"
    for start, name in _OTHERS:
        if data.startswith(start):
            return name
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"<":
        return "a web page"
    if not head.strip(b"\x00"):
        return "nothing but zero bytes"
    printable = sum(32 <= byte < 127 or byte in b"\t\r\n" or byte >= 128 for byte in head)
    return "plain text" if printable == len(head) else "data of an unknown kind"
