"""Words that Tesseract finds on a line: which of them are one."""

from __future__ import annotations

import pytest

from expensed.reading.engines.engine import Sighting
from expensed.reading.scripts.joined_words import join_words
from expensed.reading.scripts.known_scripts import SCRIPTS

BY_NAME = {script.name: script for script in SCRIPTS}


def line(*words, gaps):
    """Lay words of 40 pixels a letter side by side, with these gaps between them."""
    seen, left = [], 0.0
    for word, gap in zip(words, (*gaps, 0), strict=True):
        right = left + 40 * len(word)
        seen.append(Sighting(word, (left, 12, right, 56), 0.9))
        left = right + gap
    return seen


@pytest.mark.parametrize(
    ("words", "gaps", "text"),
    [
        (("만복네", "식당"), (14,), "만복네 식당"),
        (("만", "복", "네", "식당"), (0, 0, 14), "만복네 식당"),
        (("만", "복", "네", "식당"), (15, 16, 29), "만복네 식당"),
        (("부산시", "해운대구", "중앙로"), (14, 11), "부산시 해운대구 중앙로"),
    ],
)
def test_letters_that_stand_apart_are_one_word(words, gaps, text):
    assert join_words(line(*words, gaps=gaps), BY_NAME["Korean"]).text == text


def test_words_of_a_script_with_spaces_stay_apart():
    assert join_words(line("שלום", "רב", gaps=(2,)), BY_NAME["Hebrew"]).text == "שלום רב"
