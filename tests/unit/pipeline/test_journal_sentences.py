"""What the journal says of a change, in plain words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expensed.model.breakdown import Item
from expensed.model.expense import SAYABLE, Expense
from expensed.pipeline.filing.journal_sentences import LONGEST_VALUE, describe_changes

READ = Expense(vendor="Adobe", amount=Decimal("12"), date=date(2024, 1, 15), currency="EUR", confidence=90)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"amount": Decimal("13")}, "Corrected amount from 12.00 to 13.00."),
        ({"category": "Other"}, "Corrected category to Other."),
        ({"vendor": None}, "Corrected vendor from Adobe to nothing."),
        ({"amount": Decimal("13"), "currency": "JPY"},
         "Corrected amount from 12.00 to 13 and currency from EUR to JPY."),
        ({"vendor": "A", "date": date(2024, 1, 16), "category": "Other"},
         "Corrected vendor from Adobe to A, date from 2024-01-15 to 2024-01-16 and category to Other."),
        ({"description": "Two\n\x1b[31mlines\u202e"}, "Corrected description to Two [31mlines."),
        ({"description": "x" * 100}, f"Corrected description to {'x' * (LONGEST_VALUE - 1)}…."),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_change_is_told_with_what_was_there_before(after: dict[str, object], said: str) -> None:
    names = {"vendor", "amount", "date", "category", "currency", "description"}
    assert describe_changes("Corrected", READ, replace(READ, **after), names) == said  # type: ignore[arg-type]


def test_of_lists_it_is_only_told_that_a_person_gave_them() -> None:
    after = replace(READ, amount=Decimal("13"), items=(Item(description="Licence"),))
    assert describe_changes("Corrected", READ, after, {"items"}) == "Corrected the items."
    assert describe_changes("Corrected", None, after, SAYABLE).startswith("Corrected vendor to Adobe, amount to 13.00,")
