"""Draws the receipt of a script, a seed and a number: the same picture and label each time."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.drawn.countries import Country, load_countries
from benchmarks.drawn.paper import print_receipt
from benchmarks.drawn.receipt import make_receipt
from benchmarks.drawn.typefaces import Typeface, load_typefaces, substitutes
from benchmarks.drawn.wear import draw_wear, wear_out

GOLDEN = 0.618034
"""Its multiples are spread evenly modulo 1, so that few receipts have the share of own digits that many have."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture of a receipt, and what it says."""

    name: str
    content: bytes
    label: dict[str, Any]  # a row of labels, as load_labels takes it


def draw_sample(script: str, seed: int, number: int) -> Drawn:
    """Draw one receipt; raises FontMissing."""
    chance = random.Random(f"{script}/{seed}/{number}")
    country = chance.choice(load_countries(script))
    typeface = chance.choice(_suitable(script, country))
    has_own_digits = (seed + number) * GOLDEN % 1 < country.own_digits
    receipt = make_receipt(country, chance, lambda text: _is_drawable(text, typeface), has_own_digits=has_own_digits)
    content = wear_out(print_receipt(receipt, typeface, chance), draw_wear(chance), chance)
    name = f"{script.lower()}-{number:03}.jpg"
    label = {
        "file": name,
        "vendor": receipt.vendor,
        "vendor_alt": list(receipt.vendor_alt),
        "date": f"{receipt.at:%Y-%m-%d}",
        "amount": str(receipt.amount),
        "currency": country.currency,
        "language": country.language,
        "typeface": Path(typeface.regular).stem,
    }
    return Drawn(name, content, label)


def save(samples: Iterable[Drawn], folder: Path) -> None:
    """Write the pictures, and their labels as labels.json."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = []
    for sample in samples:
        (folder / sample.name).write_bytes(sample.content)
        labels.append(sample.label)
    (folder / "labels.json").write_text(json.dumps(labels, ensure_ascii=False, indent=1), encoding="utf-8")


def _suitable(script: str, country: Country) -> list[Typeface]:
    typefaces = load_typefaces(script)
    return [each for each in typefaces if not each.languages or country.language in each.languages]


def _is_drawable(text: str, typeface: Typeface) -> bool:
    """Whether one typeface has all letters; a label and its value are set apart, words and Latin ones too."""
    return all(any(each.covers(part) for each in (typeface, *substitutes())) for part in text.split("|"))
