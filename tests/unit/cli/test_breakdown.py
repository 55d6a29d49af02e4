"""The lines in which `expensed show` tells what an expense is made of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from rich.cells import cell_len

from expensed.cli.screen.breakdown import WIDTH, describe_breakdown
from expensed.model.breakdown import CheckedSum, Item, ItemKind, SumName, TaxLine
from expensed.model.expense import Expense


def show(currency: str | None = "EUR", **parts: object) -> str:
    return "\n".join(describe_breakdown(Expense(currency=currency, confidence=0, **parts)))  # type: ignore[arg-type]


def test_of_an_expense_that_is_known_as_a_whole_only_nothing_is_shown() -> None:
    assert show() == ""


ITEMS = (
    Item(description="Kaffee", quantity=Decimal(2), unit_price=Decimal("3.5"), total=Decimal(7), tax_mark="A",
         proof="2 x 3.50"),
    Item(description="Bananen", quantity=Decimal("0.532"), unit="kg", unit_price=Decimal("1.99"), total=Decimal("1.06"),
         tax_rate=Decimal(7), read_as="1.08", category="Groceries"),
    Item(description="Eine Beschreibung, die in keine einzelne Zeile passt", total=Decimal("1234.5"), proof="x"),
    Item(kind=ItemKind.DISCOUNT, description="Rabatt", total=Decimal("-0.5"), proof="x"),
    Item(),
)  # fmt: skip
TAXES = (
    TaxLine(name="MwSt", rate=Decimal(19), mark="A", net=Decimal("5.88"), tax=Decimal("1.12"), gross=Decimal(7),
            is_included=True, proof="19 % of 5.88"),
    TaxLine(rate=Decimal("5.5"), tax=Decimal("0.07"), is_included=False, read_as="0.01"),
)  # fmt: skip
SUMS = (
    CheckedSum(name=SumName.SUBTOTAL, value=Decimal("8.06")),
    CheckedSum(name=SumName.TOTAL, value=Decimal("12.4"), proof="net 10.42 + tax 1.98"),
)


def test_items_taxes_and_sums_are_tables() -> None:
    assert (
        show(items=ITEMS, taxes=TAXES, sums=SUMS)
        == """
  #  item                        quantity  price    total  tax
  1  Kaffee                             2   3.50     7.00  A
  2  Bananen                     0.532 kg   1.99     1.06  7 %
     Groceries, read as "1.08", unproven
  3  Eine Beschreibung, die in                    1234.50
     keine einzelne Zeile passt
  4  Rabatt (discount)                              -0.50
  5  ?                                                  ?  unproven

  #  tax      rate   net   sum  gross
  1  MwSt A   19 %  5.88  1.12   7.00  included  proven: 19 % of 5.88
  2  ?       5.5 %        0.07         added  read as "0.01", unproven

  subtotal   8.06  unproven
  total     12.40  proven: net 10.42 + tax 1.98"""
    )


def test_columns_of_nothing_are_left_out_and_what_is_unproven_is_said_once() -> None:
    items = (Item(description="東京のおにぎり", total=Decimal(-150)), Item(description="Fish", total=Decimal(-1000)))
    assert (
        show("JPY", items=items)
        == """
  #  item            total
  1  東京のおにぎり   -150
  2  Fish            -1000
  None of them is proven."""
    )
    assert show(items=ITEMS[1:2]).endswith("\n  It is unproven.")


def test_items_that_prove_a_sum_together_are_not_called_unproven() -> None:
    proven = CheckedSum(name=SumName.TOTAL, value=Decimal("8.06"), proof="2 items add up to 8.06")
    assert "unproven" not in show(items=ITEMS[:2], sums=(proven,))
    assert "proven" not in show(items=ITEMS[1:2], sums=(proven,)).partition("total  ")[0]


def test_items_that_miss_a_sum_tell_by_how_much() -> None:
    items = (
        Item(description="Tea", total=Decimal(5), proof="2 x 2.50"),
        Item(description="Cake", total=Decimal("3.5")),
    )
    total = CheckedSum(name=SumName.TOTAL, value=Decimal("9.99"), proof="cash 10.00 − change 0.01")
    tax = CheckedSum(name=SumName.TAX, value=Decimal("8.49"))
    missed = "  2 items add up to 8.50, but the paper's total is 9.99: 1.49 more.\n"
    assert missed in show(items=items, sums=(tax, total))
    subtotal = CheckedSum(name=SumName.SUBTOTAL, value=Decimal("8.4"))
    tip = Item(kind=ItemKind.TIP, description="Tip", total=Decimal(1))
    missed = "  2 items add up to 8.50, but the paper's subtotal is 8.40: 0.10 less.\n"
    assert missed in show(items=(*items, tip), sums=(subtotal, total))
    assert "  1 item adds up to 5.00, but the paper's total is 9.99: 4.99 more.\n" in show(
        items=items[:1], sums=(total,)
    )
    taxes = (TaxLine(rate=Decimal(20), tax=Decimal("1.7"), is_included=False),)
    missed = "2 items add up to 8.50, with tax 10.20, but the paper's total is 9.99: 0.21 less."
    assert missed in " ".join(show(items=items, taxes=taxes, sums=(total,)).split())
    assert " but the " not in show(items=items, taxes=taxes, sums=(replace(total, value=Decimal("10.20")),))


def test_a_long_proof_goes_on_in_the_next_line() -> None:
    proven = CheckedSum(name=SumName.TOTAL, value=Decimal("61.48"), proof=" + ".join(["service 2.00"] * 6))
    first, second = show(sums=(proven,)).strip().split("\n")
    assert first.startswith("total     61.48  proven: service 2.00 + ")
    assert second.startswith("      ")


FIGURES = st.none() | st.decimals(-(10**7), 10**7, places=2)
HOSTILE = st.none() | st.text(max_size=150)
DRAWN_ITEMS = st.builds(
    Item, kind=st.sampled_from(ItemKind), description=HOSTILE, quantity=FIGURES, unit=HOSTILE, unit_price=FIGURES,
    discount=FIGURES, total=FIGURES, tax_rate=st.none() | st.decimals(0, 30, places=2), tax_mark=HOSTILE,
    category=st.just(UNSET) | st.text(max_size=100), proof=HOSTILE, read_as=st.just(UNSET) | st.text(max_size=100),
)  # fmt: skip


@given(st.lists(DRAWN_ITEMS, max_size=5))
def test_whatever_is_written_on_the_paper_no_line_is_too_long_or_moves_the_cursor(items: list[Item]) -> None:
    for line in show(items=tuple(items)).split("\n"):
        assert line.isprintable() or not line.isascii()
        assert len(line.splitlines()) <= 1
        assert "\x1b" not in line
        assert cell_len(line) <= WIDTH + 22, "long figures in every column take their room"


USUAL_ITEMS = st.builds(
    Item, description=HOSTILE, quantity=st.none() | st.integers(1, 99).map(Decimal), unit_price=FIGURES, total=FIGURES,
    tax_mark=st.none() | st.text(max_size=2),
)  # fmt: skip


@given(st.lists(USUAL_ITEMS, max_size=5))
def test_usual_items_fit_into_the_terminal(items: list[Item]) -> None:
    assert all(cell_len(line) <= WIDTH for line in show(items=tuple(items)).split("\n"))
