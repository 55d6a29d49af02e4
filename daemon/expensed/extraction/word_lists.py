"""Load lists of words from the data files of the rooms: facts of languages, which no rule is part of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from tomllib import loads

from expensed.languages.phrases import Phrases
from expensed.languages.scripts import Script, script_of


def load_word_lists(room: str, name: str) -> dict[str, list[str]]:
    """Return the lists of a room's file, each with its words in their order."""
    text = files(f"expensed.extraction.{room}").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return {key: words.split() for key, words in loads(text).items()}


class PhraseLists:
    """Lists of phrases of many languages, and which of them a text holds; a phrase of two lists is of the first."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        by_script: dict[Script | None, dict[str, str]] = {}
        for name, phrases in lists.items():
            for phrase in phrases:
                by_script.setdefault(script_of(phrase), {}).setdefault(phrase, name)
        self.names = tuple(lists)
        self._phrases = {script: Phrases(names, script) for script, names in by_script.items()}

    def find(self, text: str) -> frozenset[str]:
        """Return the names of the lists whose phrases are in a text."""
        return frozenset(name for _, name in self._found(text))

    def share(self, text: str) -> float:
        """Return the share of a text's letters, 0..1, that the phrases in it make up."""
        named = sum(sum(map(str.isalpha, phrase)) for phrase, _ in self._found(text))
        return named / max(sum(map(str.isalpha, text)), 1)

    def _found(self, text: str) -> list[tuple[str, str]]:
        known = self._phrases.get(script_of(text))
        return [] if known is None else list(known.in_text(text))


@cache
def load_phrases(room: str, name: str) -> PhraseLists:
    """Return the lists of phrases of a room's file."""
    text = files(f"expensed.extraction.{room}").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return PhraseLists(loads(text))
