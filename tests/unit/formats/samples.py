"""Small complete files of each format, made byte by byte, for the inbox to judge without a decoder."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

from tests.documents.signed import armour, sign, sign_in_pieces


def segment(code: int, body: bytes) -> bytes:
    """One JPEG marker segment."""
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


def make_jpeg(*, scan: bytes = bytes(range(1, 200)), thumbnail: bytes = b"", scans: int = 1) -> bytes:
    """A JPEG whose entropy-coded data is `scan`, perhaps with a thumbnail in its EXIF segment."""
    exif = segment(0xE1, b"Exif\0\0" + thumbnail) if thumbnail else b""
    parts = [
        b"\xff\xd8",
        segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        exif,
        segment(0xC0, b"\x08\0\x10\0\x10\1\1\x11\0"),
    ]
    for _ in range(scans):
        parts += [segment(0xC4, b"\0" * 17), segment(0xDA, b"\1\1\0\0\x3f\0"), scan]
    return b"".join([*parts, b"\xff\xd9"])


def chunk(name: bytes, body: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def make_png(*, rows: bytes = b"\0" * 64) -> bytes:
    """A PNG of eight black pixels per row."""
    head = struct.pack(">IIBBBBB", 7, 8, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def make_gif() -> bytes:
    """A GIF of one pixel with a colour table, a comment and a trailer."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    comment = b"\x21\xfe\x05hello\0"
    return head + comment + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0" + b"\x3b"


def make_bmp(*, width: int = 5, height: int = 4, declared: int | None = None) -> bytes:
    """A BMP of 24 bits per pixel; `declared` overrides the file size in its header."""
    pixels = b"\x7f" * ((width * 24 + 31) // 32 * 4 * height)
    size = 54 + len(pixels) if declared is None else declared
    info = struct.pack("<IiiHHIIiiII", 40, width, -height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", size, 0, 0, 54) + info + pixels


def make_webp() -> bytes:
    """A RIFF container of the WebP kind."""
    body = b"WEBPVP8 " + struct.pack("<I", 20) + b"\x9d" * 20
    return b"RIFF" + struct.pack("<I", len(body)) + body


def box(name: bytes, body: bytes) -> bytes:
    """One ISO base media box."""
    return struct.pack(">I", 8 + len(body)) + name + body


def make_ftyp(brand: bytes, *compatible: bytes) -> bytes:
    """The first box of an ISO base media file."""
    return box(b"ftyp", brand + bytes(4) + b"".join(compatible))


def make_heic(*, brand: bytes = b"heic", compatible: bytes = b"mif1") -> bytes:
    """The boxes of a HEIC picture, or of another HEIF one by its brands."""
    return make_ftyp(brand, compatible) + box(b"meta", b"\0" * 60) + box(b"mdat", b"\x11" * 200)


def make_pdf(*, junk: bytes = b"", linearized: bool = False, body: bytes = b"") -> bytes:
    """A PDF with a cross-reference table; `junk` precedes its header, and offsets count from the header."""
    head = b"%PDF-1.4\n"
    if linearized:
        head += b"1 0 obj <</Linearized 1 /L %010d /N 1>> endobj\nstartxref\n0\n%%EOF\n"
    head += b"1 0 obj\n<</Type/Catalog>>\nendobj\n" + body
    tail = b"xref\n0 1\n0000000000 65535 f \ntrailer <</Size 1>>\nstartxref\n%d\n%%%%EOF\n" % len(head)
    whole = head + tail
    return junk + (whole.replace(b"%010d", b"%010d" % len(whole)) if linearized else whole)


def make_tiff(*, order: str = "<", big: bool = False, pages: int = 1, strips: int = 3) -> bytes:
    """A TIFF as libtiff writes it: for each page its strips, their index, then its directory."""
    word, count = ("Q", "Q") if big else ("I", "H")
    size = struct.calcsize(word)
    magic = b"II" if order == "<" else b"MM"
    head = struct.pack(order + "HHH", 43, 8, 0) if big else struct.pack(order + "H", 42)
    whole = bytearray(magic + head + b"\0" * size)
    link = len(whole) - size
    for _ in range(pages):
        places = [len(whole) + 40 * index for index in range(strips)]
        whole += b"\x55" * (40 * strips)
        fields = [(273, _array(whole, order, word, places)), (279, _array(whole, order, word, [40] * strips))]
        struct.pack_into(order + word, whole, link, len(whole))
        whole += struct.pack(order + count, len(fields))
        for tag, value in fields:
            whole += struct.pack(f"{order}HH{word}", tag, 16 if big else 4, strips) + value
        link = len(whole)
        whole += b"\0" * size
    return bytes(whole)


def _array(whole: bytearray, order: str, word: str, numbers: Sequence[int]) -> bytes:
    """The value of a field: the number itself, or the offset of an array appended to the file."""
    packed = struct.pack(f"{order}{len(numbers)}{word}", *numbers)
    if len(numbers) == 1:
        return packed
    place = len(whole)
    whole += packed
    return struct.pack(order + word, place)


def make_xml(*, encoding: str = "utf-8", root: str = "rsm:Invoice") -> bytes:
    """An XML document with a prologue and nested elements."""
    text = (
        '<?xml version="1.0"?>\n<!-- <no> root -->\n<!DOCTYPE a [<!ENTITY b "<c>">]>\n'
        f'<{root} xmlns:rsm="urn:x">\n<ID>1</ID>\n</{root}>'
    )
    return text.encode(encoding)


def make_isdocx(*names: str) -> bytes:
    """A ZIP archive with an XML under each of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names or ("manifest.xml", "invoice.isdoc"):
            archive.writestr(name, make_xml())
    return out.getvalue()


SIGNED = {
    "der": sign(make_xml()),
    "ber": sign_in_pieces(make_xml(), 20),
    "base64": base64.encodebytes(sign(make_xml())),
    "one line of base64": base64.b64encode(sign(make_xml())),
    "pem": armour(sign(make_xml())),
}
"""A signed file in each of its forms."""

WHOLE = {
    "jpeg": make_jpeg(),
    "png": make_png(),
    "gif": make_gif(),
    "bmp": make_bmp(),
    "webp": make_webp(),
    "heic": make_heic(),
    "avif": make_heic(brand=b"avif"),
    "pdf": make_pdf(),
    "tiff": make_tiff(),
    "signed": SIGNED["der"],
    "isdocx": make_isdocx(),
    "xml": make_xml(),
}
"""A whole file of each kind, by the name of the kind."""
