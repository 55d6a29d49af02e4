"""Files that nobody should have to read: bombs, truncations, loops, wrong types, and values that try to get out."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image
from tests.documents.einvoices import encode_xml, write_ubl
from tests.e2e import papers
from tests.e2e.papers import pdf_objects

JPEG = papers.picture(papers.receipt_lines(1))
PNG = papers.picture(papers.receipt_lines(2), "PNG")
PDF = papers.pdf(papers.receipt_lines(3))


def png(width: int, height: int, rows: int | None = None) -> bytes:
    """Return a one-bit PNG of that size, with `rows` rows of zeros in it (all of them if None)."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def page(extra: bytes, contents: bytes = b"4 0 R") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents %s %s >>" % (contents, extra)


def pdf_of_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    blank = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] >>"
    return pdf_objects([CATALOG, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), *[blank] * count])


def pdf_that_draws_itself() -> bytes:
    resources = b"/Resources << /XObject << /F 5 0 R >> >>"
    form = stream(b"/F Do /F Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + resources)
    return pdf_objects([CATALOG, ONE_PAGE, page(resources), stream(b"/F Do"), form])


def pdf_flate_bomb() -> bytes:
    packed = zlib.compress(b"0 0 m 9 9 l S\n" * 20_000_000, 9)
    return pdf_objects([CATALOG, ONE_PAGE, page(b""), stream(packed, b"/Filter /FlateDecode")])


def pdf_image_bomb() -> bytes:
    packed = zlib.compress(b"\0" * 60_000_000, 9)
    image = b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    resources = b"/Resources << /XObject << /I 5 0 R >> >>"
    draw = stream(b"q 300 0 0 400 0 0 cm /I Do Q")
    return pdf_objects([CATALOG, ONE_PAGE, page(resources), draw, stream(packed, image + b" /Filter /FlateDecode")])


def pdf_encrypted() -> bytes:
    key = b"<" + b"00" * 32 + b">"
    crypt = b"<< /Filter /Standard /V 1 /R 2 /O %s /U %s /P -4 >>" % (key, key)
    return pdf_objects(
        [CATALOG, ONE_PAGE, page(b""), stream(b"\x8a\x01\x02"), crypt], b"/Encrypt 5 0 R /ID [<00> <00>]"
    )


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 100_000_000)
    return out.getvalue()


def tiff_loop() -> bytes:
    """Return a TIFF whose only directory names itself as the next one."""
    entries = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 200),
               (278, 3, 1, 8), (279, 4, 1, 64)]  # fmt: skip
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (b"II*\0" + struct.pack("<I", 8) + directory + struct.pack("<I", 8)).ljust(200, b"\0") + b"\xff" * 64


def lines_saying(vendor: str, total: str = "12.34", day: str = "2024-03-14") -> bytes:
    return papers.pdf([vendor, f"Date: {day}", f"TOTAL EUR {total}", f"CASH EUR {total}"])


def unreadable() -> dict[str | bytes, bytes]:
    """Complete files that must end failed or in review; never filed."""
    return {
        "text-as.pdf": b"Dear sir, this is no PDF.\n",
        "html-as.pdf": b"<html><body>404 not found</body></html>",
        "json-error-as.jpg": b'{"error": "not found"}',
        "program.pdf": b"\x7fELF" + bytes(3000),
        "random.jpg": bytes((number * 7919 >> 3) & 255 for number in range(30_000)),
        "zipbomb.pdf": zip_bomb(),
        "laughs.xml": b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;&b;&b;&b;</a>',
        "external.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Invoice><ID>&x;</ID></Invoice>',
        "deep.xml": b"<a>" * 50_000 + b"</a>" * 50_000,
        "feed.xml": b'<?xml version="1.0"?><rss version="2.0"><channel><title>9.99 EUR</title></channel></rss>',
        "open.xml": b'<?xml version="1.0"?><Invoice><a></Invoice>',
        "magic-only.jpg": b"\xff\xd8\xff\xd9",
        "magic-only.pdf": b"%PDF-1.7\nstartxref\n0\n%%EOF\n",
        "encrypted.pdf": pdf_encrypted(),
        "huge.png": png(20_000, 20_000),
        "lying.png": png(60_000, 60_000, rows=3),
        "no-size.png": png(0, 0),
        "sliver.png": png(1, 20_000),
        "dot.png": png(1, 1),
        "header.bmp": b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 60000, 60000, 1, 24, 0, 0, 0, 0, 0, 0),
        "wide.gif": b"GIF89a\xff\xff\xff\xff\x00\x00\x00,\0\0\0\0\xff\xff\xff\xff\x00\x02\x01\x00\x00;",
        "loop.tif": tiff_loop(),
        "pages.pdf": pdf_of_pages(3000),
        "blank.pdf": pdf_of_pages(1),
        "draws-itself.pdf": pdf_that_draws_itself(),
        "flate-bomb.pdf": pdf_flate_bomb(),
        "image-bomb.pdf": pdf_image_bomb(),
        "own-parent.pdf": pdf_objects([CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"]),
        "no-pages.pdf": pdf_objects([b"<< /Type /Catalog >>"]),
        "deep.pdf": pdf_objects([b"[" * 50_000 + b"]" * 50_000, CATALOG]),
        "blank.jpg": _encode(Image.new("L", (800, 1100), 255), "JPEG"),
        "black.webp": _encode(Image.new("RGB", (400, 400)), "WEBP"),
    }  # fmt: skip


def cut_off() -> dict[str | bytes, bytes]:
    """Files whose end is missing: read as they are once the patience for them runs out; never filed silently."""
    tiff = papers.tiff_pages([papers.receipt_lines(4), papers.receipt_lines(5)])[1]
    return {
        "cut.jpg": JPEG[: len(JPEG) // 2],
        "cut.png": PNG[: len(PNG) * 6 // 10],
        "cut.pdf": PDF[: len(PDF) // 3],
        "cut.tif": tiff[: len(tiff) * 9 // 10],
        "cut.webp": papers.picture(papers.receipt_lines(6), "WEBP")[:2000],
        "cut.xml": encode_xml(write_ubl(seller="Cut Short Ltd"))[:-400],
        "cut.bmp": papers.picture(papers.receipt_lines(7), "BMP")[:60_000],
    }


def outlandish() -> dict[str | bytes, bytes]:
    """Readable documents with names or values that try to leave their folder; any place in the archive is right."""
    values = [
        "../../../../tmp/evil", "/etc/passwd", "CON", "..", "a" * 4000, "A\x1b[2JB\x07 Shop", "{0.__class__} %s%n",
        "'; DROP TABLE documents; --", "C:\\\\Windows\\\\evil", "-rf Ltd",
    ]  # fmt: skip
    files: dict[str | bytes, bytes] = {f"value-{n}.pdf": lines_saying(value) for n, value in enumerate(values)}
    files |= {
        "amount-1.pdf": lines_saying("Shop Ltd", "1e308"),
        "amount-2.pdf": lines_saying("Shop Ltd", "9" * 400 + ".99"),
        "date-1.pdf": lines_saying("Shop Ltd", day="9999-99-99"),
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd.pdf": lines_saying("Name One Ltd"),
        "$(reboot)`reboot`.pdf": lines_saying("Name Two Ltd"),
        b"\xff\xfe\x80.pdf": lines_saying("Name Three Ltd"),
        "x" * 251 + ".pdf": lines_saying("Name Four Ltd"),
        "a.json": lines_saying("Name Five Ltd"),
        "a": lines_saying("Name Six Ltd"),
        "a.why.txt": lines_saying("Name Seven Ltd"),
        "jpeg-as.pdf": JPEG,
        "pdf-as.jpg": PDF,
    }
    return files


def _encode(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()
