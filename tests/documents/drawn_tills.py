"""Till receipts of a few lines, in Cyrillic and in Latin letters."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
CYRILLIC = (
    ("Магазин «Берёзка»", ""), ("г. Тверь, ул. Садовая, 12", ""), ("Кассовый чек", "№ 0042"),
    ("Хлеб ржаной", "45,50"), ("Молоко топлёное", "89,90"), ("Яблоки красные", "120,00"),
    ("ИТОГО К ОПЛАТЕ", "255,40"), ("Наличными", "300,00"), ("Сдача", "44,60"), ("14.03.2024", "15:28"),
    ("Спасибо за покупку", ""),
)  # fmt: skip
LATIN = (
    ("Corner Shop", ""), ("12 Garden Street", ""), ("Receipt", "0042"), ("Rye bread", "4.50"), ("Baked milk", "8.90"),
    ("Red apples", "12.00"), ("GRAND TOTAL", "25.40"), ("Cash", "30.00"), ("Change", "4.60"), ("14/03/2024", "15:28"),
)  # fmt: skip


def draw(lines: tuple[tuple[str, str], ...], degrees: float = 0) -> Image.Image:
    """Draw a till receipt; letters are 28 pixels high."""
    sheet = Image.new("L", (640, 60 + 52 * len(lines)), 255)
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, 28)
    for number, (left, right) in enumerate(lines):
        pen.text((30, 30 + 52 * number), left, font=font, fill=20)
        pen.text((610 - pen.textlength(right, font), 30 + 52 * number), right, font=font, fill=20)
    return sheet.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=255)
