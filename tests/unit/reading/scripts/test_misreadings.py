"""Telling a script from what the first engine makes of it."""

from __future__ import annotations

import pytest

from expensed.model.reading import Word
from expensed.reading.scripts.misreadings import LATIN, tell_scripts


def _words(*lines: tuple[str, float]) -> list[Word]:
    return [Word(text, 1, (0.1, 0.1, 0.9, 0.2), confidence) for text, confidence in lines]


@pytest.mark.parametrize(
    ("script", "lines"),
    [
        ("Cyrillic", [("TOBAPHMÈ 4EK", 0.89), ("KacCHP: OTAen", 0.88), ("3AA4A: 2,70 rpH.", 0.89)]),
        ("Arabic", [("ais dyas", 0.55), ("ciisl dolw byiy", 0.52), ("gKealt s", 0.5)]),
        ("Thai", [("uasu3u/?unum", 0.61), ("luaaiiu/lurin", 0.67), ("nmaalin7", 0.7)]),
        (LATIN, [("GRAND TOTAL 12.50", 0.99), ("Thank you, please come again", 0.97), ("Cash", 0.99)]),
    ],
)
def test_misread_lines_tell_their_script(script, lines):
    page = tell_scripts(_words(*lines)).page
    assert max(page, key=lambda name: page[name]) == script


def test_a_ruler_of_stars_tells_nothing():
    stars = ("本车求车市求车本车求车市求车", 0.4)
    assert not tell_scripts(_words(stars)).words


def test_a_page_without_letters_tells_nothing():
    found = tell_scripts(_words(("12.50", 0.99), ("03/14", 0.99)))
    assert not found.words
