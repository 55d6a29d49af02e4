"""Load lists of words from the data files of the rooms: facts of languages, which no rule is part of."""

from __future__ import annotations

from importlib.resources import files
from tomllib import loads


def load_word_lists(room: str, name: str) -> dict[str, list[str]]:
    """Return the lists of a room's file, each with its words in their order."""
    text = files(f"expensed.extraction.{room}").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return {key: words.split() for key, words in loads(text).items()}
