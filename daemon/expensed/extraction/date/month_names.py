"""The names of months in other scripts, as OCR leaves them: without loose vowels, or with a letter wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from rapidfuzz import fuzz

_ALIKE = 80.0
"""How much a misread name must be like a month's, in percent."""
_APART = 8.0
"""How much less it must be like any other month's; June and July differ in one letter in Arabic."""
_SHORTEST = 4
"""Letters of a name that is recognised in spite of a wrong one."""


class MonthNames:
    """The names of a script's months, folded, with their numbers."""

    def __init__(self, names: Mapping[str, int]) -> None:
        self._marked = {_marked(name): number for name, number in names.items()}
        self._bare = {_bare(name): number for name, number in names.items()}

    def name(self, text: str) -> int:
        """Return the month of a name of which marks may be lost: `มค` is January, and `มีค` is March.

        Raises KeyError if it is none.
        """
        return self._marked.get(_marked(text)) or self._bare[_bare(text)]

    def guess(self, text: str) -> int:
        """Return the only month whose name is like this one; 0 if it is one, or like none or several."""
        bare = _bare(text)
        if len(bare) < _SHORTEST or bare in self._bare:
            return 0
        likely: dict[int, float] = {}
        for name, number in self._bare.items():
            if len(name) >= _SHORTEST:
                likely[number] = max(likely.get(number, 0.0), fuzz.ratio(bare, name))
        best, *others = sorted(likely, key=lambda number: -likely[number]) or [0]
        is_clear = (
            bool(best) and likely[best] >= _ALIKE and not any(likely[best] - likely[each] < _APART for each in others)
        )
        return best if is_clear else 0


def _marked(name: str) -> str:
    return "".join(
        sign for sign in name if sign.isalnum() or unicodedata.combining(sign) or unicodedata.category(sign) == "Mn"
    )


def _bare(name: str) -> str:
    return "".join(filter(str.isalnum, name))
