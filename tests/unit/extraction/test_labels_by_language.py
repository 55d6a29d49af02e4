import pytest

from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.labels_by_language import role_in_tongues


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Celkem k úhradě Kč", Role.FINAL),
        ("Å betale", Role.FINAL),
        ("Do zapłaty:", Role.FINAL),
        ("I alt DKK", Role.TOTAL),
        ("Yhteensä", Role.TOTAL),
        ("ΣΥΝΟΛΟ", Role.TOTAL),
        ("합계", Role.TOTAL),
        ("Mellansumma", Role.SUBTOTAL),
        ("SUMA PTU", Role.TAX),
        ("Herav MVA 25%", Role.TAX),
        ("TOPKDV", Role.TAX),
        ("Vergiler Dahil Toplam Tutar", Role.TOTAL),
        ("Para üstü", Role.CHANGE),
        ("お釣り", Role.CHANGE),
        ("Készpénz", Role.CASH),
        ("Platební karta", Role.CARD),
        ("Öresavrundning", Role.ROUNDING),
    ],
)
def test_labels_of_smaller_languages_are_known(label, role):
    assert role_in_tongues(label) is role


@pytest.mark.parametrize("label", ["Yhteens", "Vaihtoraa", "tilbtaling", "Kteinen", "v区xeltillbaka"])
def test_a_letter_may_be_lost(label):
    assert role_in_tongues(label) is not Role.NONE


@pytest.mark.parametrize("label", ["Summer dress", "Charge", "Coffee", "Sumatra", "Restaurant", ""])
def test_other_words_are_left_to_the_general_rules(label):
    assert role_in_tongues(label) is Role.NONE
