"""Beginnings of files, each with its format by that format's own rules, or None if it is not taken."""

from __future__ import annotations

import base64
import codecs
import struct
from collections.abc import Iterator

from tests.documents.signed import armour, der, sign, sign_in_pieces
from tests.unit.formats.samples import make_ftyp, make_isdocx

from expensed.formats.known_formats import Format

Head = tuple[bytes, Format | None]

_HEVC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs")
_OTHER_BRANDS = (b"mif2", b"miaf", b"MA1B", b"isom", b"mp42", b"qt  ", b"crx ", b"jxl ")
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_REST = bytes(range(256)) * 6


def make_fixed_starts() -> Iterator[Head]:
    """Formats with fixed first bytes, and bytes that miss them by one."""
    starts = {
        Format.JPEG: [b"\xff\xd8\xff" + bytes([code]) for code in range(0xC0, 0xFF)],
        Format.PNG: [b"\x89PNG\r\n\x1a\n"],
        Format.GIF: [b"GIF87a", b"GIF89a"],
        Format.TIFF: [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"],
        Format.WEBP: [b"RIFF" + size + b"WEBP" + chunk for size in (bytes(4), b"\xff" * 4) for chunk in (b"VP8 ", b"")],
    }
    for kind, heads in starts.items():
        for head in heads:
            yield head, kind
            yield head + _REST, kind
            yield head + b"%PDF-1.7 <?xml?>", kind
    missed = (b"\xff\xd8\0", b"\xff\xd9\xff", b"\x89PNG\n\x1a\n", b"GIF88a", b"GIF", b"II\0*", b"MM*\0", b"II,\0")
    for head in (*missed, b"RIFF\0\0\0\0WAVE", b"RIFX\0\0\0\0WEBP", b"RIFF\0\0\0\0WEB"):
        yield head + _REST, None


def make_brands() -> Iterator[Head]:
    """HEIF by its brands: the major one decides, and where it names no codec, the first compatible one that does."""
    for major in (*_HEVC, b"mif1", b"msf1"):
        for compatible in ((), (b"mif1",), (b"miaf", b"mif1"), (b"mif1", b"heic", b"avif"), (b"hevc", b"avis")):
            yield make_ftyp(major, *compatible), Format.HEIC
    for major in (b"avif", b"avis"):
        for compatible in ((), (b"mif1",), (b"miaf", b"MA1B"), (b"heic", b"mif1"), (b"msf1", b"hevm")):
            yield make_ftyp(major, *compatible), Format.AVIF
    for major in (b"mif1", b"msf1", *_OTHER_BRANDS):
        for codec in (b"avif", b"avis"):
            for others in ([], [b"miaf"], [b"mif1", b"miaf"], [b"iso8"] * 40):
                yield make_ftyp(major, *others, codec), Format.AVIF
                yield make_ftyp(major, *others, codec, b"heic"), Format.AVIF
    for major in _OTHER_BRANDS:
        yield make_ftyp(major), None
        yield make_ftyp(major, *_OTHER_BRANDS), None
        yield make_ftyp(major, b"miaf", b"mif1"), Format.HEIC
        yield make_ftyp(major, b"hevm"), Format.HEIC
        yield make_ftyp(major, b"\0\0he", b"ic\0\0"), None  # a brand stands at a multiple of four
        yield make_ftyp(major) + b"heicavifmif1", None  # behind the box
        yield struct.pack(">I4s4s4s", 16, b"ftyp", major, b"avif"), None  # the minor version
        yield make_ftyp(major, *(b"iso8",) * 70, b"heic"), None  # no box of brands is so long
    yield make_ftyp(b"mif1", b"\0\0av", b"if\0\0"), Format.HEIC
    yield b"\0\0\0\x1cfree" + b"heic" * 5, None


def make_bitmaps() -> Iterator[Head]:
    """BMP by the size of its header, whatever its reserved bytes hold; a file that ends before it, by those."""
    for size in range(256):
        for reserved in (b"\0\0\0\0", b"\1\2\3\4"):
            head = b"BM" + b"\x36\1\0\0" + reserved + b"\x36\0\0\0" + struct.pack("<I", size)
            yield head + _REST, Format.BMP if size in _BMP_HEADERS else None
    whole = b"BM" + b"\x36\1\0\0" + bytes(4) + b"\x36\0\0\0" + struct.pack("<I", 40)
    for length in range(2, 19):
        yield whole[:length], Format.BMP if length >= 10 else None
    yield b"BM is short for it", None
    yield b"BMW, Munich", None


def make_pdfs() -> Iterator[Head]:
    """PDF headers, alone and behind junk: all of `%PDF-` must be within the first 1,024 bytes."""
    for version in (b"1.0", b"1.4", b"1.7", b"2.0", b"x"):
        yield b"%PDF-" + version, Format.PDF
    for fill in (b"\0", b" ", b"\n", b"x", b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\n", b"<?xml?>", b"<html>", b"PK\3\4"):
        for length in (1, 2, 7, 100, 1000, 1018, 1019):
            yield (fill * 1024)[:length] + b"%PDF-1.4\n" + _REST, Format.PDF
    for length in (1020, 1023, 1024, 5000):
        yield b"x" * length + b"%PDF-1.4\n", None
    for head in (b"%PDF", b"%pdf-1.4", b"%FDF-1.2", b"%!PS-Adobe-3.0"):
        yield head, None


def make_texts() -> Iterator[Head]:
    """Texts in the encodings of XML, with and without a byte order mark, behind blanks or not."""
    texts = {
        Format.XML: [
            "<?xml version='1.0'?><a/>",
            "<?xml version='1.0'?><html/>",
            "<?xml",
            "<Invoice/>",
            "<ns:Invoice xmlns:ns='u'>",
            "<_a>",
            "<!DOCTYPE a><a/>",
            "<!-- a remark --><a/>",
            "<htmlish/>",
        ],
        None: [
            "<html>",
            "<HTML lang='de'>",
            "<!DOCTYPE html>",
            "<!doctype HTML PUBLIC ''>",
            "< a>",
            "<>",
            "</a>",
            "<",
            "1 < 2",
            "Dear Sir, <b>this</b> is plain text.",
            "{'a': '<b/>'}",
        ],
    }
    for kind, each in texts.items():
        for text in each:
            for blanks in ("", " ", "\n", "\r\n\t ", "\n" * 100):
                for data in _encode(blanks + text):
                    yield data, kind
    for data in _encode("\n" * 1024 + "<Invoice/>"):
        yield data, None
    for encoding in ("utf-32", "utf-32-le", "utf-32-be", "cp037"):
        yield "<?xml version='1.0'?><a/>".encode(encoding), None


def _encode(text: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16-le", "utf-16-be"):
        yield text.encode(encoding)
    yield codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    yield codecs.BOM_UTF16_BE + text.encode("utf-16-be")


def make_wrappings() -> Iterator[Head]:
    """Signed files in DER, BER, base64 and PEM, whatever they enclose, and ISDOCX by the names it begins with."""
    for content in (b"", b"<a/>", b"%PDF-1.4", b"\xff\xd8\xff", bytes(200), bytes(70_000), bytes(17_000_000)):
        for data in (sign(content)[:3000], sign_in_pieces(content[:1000])):
            yield data, Format.SIGNED
            for text in (base64.encodebytes(data), base64.b64encode(data), armour(data), armour(data, "CMS")):
                for blanks in (b"", b"\r\n", b"\xef\xbb\xbf"):
                    yield blanks + text, Format.SIGNED
    whole = sign(b"<a/>")
    for data in (
        whole[1:],
        b"1" + whole[1:],
        whole.replace(b"\x2a\x86\x48", b"\x2a\x86\x49"),
        b"0\x89" + bytes(9) + whole[2:],
        der(0x30, der(0x02, b"\3"), der(0x30, whole[2:15])),  # PKCS 12, a key store
        armour(der(0x30, der(0x30, b"\xa0\3\2\1\2")), "CERTIFICATE"),
        base64.b64encode(whole)[1:],
        b"-----BEGIN PKCS7-----\n",
        b"-----BEGIN PGP SIGNED MESSAGE-----\n\nTotal 12.34\n",
    ):
        yield data, None
    for names in (("a.isdoc",), ("manifest.xml", "a.pdf"), ("A.ISDOC", "x"), ("x", "a.isdoc"), ("old/a.isdoc",)):
        yield make_isdocx(*names), Format.ISDOCX
    for names in (("[Content_Types].xml", "word/document.xml"), ("x", "manifest.xml"), ("a.isdoc.txt",), ("isdoc",)):
        yield make_isdocx(*names), None
    yield make_isdocx("x" * 1000, "a.isdoc"), None  # behind what is looked at
    yield b"PK\x03\x04", None


def make_strangers() -> Iterator[Head]:
    """Formats that are not taken, and bytes of no format at all."""
    for head in (
        b"",
        b"\0",
        bytes(5000),
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"Rar!\x1a\x07",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08",
        b"\x7fELF",
        b"MZ\x90\0",
        b"{\\rtf1",
        b"8BPS\0\1",
        b"\0\0\1\0\1\0",
        b"\0\0\0\x0cjP  \r\n\x87\n",
        b"\xff\x0a",
        b"\xc5\xd0\xd3\xc6",
        b"\1\2\3\4",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"Total 12.34",
    ):
        yield head, None


GROUPS = {
    "fixed starts": make_fixed_starts,
    "brands": make_brands,
    "bitmaps": make_bitmaps,
    "pdfs": make_pdfs,
    "texts": make_texts,
    "wrappings": make_wrappings,
    "strangers": make_strangers,
}
