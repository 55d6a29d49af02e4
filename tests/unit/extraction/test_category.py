from math import exp

import pytest
from tests.documents.readings import make_rows

from expensed.extraction.brands.find_brands import find_brands
from expensed.extraction.category.choose_category import CATEGORIES, find_categories, fitted_weights
from expensed.extraction.category.describe_categories import describe_categories, main_trades, trade_categories
from expensed.extraction.category.letters import guess_by_letters
from expensed.extraction.category.words import find_words


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


def sureness(wanted, vendor, *lines):
    found = find_categories(make_rows(vendor, *lines), vendor, CATEGORIES)
    return next((1 / (1 + exp(-each.score)) for each in found if each.value == wanted), 0.0)


def test_a_street_called_after_a_market_says_nothing():
    street, other = ("Fernbrook", "3 Market Street", "Total | 6.00"), ("Fernbrook", "3 Mill Street", "Total | 6.00")
    assert sureness("Groceries", *street) == sureness("Groceries", *other)


def test_where_nothing_tells_the_category_nothing_is_sure():
    assert all(sureness(each, "Fernbrook", "Total | 6.00") < 0.6 for each in CATEGORIES)


def test_a_quantity_before_goods_is_no_house_number():
    assert category("Fernbrook", "1 Laptop stand | 60.00") == "Equipment & Hardware"


def test_letters_read_as_digits_do_not_hide_a_word():
    assert set(find_words(["P0TAT0"])) == set(find_words(["POTATO"])) == {"Groceries"}


def test_marketing_is_no_market():
    assert find_words(["Fern Marketing"], in_name=True) == {}


@pytest.mark.parametrize(
    ("vendor", "line", "expected"),
    [
        ("Apple Store", "Laptop 13 inch | 900.00", "Equipment & Hardware"),
        ("Peach Insurance plc", "Policy premium | 90.00", "Insurance & Fees"),
        ("Bar Council", "Practising certificate | 90.00", "Insurance & Fees"),
        ("City Water & Power", "Water supply and sewerage | 90.00", "Utilities & Telecom"),
    ],
)
def test_what_was_bought_weighs_more_than_one_word_of_the_name(vendor, line, expected):
    assert category(vendor, "Invoice 9", line, "Total | 900.00") == expected


@pytest.mark.parametrize(
    ("vendor", "lines", "expected"),
    [
        ("REWE", ("Posten 4 | 3.00",), "Groceries"),
        ("IKEA", ("Malm | 99.00",), "Equipment & Hardware"),
        ("Zara", ("7545/223 | 29.95",), "Clothing & Personal"),
        ("Marriott", ("Folio 221 | 129.00",), "Travel & Lodging"),
    ],
)
def test_the_trade_of_a_known_brand_tells_the_category(vendor, lines, expected):
    assert category(vendor, *lines) == expected
    assert sureness(expected, vendor, *lines) > 0.8


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Bord nr. 34 | Tjener 2", "4 x Mash | 360,00"), "Meals & Entertainment"),
        (("Pump 4 | 31.20 litres", "Premium | 48.00"), "Transport & Fuel"),
        (("Room 212 | 2 nights", "Guest name: Fern | Folio 9", "Rate | 240.00"), "Travel & Lodging"),
        (("Zählerstand 4411 | Verbrauch 310 kWh", "Grundpreis | 9.00"), "Utilities & Telecom"),
        (("Столик 4 | Официант 2", "Блюдо | 300,00"), "Meals & Entertainment"),
    ],
)
def test_the_forms_of_a_trade_tell_its_category(lines, expected):
    assert category("Fernbrook", *lines) == expected


def test_of_some_allowed_categories_only_a_likely_one_is_chosen():
    rows = make_rows("Fern Pharmacy", "Ibuprofen | 4.00")
    assert [each.value for each in find_categories(rows, "Fern Pharmacy", ["Groceries"])] == []
    assert [each.value for each in find_categories(rows, "Fern Pharmacy", ["Health & Medical"])] == ["Health & Medical"]


def test_every_feature_has_a_weight_and_every_category_a_constant():
    rows = make_rows("REWE", "Bäckerei", "Brot | 2.00", "Pfand | 0.25")
    weights = fitted_weights()
    assert weights.bias.keys() == {*CATEGORIES}
    for features in describe_categories(rows, "REWE", find_brands(rows)).features.values():
        assert features.keys() <= weights.features.keys()


def test_letters_tell_what_no_list_has():
    guess = guess_by_letters(["Bäckershop Fernbrook"])
    assert max(guess, key=guess.__getitem__) == "Groceries"
    assert guess_by_letters(["12.00"]) == {}


def test_a_weak_word_does_not_outvote_the_trade_of_the_seller():
    assert category("Fern Pharmacy", "Water | 1.00", "Soup | 2.00", "Egg | 1.00") == "Health & Medical"


def test_what_a_chain_runs_on_the_side_is_not_its_trade():
    assert main_trades(("amenity/car_wash", "amenity/fuel", "shop/convenience")) == ["amenity/fuel"]
    assert main_trades(("amenity/fuel", "shop/supermarket")) == ["shop/supermarket"]
    assert main_trades(("amenity/fuel",)) == ["amenity/fuel"]


def test_trades_have_known_categories():
    assert {each for categories in trade_categories().values() for each in categories} <= {*CATEGORIES}


def test_the_last_word_of_a_name_says_its_trade():
    assert category("Beer Mat Printing Ltd", "Service | £75.00") == "Office Supplies"
    assert category("Coffee Lane Plumbing Ltd", "Service | £75.00") == "Equipment & Hardware"


def test_words_joined_by_and_count_alike():
    assert category("Health & Beauty Ltd", "Vitamin tablets | £75.00") == "Health & Medical"
