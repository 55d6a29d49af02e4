"""The category that the settings give a document: by its seller, by words on it, by a new name for the ordinary one."""

from datetime import date
from decimal import Decimal

import pytest
from tests.documents.readings import make_reading

from expensed.extraction.category.own_categories import categorise_learnt, find_by_seller, settle_category
from expensed.extraction.expense import extract_expense
from expensed.extraction.findings import Field
from expensed.extraction.items.categories import with_categories
from expensed.extraction.options import ExtractionOptions
from expensed.model.breakdown import Item
from expensed.model.categories import Categories, OwnCategory
from expensed.model.expense import Evidence, Expense

ORDINARY = Field("Software & Services", 0.9)
HOSTING = OwnCategory("Hosting", words=("cloud server", "invoice", "VPS"))
HOBBY = OwnCategory("Hobby", words=("yarn", "wool"), sellers=("Garnstube Ahorn",))


def settle(*lines, sellers=(), own=(HOBBY, HOSTING), keeps_standard=True):
    return settle_category(ORDINARY, lines, sellers, Categories(own, keeps_standard))


def test_what_the_settings_know_nothing_of_has_the_ordinary_category():
    assert settle("Consulting  99.00", sellers=["Birch Ltd"]) == ORDINARY


def test_words_on_the_paper_decide_and_the_evidence_says_which():
    found = settle("Your invoice", "1 x VPS  9.00")
    assert (found.value, found.proof) == ("Hosting", '"invoice" and "VPS" are words of Hosting by the settings')
    found = settle("2 wool  4.00")
    assert (found.value, found.text) == ("Hobby", "2 wool  4.00")
    assert found.proof == '"wool" is a word of Hobby by the settings'


@pytest.mark.parametrize("line", ["Cloud-Server  9.00", "CLOUD SERVER", "clöud  server M"])
def test_case_accents_and_marks_do_not_matter(line):
    assert settle(line).value == "Hosting"


@pytest.mark.parametrize("line", ["woollen hat  9.00", "VPSX", "cloud of servers", "cloud 1 server"])
def test_only_whole_words_in_a_row_count(line):
    assert settle(line) == ORDINARY


def test_a_longer_phrase_comes_before_more_words_and_these_before_the_order_in_the_settings():
    assert settle("yarn", "wool", "cloud server").value == "Hosting"
    assert settle("invoice", "VPS", "wool").value == "Hosting"
    assert settle("invoice", "wool").value == "Hosting", "the longer word"
    assert settle("yarn", "VPS", own=(HOBBY, OwnCategory("X", ("gram",)), HOSTING)).value == "Hobby"


def test_words_of_a_script_without_spaces_are_found_within_others():
    assert settle("毛糸代  300", own=(OwnCategory("Hobby", ("毛糸",)),)).value == "Hobby"


@pytest.mark.parametrize("name", ["GARNSTUBE AHORN", "Garnstube Ahorn e.K.", "Die Garnstube Ahorn", "Garnstube Ah0rn"])
def test_a_seller_decides_whatever_stands_on_the_paper(name):
    found = settle("cloud server", sellers=[None, name])
    assert (found.value, found.proof) == ("Hobby", "Garnstube Ahorn is a seller of Hobby by the settings")


@pytest.mark.parametrize("name", ["Garnstube", "Ahorn", "Garnstuben Ahornblatt", "General Store"])
def test_another_seller_of_a_like_name_does_not(name):
    known = Categories((HOBBY, OwnCategory("Fuel", sellers=("Aral", "Ener"))))
    assert find_by_seller([name], known) is None


def test_the_ordinary_category_gets_the_name_that_the_settings_give_it():
    renamed = OwnCategory("IT", instead_of="Software & Services")
    found = settle("Consulting", own=(renamed,))
    assert (found.value, found.confidence, found.proof) == ("IT", 0.9, None)
    assert settle("Consulting", own=(HOBBY,), keeps_standard=False).value == "Other"


LINES = (
    "Birch Hosting Ltd", "12 Market Street, London", "Invoice 17", "Date: 14 March 2024", "VPS M | 9.00",
    "Wool | 3.00", "Total GBP | 12.00",
)  # fmt: skip


def extract(*own, **options):
    known = Categories(own, **options)
    return extract_expense(make_reading(*LINES), ExtractionOptions(date(2024, 6, 1), categories=known)).expense


def test_a_document_is_read_into_a_category_of_the_settings():
    found = extract(HOSTING)
    assert found.category == "Hosting"
    assert found.fields["category"].proof == '"invoice" and "VPS" are words of Hosting by the settings'
    assert (found.amount, extract().category) == (Decimal("12.00"), "Software & Services")
    assert extract(OwnCategory("Mine", sellers=("Birch Hosting",)), HOSTING).category == "Mine"


def with_ordinary(category, *descriptions, known):
    items = tuple(Item(description=each, total=Decimal(1)) for each in descriptions)
    found = with_categories(items, category, ORDINARY, known)
    return [None if not isinstance(each.category, str) else each.category for each in found]


def test_items_have_categories_of_the_settings_too():
    known = Categories((HOBBY, OwnCategory("Tools", instead_of="Equipment & Hardware")))
    assert with_ordinary(ORDINARY, "wool", "Holzschrauben", "Stuff", known=known) == ["Hobby", "Tools", None]


def test_where_the_settings_decide_the_document_only_they_do_for_its_items():
    category = Field("Hobby", 0.99, proof="by the settings")
    known = Categories((HOBBY, HOSTING))
    assert with_ordinary(category, "wool", "Holzschrauben", "VPS", known=known) == [None, None, "Hosting"]


def test_items_of_a_category_that_is_dropped_have_that_of_their_document():
    known = Categories((OwnCategory("IT", instead_of="Software & Services"),), keeps_standard=False)
    assert with_ordinary(Field("IT", 0.9), "Holzschrauben", known=known) == [None]


def learn(vendor=None, category=None):
    evidence = Evidence(value="Groceries", confidence=0.5)
    read = Expense(vendor="GARNSTUBE", category="Groceries", confidence=90, fields={"category": evidence})
    fields = {"category": Evidence(value=category, confidence=0.97, proof="learnt")} if category else read.fields
    learnt = Expense(vendor=vendor or read.vendor, category=category or read.category, confidence=90, fields=fields)
    return categorise_learnt(learnt, read, Categories((HOBBY, OwnCategory("Food", instead_of="Groceries")))).category


def test_the_settings_know_a_seller_by_the_name_that_was_learnt():
    assert learn() == "Food"
    assert learn(vendor="Garnstube Ahorn") == "Hobby"


def test_what_was_learnt_of_the_category_comes_before_the_settings():
    assert learn(vendor="Garnstube Ahorn", category="Travel & Lodging") == "Travel & Lodging"
    assert learn(vendor="Garnstube Ahorn", category="Groceries") == "Food", "as it is called now"
