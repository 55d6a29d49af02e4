"""Draw three sample documents for a first look at what expensed does; the businesses on them are invented.

A clean till receipt, a skewed photo of one on a dark table, and a PDF invoice with a text layer, each with its truth.
"""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PIL import Image, ImageDraw, ImageFilter, ImageFont

MARGIN, LINE = 44, 38
PAPER, INK, TABLE = 250, 25, 58
PHOTO_DEGREES = -1.8

TILL = (
    "^BIRKENHOF BAKERY LTD",
    "12 Mill Lane",
    "London W1B 5QH",
    "VAT No: GB 123 4567 89",
    "",
    "Date: 17 March 2024|09:41",
    "2 Sourdough bread|7.60",
    "1 Butter croissant|2.40",
    "1 Filter coffee|3.00",
    "",
    "Subtotal|10.83",
    "VAT 20%|2.17",
    "TOTAL GBP|13.00",
    "Cash|20.00",
    "Change|7.00",
    "",
    "Thank you for your visit!",
)
PHOTO = (
    "^Kesselring Werkzeuge GmbH",
    "Marktplatz 7",
    "10115 Berlin",
    "USt-IdNr. DE 123456789",
    "",
    "Schrauben 4x40|12,49",
    "Hammer 300g|19,90",
    "",
    "Summe EUR|32,39",
    "Bar EUR|50,00",
    "Rueckgeld EUR|-17,61",
    "19% MwSt|5,17",
    "Netto|27,22",
    "",
    "21.08.2023 14:05",
)
INVOICE = (
    (60, 60, "Northwind Cartography LLC"),
    (60, 76, "48 Harbor Street"),
    (60, 92, "Portland, OR 97201"),
    (400, 60, "INVOICE"),
    (400, 80, "Invoice No: NC-2041"),
    (400, 96, "Invoice Date: May 14, 2024"),
    (400, 112, "Due Date: June 13, 2024"),
    (60, 150, "Bill To:"),
    (60, 166, "Example Customer Inc."),
    (60, 240, "Map design"),
    (480, 240, "$1,200.00"),
    (60, 256, "Design of posters"),
    (480, 256, "$340.50"),
    (380, 300, "Subtotal"),
    (480, 300, "$1,540.50"),
    (380, 316, "Sales tax 5%"),
    (480, 316, "$77.03"),
    (380, 340, "Total USD"),
    (480, 340, "$1,617.53"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A drawn document: its file name and bytes, and what a reader must find on it."""

    name: str
    content: bytes
    vendor: str
    date: dt.date
    amount: Decimal
    currency: str


def draw_samples() -> tuple[Sample, ...]:
    """Draw the three samples, with the same bytes each time."""
    till, photo = _as_jpeg(_draw_receipt(TILL), 92), _as_jpeg(_photograph(_draw_receipt(PHOTO)), 82)
    return (
        Sample("till-receipt.jpg", till, "BIRKENHOF BAKERY LTD", dt.date(2024, 3, 17), Decimal("13.00"), "GBP"),
        Sample("photo.jpg", photo, "Kesselring Werkzeuge GmbH", dt.date(2023, 8, 21), Decimal("32.39"), "EUR"),
        Sample(
            "invoice.pdf",
            _write_pdf(INVOICE),
            "Northwind Cartography LLC",
            dt.date(2024, 5, 14),
            Decimal("1617.53"),
            "USD",
        ),
    )


def _draw_receipt(lines: Sequence[str], width: int = 640) -> Image.Image:
    """Draw a till receipt in grey; `left|right` sets the second part flush right, `^text` is centred and large."""
    picture = Image.new("L", (width, 2 * MARGIN + LINE * len(lines)), PAPER)
    pen = ImageDraw.Draw(picture)
    plain, large = ImageFont.load_default(26), ImageFont.load_default(33)
    for number, line in enumerate(lines):
        top = MARGIN + number * LINE
        if line.startswith("^"):
            pen.text(((width - pen.textlength(line[1:], large)) / 2, top - 6), line[1:], fill=INK, font=large)
            continue
        left, _, right = line.partition("|")
        pen.text((MARGIN, top), left, fill=INK, font=plain)
        pen.text((width - MARGIN - pen.textlength(right, plain), top), right, fill=INK, font=plain)
    return picture


def _photograph(receipt: Image.Image) -> Image.Image:
    """Draw the receipt as a phone sees it: askew on a dark table, a little soft, unevenly lit, with sensor noise."""
    width, height = receipt.width + 520, receipt.height + 420
    turned = receipt.rotate(PHOTO_DEGREES, expand=True, fillcolor=0, resample=Image.Resampling.BICUBIC)
    outline = Image.new("L", receipt.size, 255).rotate(PHOTO_DEGREES, expand=True, fillcolor=0)
    photo = Image.new("L", (width, height), TABLE)
    photo.paste(turned, (240, 170), outline)
    light = Image.linear_gradient("L").resize((width, height)).point(lambda level: 255 - level // 4)
    shaded = Image.composite(photo, Image.new("L", photo.size, 0), light)
    grain = random.Random(1)  # noqa: S311 - noise, the same each time
    noise = Image.frombytes("L", (width // 2, height // 2), grain.randbytes((width // 2) * (height // 2)))
    return Image.blend(shaded.filter(ImageFilter.GaussianBlur(0.7)), noise.resize((width, height)), 0.03)


def _as_jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _write_pdf(texts: Sequence[tuple[float, float, str]]) -> bytes:
    """Write a PDF of one A4 page; texts come with their left and baseline, in points from the top left."""
    shown = "".join(f"BT /F1 10 Tf {x:g} {842 - y:g} Td ({_escape(text)}) Tj ET\n" for x, y, text in texts)
    bodies = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[4 0 R]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F1 3 0 R>>>>>>",
        f"<</Length {len(shown.encode('cp1252'))}>>stream\n{shown}endstream",
    )
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    count, start = len(bodies) + 1, len(data)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    return data + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
