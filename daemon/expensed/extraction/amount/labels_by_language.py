"""Labels of sums in smaller European languages and East Asia, and some words that the general rules misjudge.

`labels` covers the larger languages by patterns; these are whole labels, listed in `labels.toml`. A rate, a currency or
an ordinal beside them is ignored.
"""

from __future__ import annotations

import re

from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.word_lists import load_word_lists

_FOLDED = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "đ": "d", "ı": "i", "þ": "th", "ς": "σ"})
_END = re.compile(
    r"(?:[0-9]{1,4}|eur|euro|€|kc|czk|dkk|nok|sek|kr|pln|zl|huf|ft|try|tl|lei|ron|din|rsd|bgn|лв|руб|грн|円|元|twd|nt|jpy|krw)+$"
)


_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_STRAY = re.compile(r"[\u2e80-\u9fff]")
"""Characters that engines produce for letters they do not know."""


def _folded(text: str) -> str:
    return compact(text).translate(_FOLDED)


_BY_WORD = {_folded(word): Role(role) for role, words in load_word_lists("amount", "labels").items() for word in words}
_FUZZY = 6
"""The letters a word needs to be recognised with one of them misread or lost, as happens with accents."""
_LONGEST = 30


def _shortened(word: str) -> list[str]:
    """Return the word without one of its letters, for each letter."""
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _misread() -> dict[str, Role]:
    """Return the words that lost a letter, with their roles; words with two roles are left out."""
    found: dict[str, set[Role]] = {}
    for word, role in _BY_WORD.items():
        if len(word) >= _FUZZY and word.isascii():
            for short in _shortened(word):
                found.setdefault(short, set()).add(role)
    return {short: roles.pop() for short, roles in found.items() if len(roles) == 1}


_BY_MISREAD = _misread()


def role_in_tongues(label: str) -> Role:
    """Return the role of a label in one of these languages; NONE if none of its words is known.

    `Celkem k úhradě Kč` and `Sum å betale` mean FINAL, `SUMA PTU` TAX, `Mellansumma` SUBTOTAL.
    """
    text = _folded(label)
    bare = _END.sub("", text.lstrip("0123456789"))
    if any(sign in _LATIN for sign in bare):
        bare = _STRAY.sub("", bare)
    for form in (text, bare):
        if form in _BY_WORD:
            return _BY_WORD[form]
    if _FUZZY - 1 <= len(bare) <= _LONGEST:
        for form in (bare, *(_shortened(bare) if len(bare) >= _FUZZY else ())):
            if form in _BY_MISREAD:
                return _BY_MISREAD[form]
    return Role.NONE
