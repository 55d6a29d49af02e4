from __future__ import annotations

import pytest

from expensed.learning.vendor_key import find_heading, is_alike, reduce_heading
from expensed.model.expense import Evidence, Expense


def read_as(vendor: str | None) -> Expense:
    """Return a reading of which only the vendor is known."""
    return Expense(vendor=vendor, confidence=0)


@pytest.mark.parametrize(
    "text", ["Nordlicht Café", "NORDLICHT  CAFE", "nordlicht-cafe.", "\N{FULLWIDTH LATIN CAPITAL LETTER N}ordlichtcafé"]
)
def test_a_heading_is_known_again_however_it_is_set(text):
    assert reduce_heading(text) == "nordlichtcafe"


@pytest.mark.parametrize("text", ["", " . ", "é", "!!!"])
def test_too_little_is_no_heading(text):
    assert reduce_heading(text) is None


def test_a_heading_in_another_script_is_one():
    assert reduce_heading("星巴克 咖啡") == "星巴克咖啡"


def test_the_heading_is_what_was_read_before_any_correction():
    name = Evidence(value="B", confidence=1.0, read_as="A & Sons")
    assert find_heading(Expense(vendor="B", confidence=0, fields={"vendor": name})) == "asons"
    assert find_heading(read_as("B GmbH")) == "bgmbh"
    assert find_heading(None) is None
    assert find_heading(read_as(None)) is None


@pytest.mark.parametrize(
    ("heading", "vendor", "alike"),
    [("adobe", "Adobe Systems", True), ("ad0besystens", "Adobe Systems", True), ("receipt", "Adobe", False),
     ("adobe", "!!", False)],
)  # fmt: skip
def test_a_misread_or_shortened_name_is_alike(heading, vendor, alike):
    assert is_alike(heading, vendor) is alike
