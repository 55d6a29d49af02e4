import pytest
from tests.documents.readings import make_rows

from expensed.extraction.category.choose_category import CATEGORIES, find_categories


def category(vendor, *lines):
    found = find_categories(make_rows(vendor, *lines), vendor, CATEGORIES)
    return found[0].value if found else None


@pytest.mark.parametrize(
    ("vendor", "line", "expected"),
    [
        ("Fernbrook", "Rumpsteak | 18.20", "Meals & Entertainment"),
        ("Fernbrook", "Holzschrauben 4x40 | 5.49", "Equipment & Hardware"),
        ("Fernbrook", "Babykartoffeln | 2.95", "Groceries"),
        ("Fernbrook", "LAIT DEMI-ECREME | 1.15", "Groceries"),
        ("Fernbrook", "Forfait mobile 20 Go | 14.99", "Utilities & Telecom"),
        ("Księgarnia Fern", "szt. 1 | 39.90", "Books & Education"),
        ("Cartolibreria Fern", "quaderni | 6.00", "Office Supplies"),
        ("Autohaus Fern", "Inspektion | 210.00", "Transport & Fuel"),
        ("Bar Fern", "2 unid. | 3.60", "Meals & Entertainment"),
        ("FERNSTATIONERYSHOP", "No 12 | 3.00", "Office Supplies"),
        ("Fern Grooming", "haircut | 20.00", "Clothing & Personal"),
        ("羊歯", "定食 | 900", "Meals & Entertainment"),
        ("Βιβλιοπωλείο Φτέρη", "2 x | 9.00", "Books & Education"),
        ("고사리 문구", "2 x | 9,000", "Office Supplies"),
    ],
)
def test_names_and_goods_of_many_languages_tell_the_category(vendor, line, expected):
    assert category(vendor, line) == expected


def test_a_street_called_after_a_market_says_nothing():
    assert category("Fernbrook", "3 Market Street", "Total | 6.00") is None


def test_a_quantity_before_goods_is_no_house_number():
    assert category("Fernbrook", "1 Laptop stand | 60.00") == "Equipment & Hardware"


def test_marketing_is_no_market():
    assert category("Fern Marketing", "Total | 60.00") is None


def test_a_weak_word_does_not_outvote_the_trade_of_the_seller():
    assert category("Fern Pharmacy", "Water | 1.00", "Soup | 2.00", "Egg | 1.00") == "Health & Medical"
