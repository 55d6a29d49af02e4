"""Small documents for the tests to drop: PDFs with a text layer, read in milliseconds, and drawn pictures for OCR."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

VENDORS = ("Nordlicht Coffee", "Bakery Lindgren", "Harbour Books", "Castellan Hardware", "Miller Office Supply")


def receipt_lines(number: int, vendor: str | None = None) -> list[str]:
    """Return the lines of a till receipt; each number has a different total."""
    first, second = 300 + number, 450 + 2 * number
    total = first + second
    return [
        vendor or VENDORS[number % len(VENDORS)],
        "12 Market Street, London",
        "Date: 2024-03-14 10:24",
        f"Coffee          GBP {first / 100:.2f}",
        f"Sandwich        GBP {second / 100:.2f}",
        f"TOTAL           GBP {total / 100:.2f}",
        f"CASH            GBP {(total + 500) / 100:.2f}",
        "CHANGE          GBP 5.00",
        f"Receipt no. {number:05d}",
    ]


def pdf(lines: list[str]) -> bytes:
    """Return a one-page PDF with these lines as its text layer."""
    text = "".join(f"({line.translate({40: None, 41: None, 92: None})}) Tj T* " for line in lines)
    stream = f"BT /F1 12 Tf 16 TL 40 380 Td {text}ET".encode("latin-1", "replace")
    return pdf_objects(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 420] /Contents 4 0 R /Resources 6 0 R >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Font << /F1 5 0 R >> >>",
        ]
    )


def pdf_objects(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of these objects, the first of which is the catalog."""
    out = bytearray(b"%PDF-1.6\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def picture(lines: list[str], kind: str = "JPEG", **options: object) -> bytes:
    """Return a picture of these lines on white paper, as JPEG, PNG, TIFF, ..."""
    return _encode(draw(lines), kind, **options)


def draw(lines: list[str], width: int = 620) -> Image.Image:
    """Draw the lines as a grey picture, 40 pixels per line."""
    image = Image.new("L", (width, 60 + 44 * len(lines)), 255)
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(26)
    for row, line in enumerate(lines):
        pen.text((30, 30 + 44 * row), line, fill=0, font=font)
    return image


def tiff_pages(pages: list[list[str]]) -> list[bytes]:
    """Return a TIFF as a scanner builds it: the file after its first page, after its second, and so on."""
    images = [draw(lines) for lines in pages]
    return [
        _encode(images[0], "TIFF", save_all=True, append_images=images[1:count]) for count in range(1, len(images) + 1)
    ]


def long_tiff(lines: list[str], pages: int) -> bytes:
    """Return a TIFF of many equal pages, which takes a long time to read."""
    image = draw(lines)
    return _encode(image, "TIFF", save_all=True, append_images=[image] * (pages - 1), compression="tiff_lzw")


def _encode(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def write(path: Path, content: bytes) -> Path:
    """Write a file in one go."""
    path.write_bytes(content)
    return path
