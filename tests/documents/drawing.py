"""Documents that the tests draw themselves: receipts as pictures, invoices as small text-layer PDFs."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

LINE_HEIGHT = 34
MARGIN = 40


def draw_receipt(lines: Sequence[str], *, width: int = 620, size: int = 24) -> Image.Image:
    """A till receipt, black on white; `left | right` sets the second part flush right, `^text` is centred and large."""
    picture = Image.new("L", (width, 2 * MARGIN + LINE_HEIGHT * len(lines)), 255)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        top = MARGIN + number * LINE_HEIGHT
        if line.startswith("^"):
            font = ImageFont.load_default(size + 6)
            pen.text(((width - pen.textlength(line[1:], font)) / 2, top), line[1:], fill=0, font=font)
            continue
        font = ImageFont.load_default(size)
        left, _, right = (part.strip() for part in line.partition("|"))
        pen.text((MARGIN, top), left, fill=0, font=font)
        pen.text((width - MARGIN - pen.textlength(right, font), top), right, fill=0, font=font)
    return picture


def draw_purchase(
    number: str = "0048213", time: str = "10:24", cash: int = 20, *, with_coffee: bool = True
) -> Image.Image:
    """The receipt of one purchase over 13.00, or 10.00 without coffee; others of the till differ in what is given."""
    total = 13 if with_coffee else 10
    return draw_receipt(
        [
            "^BIRKENHOF BAKERY LTD",
            "12 Mill Lane, London W1B 5QH",
            "VAT No: GB 123 4567 89",
            f"Receipt No: {number}",
            f"Date: 17/03/2024 | Time: {time}",
            "2 Sourdough bread | 7.60",
            "1 Butter croissant | 2.40",
            *(["1 Filter coffee | 3.00"] if with_coffee else []),
            f"TOTAL GBP | {total}.00",
            f"Cash | {cash}.00",
            f"Change | {cash - total}.00",
        ]
    )


def lay_on_table(receipt: Image.Image, *, degrees: float = 2.0) -> Image.Image:
    """The receipt slightly turned on a dark table, as a phone sees it."""
    table = Image.new("L", (receipt.width + 500, receipt.height + 400), 60)
    turned = receipt.rotate(degrees, expand=True, fillcolor=60, resample=Image.Resampling.BICUBIC)
    table.paste(turned, (240, 180))
    return table


def encode(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file of that Pillow format."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def write_pdf(pages: Sequence[Sequence[tuple[float, float, str]]], *, extra_trailer: str = "") -> bytes:
    """A PDF by hand: on each page texts with their left and baseline, in points from the top left of an A4 page."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, texts in enumerate(pages):
        shown = "".join(f"BT /F1 10 Tf {x:g} {842 - y:g} Td ({_escaped(text)}) Tj ET\n" for x, y, text in texts)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(shown.encode('cp1252'))}>>stream\n{shown}endstream")
    return assemble(objects, extra_trailer)


def assemble(objects: Sequence[str], extra_trailer: str = "") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(data)
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    trailer = f"trailer<</Size {count}/Root 1 0 R{extra_trailer}>>\nstartxref\n{start}\n%%EOF\n"
    return data + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
