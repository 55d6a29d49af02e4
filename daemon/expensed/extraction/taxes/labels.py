"""Tell whether a line's words name a tax."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.amount.labels_by_language import role_in_tongues
from expensed.extraction.items.lines import Line
from expensed.extraction.word_lists import load_phrases, load_word_lists

_NAMES, _BEFORE, _AFTER, _PLACES = (
    "|".join(sorted(words, key=len, reverse=True))
    for words in map(load_word_lists("taxes", "labels").get, ("names", "before", "after", "places"))
    if words is not None
)
_SMALL = frozenset((*_BEFORE.split("|"), *_AFTER.split("|")))
_NAME_SET = frozenset(_NAMES.split("|"))
_WHOLE = re.compile(
    rf"(?:[a-z&]{{0,14}}(?<!incl)(?<!exc)(?<!excl)(?<!before)(?<!without)(?<!pre)(?<!subjectto)(?<!non)tax(?:es)?"
    rf"|(?:{_BEFORE}|[a-z]?&)*(?:{_NAMES})+)(?:{_AFTER})*"
)
_PLACE = re.compile(rf"(?:{_PLACES})(?:rate)?")
_NO_TAX = re.compile(
    rf"tax(?:es)?(?:on|base)$|exc(?!ise)|before|without|^(?:(?:sub)?tot(?:al)?(?:sales|amount)?|amount|amt)(?:inc(?:l|luding|lusiveof)?|with)(?:{_NAMES})|taxinv|^taxable|taxid|taxno|taxreg|subtotal|regno|number"
)
_INCLUDES = re.compile(
    rf"includ(?:es|ed)(?:{_NAMES})(?:of)?$|incl(?:uding|uded)?of(?:{_NAMES})$"
    rf"|^(?:{_NAMES})(?:in[ck]l|included|contained|enthalten)(?:in)?(?:the)?(?:total|prices?|above|amount)$"
)
_LONE = re.compile(r"(?<![^\W_])(?<!\.)[^\W\d_](?![^\W_]|\.)")
"""A letter that stands alone: the mark of a rate, as in `PTU A 23%`."""
_DOTTED = re.compile(
    r"(?<![^\W_])(?=(?:[^A-Za-z]{0,3}[A-Za-z]){2})[A-Za-z0-9][.,]\s?(?:[A-Za-z0-9]\s?[.,]\s?){1,3}[A-Za-z0-9]?(?![^\W_])"
)
_MIXED = re.compile(r"(?<![^\W_])(?=[^\W_]*[^\W\d_])(?=[^\W_]*\d)[^\W_]{2,7}(?![^\W_])")
_LETTERS_FOR = (str.maketrans("015678", "oisgtb"), str.maketrans("015678", "olsgtb"))
"""Letters that are read as figures inside a word: `1VA`, `H57`."""
_SHORT = frozenset(("st", "sr", "kk"))
"""Names of taxes too short to be told without a rate."""
_SHORT_WORD = 3
_SHAPES = str.maketrans("015867i4|!", "olsbgtlall")
"""One letter for all that engines take for each other."""
_SYMBOLS = str.maketrans("≤≥≈≠±∪", "xxxxxx")
"""What engines take letters for: `G≤T`."""
_LONG_WORD = 8
"""From this length two letters may be misread."""
_TWINS = ("cgst", "sgst")
"""The two halves of India's tax."""
_LONGEST, _LONGEST_HEAD, _LONGEST_NAME = 30, 100, 40
_FEWEST_COLUMNS = 2
_LEAST_SHARE = 0.5
_RATE_AND_SUMS = re.compile(r"[(@]?\s?\d+(?:[.,]\d+)?\s?%?\s?\)?")


def is_tax(line: Line) -> bool:
    """Whether a line's words name a tax, and not much else."""
    return is_tax_label(line.label, line.role, has_base=len(line.prices) > 1) or (
        line.role is Role.NONE and names_place(line.label)
    )


@lru_cache(maxsize=4_096)
def is_tax_label(label: str, role: Role, *, is_rated: bool = False, has_base: bool = False) -> bool:
    """Whether a label with this role names a tax, and not much else; more may stand beside a rate.

    `has_base`: the line has another sum, so that `Tax 6% on` stands before both.
    """
    forms = dict.fromkeys(_nearest(label, letters) for letters in _LETTERS_FOR)
    return any(_names_tax(text.removesuffix("on") if has_base else text, label, role, is_rated) for text in forms)


def _names_tax(text: str, label: str, role: Role, is_rated: bool) -> bool:
    if not text or len(text) > _LONGEST or _NO_TAX.search(text):
        return False
    if _INCLUDES.search(text) or (is_rated and text in _SHORT):
        return True
    is_whole = _WHOLE.fullmatch(text) is not None
    if role is Role.TAX:
        return is_rated or is_whole or not text.isascii() or _is_short_name(label) or _in_tongues(label)
    if role is Role.TOTAL and is_rated and not text.startswith("tot"):
        return is_whole
    return role in (Role.NONE, Role.SERVICE) and (
        is_whole or _ends_with_name(label) or (is_rated and _is_short_name(label))
    )


def _is_short_name(label: str) -> bool:
    """Whether a label is the name of a tax with nothing but small words around it: `GST @6%`, not `Tax advice`."""
    words = [compact(word) for word in re.findall(r"[^\W\d_]+", _joined(label))]
    return any(word in _NAME_SET for word in words) and all(
        len(word) <= _SHORT_WORD or word in _NAME_SET or _is_small(word) for word in words
    )


@lru_cache(maxsize=2_000)
def _is_small(word: str) -> bool:
    """Whether a word may stand beside the name of a tax, if it is long with a letter misread."""
    most = 1 if len(word) > 2 * _SHORT_WORD else 0
    return process.extractOne(word, _SMALL, scorer=Levenshtein.distance, score_cutoff=most) is not None


def _ends_with_name(label: str) -> bool:
    """Whether the last word of a label is the name of a tax: `Łącznie PTU`."""
    words = [compact(word) for word in label.split() if any(map(str.isalpha, word))]
    return bool(words) and words[-1] in _NAME_SET


@cache
def usual_rates() -> frozenset[Decimal]:
    """Return the rates in percent that taxes on sales have somewhere."""
    return frozenset(Decimal(rate).normalize() for rate in load_word_lists("taxes", "labels")["rates"])


def names_place(label: str) -> bool:
    """Whether a label only names whose tax it is, as American tills do below the subtotal: `State`, `City`."""
    return bool(_PLACE.fullmatch(nearest_letters(label)))


def nearest_letters(label: str) -> str:
    """Return the letters of the last part of a label, folded, with those that were read as figures."""
    return _nearest(label, _LETTERS_FOR[0])


def is_near_tax(words: str) -> bool:
    """Whether one of the words may be the name of a tax, or the place that it goes to, with a letter misread."""
    return nearest_letters(words) in _SHORT or any(nearest_name(word) for word in split_words(words))


def split_words(text: str) -> list[str]:
    """Return the words of a text that have a letter; `C.G.S.T` is one."""
    words = re.findall(r"[^\W_]+", _joined(text).translate(_SYMBOLS))
    return [word for word in words if any(map(str.isalpha, word))]


def _joined(text: str) -> str:
    """Return a text with the letters of dotted names together: `C.G.S.T` as `CGST`."""
    return _DOTTED.sub(lambda match: re.sub(r"[.,\s]", "", match[0]), text)


@lru_cache(maxsize=4_096)
def nearest_name(word: str) -> str | None:
    """Return the name of a tax or of a place that a word may be if a letter of it was misread, of a long one two."""
    shape = compact(word).translate(_SHAPES)
    if len(shape) < _SHORT_WORD:
        return _without_edge(shape)
    most = 2 if len(shape) >= _LONG_WORD else 1
    found = process.extractOne(shape, _name_shapes(), scorer=Levenshtein.distance, score_cutoff=most)
    return None if found is None else found[2]


def _without_edge(shape: str) -> str | None:
    """Return the short name that two letters are without its first one: `VA` for `IVA`."""
    if len(shape) != _SHORT_WORD - 1 or shape in _SMALL:
        return None
    return next((name for name, full in _name_shapes().items() if full[1:] == shape), None)


@cache
def _name_shapes() -> dict[str, str]:
    names = (*_NAMES.split("|"), *_PLACES.split("|"))
    return {name: name.translate(_SHAPES) for name in names if len(name) >= _SHORT_WORD}


def twins_in(words: str) -> frozenset[str]:
    """Return which halves of India's tax the words name, `cgst` and `sgst`, if need be with a letter misread."""
    return frozenset(filter(None, map(_twin, split_words(words))))


@lru_cache(maxsize=2_000)
def _twin(word: str) -> str | None:
    shape = compact(word).translate(_SHAPES)
    if shape.startswith("ut"):
        shape = shape[1:]
    ends = [twin for twin in _TWINS if shape[:1] == twin[0] or shape[:1] not in "cs"]
    found = process.extractOne(
        shape, {each: each.translate(_SHAPES) for each in ends}, scorer=Levenshtein.distance, score_cutoff=1
    )
    return found[2] if found is not None and len(shape) >= _SHORT_WORD else None


def _nearest(label: str, letters: dict[int, int]) -> str:
    """Return the letters of the last part of a label that has any, with letters for figures inside words."""
    mended = _MIXED.sub(lambda match: match[0].translate(letters), _joined(label))
    parts = (re.sub(r"\d", "", compact(_LONE.sub(" ", part))) for part in reversed(mended.split("\n")))
    return next((part for part in parts if any(map(str.isalpha, part))), "")


def _in_tongues(label: str) -> bool:
    return role_in_tongues(label) is Role.TAX


def is_tax_table(line: Line) -> bool:
    """Whether a line is the head of a table of taxes: it names their summary, or two of its columns and no more."""
    return not line.prices and len(line.text) <= _LONGEST_HEAD and _heads_table(line.text)


@lru_cache(maxsize=2_000)
def _heads_table(text: str) -> bool:
    known = load_phrases("taxes", "words")
    columns = known.find(text)
    if "summary" in columns:
        return True
    return len(columns) >= _FEWEST_COLUMNS and "tax" in columns and known.share(text) >= _LEAST_SHARE


def is_tax_name(text: str) -> bool:
    """Whether a text is just the name of a tax, with or without points: `C.G.S.T`."""
    return compact(_joined(text)) in _NAME_SET


def find_name(line: Line) -> str | None:
    """Return the words that name a tax in a line, as printed."""
    text = _RATE_AND_SUMS.sub(" ", line.words)
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    name = " ".join(words).strip(" :;.,=-()[]@*")
    return name[:_LONGEST_NAME] if len(name) > 1 else None
