"""Clues to countries: what each kind is, what is none, and how surely they tell a country together."""

import re
from importlib import import_module
from time import process_time

import pytest
from tests.documents.readings import make_rows

from expensed.extraction.country.clues import find_clues
from expensed.extraction.country.countries import find_country, load_weights
from expensed.extraction.country.facts import currencies_of, currency_on, listed, load_countries, load_tills, worth
from expensed.extraction.country.places import STATE_AND_ZIP
from expensed.extraction.country.thousandths import has_thousandths
from expensed.model.money import is_currency

COUNTRIES = load_countries()
WEAK = {"language", "day_first", "month_first"}


def kinds(code, *lines):
    return set(find_clues(lines)[code].words) - WEAK


@pytest.mark.parametrize("code", COUNTRIES)
def test_what_is_known_of_a_country_can_be_used(code):
    country = COUNTRIES[code]
    assert re.fullmatch(r"[A-Z]{2}", code)
    assert all(is_currency(each) for _, each in currencies_of(country))
    assert all(
        language in {*load_tills().words, *"el ar he th hi ja ko zh ru uk bg mk fa kk".split()}
        for language in listed(country.languages)
    )
    assert country.areas.keys() <= country.regions.keys()
    for module in country.numbers.keys() - {"unchecked"}:
        assert import_module(f"stdnum.{module}").is_valid


def test_only_countries_are_compared_and_only_currencies_have_a_worth():
    assert {code for codes in load_tills().sizes.values() for code in listed(codes)} <= COUNTRIES.keys()
    assert set(listed(load_tills().month_first)) <= COUNTRIES.keys()
    assert all(map(is_currency, worth()))


@pytest.mark.parametrize(
    ("lines", "code", "expected"),
    [
        (("Fernbrook Sdn Bhd", "Jalan 5, Kuala Lumpur"), "MY", {"form", "street", "city"}),
        (("Oakford, IL 62704", "(217) 555-0142"), "US", {"region_post", "region", "phone"}),
        (("Oakford, Illinois 62704",), "US", {"region_post", "region"}),
        (("Fernbrook", "BC V5K 0A1", "604-555-0142"), "CA", {"post", "phone"}),
        (("Fernbrook", "VIC 3000", "GST 10% incl"), "AU", {"region_post", "post_town", "tax", "rate"}),
        (("Kiosk", "1010 Wien", "ATU12345675"), "AT", {"city", "post_town", "number"}),
        (("Bod", "DIČ CZ25123891", "Praha"), "CZ", {"tax_word", "number", "city"}),
        (("www.fernbrook.co.uk", "LS1 4DY"), "GB", {"name", "web", "post"}),
        (("TRN 100123456789003", "Tel: 04 555 1234"), "AE", {"tax_word", "number_form", "phone"}),
        (("GST No: 126-924-976",), "NZ", {"number", "tax_word"}),
        (("Tel: (852) 2555-1234",), "HK", {"code"}),
        (("Tax  1.53",), "US", {"plain_tax"}),
    ],
)
def test_clues_are_told_apart_by_kind(lines, code, expected):
    assert kinds(code, *lines) == expected


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("NO", "INV.NO 4711"),
        ("US", "Tbl 31/1  Chk 1441  Gst 2"),
        ("SG", "Tbl 31/1  Chk 1441  Gst 2"),
        ("MA", "(212) 555-0199"),
        ("US", "Oakford, WA 12345"),
        ("AT", "ATU12345678"),
    ],
)
def test_what_only_looks_like_a_clue_is_none(code, line):
    assert not kinds(code, line) - {"phone", "region"} - ({"phone"} if code == "US" else set())


def test_an_area_of_canada_is_none_of_america():
    assert "phone" not in kinds("US", "604-555-0142")


@pytest.mark.parametrize(
    ("code", "line", "kind"),
    [
        ("BE", "1000Bruxelles", "city"),
        ("MY", "FernbrookSdnBhd", "form"),
        ("AU", "TAXINVOICE", "tax_word"),
        ("US", "OAKFORD,IL62704", "region_post"),
        ("DK", "Fernbrook ApS", "form"),
    ],
)
def test_words_are_found_though_the_blanks_between_them_are_lost(code, line, kind):
    assert kind in kinds(code, line)


def test_letters_read_as_digits_still_make_a_town():
    assert "city" in kinds("DK", "1414 K0BENHAVN K")


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("Harbour Cafe", "Seattle, WA 98121", "(206) 555-0142"), "US"),
        (("Harbour Cafe", "Auckland", "GST No 126-924-976", "eftpos"), "NZ"),
        (("Café du Port", "13002 Marseille", "SIRET 732 829 320 00074", "TVA 20%"), "FR"),
        (("Hafencafé", "20457 Hamburg", "MwSt 19%", "Vielen Dank"), "DE"),
        (("Kawiarnia", "00-950 Warszawa", "NIP 106-00-00-062", "PARAGON FISKALNY"), "PL"),
        (("Kafé Hamn", "Göteborg", "Org.nr 556036-0793", "varav moms 25%"), "SE"),
        (("Padaria", "CNPJ 16.727.230/0001-97", "São Paulo"), "BR"),
        (("Cafetería", "RUT 12.531.909-2", "Santiago"), "CL"),
        (("Sakura", "Chuo-ku, Tokyo", "03-1234-5678"), "JP"),
    ],
)
def test_several_clues_make_a_country_sure(lines, code):
    found = find_country(make_rows(*lines))
    assert found.code == code
    assert found.probability > 0.9
    assert found.sentence.startswith(COUNTRIES[code].title)


def test_words_that_any_country_prints_tell_none():
    found = find_country(make_rows("Harbour Cafe", "Coffee | 3.00", "Total | 3.00"))
    assert (found.code, found.probability) == ("", 0.0)


def test_the_customer_tells_nothing_of_the_seller():
    found = find_country(make_rows("Fernbrook", "Bill to:", "Acme", "London EC1A 1BB"))
    assert not found.has_evidence("GB")


def test_every_weight_is_for_a_clue():
    assert all(weight >= 0 for weight in load_weights()["country"].values())


@pytest.mark.parametrize(
    ("code", "day", "currency"),
    [
        ("BG", "2025-12-31", "BGN"),
        ("BG", "2026-01-01", "EUR"),
        ("HR", "2022-06-01", "HRK"),
        ("HR", "", "EUR"),
        ("EE", "2010-09-15", "EEK"),
        ("DE", "1999-01-01", "EUR"),
    ],
)
def test_a_country_pays_with_the_currency_of_the_day(code, day, currency):
    assert currency_on(COUNTRIES[code], day) == currency


@pytest.mark.parametrize(("text", "is_one"), [("IL 62704", True), ("IL, 62704-1234", True), ("IL 92704", False)])
def test_a_zip_code_lies_in_its_state(text, is_one):
    assert (re.search(STATE_AND_ZIP, text) is not None) is is_one


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Muscat, Oman", "Tea | 1.500", "Total | 1.500"), True),
        (("Tea | 1.500", "KD", "Total | 1.500"), True),
        (("Jakarta, Indonesia", "Teh | 1.500", "Total | 1.500"), False),
        (("Muscat, Oman", "Tea | 1.50", "Total | 1.50"), False),
    ],
)
def test_three_decimals_are_thousandths_where_the_country_has_them(lines, expected):
    assert has_thousandths(make_rows(*lines)) is expected


@pytest.mark.parametrize(
    "piece", ["1", "(", "A1 ", "www.", "+", "ab", "aA", "123 ", "Tel ", "a.b", "1.", "tax ", "@a."]
)
def test_long_hostile_lines_take_no_time(piece):
    start = process_time()
    find_clues([piece * (40_000 // len(piece))])
    assert process_time() - start < 5
