from __future__ import annotations

import pytest

from expensed.pipeline.duplicates.same_expense import is_alike

ONE = {"vendor": "Café Zoë", "date": "2024-02-01", "amount": 3.2, "currency": "EUR", "invoice_number": None}


@pytest.mark.parametrize(
    ("changes", "text", "alike"),
    [
        ({}, "", True),
        ({"vendor": "CAFE ZOE"}, "", True),
        ({"amount": 3.21}, "", False),
        ({"amount": -3.2}, "", False),
        ({"date": "2024-02-02"}, "", False),
        ({"currency": "USD"}, "", False),
        ({"vendor": "Café Zora"}, "", False),
        ({"invoice_number": "A-7"}, "", True),
        ({}, "open 08:00 sold 10:24", True),
        ({}, "open 08:00 sold 10:25", False),
        ({}, "open 08:00", True),
    ],
)
def test_the_same_expense_is_told_by_what_stands_on_it(changes, text, alike):
    assert is_alike(ONE, "open 08:00 sold 10:24", ONE | changes, text) is alike


def test_the_number_of_an_invoice_decides():
    one = ONE | {"invoice_number": "A-7"}
    assert is_alike(one, "printed 10:24", ONE | {"invoice_number": "a7"}, "printed 11:30")
    assert not is_alike(one, "", ONE | {"invoice_number": "A-8"}, "")
