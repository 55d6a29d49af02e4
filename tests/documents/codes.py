"""Payment codes that the tests draw themselves, and pages that carry them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import segno
from PIL import Image, ImageDraw
from tests.documents.drawing import LINE_HEIGHT, MARGIN, draw_receipt, write_pdf

GERMAN_ACCOUNT = "DE02120300000000202051"
SWISS_ACCOUNT = "CH4431999123000889012"


def write_epc(
    *,
    amount: str = "EUR1617.53",
    creditor: str = "Northwind Cartography GmbH",
    account: str = GERMAN_ACCOUNT,
    reference: str = "",
    message: str = "Invoice NC-2041",
    line: str = "\n",
) -> str:
    """The text of an EPC payment code (GiroCode)."""
    return line.join(["BCD", "002", "1", "SCT", "", creditor, account, amount, "", reference, message, ""])


def write_swiss(
    *,
    amount: str = "1949.75",
    currency: str = "CHF",
    creditor: str = "Huber Uhren AG",
    account: str = SWISS_ACCOUNT,
    bill: str = "//S1/10/HU-4711/11/240315/20/14000000/40/0:30",
) -> str:
    """The text of a Swiss QR-bill."""
    address = ["Rue du Lac", "1268", "2501", "Biel", "CH"]
    ultimate_creditor = [""] * 7
    debtor = ["S", "Beispiel AG", "Marktgasse", "28", "9400", "Rorschach", "CH"]
    payment = [amount, currency, *debtor, "QRR", "210000000003139471430009017", "Order of 15 June", "EPD", bill]
    return "\r\n".join(["SPC", "0200", "1", account, "S", creditor, *address, *ultimate_creditor, *payment])


def draw_code(text: str, side: int, *, swiss: bool = False) -> Image.Image:
    """The QR code of a text, `side` pixels wide with its quiet zone; with the Swiss cross if asked for."""
    file = io.BytesIO()
    segno.make_qr(text, error="m", boost_error=False).save(file, kind="png", scale=8, border=4)
    code = Image.open(file).convert("L").resize((side, side), Image.Resampling.LANCZOS)
    if swiss:
        pen, middle, arm = ImageDraw.Draw(code), side / 2, side * 7 / 46 / 2
        pen.rectangle((middle - arm, middle - arm, middle + arm, middle + arm), fill=0)
        for across, down in ((0.6, 0.18), (0.18, 0.6)):
            pen.rectangle((middle - arm * across, middle - arm * down, middle + arm * across, middle + arm * down), 255)
    return code


def draw_invoice(lines: Sequence[str], *codes: Image.Image, width: int = 900) -> Image.Image:
    """These lines on white paper (see `draw_receipt`), and below them the codes side by side."""
    text = draw_receipt(lines, width=width)
    high = max(code.height for code in codes)
    page = Image.new("L", (width, text.height + high + 2 * MARGIN), 255)
    page.paste(text)
    left = MARGIN
    for code in codes:
        page.paste(code, (left, MARGIN + LINE_HEIGHT * len(lines) + MARGIN))
        left += code.width + MARGIN
    return page


def print_invoice(*lines: str, code: Image.Image) -> bytes:
    """A PDF page with these lines as its own text, and the picture of a code below them."""
    document = pdfium.PdfDocument(write_pdf([[(60, 60 + 16 * row, line) for row, line in enumerate(lines)]]))
    page = document[0]
    image = pdfium.PdfImage.new(document)
    image.set_bitmap(pdfium.PdfBitmap.from_pil(code))
    image.set_matrix(pdfium.PdfMatrix().scale(110 * code.width / code.height, 110).translate(60, 200))
    page.insert_obj(image)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()
