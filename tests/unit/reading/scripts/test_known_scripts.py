"""The scripts that are read: which letters are theirs, and which a setting asks for."""

from __future__ import annotations

import pytest

from expensed.reading.scripts.known_scripts import SCRIPTS, scripts_of_languages

BY_NAME = {script.name: script for script in SCRIPTS}


@pytest.mark.parametrize(
    ("name", "text", "letters"),
    [
        ("Cyrillic", "ИТОГО 12,50 EUR", 5),
        ("Greek", "Σύνολο", 6),
        ("Arabic", "الإجمالي: Total", 8),
        ("Hebrew", 'סה"כ', 3),
        ("Korean", "합계 ₩", 2),
        ("Japanese", "レジ合計", 4),
    ],
)
def test_a_script_counts_its_own_letters(name, text, letters):
    assert BY_NAME[name].letters(text) == letters


def test_a_script_counts_digits_that_are_not_ascii():
    assert BY_NAME["Thai"].digits("๑๒0.50") == 2


def test_auto_asks_for_every_script_and_models_for_theirs():
    assert scripts_of_languages(("auto",)) == SCRIPTS
    assert scripts_of_languages(("eng", "script/Cyrillic")) == (BY_NAME["Cyrillic"],)
    assert scripts_of_languages(("eng",)) == ()
