"""The keys by which names are looked up: equal for spellings that differ in accents, blanks, and look-alikes."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е"})
_LOOK_ALIKE = str.maketrans("0158|i", "olsbll")
"""Signs that an engine takes for one another."""


def folded(text: str) -> str:
    """Return lower-case letters without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(sign for sign in parts if not unicodedata.combining(sign)))


def skeleton(text: str) -> str:
    """Return what is left of a name when case, accents, blanks and punctuation go and look-alikes are one."""
    return "".join(filter(str.isalnum, folded(text).translate(_LOOK_ALIKE)))
