import pytest

from expensed.languages.scripts import Script, read_digits, script_of, unify_letters


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Total 12.00 €", None),
        ("Σύνολο 12,00 €", Script.GREEK),
        ("Итого EUR", Script.CYRILLIC),
        ("Total / الإجمالي", Script.ARABIC),
        ('סה"כ', Script.HEBREW),
        ("कुल", Script.DEVANAGARI),
        ("รวม", Script.THAI),
        ("합계 5,000", Script.EASTERN),
        ("お釣り", Script.EASTERN),
    ],
)
def test_the_script_of_a_text_is_that_of_most_letters_outside_the_latin_alphabet(text, script):
    assert script_of(text) is script


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("١٢٬٣٤٥٫٥٠", "12,345.50"),
        ("۱۴۰۳/۰۱/۱۵", "1403/01/15"),
        ("๑๔ มี.ค. ๒๕๖๗", "14 มี.ค. 2567"),
        ("₹ ४३०.५०", "₹ 430.50"),
        ("١٥٪", "15%"),
        ("الإجمـــالي", "الإجمالي"),
        ("½ l", "½ l"),
    ],
)
def test_digits_and_the_punctuation_of_numbers_become_ascii(written, read):
    assert read_digits(written) == read


@pytest.mark.parametrize(
    ("mixed", "whole"),
    [
        ("CУMA", "СУМА"),  # three Latin letters in a Ukrainian word
        ("ИТ0Г", "ИТОГ"),
        ("METΡΗΤΑ", "ΜΕΤΡΗΤΑ"),
        ("Итого EUR", "Итого EUR"),
        ("EURО", "EURO"),  # a Cyrillic letter in a Latin word
    ],
)
def test_a_word_of_mixed_letters_is_read_in_one_script(mixed, whole):
    assert unify_letters(mixed) == whole
