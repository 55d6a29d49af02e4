"""What the data files say of a script's languages, joined: labels, months, names, currencies, countries, categories.

Each language has a file in `data`; those of a script are read when a document first has letters of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files

import msgspec

from expensed.languages.phrases import Phrases
from expensed.languages.scripts import Script, script_of

LANGUAGES = {
    Script.CYRILLIC: ("ru", "uk", "bg", "sr", "mk", "kk"),
    Script.GREEK: ("el",),
    Script.HEBREW: ("he",),
    Script.ARABIC: ("ar", "fa"),
    Script.DEVANAGARI: ("hi", "mr", "ne"),
    Script.THAI: ("th",),
    Script.EASTERN: ("zh", "ja", "ko"),
}
"""The languages of each script, by ISO 639; where two know a word, the first one decides."""


@dataclass(frozen=True, slots=True)
class Country:
    """Words that tell a country, by kind of clue; all else about it is in `country/data`."""

    name: str = ""
    city: str = ""
    form: str = ""
    tax: str = ""
    language: str = ""
    letters: str = ""
    """Letters that only its language has."""
    numbers: str = ""
    """The numbers of telephones in the country, with `#` for any digit."""
    tax_numbers: str = ""
    """The same for the numbers of taxpayers."""

    @property
    def kinds(self) -> dict[str, str]:
        """The words by kind."""
        return {kind: getattr(self, kind) for kind in ("name", "city", "form", "tax", "language")}


@dataclass(frozen=True, slots=True)
class Names:
    """What makes a line a seller's name, and what else stands at the head of a paper."""

    forms: str = ""
    """Legal forms."""
    trades: str = ""
    """Words that say what kind of business it is."""
    titles: str = ""
    """Beginnings of lines that are titles or labels."""
    others: str = ""
    """Words that no name has: greetings, labels, what tills print."""
    streets: str = ""
    """Words of addresses."""
    customer: str = ""
    """Labels of the customer."""
    seller: str = ""
    """Labels of the seller."""
    either: str = ""
    """Labels of both their names, of which the customer's comes first."""
    banks: str = ""
    """Labels of the numbers of banks, beside which a bank is named."""


@dataclass(frozen=True, slots=True)
class Language:
    """The content of one file. Lists are texts with commas between the phrases."""

    sources: list[str]
    sums: dict[str, str]
    """Labels of sums by `amount.labels.Role`."""
    dates: dict[str, str]
    """Labels of dates by `date.labels.DateRole`."""
    months: list[str] = field(default_factory=list)
    """The names of each of the twelve months."""
    weekdays: list[str] = field(default_factory=list)
    """The names of each day, from Monday."""
    names: Names = field(default_factory=Names)
    marks: dict[str, str] = field(default_factory=dict)
    """Signs and words beside amounts by ISO 4217's code."""
    shared_marks: dict[str, str] = field(default_factory=dict)
    """Signs and words beside amounts that several currencies share, with their codes, the likeliest first."""
    units: str = ""
    """Units of measure, which make a number no sum of money."""
    categories: dict[str, str] = field(default_factory=dict)
    countries: dict[str, Country] = field(default_factory=dict)


class Vocabulary:
    """The words of a script's languages together."""

    def __init__(self, script: Script, languages: Iterable[Language]) -> None:
        self.script = script
        self._languages = tuple(languages)

    @cached_property
    def sums(self) -> Phrases[str]:
        """Labels of sums, with the names of their roles."""
        return self._joined(language.sums for language in self._languages)

    @cached_property
    def dates(self) -> Phrases[str]:
        """Labels of dates, with the names of their roles."""
        return self._joined(language.dates for language in self._languages)

    @cached_property
    def categories(self) -> Phrases[str]:
        """Words of names and goods, with their categories."""
        return self._joined(language.categories for language in self._languages)

    @cached_property
    def months(self) -> dict[str, int]:
        """The names of the months, as written, with their numbers."""
        return dict(self._numbered(language.months for language in self._languages))

    @cached_property
    def weekdays(self) -> dict[str, int]:
        """The names of the weekdays, as written, with their numbers; 0 is Monday."""
        return {name: number - 1 for name, number in self._numbered(each.weekdays for each in self._languages)}

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The legal forms as usually written, the longest first."""
        forms = {form for language in self._languages for form in _listed(language.names.forms)}
        return tuple(sorted(forms, key=len, reverse=True))

    @cached_property
    def trades(self) -> Phrases[str]:
        """Words that say what kind of business it is."""
        return self._named("trades")

    @cached_property
    def titles(self) -> Phrases[str]:
        """Beginnings of lines that are titles or labels."""
        return self._named("titles")

    @cached_property
    def others(self) -> Phrases[str]:
        """Words that no name has."""
        return self._named("others")

    @cached_property
    def streets(self) -> Phrases[str]:
        """Words of addresses."""
        return self._named("streets")

    @cached_property
    def banks(self) -> Phrases[str]:
        """Labels of the numbers of banks."""
        return self._named("banks")

    @cached_property
    def parties(self) -> Phrases[str]:
        """Labels of the customer, of the seller, and of either, with those words as meaning."""
        return self._joined(
            {kind: getattr(each.names, kind) for kind in ("customer", "seller", "either")} for each in self._languages
        )

    @cached_property
    def marks(self) -> dict[str, str]:
        """Signs and words beside amounts in lower case, with their currencies; a shared one with itself."""
        shared = {mark: mark for mark in self.shared_marks}
        own = (language.marks.items() for language in self._languages)
        return {mark.lower(): code for marks in own for code, words in marks for mark in _listed(words)} | shared

    @cached_property
    def shared_marks(self) -> dict[str, tuple[str, ...]]:
        """The currencies of each sign or word that several share, the likeliest first."""
        shared = (language.shared_marks.items() for language in reversed(self._languages))
        return {
            mark.lower(): tuple(codes.split()) for marks in shared for words, codes in marks for mark in _listed(words)
        }

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Units of measure in lower case, the longest first."""
        units = {unit.lower() for language in self._languages for unit in _listed(language.units)}
        return tuple(sorted(units, key=len, reverse=True))

    @cached_property
    def countries(self) -> list[tuple[str, Country]]:
        """Each country's name with what is known of it."""
        return [each for language in self._languages for each in language.countries.items()]

    @cached_property
    def clues(self) -> Phrases[dict[str, tuple[str, ...]]]:
        """The words that tell a country; their meaning is the kinds of clue that they are, by country."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for name, country in self.countries:
            for kind, words in country.kinds.items():
                for word in _listed(words):
                    known = found.setdefault(word, {})
                    known[name] = (*known.get(name, ()), kind)
        return Phrases(found, self.script, keeps_han=True)

    def _named(self, kind: str) -> Phrases[str]:
        return self._joined({kind: getattr(language.names, kind)} for language in self._languages)

    def _joined(self, tables: Iterable[Mapping[str, str]]) -> Phrases[str]:
        """Return the phrases of several tables of lists; where two tables know one, the first decides."""
        meanings: dict[str, str] = {}
        for table in tables:
            for meaning, words in table.items():
                for phrase in _listed(words):
                    meanings.setdefault(phrase, meaning)
        return Phrases(meanings, self.script)

    def _numbered(self, tables: Iterable[list[str]]) -> Iterator[tuple[str, int]]:
        for table in tables:
            for number, words in enumerate(table, 1):
                for name in _listed(words):
                    yield name, number


def vocabulary_of(text: str) -> Vocabulary | None:
    """Return the words of the script that a text is in; None if all its letters are Latin."""
    script = script_of(text)
    return None if script is None else load_vocabulary(script)


@cache
def load_vocabulary(script: Script) -> Vocabulary:
    """Read the files of a script's languages."""
    return Vocabulary(script, [load_language(language) for language in LANGUAGES[script]])


def load_language(language: str) -> Language:
    """Read the file of a language."""
    text = files(__package__).joinpath("data", f"{language}.toml").read_text(encoding="utf-8")
    return msgspec.toml.decode(text, type=Language)


_COMMA = re.compile(r"\s*,\s*")


def _listed(words: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in _COMMA.split(words.strip()) if phrase]
