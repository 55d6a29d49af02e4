from __future__ import annotations

from decimal import Decimal

import pytest
from iso4217 import Currency

from expensed.languages.signs import CODES
from expensed.model.money import list_currencies, minor_units, with_decimals, write_money


@pytest.mark.parametrize(
    ("currency", "decimals"), [("EUR", 2), ("eur", 2), ("JPY", 0), ("KWD", 3), ("XXX", 2), ("", 2), (None, 2), ("?", 2)]
)
def test_every_currency_has_its_own_decimals(currency: str | None, decimals: int) -> None:
    assert minor_units(currency) == decimals


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [("93.5", "EUR", "93.50"), ("1200", "JPY", "1200"), ("1.25", "KWD", "1.250"), ("1.255", "EUR", "1.255")],
)
def test_an_amount_is_given_the_decimals_of_its_currency(amount: str, currency: str, written: str) -> None:
    assert str(with_decimals(Decimal(amount), currency)) == written


def test_an_amount_without_a_currency_stands_alone() -> None:
    assert write_money(Decimal("3.5"), None) == "3.50"
    assert write_money(Decimal("3.5"), "EUR") == "3.50 EUR"


def test_the_decimals_are_those_of_iso_4217() -> None:
    standard = {each.code: each.exponent for each in Currency if each.exponent is not None}
    assert {code: minor_units(code) for code in standard} == standard
    assert standard.keys() <= list_currencies()


def test_every_code_that_is_read_beside_an_amount_is_a_currency() -> None:
    assert list_currencies() >= CODES
