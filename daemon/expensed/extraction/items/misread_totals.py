"""Mend a line's total with one misread digit if its product and the sum of all lines agree upon another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from expensed.extraction.items.adding_up import Added
from expensed.extraction.items.charges import Charge
from expensed.extraction.items.quantities import products
from expensed.extraction.items.regions import Targets

_MOST_CHARGES = 100


def mend(charges: Sequence[Charge], targets: Targets) -> Added | None:
    """Return the charges with one total mended so that they add up to a printed sum; None unless exactly one can be.

    What was read must differ from the product of its line in a single digit.
    """
    counted = [each for each in charges if each.value]
    if not 1 < len(counted) <= _MOST_CHARGES:
        return None
    whole = sum((each.value for each in counted), Decimal(0))
    found = []
    for place, charge in enumerate(counted):
        for product in products(charge.line, charge.total, charge.details):
            value = whole - charge.value + product
            if value in targets and differ_in_a_digit(charge.value, product):
                mended = replace(charge, value=product, read_as=charge.value)
                found.append(Added([*counted[:place], mended, *counted[place + 1 :]], value, 1))
    return found[0] if len(found) == 1 else None


def differ_in_a_digit(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts are written alike but for one digit."""
    first, second = f"{one:.2f}", f"{other:.2f}"
    return len(first) == len(second) and sum(a != b for a, b in zip(first, second, strict=True)) == 1
