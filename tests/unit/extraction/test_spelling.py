import pytest

from expensed.extraction.vendor.spelling import is_spaced, mend_digits, mend_name


@pytest.mark.parametrize(
    ("misread", "right"),
    [
        ("FERN PHARHACY", "FERN PHARMACY"),
        ("Fern Haroware", "Fern Hardware"),
        ("FERN'S PIZ2A", "FERN'S PIZZA"),
        ("FERN STATIONERY 8 BOOKS", "FERN STATIONERY & BOOKS"),
        ("FERN STATIONERY S BOOKS", "FERN STATIONERY & BOOKS"),
        ("FERNBROOKSTATIONERY", "FERNBROOK STATIONERY"),
        ("F E R N B R O O K", "FERNBROOK"),
        ("F er n Br oo k GmbH", "FernBrook GmbH"),
    ],
)
def test_look_alike_letters_and_spaces_are_set_right(misread, right):
    assert mend_name(misread, 0.93) == right


@pytest.mark.parametrize("name", ["Carden & Sons", "D I Y Tools", "A & B of C", "HYPERMARKET", "Fernbrook", "Studio 8"])
def test_other_names_keep_their_letters(name):
    assert mend_name(name, 0.93) == name


def test_what_was_read_clearly_is_not_mended():
    assert mend_name("FERN PHARHACY", 0.99) == "FERN PHARHACY"


def test_a_word_set_with_spaces_is_told():
    assert is_spaced("F E R N")
    assert not is_spaced("The Fern Inn at Mill")


@pytest.mark.parametrize(
    ("misread", "right"),
    [
        ("Chick F1ve C1ub", "Chick Five Club"),
        ("Fern V11lage", "Fern Village"),
        ("FERN GR1LL", "FERN GRILL"),
        ("F0x and H0und", "Fox and Hound"),
        ("Ho5tel Fern", "Hostel Fern"),
        ("Fern 1896", "Fern 1896"),
        ("Route 66", "Route 66"),
        ("24h Fern", "24h Fern"),
        ("A 1", "A 1"),
    ],
)
def test_digits_in_words_become_letters(misread, right):
    assert mend_digits(misread) == right
