"""Measures how many fiscal codes decode, and whether what they hold is exact: drawn receipts, three qualities.

    PYTHONPATH=. nice .venv/bin/python -m benchmarks.fiscal_codes [--count 50] [--only Serbia]

Each receipt bears one code of one dialect. The best quality is what a printer makes, at three pixels a module; the
middle one is a careful photo, the worst a poor one. A code that decodes must give the day, the total, the currency and
the seller that it was written with; one that does not decode must give nothing.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import segno
from PIL import Image, ImageFilter
from tests.documents.drawing import draw_receipt
from tests.documents.fiscal_codes import WRITERS, Sample

from expensed.extraction.fiscalcode.fiscal_code import FiscalCode
from expensed.extraction.fiscalcode.parse import parse_fiscal_code
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


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=50)
    options.add_argument("--only", default="")
    chosen = options.parse_args()
    print(f"{'dialect':26}{'modules':>8}" + "".join(f"{each.name:>10}" for each in QUALITIES) + f"{'wrong':>8}")
    wrong, looked, spent = 0, 0, 0.0
    for writer in WRITERS:
        samples = [writer(random.Random(number)) for number in range(chosen.count)]
        if chosen.only.lower() not in samples[0].dialect.lower():
            continue
        counts, mistakes = [], 0
        for quality in QUALITIES:
            decoded = 0
            for number, sample in enumerate(samples):
                picture = draw_sample(sample, quality, random.Random(number))
                started = time.process_time()
                found = read_sample(picture)
                spent, looked = spent + time.process_time() - started, looked + 1
                decoded += found is not None
                mistakes += found is not None and not is_exact(found, sample)
            counts.append(decoded)
        modules = segno.make_qr(samples[0].text, error="m", boost_error=False).symbol_size(border=0)[0]
        shown = "".join(f"{100 * each / chosen.count:9.0f}%" for each in counts)
        print(f"{samples[0].dialect:26}{modules:8}{shown}{mistakes:8}", flush=True)
        wrong += mistakes
    print(f"{looked} receipts, {1000 * spent / max(looked, 1):.1f} ms each to look for codes, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
