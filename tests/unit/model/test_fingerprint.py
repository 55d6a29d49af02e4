from __future__ import annotations

from tests.documents.samples import GERMAN_RECEIPT, TILL_RECEIPT

from expensed.model.fingerprint import MOST_KEYS, bare, find_numbers, make_fingerprint

TILL = "\n".join(TILL_RECEIPT)


def shared(one: str, other: str) -> int:
    return len(set(make_fingerprint(one)) & set(make_fingerprint(other)))


def test_numbers_are_found_with_the_letters_that_engines_take_for_digits() -> None:
    assert list(find_numbers("TOTAL 13.OO on l7/03/2024, No 0049I8 of 2")) == ["13.00", "17/03/2024", "004918"]
    assert list(find_numbers("Sold at ISO 900 to Bill")) == ["900"]  # words are no numbers
    assert list(find_numbers("المجموع ١٢٫٥٠ رقم ٤٥٦٧")) == ["4567"]
    assert bare("17/03/2024") == "17032024"


def test_a_reading_that_lost_and_misread_a_few_numbers_keeps_most_keys() -> None:
    again = TILL.replace("7.60", "7.80").replace("Thank you for your visit!", "").replace("13.00", "13.OO")
    assert shared(TILL, again) >= len(make_fingerprint(TILL)) - 2 >= 6
    assert shared(TILL, "\n".join(GERMAN_RECEIPT)) == 0


def test_letters_of_a_word_beside_a_number_are_no_digits() -> None:
    assert list(find_numbers("total13.00 gbp4.50sr 2.75b")) == ["13.00", "4.50", "2.758"]


def test_keys_do_not_depend_on_how_a_line_is_cut_or_spaced() -> None:
    assert make_fingerprint("TOTAL GBP 13.00 Cash 20.00") == make_fingerprint("TOTAL\nGBP 13.00\nCash\n20.00")


def test_a_paper_with_few_numbers_is_known_by_its_words() -> None:
    letter = "Dear members\nthe yearly contribution to our rowing club amounts to 45,00\nPlease transfer it soon"
    assert shared(letter, letter.replace("Dear", "Oear")) >= 6
    assert make_fingerprint("") == make_fingerprint("Thanks") == ()


def test_a_fingerprint_stays_small_whatever_the_text() -> None:
    keys = make_fingerprint(" ".join(str(number) for number in range(1000, 60_000)))
    assert len(keys) == MOST_KEYS
    assert list(keys) == sorted(set(keys))
    assert all(0 <= key < 1 << 32 for key in keys)
