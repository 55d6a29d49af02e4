"""Tell from the words beside a date what it is; `labels.toml` and `languages/data` have the words.

The words nearest to the date decide. Words are compared without accents and spaces, because OCR splits and joins them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from expensed.extraction.amount.labels import compact
from expensed.extraction.country.facts import towns
from expensed.extraction.prepared import load_prepared
from expensed.languages.vocabulary import vocabulary_of


class DateRole(StrEnum):
    """The meaning of a date, by its label."""

    ISSUED = "issued"
    """The date of the invoice, the receipt or the purchase."""
    DATED = "dated"
    """The label only says that it is a date."""
    RELATED = "related"
    """The date of the order, the delivery or the print: near the purchase, and better than none."""
    DUE = "due"
    OTHER = "other"
    """The date of an expiry, a birth, a journey, an event, points, a contract, a period, an earlier bill or a mail."""
    NONE = "none"


LABELS = files(__package__).joinpath("labels.toml")
_ROLES = (DateRole.RELATED, DateRole.DUE, DateRole.OTHER, DateRole.ISSUED, DateRole.DATED)
_NEAR, _FAR = 26, 40
"""How many letters before the date count; the far ones for the day of the invoice only."""
_SHORT = 4
"""A phrase with no more letters counts as the last word only."""
_MISREAD = 8
"""The letters of a phrase that may be misread by one."""
_MOST_WORDS = 6
_LETTERS = str.maketrans("łøđı", "lodi")
"""Letters that engines read as the plain ones."""
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"  |: ?(?=[^\d\s])")
"""What divides the words before a date: cells, and colons behind other labels."""
_UNKNOWN = re.compile(r"(?P<label>[^\W\d_]{4,}(?: [^\W\d_]+){0,2}) ?: {0,2}$")
_UNKNOWN_WORD = re.compile(r"(?:^|  )(?P<label>[^\W\d_]{5,}) $")
"""A longer word alone before a date, without a colon."""
_WORD_BETWEEN = re.compile(r"(?<![^\W_])(?P<label>[^\W\d_]{4,}) $")
"""A word between a label and its date."""
_MAIL_LABEL = re.compile(r"^\W{0,3}(?P<label>[^\W\d_]+(?:[ -][^\W\d_]+)?) ?:")


class Labels(msgspec.Struct, frozen=True):
    """The phrases of `labels.toml`, folded."""

    lists: dict[str, tuple[str, ...]]
    """The phrases of each list in all languages."""
    mail: dict[str, int]
    """The labels of the head of a mail, with their places in the lists."""


@cache
def _labels() -> Labels:
    return load_prepared("date_labels", Labels, make_labels, LABELS)


def make_labels() -> Labels:
    """Read the phrases from their data file."""
    tables = tomllib.loads(LABELS.read_text(encoding="utf-8")).values()
    names = dict.fromkeys(name for table in tables for name in table)
    lists = {name: [key for table in tables for key in _keys(table.get(name, ""))] for name in names}
    mail = {key: place for table in tables for place, key in enumerate(_keys(table.get("mail", "")))}
    return Labels({name: tuple(dict.fromkeys(keys)) for name, keys in lists.items()}, mail)


@cache
def _roles() -> dict[str, DateRole]:
    """Return the phrases with their roles; where two know a phrase, the first one decides."""
    found: dict[str, DateRole] = {}
    for role in _ROLES:
        for key in _labels().lists[role.value]:
            found.setdefault(key, role)
    return found


@cache
def known_words(name: str) -> frozenset[str]:
    """Return the phrases of a list in all languages, folded."""
    return frozenset(_labels().lists.get(name, ()))


def _keys(phrases: str) -> list[str]:
    return [key for phrase in phrases.split(",") if (key := fold(phrase))]


def fold(text: str) -> str:
    """Return a text as labels are compared: letters and digits only, without accents."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    return compact(text).translate(_LETTERS)


@cache
def _long() -> list[str]:
    return [key for key in _roles() if len(key) >= _MISREAD]


@lru_cache(maxsize=4096)
def date_role_of(label: str) -> DateRole:
    """Return the role that the words before a date give it; those in its own cell before those to the left of it."""
    if (role := _role_in_scripts(label)) is not None:
        return role
    parts = [part for part in _PART.split(label.rstrip(" :.#-")) if part]
    for place, part in enumerate(reversed(parts)):
        if (role := _role_of(part, is_last=place == 0)) is not None:
            return role
    return DateRole.NONE


def _role_of(part: str, *, is_last: bool) -> DateRole | None:
    words = [fold(word) for word in _WORD.findall(part)]
    letters = [word for place, word in enumerate(words) if not word.isdecimal() and not _numbers(words, place)]
    found = list(_found(letters, words, is_last=is_last))
    outer = [each for each in found if not any(_contains(other, each) for other in found)]
    said = [each for each in outer if each.role is not DateRole.DATED]
    best = max(said or outer, key=lambda each: (each.end, each.end - each.start), default=None)
    return best.role if best is not None else None


class _Match(NamedTuple):
    """A phrase among words, from the first to behind the last, and its role."""

    start: int
    end: int
    role: DateRole


def _contains(one: _Match, other: _Match) -> bool:
    return one.start <= other.start and one.end >= other.end and one[:2] != other[:2]


def _numbers(words: Sequence[str], place: int) -> bool:
    """Whether a word is the sign of a number behind it, such as `Nr.`."""
    return len(words[place]) < _SHORT and "".join(words[place + 1 : place + 2]).isdecimal()


def _found(letters: Sequence[str], words: Sequence[str], *, is_last: bool) -> Iterator[_Match]:
    """Yield the known phrases."""
    known = _roles()
    for end in range(len(letters), 0, -1):
        behind = sum(map(len, letters[end:]))
        if behind > _FAR:
            return
        for start in range(max(0, end - _MOST_WORDS), end):
            key = "".join(letters[start:end])
            role = known.get(key) or (_of_word(key) if end - start == 1 else None)
            is_reached = role is DateRole.ISSUED or behind <= _NEAR
            is_next = is_last and end == len(letters) and words[-1] == letters[-1]
            is_long = len(key) > _SHORT or (role is DateRole.DATED and len(key) == _SHORT)
            if role is not None and is_reached and (is_long or is_next):
                yield _Match(start, end, role)


@lru_cache(maxsize=4096)
def _of_word(word: str) -> DateRole | None:
    """Return the role of a long word with a wrong letter, or that ends like a word for a date: `Bizdate`."""
    known = _roles()
    if len(word) >= _MISREAD and (
        found := process.extractOne(word, _long(), scorer=Levenshtein.distance, score_cutoff=1)
    ):
        return known[found[0]]
    ends = (word[start:] for start in range(1, len(word) - _SHORT + 1))
    return next((DateRole.DATED for end in ends if known.get(end) is DateRole.DATED), None)


def unknown_label(before: str, *, has_colon: bool = True) -> str | None:
    """Return a word with a colon right before a date that is no known label and no town; None if there is none.

    Unless it `has_colon`, a longer word counts without one.
    """
    match = _UNKNOWN.search(before) or (None if has_colon else _UNKNOWN_WORD.search(before))
    if match is None:
        return None
    words, role = [fold(word) for word in match["label"].split()], date_role_of(before)
    if (
        role is DateRole.DATED
        and len(words) > 1
        and len(words[-1]) > _SHORT
        and date_role_of(words[-1]) is DateRole.NONE
    ):
        words = words[-1:]  # `Data założenia:`, where the word for a date comes first
    elif role is not DateRole.NONE:
        return None
    if any(word in known_words("plain") or not word.isascii() for word in words) or _is_like_dated("".join(words)):
        return None
    return match["label"] if match["label"].lower() not in towns() else None


def unknown_word_between(before: str) -> str | None:
    """Return the word right before a date, behind its label, if it is not known and so may be a label misread."""
    match = _WORD_BETWEEN.search(before)
    word = fold(match["label"]) if match else ""
    is_known = word in known_words("plain") or date_role_of(word) is not DateRole.NONE or _is_like_dated(word)
    return match["label"] if match and word.isascii() and not is_known else None


def _is_like_dated(word: str) -> bool:
    """Whether it may be a misread word for a date, or end with one."""
    dated = [key for key, role in _roles().items() if role is DateRole.DATED and len(key) >= _SHORT]
    ends = {word, word[-4:], word[-5:]}
    return any(process.extractOne(end, dated, scorer=Levenshtein.distance, score_cutoff=1) for end in ends)


def mail_label(line: str) -> tuple[str, int] | None:
    """Return the label with which a line of a mail's head begins, and its place; None if it is none.

    The places are 0 for its sender, 1 and 2 for its day, 3 for its receiver, 4 for its subject.
    """
    match = _MAIL_LABEL.match(line[:40])
    if match is None:
        return None
    key = fold(match["label"])
    place = _labels().mail.get(key)
    return (key, place) if place is not None else None


def has_words_of(name: str, text: str) -> bool:
    """Whether a phrase of a list stands in a text as whole words."""
    words = [fold(word) for word in _WORD.findall(text)]
    known = known_words(name)
    return any(
        "".join(words[start:end]) in known
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1)
    )


def _role_in_scripts(label: str) -> DateRole | None:
    """Return the role by words of other scripts than the Latin; None if none is known."""
    words = vocabulary_of(label[-_FAR:])
    found = {DateRole(role) for _, role in words.dates.in_text(label[-_FAR:])} if words is not None else set()
    return next((role for role in _ROLES if role in found), None)
