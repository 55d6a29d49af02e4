"""Find what may not be part of the total: a tip or a deduction below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import Sum, has_role

_SUGGESTED = re.compile(r"\d\s?%|suggest", re.IGNORECASE)
_SAVED = re.compile(r"saved|savings?\b|gespart|économ|ahorr|total", re.IGNORECASE)


def find_left_out(best: Decimal, sums: Sequence[Sum]) -> Sum | None:
    """Return a tip, a discount or another deduction below the best total; not one that is only suggested or told."""
    last = max((each.row.index for each in sums if abs(each.value) == best), default=None)
    if last is None:
        return None
    is_paid = any(abs(each.value) == best for each in has_role(sums, Role.CASH, Role.CARD))
    printed = {each.value for each in sums}
    below = (each for each in sums if each.row.index > last and each.columns == 1 and abs(each.value) < best)
    changes = (each for each in below if _changes_it(each, is_paid=is_paid or best - each.value in printed))
    return next((each for each in changes if not _is_told_only(each)), None)


def _changes_it(each: Sum, *, is_paid: bool) -> bool:
    """Whether a sum is a tip or discount, or a negative one without a known label.

    Not such a one if the total itself was paid, or the sum that it makes with it, whose change it then is.
    """
    return each.role in (Role.TIP, Role.DISCOUNT) or (each.role is Role.NONE and each.value < 0 and not is_paid)


def _is_told_only(each: Sum) -> bool:
    """Whether a tip is only suggested, as a percentage, or a discount told that is in the total already."""
    pattern = _SUGGESTED if each.role is Role.TIP else _SAVED
    return bool(pattern.search(each.row.text))
