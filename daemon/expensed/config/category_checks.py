"""Checks of the categories in the settings. Every complaint is a ValueError that completes the sentence "NAME ..."."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from expensed.model.categories import CATEGORIES, OwnCategory
from expensed.model.text import fold_letters, make_plain

_LONGEST_NAME_BYTES = 120
"""A name becomes a folder's."""


def check_category_name(name: str) -> str:
    """Return the name of a category on one line; ValueError unless it can be told from others."""
    plain = make_plain(name)
    if not fold_letters(plain):
        raise ValueError("must have a name with a letter or a digit")
    if len(plain.encode("utf-8", "surrogatepass")) > _LONGEST_NAME_BYTES:
        raise ValueError(f"has a name of more than {_LONGEST_NAME_BYTES} bytes")
    return plain


def check_words(words: Sequence[str]) -> tuple[str, ...]:
    """Return words or names, each once and on one line; ValueError if one has neither a letter nor a digit."""
    plain = [make_plain(word) for word in words]
    if bare := [word for word, kept in zip(words, plain, strict=True) if not fold_letters(kept)]:
        raise ValueError(f"must hold words with a letter or a digit, which {bare[0]!r} is not")
    return tuple({fold_letters(word): word for word in reversed(plain)}.values())[::-1]


def check_standard(name: str) -> str:
    """Return the one of the sixteen that is named, as it is spelt; ValueError for any other name. Empty is allowed."""
    found = find_standard(name)
    if name and found is None:
        near = difflib.get_close_matches(name.casefold(), [each.casefold() for each in CATEGORIES], n=1, cutoff=0.5)
        asked = next((f"; did you mean {each}?" for each in CATEGORIES if near and each.casefold() == near[0]), "")
        raise ValueError(f"must be one of: {', '.join(CATEGORIES)}{asked}")
    return found or ""


def find_standard(name: str) -> str | None:
    """Return the one of the sixteen that has this name, in any case; None if there is none."""
    return next((each for each in CATEGORIES if fold_letters(each) == fold_letters(name)), None)


def check_own(own: Collection[OwnCategory]) -> None:
    """Raise ValueError that lists whatever two categories claim, since it would not be known which of them is meant."""
    replaced = {each.instead_of for each in own}
    mistakes = [
        *_list_clashes("the name", ((each.name, each.name) for each in own)),
        *_list_clashes("the word", ((word, each.name) for each in own for word in each.words)),
        *_list_clashes("the seller", ((seller, each.name) for each in own for seller in each.sellers)),
        *_list_clashes("the place of", ((each.instead_of, each.name) for each in own if each.instead_of)),
        *(f"has {each.name} replaced by another, though it has settings" for each in own if each.name in replaced),
    ]
    if mistakes:
        raise ValueError("; ".join(mistakes))


def _list_clashes(what: str, claims: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Yield a clause for each claim that several categories make; claims come with their category."""
    claimants: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for claim in claims:
        claimants[fold_letters(claim[0])].append(claim)
    for made in claimants.values():
        if len(made) > 1:
            names = " and ".join(name for _, name in made)
            yield f"has one name twice: {names}" if what == "the name" else f"gives {what} {made[0][0]!r} to {names}"
