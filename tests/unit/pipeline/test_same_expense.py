from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expensed.model.expense import Facts
from expensed.pipeline.duplicates.same_expense import is_alike

ONE = Facts(vendor="Café Zoë", date=date(2024, 2, 1), amount=Decimal("3.20"), currency="EUR")


@pytest.mark.parametrize(
    ("changes", "text", "alike"),
    [
        ({}, "", True),
        ({"vendor": "CAFE ZOE"}, "", True),
        ({"amount": Decimal("3.21")}, "", False),
        ({"amount": Decimal("-3.20")}, "", False),
        ({"date": date(2024, 2, 2)}, "", False),
        ({"currency": "USD"}, "", False),
        ({"vendor": "Café Zora"}, "", False),
        ({"invoice_number": "A-7"}, "", True),
        ({}, "open 08:00 sold 10:24", True),
        ({}, "open 08:00 sold 10:25", False),
        ({}, "open 08:00", True),
    ],
)
def test_the_same_expense_is_told_by_what_stands_on_it(changes, text, alike):
    assert is_alike(ONE, "open 08:00 sold 10:24", replace(ONE, **changes), text) is alike


def test_the_number_of_an_invoice_decides():
    one = replace(ONE, invoice_number="A-7")
    assert is_alike(one, "printed 10:24", replace(ONE, invoice_number="a7"), "printed 11:30")
    assert not is_alike(one, "", replace(ONE, invoice_number="A-8"), "")
