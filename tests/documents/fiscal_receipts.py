"""Drawn receipts that bear a fiscal code, at three qualities, and what is read from them without any words."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import segno
from PIL import Image, ImageFilter
from tests.documents.drawing import draw_receipt
from tests.documents.fiscal_codes import Sample

from expensed.codes.fiscal.fiscal_code import FiscalCode
from expensed.codes.fiscal.parse import parse_fiscal_code
from expensed.model.reading import Code
from expensed.reading.qrcodes import find_codes

LINES = ("^Corner Shop", "Harbour Street 48", "Date: 2024-05-14", "Bread | 2.40", "Milk | 1.15", "Total | 3.55")


@dataclass(frozen=True, slots=True)
class Quality:
    """How a receipt looks: pixels for each module of its code, and what the camera did to it."""

    name: str
    module: float
    turn: float
    """At most this many degrees."""
    blur: float
    noise: float
    ink: int
    """How dark black is, 0 to 255."""
    jpeg: int


QUALITIES = (
    Quality("best", 3.0, 1.0, 0.0, 2.0, 30, 85),
    Quality("middle", 3.0, 8.0, 1.0, 10.0, 80, 50),
    Quality("worst", 2.0, 12.0, 0.8, 12.0, 90, 40),
)


def draw_sample(sample: Sample, quality: Quality, chance: random.Random, lines: Sequence[str] = LINES) -> Image.Image:
    """Draw a receipt with the code of a sample below its lines."""
    file = io.BytesIO()
    code = segno.make_qr(sample.text, error="m", boost_error=False)
    code.save(file, kind="png", scale=12, border=4)
    side = round(code.symbol_size(border=4)[0] * quality.module)
    square = Image.open(file).convert("L").resize((side, side), Image.Resampling.LANCZOS)
    text = draw_receipt(lines, width=max(500, side + 60))
    page = Image.new("L", (text.width, text.height + side + 40), 255)
    page.paste(text)
    page.paste(square, ((page.width - side) // 2, text.height))
    return _photograph(page, quality, chance)


def _photograph(page: Image.Image, quality: Quality, chance: random.Random) -> Image.Image:
    turned = page.rotate(
        chance.uniform(-quality.turn, quality.turn), Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )
    blurred = turned.filter(ImageFilter.GaussianBlur(quality.blur)) if quality.blur else turned
    pixels = np.asarray(blurred, dtype=np.float32) * ((245 - quality.ink) / 255) + quality.ink
    pixels += np.random.default_rng(chance.randrange(1 << 32)).normal(0, quality.noise, pixels.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality.jpeg)
    return Image.open(file).convert("L")


def read_sample(picture: Image.Image) -> FiscalCode | None:
    """Return what the fiscal code on a picture holds."""
    for each in find_codes(np.asarray(picture)):
        found = parse_fiscal_code(Code(each.text, 1, each.box, each.data))
        if found is not None:
            return found
    return None


def is_exact(found: FiscalCode, sample: Sample) -> bool:
    """Whether a code gives what its receipt was written with."""
    given = (found.day, found.total, found.currency)
    seller = sample.seller_tax_id in (None, found.seller_tax_id)
    return given == (sample.day, sample.total, sample.currency) and seller
