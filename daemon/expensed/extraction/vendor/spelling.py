"""Repair OCR errors in names: words spaced apart, `8` for `&`, and the words of trade."""

from __future__ import annotations

import re

from expensed.extraction.vendor.legal_forms import STRONG_LEGAL_FORM
from expensed.extraction.vendor.trade_words import GENERIC_WORDS, REPAIRED

_SHORTEST, _SHORTEST_WITH_DIGIT = 7, 5
"""Shorter words resemble too many others."""
_SURE = 0.98
"""Words that the engine read with more confidence keep their letters."""
_LOOKALIKE = str.maketrans("0dq1l!|j5286chmfv", "oooiiiiiszbggnneu")
_TOKEN = re.compile(r"[^\s,.()&/-]+")
_AMPERSAND = re.compile(r"(?<=[^\W\d_]{3}) 8 (?=[^\W\d_]{3})")
_S_FOR_AND = re.compile(r"([^\W\d_]{4,}) [S$] ([^\W\d_]{4,})")
_DIGIT_INSIDE = re.compile(r"(?<=[A-Z]{2})[0158](?=[A-Z])|(?<=[A-Z])[0158](?=[A-Z]{2})")
_AS_LETTER = {"0": "O", "1": "I", "5": "S", "8": "B"}
_MISREAD_DIGIT = re.compile(r"[^\W\d_][015]|[015][^\W\d_]")
_VOWELS = frozenset("aeiou")
_GLUED = re.compile(r"(?<![^\W\d_])[A-Z]{12,}(?![^\W\d_])")
_SHORTEST_PART, _LONG_ENOUGH = 3, 8
_MOST_SPACED = 3
"""At least this many words of one or two letters, and hardly any others, are one word set with spaces."""


def mend_name(name: str, confidence: float) -> str:
    """Repair look-alike letters in the words of trade of a name; `confidence` is the engine's, 0..1."""
    name = _AMPERSAND.sub(" & ", _GLUED.sub(_parted, _closed_up(name)))
    name = _S_FOR_AND.sub(lambda match: f"{match[1]} & {match[2]}" if _is_trade(match[1], match[2]) else match[0], name)
    name = _TOKEN.sub(lambda match: _mended(match[0], confidence), name)
    return _DIGIT_INSIDE.sub(lambda match: _AS_LETTER[match[0]], name) if confidence < _SURE else name


def _is_trade(*words: str) -> bool:
    return all(word.casefold() in REPAIRED for word in words)


def _mended(word: str, confidence: float) -> str:
    """Return the word of trade that it resembles, in its case; the word itself if none, or if it was read clearly."""
    plain = word.casefold()
    has_digit = any(sign.isdigit() for sign in word)
    if (
        len(word) < (_SHORTEST_WITH_DIGIT if has_digit else _SHORTEST)
        or plain in _KNOWN
        or (confidence >= _SURE and not has_digit)
    ):
        return word
    right = _BY_LOOK.get(plain.translate(_LOOKALIKE))
    if right is None:
        return word
    letters = [sign for sign in word if sign.isalpha()]
    if sum(sign.isupper() for sign in letters) > len(letters) / 2:
        return right.upper()
    return right.title() if word[:1].isupper() or word[:1].isdigit() else right


def _parted(match: re.Match[str]) -> str:
    """Split capitals whose spaces were lost around a word of trade."""
    glued = match[0]
    if glued.casefold() in REPAIRED:
        return glued
    for word in _PARTING:
        start = glued.casefold().find(word)
        if start >= 0 and (start >= _SHORTEST_PART or start == 0):
            before, after = glued[:start], glued[start + len(word) :]
            return " ".join(part for part in (before, glued[start : start + len(word)], after) if part)
    return glued


def mend_digits(name: str) -> str:
    """Return a name with letters for the digits that stand in its words: `Ch1ck F1ve C1ub` is `Chick Five Club`."""
    return " ".join(map(_mended_digits, name.split(" "))) if _MISREAD_DIGIT.search(name) else name


def _mended_digits(word: str) -> str:
    """Return a word without digits that were letters, if it has more letters than digits."""
    letters = sum(map(str.isalpha, word))
    if not _MISREAD_DIGIT.search(word) or letters < sum(map(str.isdigit, word)):
        return word
    mended = ""
    for place, sign in enumerate(word):
        following = word[place + 1 : place + 2].casefold()
        is_inside = mended[-1:].isalpha() or (not mended and following.isalpha())
        right = _letter_for(sign, mended[-1:].casefold(), following) if is_inside else sign
        mended += right.upper() if word.isupper() else right
    return mended


def _letter_for(digit: str, before: str, following: str) -> str:
    """Return the letter that a digit was; a 1 between consonants is an i, any other an l."""
    if digit == "1":
        return "i" if before.isalpha() and before not in _VOWELS and following not in _VOWELS else "l"
    if digit == "0":
        return "o"
    return "s" if digit == "5" and before.isalpha() and following.isalpha() else digit


def is_spaced(name: str) -> bool:
    """Whether this is a word set with spaces between its letters: `F E R N`."""
    tokens = STRONG_LEGAL_FORM.sub(" ", name).split()
    short = [token for token in tokens if len(token) <= 2 and token.isalpha()]
    return "&" not in tokens and len(short) > _MOST_SPACED and len(short) >= 0.6 * len(tokens)


def _closed_up(name: str) -> str:
    """Remove the spaces between the letters of a name."""
    if not is_spaced(name):
        return name
    form = STRONG_LEGAL_FORM.search(name)
    head, tail = (name[: form.start()], name[form.start() :]) if form else (name, "")
    return f"{head.replace(' ', '').replace('_', '')} {tail}".strip() if head else name


_KNOWN = REPAIRED | GENERIC_WORDS
_PARTING = sorted((word for word in REPAIRED if len(word) >= _LONG_ENOUGH and word.isascii()), key=len, reverse=True)
_BY_LOOK = {word.translate(_LOOKALIKE): word for word in _KNOWN if len(word) >= _SHORTEST_WITH_DIGIT}
