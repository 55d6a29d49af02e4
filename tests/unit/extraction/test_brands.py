from importlib.resources import files

import pytest
from tests.documents.readings import make_rows

from expensed.extraction.brands.find_brands import Evidence, find_brands
from expensed.extraction.brands.kinds import find_kind, kind_share
from expensed.extraction.brands.known_brands import find_misread, find_spelling


def brands(*lines, country=None, only_sure=True):
    found = find_brands(make_rows(*lines), country)
    return [each.brand for each in found if each.is_sure or not only_sure]


@pytest.mark.parametrize(
    ("heading", "brand"),
    [
        ("LIDL", "Lidl"),
        ("WAL*MART", "Walmart"),
        ("Wa1mart", "Walmart"),
        ("R E W E", "Rewe"),
        ("CARREF0UR", "Carrefour"),
        ("99 SPEEDMART", "99 Speedmart"),
        ("McDonald's #1234", "McDonald's"),
        ("Bauhaus GmbH & Co. KG", "Bauhaus"),
    ],
)
def test_a_brand_in_the_title_is_found_however_it_was_read(heading, brand):
    assert brands(heading, "Bread | 2.00", "Total | 2.00") == [brand]


def test_a_misread_letter_needs_another_sign():
    lines = ("LÉDL", "Bread | 2.00", "Total | 2.00")
    assert brands(*lines) == []
    assert brands(*lines, only_sure=False) == ["Lidl"]
    assert brands(*lines, "www.lidl.de") == ["Lidl"]


def test_a_web_address_in_the_foot_is_enough():
    found = find_brands(make_rows("Filiale 12", "Brot | 2.00", "Summe | 2.00", "www.rewe.de"))
    assert [(each.brand, each.evidence) for each in found if each.is_sure] == [("Rewe", Evidence.WEB)]


@pytest.mark.parametrize(
    "word", ["Apple", "Orange", "Target", "Next", "Boots", "Gap", "Star", "Total", "Shell", "Pizza"]
)
def test_a_common_word_is_no_brand_without_another_sign(word):
    assert brands(f"{word} Fernbrook", "Bread | 2.00", "Total | 2.00") == []
    assert brands("Fernbrook", f"{word} | 2.00", "Total | 2.00") == []
    assert brands("Fernbrook Insurance", word, "Total | 2.00", word) == []


def test_a_common_word_is_a_brand_by_its_address():
    assert brands("Target", "Bread | 2.00", "Total | 2.00", "www.target.com") == ["Target"]


def test_a_common_word_is_a_brand_by_its_kind_of_shop():
    assert brands("SHELL", "Petrol station", "Unleaded | 40.00") == ["Shell"]


def test_a_common_word_is_a_brand_in_its_country():
    assert brands("TARGET", "Bread | 2.00", country="US") == ["Target"]
    assert brands("TARGET", "Bread | 2.00", country="DE") == []


def test_thanks_for_shopping_name_the_brand():
    assert brands("Store 12", "Bread | 2.00", "Total | 2.00", "Thank you for shopping at Walmart") == ["Walmart"]
    assert brands("Store 12", "Bread | 2.00", "Total | 2.00", "Thank you for shopping at Target") == ["Target"]
    assert brands("Store 12", "Bread | 2.00", "Total | 2.00", "Thank you for your next visit") == []


@pytest.mark.parametrize(
    "line",
    ["Walmart gift card", "Ikea | 4.00", "Customer: Walmart", "Samsung Pay", "mail@gmail.com", "www.facebook.com/fern"],
)
def test_goods_cards_customers_and_platforms_are_no_sellers(line):
    assert brands("Fernbrook", "Bread | 2.00", "Milk | 1.00", line, "Total | 3.00", "Cash | 3.00") == []


def test_figures_are_no_letters():
    assert brands("10/11", "1.011", "Total | 2.00", only_sure=False) == []


def test_brands_of_a_name_are_told_apart_by_country():
    (found,) = [each for each in find_brands(make_rows("Target", "Bread | 2.00"), "AU") if each.is_sure]
    assert found.trades == ("shop/department_store",)
    assert found.countries == ("AU",)


def test_a_spelling_is_looked_up_and_a_misread_one_guessed():
    known = find_spelling("walmart")
    assert known is not None
    assert "shop/department_store" in known.brands[0].trades
    assert find_spelling("fernbrook") is None
    misread = find_misread("carrelour")
    assert misread is not None
    assert misread.brands[0].name == "Carrefour"
    assert find_misread("fernbrookstore") is None


@pytest.mark.parametrize(
    ("text", "trade"),
    [
        ("Stadtbäckerei Fern", "shop/bakery"),
        ("Supermercado Fern", "shop/supermarket"),
        ("Аптека Папороть", "amenity/pharmacy"),
        ("Ravintola Fern", "amenity/restaurant"),
        ("petrol station", "amenity/fuel"),
    ],
)
def test_kinds_of_shops_are_known_in_many_languages(text, trade):
    assert trade in find_kind(text).called


def test_the_lists_are_small_and_their_licences_lie_beside_them():
    data = files("expensed.extraction.brands").joinpath("data")
    assert sum(len(each.read_bytes()) for each in data.iterdir()) < 1_500_000
    assert "BSD 3-Clause" in data.joinpath("LICENSE.name-suggestion-index").read_text("utf-8")
    assert "ISC" in data.joinpath("LICENSE.id-tagging-schema").read_text("utf-8")


def test_a_brand_over_two_lines_is_found_and_needs_neighbouring_rows():
    assert brands("RITE", "AID", "12 Mill Lane", "Soap | 2.00") == ["Rite Aid"]
    assert brands("RITE", "12 Mill Lane", "AID", "Soap | 2.00") == []


def test_the_share_of_a_name_that_says_what_kind_of_shop_it_is():
    assert kind_share("Car Wash") == 1.0
    assert kind_share("Fernbrook") == 0.0
    assert kind_share("Restaurant Fernbrook") == pytest.approx(10 / 19)
