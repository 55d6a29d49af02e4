"""Tell whether the sums of a document have three decimals, whatever they mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LAST_DECIMALS = re.compile(r"(?<![\d.,])[\d,]*\d\.(\d{2,3})\D{0,6}$")
_FEWEST, _MANY_TIMES = 2, 4


def ends_in_thousandths(texts: Sequence[str]) -> bool:
    """Whether nearly all rows that end with a number end with one of three decimals after a point."""
    decimals = Counter(len(match[1]) for text in texts if (match := _LAST_DECIMALS.search(text)) is not None)
    return decimals[3] >= _FEWEST and decimals[3] > _MANY_TIMES * decimals[2]
