"""The signs and codes of currencies beside amounts: those of `data/signs.toml`, and a language's own in its file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from expensed.languages.scripts import Script, script_of
from expensed.languages.vocabulary import load_vocabulary
from expensed.model.money import list_currencies


class _Signs(msgspec.Struct, frozen=True):
    """The file as it is written; lists are texts with commas, or with spaces between codes."""

    not_beside: str
    also_words: str
    signs: dict[str, str]
    before: dict[str, str]
    letters: dict[str, str]
    shared: dict[str, str]
    spellings: dict[str, str]


@cache
def _load() -> _Signs:
    text = files(__package__).joinpath("data", "signs.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=_Signs)


def _spelt(table: dict[str, str]) -> dict[str, str]:
    return {sign.strip(): meaning for meaning, signs in table.items() for sign in signs.split(",")}


LETTERS = {letter.lower(): letter for letter in _load().letters}
"""Single letters that stand for a currency before an amount."""
SHARED_SIGNS = {sign: tuple(codes.split()) for sign, codes in (_load().shared | _load().letters).items()}
"""The currencies of each sign that several countries share, or that is also a letter, the likeliest first."""
SIGNS_BEFORE = _spelt(_load().before) | LETTERS
"""Signs that are looked for only before an amount, in lower case."""
SIGNS = _spelt(_load().signs) | _spelt(_load().spellings) | {"¥": "JPY"}
"""Signs and abbreviations beside an amount in lower case; a shared one stands for itself."""
CODES = list_currencies() - frozenset(_load().not_beside.split())
"""The codes that are looked for beside amounts."""
ALSO_WORDS = frozenset(_load().also_words.split())
"""Codes that are also words, which count only beside an amount."""


def marks_of(script: Script | None) -> dict[str, str]:
    """Return the signs and words beside amounts that only this script has, with their currencies."""
    return {} if script is None else load_vocabulary(script).marks


def shared_by(sign: str) -> tuple[str, ...]:
    """Return the currencies that share a sign, the likeliest first; none if it has one currency."""
    if (family := SHARED_SIGNS.get(sign)) is not None:
        return family
    script = script_of(sign)
    return () if script is None else load_vocabulary(script).shared_marks.get(sign, ())


def read_sign(text: str | None, script: Script | None = None) -> str | None:
    """Return the currency of a sign or code, or the sign itself if several share it; None if it is none."""
    if not text:
        return None
    folded = text.lower()
    if (own := marks_of(script).get(folded)) is not None:
        return own
    return text.upper() if text.upper() in CODES else SIGNS.get(folded) or SIGNS_BEFORE.get(folded)
