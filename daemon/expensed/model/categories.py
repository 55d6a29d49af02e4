"""The categories: the sixteen that expensed knows, and those that the settings add to them or put in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from expensed.model.text import fold_letters

OTHER = "Other"
CATEGORIES = (
    "Meals & Entertainment",
    "Groceries",
    "Travel & Lodging",
    "Transport & Fuel",
    "Office Supplies",
    "Software & Services",
    "Equipment & Hardware",
    "Utilities & Telecom",
    "Rent & Facilities",
    "Health & Medical",
    "Clothing & Personal",
    "Home & Retail",
    "Books & Education",
    "Professional Services",
    "Insurance & Fees",
    OTHER,
)
_WORDS = re.compile(r"[\s&/,+-]+")


@dataclass(frozen=True, slots=True)
class OwnCategory:
    """A category of the settings, or what they add to one of the sixteen."""

    name: str
    words: tuple[str, ...] = ()
    """A document on which one of them stands, each one word or several in a row, belongs here."""
    sellers: tuple[str, ...] = ()
    """Their documents belong here, whatever else stands on them."""
    instead_of: str | None = None
    """The one of the sixteen that is called so."""


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories in force."""

    own: tuple[OwnCategory, ...] = ()
    keeps_standard: bool = True
    """Whether those of the sixteen stay that no own one replaces; `Other` always does."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that may be chosen, `Other` last."""
        standard = [self.called(each) for each in CATEGORIES]
        return tuple(dict.fromkeys(_with_last((*standard, *(each.name for each in self.own)), self.called(OTHER))))

    def called(self, category: str) -> str:
        """Return what is filed in place of a category; any that is in force stays as it is.

        The settings make sure that no category that replaces one of the sixteen is replaced itself.
        """
        for own in self.own:
            if category == own.instead_of:
                return own.name
        is_dropped = not self.keeps_standard and category in CATEGORIES and category != OTHER
        return self.called(OTHER) if is_dropped and all(own.name != category for own in self.own) else category

    def find(self, name: str) -> str | None:
        """Return the category of this name, in any case and spelling; None if there is none."""
        folded = fold_letters(name)
        return next((self.called(each) for each in (*self.names, *CATEGORIES) if fold_letters(each) == folded), None)

    def find_by_words(self, text: str) -> str | None:
        """Return the category of this name, or the only one that has all these words: `Travel` is in one name only."""
        words = _split(text)
        having = [each for each in self.names if words and words <= _split(each)]
        return self.find(text) or (having[0] if len(having) == 1 else None)


def _with_last(names: Iterable[str], last: str) -> list[str]:
    return [*(name for name in names if name != last), last]


def _split(name: str) -> frozenset[str]:
    return frozenset(map(fold_letters, _WORDS.split(name))) - {"", "and"}


STANDARD = Categories()
"""The sixteen alone."""
