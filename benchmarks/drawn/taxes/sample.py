"""Draws the receipt of a country, a seed and a number: the same each time."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.drawn.paper import print_rows
from benchmarks.drawn.taxes.layout import lay_out
from benchmarks.drawn.taxes.till import Bill, print_bill
from benchmarks.drawn.taxes.wording import load_wording
from benchmarks.drawn.typefaces import load_typefaces
from benchmarks.drawn.wear import draw_wear, wear_out
from expensed.model.reading import Reading


@dataclass(frozen=True, slots=True)
class Sample:
    """A receipt of a country, and what it says."""

    name: str
    bill: Bill

    @property
    def taxes(self) -> Sequence[Mapping[str, Decimal]]:
        """What is printed of each tax."""
        return self.bill.taxes

    def reading(self) -> Reading:
        """Return its true words."""
        return lay_out(self.bill.rows)

    def picture(self) -> bytes:
        """Return it drawn and worn, as a JPEG; raises FontMissing."""
        chance = random.Random(self.name)
        typeface = chance.choice(load_typefaces("Latin"))
        paper = print_rows(self.bill.rows, self.bill.language, typeface, chance)
        return wear_out(paper, draw_wear(chance), chance)


def draw_sample(code: str, seed: int, number: int) -> Sample:
    """Draw one receipt of a country."""
    name = f"{code.lower()}-{seed}-{number:03}"
    return Sample(name, print_bill(load_wording(code), random.Random(name)))
