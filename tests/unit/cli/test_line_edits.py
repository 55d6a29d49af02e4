"""Corrections of single items and taxes, as they are typed."""

from __future__ import annotations

from decimal import Decimal

import click
import pytest

from expensed.cli.http.line_edits import OF_ITEM, OF_TAX, edit_lines, parse_edits
from expensed.model.breakdown import Item, TaxLine

ITEMS = (
    Item(description="Drill", total=Decimal("9.90"), proof="x", page=1),
    Item(description="Bit", total=Decimal("2.00"), category="Other"),
)


def edit(*typed: str) -> list[dict[str, object]]:
    """Return the lines of ITEMS as they would be sent, without fields that are not known."""
    edits = parse_edits(typed, "--item", OF_ITEM)
    return [
        {name: value for name, value in line.items() if value is not None and name != "kind"}
        for line in edit_lines(ITEMS, edits, "--item", OF_ITEM)
    ]


def test_a_field_of_a_line_is_given_as_it_is_typed() -> None:
    assert edit("1:total=4,50", "1: unit-price =2.25", "2:description=") == [
        {"description": "Drill", "total": "4,50", "unit_price": "2.25"},
        {"description": "", "total": Decimal("2.00"), "category": "Other"},
    ]


def test_a_line_is_removed_and_the_others_keep_their_numbers() -> None:
    assert edit("1:remove", "2:description=Bits = all: 3", "3:description=Bag") == [
        {"description": "Bits = all: 3", "total": Decimal("2.00"), "category": "Other"},
        {"description": "Bag"},
    ]


def test_the_numbers_behind_the_last_add_lines() -> None:
    assert edit("4:total=1", "3:description=Bag", "3:total=2")[2:] == [
        {"description": "Bag", "total": "2"},
        {"total": "1"},
    ]


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("total=4", "must name a line by its number, as in --item 3:description=... or --item 3:remove"),
        ("0:total=4", "must name a line by its number"),
        ("3", "must name a line by its number"),
        ("1:price=4", "must name one of the fields kind, description, quantity"),
        ("1:total", "must give a value"),
        ("4:total=1", "--item 4: there are 2 lines; 3 adds one."),
        ("3:remove", "--item 3: there are 2 lines; 3 adds one."),
    ],
)
def test_what_names_no_field_of_a_line_is_refused(typed: str, complaint: str) -> None:
    with pytest.raises(click.UsageError) as refused:
        edit(typed)
    assert complaint in refused.value.message


def test_a_tax_is_given_in_the_same_way() -> None:
    edits = parse_edits(["1:rate=7"], "--tax", OF_TAX)
    (line,) = edit_lines((TaxLine(tax=Decimal("1.90"), is_included=True),), edits, "--tax", OF_TAX)
    assert {name: value for name, value in line.items() if value is not None} == {
        "rate": "7", "tax": Decimal("1.90"), "is_included": True
    }  # fmt: skip
