"""Recognise formats that fixed first bytes do not identify; nothing here looks beyond `HEAD_BYTES`."""

from __future__ import annotations

import re

from expensed.formats.armour import decode_start
from expensed.formats.ends.xml import decode_xml

HEAD_BYTES = 1024
"""How many bytes decide what a file is; PDF readers accept as many before its header."""
PDF_HEADER = b"%PDF-"

_HEVC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_AV1_BRANDS = frozenset((b"avif", b"avis"))
_STRUCTURE_BRANDS = frozenset((b"mif1", b"msf1"))
"""HEIF brands that do not name the codec (ISO/IEC 23008-12)."""
_LONGEST_FTYP = 256

_BMP_HEADER_SIZES = frozenset((12, 40, 52, 56, 64, 108, 124))
_CMS = bytes.fromhex("06092a864886f70d0107")
"""The object identifiers of CMS (1.2.840.113549.1.7.*), up to their last number."""
_LONGEST_LENGTH = 8
_PACKED_NAME = 30
_MOST_NAMES = 20
_TAG = re.compile(r"<[?!\w]")
_WEB_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def is_webp(head: bytes) -> bool:
    """Whether this is a RIFF container of WebP."""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def is_bmp(head: bytes) -> bool:
    """Whether this is a BMP with a known header size; if the file ends before that, its reserved bytes must be zero."""
    if head[:2] != b"BM":
        return False
    if len(head) < 18:
        return head[6:10] == bytes(4)
    return int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES


def is_heic(head: bytes) -> bool:
    """Whether this is a HEIF file whose first brand with a codec names HEVC, or that names no codec."""
    brands = _read_brands(head)
    codec = _find_codec_brand(brands)
    return codec in _HEVC_BRANDS if codec else any(brand in _STRUCTURE_BRANDS for brand in brands)


def is_avif(head: bytes) -> bool:
    """Whether this is a HEIF file whose first brand with a codec names AV1."""
    return _find_codec_brand(_read_brands(head)) in _AV1_BRANDS


def _find_codec_brand(brands: list[bytes]) -> bytes | None:
    """Return the first brand that names a codec; if the major brand, such as `mif1`, does not, a compatible one may."""
    return next((brand for brand in brands if brand in _HEVC_BRANDS or brand in _AV1_BRANDS), None)


def _read_brands(head: bytes) -> list[bytes]:
    """Return the major and the compatible brands of an ISO base media file (ISO/IEC 14496-12); none for other files."""
    if head[4:8] != b"ftyp":
        return []
    size = min(int.from_bytes(head[:4], "big"), _LONGEST_FTYP)
    return [head[8:12], *(head[at : at + 4] for at in range(16, size, 4))]


def has_pdf_header(head: bytes) -> bool:
    """Whether there is a PDF header, perhaps after some junk."""
    return PDF_HEADER in head


def is_signed(head: bytes) -> bool:
    """Whether this is a CMS file (`.p7m`), binary or in base64; only reading it tells what is in it."""
    return _is_cms(head) or _is_cms(decode_start(head))


def _is_cms(data: bytes) -> bool:
    """Whether a sequence of any length begins with the name of a content that CMS defines."""
    if data[:1] != b"0" or len(data) < 2:
        return False
    more = data[1] & 0x7F if data[1] & 0x80 else 0
    return more <= _LONGEST_LENGTH and data[2 + more :].startswith(_CMS)


def is_isdocx(head: bytes) -> bool:
    """Whether this is a ZIP archive that begins with an ISDOC invoice or with the manifest that names it."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    names = [_packed_name(head, place) for place in _places(head, b"PK\x03\x04")]
    return names[0] == b"manifest.xml" or any(name.endswith(b".isdoc") for name in names)


def _places(head: bytes, word: bytes) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(word), head)][:_MOST_NAMES]


def _packed_name(head: bytes, place: int) -> bytes:
    """Return the name in the header of a packed file, in small letters."""
    length = int.from_bytes(head[place + 26 : place + 28], "little")
    return head[place + _PACKED_NAME : place + _PACKED_NAME + length].lower()


def is_xml(head: bytes) -> bool:
    """Whether this begins with an XML declaration or any tag but a web page's, after blanks, in any XML encoding."""
    text = decode_xml(head, head).lstrip("\ufeff \t\r\n")
    return _TAG.match(text) is not None and _WEB_PAGE.match(text) is None
