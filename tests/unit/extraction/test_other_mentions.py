import pytest
from tests.documents.readings import make_rows

from expensed.extraction.vendor.name_likeness import likeness
from expensed.extraction.vendor.other_mentions import find_witnesses


def named(*lines):
    return {(each.kind, each.text) for each in find_witnesses(make_rows(*lines))}


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        ("www.fernbrook.example", "domain", "fernbrook"),
        ("https://shop.fern-brook.co.uk/terms", "domain", "fernbrook"),
        ("billing@fernbrook.com.my", "domain", "fernbrook"),
        ("visit fernbrook.de today", "domain", "fernbrook"),
        ("Thank you for shopping at Fernbrook!", "thanks", "Fernbrook"),
        ("Vielen Dank für Ihren Einkauf bei Fernbrook", "thanks", "Fernbrook"),
        ("Merci de votre visite chez Fernbrook, à bientôt", "thanks", "Fernbrook"),
        ("Bienvenidos a Casa Fernbrook", "thanks", "Casa Fernbrook"),
        ("Receipt from Fernbrook", "thanks", "Fernbrook"),
        ("© 2024 Fernbrook. All rights reserved.", "copyright", "Fernbrook"),
        ("Please make checks payable to Fernbrook LLC", "payee", "Fernbrook LLC"),
        ("Kontoinhaber: Fernbrook GmbH", "payee", "Fernbrook GmbH"),
        ("Doe & Sons Ltd trading as Fernbrook", "alias", "Fernbrook"),
        ("Fernbrook SA au capital de 1 000 000 €", "imprint", "Fernbrook"),
        ("Fernbrook Limited. Registered in England No. 01234567", "imprint", "Fernbrook Limited"),
    ],
)
def test_a_line_names_the_seller(line, kind, name):
    assert (kind, name) in named(line)


def test_thanks_go_on_in_the_next_line():
    assert ("thanks", "Fernbrook") in named("Thank you for shopping at", "Fernbrook")


@pytest.mark.parametrize("line", ["jane.doe@gmail.com", "Thank you, come again", "Tel.no 555 0100", "Total 12.50"])
def test_other_lines_name_nobody(line):
    assert named(line) == set()


def test_names_are_alike_despite_misread_letters_and_within_one_another():
    assert likeness("fernbrook", "fernbrook") == 1.0
    assert likeness("fernbrook", "fernbrookhardware") == pytest.approx(0.9)
    assert likeness("fernbrook", "fembrook") > 0.8
    assert likeness("fern", "northfern") == 0.0
    assert likeness("fernbrook", "hillside") == 0.0
