"""The names that people give in the archive, turned back into fields."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from expensed.archive.naming import fill_template
from expensed.archive.read_name import NameReader, Reading
from expensed.config.schema import Archive
from expensed.model.categories import CATEGORIES, STANDARD, Categories, OwnCategory
from expensed.model.expense import Facts, Said

TEMPLATE = Archive.model_fields["template"].default
TODAY = dt.date(2024, 6, 1)
ADOBE = Facts(
    vendor="Adobe Systems", amount=Decimal("52.99"), date=dt.date(2024, 1, 15), category="Software & Services",
    currency="USD",
)  # fmt: skip
READER = NameReader(TEMPLATE, "auto", STANDARD, TODAY)
HOME = "2024/Software & Services/"


def read(path: str, facts: Facts = ADOBE, template: str = TEMPLATE) -> Reading | None:
    return NameReader(template, "auto", STANDARD, TODAY).read_path(path, facts)


def said(path: str, facts: Facts = ADOBE, template: str = TEMPLATE) -> Said:
    reading = read(path, facts, template)
    assert reading is not None
    assert reading.problems == ()
    return reading.said


@pytest.mark.parametrize("stem", [
    "2024-01-15_Adobe-Systems_52.99-USD", "2024-01-15_Adobe-Systems_52.99-USD_2", "2024-01-15_Adobe Systems_52.99-USD",
    "2024-01-15_Adobe_Systems_52,99-usd", "2024-01-15_adobe-systems_52.99-Usd_17", "2024-01-15_adobe_systems_52.99-USD",
])  # fmt: skip
def test_another_way_of_writing_the_same_changes_nothing(stem: str) -> None:
    assert said(HOME + stem) == Said()


def test_the_number_that_a_file_manager_adds_to_a_name_is_no_part_of_the_seller() -> None:
    assert said(HOME + "2024-01-15_Adobe-Systems_52.99-USD (2)") == Said()
    template = "{year}/{category}/{date}_{amount}-{currency}_{vendor}"
    assert said(HOME + "2024-01-15_52.99-USD_Adobe-Systems (2)", template=template) == Said()
    club = replace(ADOBE, vendor="Club (2)")
    assert said(HOME + "2024-01-15_52.99-USD_Club-2", club, template) == Said()


@pytest.mark.parametrize(("path", "change"), [
    (HOME + "2024-01-15_Adobe-Systems_52.98-USD", {"amount": Decimal("52.98")}),
    (HOME + "2024-01-15_Adobe-Systems_52,98-USD", {"amount": Decimal("52.98")}),
    (HOME + "2024-01-15_Adobe-Systems_1.052,98-USD", {"amount": Decimal("1052.98")}),
    (HOME + "2024-01-15_Adobe-Systems_-3-USD", {"amount": Decimal(-3)}),
    (HOME + "2024-01-15_Adobe-Systems_52.99-eur", {"currency": "EUR"}),
    (HOME + "2024-02-16_Adobe-Systems_52.99-USD", {"date": dt.date(2024, 2, 16)}),
    (HOME + "2023-02-16_Adobe-Systems_52.99-USD", {"date": dt.date(2023, 2, 16)}),
    (HOME + "2024-01-15_Larkspur-Hosting_52.99-USD_2", {"vendor": "Larkspur Hosting"}),
    (HOME + "2024-01-15_Larkspur_Hosting_52.99-USD", {"vendor": "Larkspur Hosting"}),
    (HOME + "2024-01-15_Coca-Cola Company_52.99-USD", {"vendor": "Coca-Cola Company"}),
    (HOME + "2024-01-15_ADOBE-Systems_52.99-USD", {"vendor": "ADOBE Systems"}),
    (HOME + "2024-01-15_全家便利商店_52.99-USD", {"vendor": "全家便利商店"}),
    ("2024/groceries/2024-01-15_Adobe-Systems_52.99-USD", {"category": "Groceries"}),
    ("2024/Travel _ Lodging/2024-01-15_Adobe-Systems_52.99-USD", {"category": "Travel & Lodging"}),
    ("2023/Groceries/2023-01-15_Larkspur_7-EUR", {
        "category": "Groceries", "date": dt.date(2023, 1, 15), "vendor": "Larkspur", "amount": Decimal(7),
        "currency": "EUR"}),
])  # fmt: skip
def test_what_differs_is_a_change(path: str, change: dict[str, object]) -> None:
    assert dict(said(path).given()) == change


@pytest.mark.parametrize(("path", "word"), [
    ("2024/Food/2024-01-15_Adobe-Systems_52.99-USD", "not a category"),
    ("2023/Software & Services/2024-01-15_Adobe-Systems_52.99-USD", "year is 2023"),
    (HOME + "2024-13-45_Adobe-Systems_52.99-USD", "not a day"),
    (HOME + "15.1.2024_Adobe-Systems_52.99-USD", "not a day"),
    (HOME + "2099-01-15_Adobe-Systems_52.99-USD", "not a likely date"),
    (HOME + "1066-01-15_Adobe-Systems_52.99-USD", "not a likely date"),
    (HOME + "2024-01-15_Adobe-Systems_1.234-USD", "one way only"),
    (HOME + "2024-01-15_Adobe-Systems_1.234.567-USD", "one way only"),
    (HOME + "2024-01-15_Adobe-Systems_52.99-QQQ", "code of a currency"),
    (HOME + "2024-01-15_-----_52.99-USD", "name of a seller"),
])  # fmt: skip
def test_what_makes_no_sense_is_a_problem_and_changes_nothing(path: str, word: str) -> None:
    reading = read(path)
    assert reading is not None
    assert word in " ".join(reading.problems)
    assert reading.said == Said()


@pytest.mark.parametrize(("currency", "example"), [("CLP", "1234."), ("EUR", "1234.50."), ("KWD", "1234.500.")])
def test_an_amount_of_two_readings_gets_an_example_in_its_currency(currency: str, example: str) -> None:
    reading = read(f"{HOME}2024-01-15_Adobe-Systems_1.113.900-{currency}")
    assert reading is not None
    assert reading.problems[0].endswith(f"write it like {example}")


@pytest.mark.parametrize("path", [
    "scan", "2024/scan", HOME + "scan", HOME + "2024-01-15_Adobe-Systems", "a/b/c/" + HOME, "x" * 5000, "\n", "",
    HOME + "_" * 250, HOME + "-_" * 125, "2024/../2024-01-15_Adobe-Systems_52.99-USD" * 9,
])  # fmt: skip
def test_a_name_of_another_form_says_nothing(path: str) -> None:
    assert read(path) is None


def test_a_name_alone_and_folders_alone_can_be_read() -> None:
    assert READER.read_stem("2024-01-15_Larkspur_52.99-USD", ADOBE) == Reading(Said(vendor="Larkspur"))
    assert READER.read_folder("2024/Groceries", ADOBE) == Reading(Said(category="Groceries"))
    other_year = READER.read_folder("2023/Groceries", ADOBE)
    assert other_year is not None
    assert "The year is 2023" in other_year.problems[0]
    assert READER.read_folder("2023/Groceries", replace(ADOBE, date=None)) == Reading(Said(category="Groceries"))
    assert READER.read_folder("somewhere/else/Groceries", ADOBE) is None
    assert NameReader("{year}/{date}_{vendor}", "auto", STANDARD, TODAY).read_folder("2024", ADOBE) is None


def test_categories_of_ones_own_and_those_that_documents_have_are_known() -> None:
    own = Categories((OwnCategory("Hosting", instead_of="Software & Services"), OwnCategory("A/B tests")))
    reader = NameReader(TEMPLATE, "auto", own, TODAY, ["Gone out of force"])
    found = [reader.find_category(each) for each in ("hosting", "A_B tests", "a b tests", "gone OUT of force", "Food")]
    assert found == ["Hosting", "A/B tests", "A/B tests", "Gone out of force", None]


def test_other_templates() -> None:
    assert said("Larkspur/01/52.99", template="{vendor}/{month}/{amount}") == Said(vendor="Larkspur")
    assert said("Adobe-Systems/03/52.99", template="{vendor}/{month}/{amount}") == Said(date=dt.date(2024, 3, 15))
    twice = "{vendor}/{date}_{vendor}"
    assert said("Adobe-Systems/2024-01-15_Larkspur", template=twice) == Said(vendor="Larkspur")
    assert said("Larkspur/2024-01-15_Adobe-Systems_2", template=twice) == Said(vendor="Larkspur")
    reading = read("Larkspur/2024-01-15_Other", template=twice)
    assert reading is not None
    assert "one seller" in reading.problems[0]
    dashes = "{vendor}-{amount}-{currency}-{date}"
    assert said("Adobe-Systems-52.99-USD-2024-01-16", template=dashes) == Said(date=dt.date(2024, 1, 16))


def test_what_is_not_known_yet_can_be_said_and_left_out() -> None:
    nothing = Facts()
    assert said("undated/Other/undated_Unknown_unknown-XXX", nothing) == Said()
    full = said("2024/Other/2024-01-15_The-Odd-Shop_4,5-EUR", nothing)
    assert full == Said(vendor="The Odd Shop", amount=Decimal("4.5"), date=dt.date(2024, 1, 15), currency="EUR")


TEMPLATES = st.sampled_from([
    TEMPLATE, "{date}_{vendor}_{amount}-{currency}", "{vendor}/{category}/{amount} {currency} {date}",
    "{year}/{month}/{day}/{vendor}_{amount}", "{category}/{vendor}", "{amount}_{currency}/{vendor}-{date}",
])  # fmt: skip
FACTS = st.builds(
    Facts,
    vendor=st.none() | st.text(max_size=60),
    amount=st.none() | st.decimals(-10**6, 10**6, places=2),
    date=st.none() | st.dates(dt.date(1980, 1, 1), TODAY),
    category=st.none() | st.sampled_from(CATEGORIES),
    currency=st.none() | st.sampled_from(["EUR", "USD", "JPY", "KWD"]),
)  # fmt: skip


def fill(template: str, facts: Facts) -> str:
    folder, stem = fill_template(template, facts)
    return f"{folder}/{stem}" if folder else stem


@example(TEMPLATE, Facts(vendor="\u0308\u0370"), "")
@given(TEMPLATES, FACTS, st.sampled_from(["", "_2", "_10"]))
def test_the_name_of_any_facts_says_those_facts(template: str, facts: Facts, counter: str) -> None:
    assert said(fill(template, facts) + counter, facts, template) == Said()


@given(TEMPLATES, FACTS, FACTS)
def test_the_name_of_other_facts_leads_to_a_name_that_reads_the_same(
    template: str, facts: Facts, others: Facts
) -> None:
    path = fill(template, others)
    reading = read(path, facts, template)
    if reading is not None and not reading.problems:
        values = {name: value for name, value in reading.said.given() if value is not None}
        corrected = replace(facts, **values)  # type: ignore[arg-type]
        assert said(path, corrected, template) == Said()


@given(st.text(max_size=300), FACTS)
def test_no_name_is_too_odd_to_be_looked_at(path: str, facts: Facts) -> None:
    read(path, facts)
