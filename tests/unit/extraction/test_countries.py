"""Clues to countries; each clue is sought by a text that it must contain, and its pattern must really require it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.documents.readings import make_rows

from expensed.extraction.country.countries import PATTERNS, find_countries

TESTS = [test for _, _, kinds in PATTERNS for _, tests in kinds for test in tests]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_matches_a_clue_holds_the_text_that_is_looked_for_first(data):
    literal, pattern = data.draw(st.sampled_from(TESTS))
    assert literal in data.draw(st.from_regex(pattern))


@pytest.mark.parametrize(
    ("lines", "code", "kinds"),
    [
        (("Fernbrook Sdn Bhd", "Jalan 5, Kuala Lumpur"), "MYR", {"form", "post", "city"}),
        (("Springfield, IL 62704", "(217) 555-0142"), "USD", {"name", "post", "phone"}),
        (("Kiosk", "1010 Wien", "ATU12345678"), "EUR", {"city", "tax"}),
        (("Bod", "DIČ CZ12345678", "Praha"), "CZK", {"tax", "city"}),
        (("www.fernbrook.co.uk",), "GBP", {"web"}),
    ],
)
def test_clues_are_told_apart_by_kind(lines, code, kinds):
    assert set(find_countries(make_rows(*lines))[code].words) == kinds


def test_the_customer_tells_nothing_of_the_seller():
    assert "GBP" not in find_countries(make_rows("Fernbrook", "Bill to:", "Acme", "London EC1A 1BB"))


@pytest.mark.parametrize("line", ["INV.NO 4711", "14:32:18 PST", "made in china", "New South Wales"])
def test_words_that_only_look_like_a_country_are_none(line):
    assert not {"NOK", "CAD", "CNY", "GBP"} & find_countries(make_rows(line)).keys()
