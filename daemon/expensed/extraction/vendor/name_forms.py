"""Choose the form of a seller's name: the brand, the whole name, the one without a branch, the clearer letters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from expensed.extraction.amount.labels import compact
from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.vendor.legal_forms import LEGAL_FORM, without_legal_form
from expensed.extraction.vendor.name_likeness import likeness
from expensed.extraction.vendor.names import EDGE
from expensed.extraction.vendor.other_mentions import Witness
from expensed.extraction.vendor.trade_words import is_outlet, says_trade

ALIKE = 0.8
"""Two names at least this alike belong to the same seller."""
_NEAR_BEST = 3.0
"""In scores; a form further behind is not preferred."""
_CLEARER = 0.04
"""The necessary advantage in the engine's confidence."""
_HEAD_HEIGHT = 0.25
"""How far apart two forms of a name may be, in page heights."""
_SHORTEST = 4
_SHORT_NAME = 5
_MOST_ADDED = 3
"""How many more words the whole name may have."""
_PERSONAL_FORM = re.compile(r"(?<![^\W_])(?:ohg|e\.?\s?k(?:fm|fr)?)\.?(?![^\W_])", re.IGNORECASE)
_CAPITALS_FIRST = re.compile(r"([A-ZÄÖÜ]{3,}(?:[ -][A-ZÄÖÜ]{3,})*)\s+[A-ZÄÖÜ][a-zäöüß]")


def brand_of(name: str, witnesses: Sequence[Witness]) -> str:
    """Return the brand in a name, if the rest only says what or whose shop it is.

    It is the part in the seller's host, or the capitals in a sole trader's firm (`FERN Jane Doe e.K.`).
    """
    personal = is_personal(name)
    if personal and (capitals := _CAPITALS_FIRST.match(name)):
        return capitals[1]
    domains = {each.key for each in witnesses if each.kind == "domain"}
    if not domains:
        return name
    plain = without_legal_form(name)
    for end in (match.start() for match in re.finditer(r"[\s-]+", plain)):
        rest = plain[end:].strip(EDGE)
        if compact(plain[:end]) in domains and (personal or is_outlet(rest)):
            return plain[:end].strip(EDGE)
    return name


def is_akin(one: str, other: str) -> bool:
    """Whether these are two forms of one name: one contains the other, or both begin with the same long word."""
    first, second = compact(one), compact(other)
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= _SHORT_NAME and shorter in longer:
        return True
    word = compact(one.partition(" ")[0])
    return len(word) > _SHORT_NAME and word == compact(other.partition(" ")[0])


def is_personal(name: str) -> bool:
    """Whether this is a sole trader's firm such as `Jane Doe e.K.`, which often stands below the shop's name."""
    return bool(_PERSONAL_FORM.search(name))


def prefer_form(candidates: list[Candidate[str]], read: Mapping[str, float]) -> list[Candidate[str]]:
    """Return the candidates, best first, with a better form of the best name put before it.

    `read` is the engine's confidence, 0..1, by the text that a candidate came from.
    """
    if not candidates:
        return []
    best = candidates[0]
    for other in candidates[1:]:
        if best.score - other.score <= _NEAR_BEST and _is_better(other, best, read):
            others = [each for each in candidates if each is not other and each is not best]
            return [replace(other, score=best.score), *best_first([*others, replace(best, score=other.score)])]
    return candidates


def _is_better(other: Candidate[str], best: Candidate[str], read: Mapping[str, float]) -> bool:
    """Whether `other` is the same name read with more confidence, a name that contains it, or one without a branch."""
    one, two = compact(other.value), compact(best.value)
    if one == two or min(len(one), len(two)) < _SHORTEST or _is_apart(other, best):
        return False
    if two.startswith(one):
        rest = _rest(best.value, other.value)
        return rest is not None and not _says_what(rest)
    if one.startswith(two):
        rest = _rest(other.value, best.value)
        return rest is not None and len(rest.split()) <= _MOST_ADDED and _says_what(rest) and not is_outlet(rest)
    if two in one:
        return len(other.value.split()) <= len(best.value.split()) + _MOST_ADDED
    return read.get(other.text, 0.0) - read.get(best.text, 0.0) >= _CLEARER and likeness(one, two) >= ALIKE


def _rest(longer: str, shorter: str) -> str | None:
    """Return what follows the shorter name in the longer one, after a space."""
    return longer[len(shorter) :] if longer.casefold().startswith(f"{shorter} ".casefold()) else None


def _says_what(text: str) -> bool:
    return says_trade(text) or bool(LEGAL_FORM.search(text))


def _is_apart(one: Candidate[str], other: Candidate[str]) -> bool:
    """Whether the names are not near each other on the page."""
    if one.box is None or other.box is None:
        return True
    return abs(one.box[1] - other.box[1]) > _HEAD_HEIGHT
