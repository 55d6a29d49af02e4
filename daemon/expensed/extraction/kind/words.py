"""The words that tell the kind of a paper, from `titles.toml`, and how a line's words are compared with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from expensed.extraction.prepared import load_prepared
from expensed.languages.phrases import plain
from expensed.languages.scripts import UNSPACED, Script, script_of
from expensed.languages.vocabulary import LANGUAGES
from expensed.model.states import ExpenseKind

TITLES = files(__package__).joinpath("titles.toml")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_WORD = re.compile(r"\w+")
_SIGN = re.compile(r"[a-z]+|\d+|\w")
"""The words of a script that sets no spaces: each of its letters, and Latin words."""
_OTHER_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_COMMA = re.compile(r"\s*,\s*")
_KINDS = frozenset(kind.value for kind in ExpenseKind)


@dataclass(slots=True)
class Words:
    """The phrases of some languages, each as its words joined: titles with their kinds, and the other lists."""

    titles: dict[str, ExpenseKind] = field(default_factory=dict)
    lists: dict[str, set[str]] = field(default_factory=dict)
    longest: int = 1
    """The most words, or letters of a script without spaces, that a phrase has."""

    def add(self, lists: Mapping[str, str]) -> None:
        """Add the lists of one language; what two languages know is decided by the first."""
        for name, phrases in lists.items():
            for words in map(split_words, _COMMA.split(phrases)):
                key = "".join(words)
                self.longest = max(self.longest, len(words))
                if name in _KINDS:
                    self.titles.setdefault(key, ExpenseKind(name))
                else:
                    self.lists.setdefault(name, set()).add(key)

    def title_at(self, words: Sequence[str], start: int) -> tuple[str, int] | None:
        """Return the longest title that begins at this word, and where it ends."""
        return self._longest_at(self.titles, words, start)

    def one_at(self, name: str, words: Sequence[str], start: int) -> int:
        """Return where a phrase of a list ends that begins at this word; 0 if none does."""
        found = self._longest_at(self.lists.get(name, ()), words, start)
        return found[1] if found else 0

    def title_share(self, words: Sequence[str]) -> float:
        """Return the share of the words' letters, 0..1, that are titles or stand `beside` them."""
        start, titled, is_titled = 0, 0, False
        while start < len(words):
            found = self.title_at(words, start)
            end = found[1] if found else self.one_at("beside", words, start)
            titled += sum(map(len, words[start:end]))
            is_titled |= found is not None
            start = max(end, start + 1)
        return titled / max(sum(map(len, words)), 1) if is_titled else 0.0

    def all_in(self, name: str, words: Sequence[str]) -> Iterator[str]:
        """Yield the phrases of a list that are among the words."""
        start = 0
        while start < len(words):
            end = self.one_at(name, words, start)
            if end:
                yield "".join(words[start:end])
            start = max(end, start + 1)

    def _longest_at(self, known: Iterable[str], words: Sequence[str], start: int) -> tuple[str, int] | None:
        for end in range(min(len(words), start + self.longest), start, -1):
            if (key := "".join(words[start:end])) in known:
                return key, end
        return None


@lru_cache(maxsize=4096)
def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case without accents; the letters of a script that sets no spaces."""
    if text.isascii():
        return tuple(_ASCII_WORD.findall(text.lower()))
    script = script_of(text)
    folded = plain(text, script or Script.GREEK).translate(_OTHER_LETTERS)
    return tuple((_SIGN if script in UNSPACED else _WORD).findall(folded))


def words_for(text: str) -> Words:
    """Return the words of the languages in the script of a text; of those in Latin letters if it has no other."""
    return _load(script_of(text))


@lru_cache(maxsize=1024)
def title_share(text: str) -> float:
    """Return the share of a text's letters, 0..1, that are titles of papers and the words beside them."""
    return words_for(text).title_share(split_words(text))


@cache
def _load(script: Script | None) -> Words:
    return load_prepared("kind_words", Words, make_latin, TITLES) if script is None else _make(script)


def make_latin() -> Words:
    """Make the words of the languages in Latin letters."""
    return _make(None)


def _make(script: Script | None) -> Words:
    table = _read_table()
    others = {language for languages in LANGUAGES.values() for language in languages}
    own = LANGUAGES[script] if script is not None else [language for language in table if language not in others]
    words = Words()
    for language in own:
        words.add(table.get(language, {}))
    if script is not None:  # papers in other scripts also print English titles
        words.add(table["en"])
    return words


@cache
def _read_table() -> dict[str, dict[str, str]]:
    return tomllib.loads(TITLES.read_text(encoding="utf-8"))
