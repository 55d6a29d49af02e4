"""The data files: each has what extraction can use, and nothing else."""

import pytest

from expensed.extraction.amount.labels import Role
from expensed.extraction.country.facts import countries_by_title
from expensed.extraction.date.labels import DateRole
from expensed.languages.phrases import Phrases
from expensed.languages.scripts import Script, script_of
from expensed.languages.vocabulary import LANGUAGES, load_language, load_vocabulary
from expensed.model.categories import CATEGORIES
from expensed.model.money import list_currencies

EVERY = [(script, language) for script, languages in LANGUAGES.items() for language in languages]


@pytest.mark.parametrize(("script", "name"), EVERY, ids=[name for _, name in EVERY])
def test_a_language_uses_the_words_of_extraction(script, name):
    language = load_language(name)
    assert language.sources
    assert language.sums.keys() <= {*Role}
    assert language.dates.keys() <= {*DateRole}
    assert language.categories.keys() <= {*CATEGORIES}
    assert len(language.months) in (0, 12)
    assert len(language.weekdays) in (0, 7)
    codes = set(language.marks)
    codes |= {code for codes in language.shared_marks.values() for code in codes.split()}
    assert codes <= list_currencies()
    assert language.countries.keys() <= countries_by_title().keys()
    assert script_of(" ".join(language.sums.values())) is script


@pytest.mark.parametrize("script", Script)
def test_no_word_of_a_script_is_empty_when_it_is_compared(script):
    vocabulary = load_vocabulary(script)
    for kind in ("sums", "dates", "categories", "trades", "titles", "others", "streets", "parties", "clues"):
        phrases = getattr(vocabulary, kind)
        assert phrases.whole("") is None


def test_phrases_are_found_however_they_are_spaced_and_the_longest_counts():
    phrases = Phrases({"итого": "total", "итого к оплате": "final", "магазин*": "shop"}, Script.CYRILLIC)
    assert list(phrases.in_text("ИТОГО  КОПЛАТЕ: 5")) == [("итого к оплате", "final")]
    assert list(phrases.in_text("Магазинчик, итого")) == [("магазин", "shop"), ("итого", "total")]
    assert not phrases.is_in("неитого")


def test_one_letter_of_a_label_may_be_misread_and_none_of_a_short_one_be_lost():
    phrases = Phrases({"готівка": "cash", "с карта": "card"}, Script.CYRILLIC)
    assert phrases.misread("ГОТІВХА") == "cash"
    assert phrases.misread("Скара") is None


def test_thai_vowels_may_stand_apart_or_out_of_order():
    phrases = Phrases({"ยอดสุทธิ": "final"}, Script.THAI)
    assert phrases.is_in("ยอดส ุ ทธ ิ 2")
