"""What the lines of an expense prove by plain arithmetic, for lines that a person gave.

What was read has its proofs from extraction, which knows more: how each country rounds, and what a paper says besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from expensed.model.breakdown import CheckedSum, Item, SumName, TaxLine
from expensed.model.expense import Expense
from expensed.model.money import is_writable, minor_units, write_amount


def prove_item(item: Item, currency: str | None) -> str | None:
    """Return the sum that proves an item's total, e.g. `2 x 3.50 - 0.50`."""
    if item.quantity is None or item.unit_price is None or item.total is None:
        return None
    charged = _round(item.quantity * item.unit_price, currency) + (item.discount or 0)
    if charged != item.total:
        return None
    off = f" - {write_amount(-item.discount, currency)}" if item.discount else ""
    return f"{_write(item.quantity)} x {write_amount(item.unit_price, currency)}{off}"


def prove_tax(tax: TaxLine, currency: str | None) -> str | None:
    """Return the sum that proves a tax, e.g. `19 % of 10.00` or `10.00 + 1.90`."""
    if tax.tax is None:
        return None
    if tax.net is not None and tax.rate is not None and _round(tax.net * tax.rate / 100, currency) == tax.tax:
        return f"{_write(tax.rate)} % of {write_amount(tax.net, currency)}"
    if tax.net is not None and tax.gross is not None and tax.net + tax.tax == tax.gross:
        return f"{write_amount(tax.net, currency)} + {write_amount(tax.tax, currency)}"
    if tax.gross is not None and tax.rate is not None:
        included = _round(tax.gross * tax.rate / (100 + tax.rate), currency)
        return f"{_write(tax.rate)} % in {write_amount(tax.gross, currency)}" if included == tax.tax else None
    return None


def prove_sums(expense: Expense, only: SumName | None = None) -> Expense:
    """Return the expense with the proofs that its sums, or only those of a name, have by its items and taxes.

    If there are any, its amount is one of the sums.
    """
    sums = expense.sums
    has_total = any(each.name is SumName.TOTAL for each in sums)
    if expense.amount is not None and (expense.items or expense.taxes) and not has_total:
        sums = (*sums, CheckedSum(name=SumName.TOTAL, value=expense.amount))
    return replace(
        expense,
        sums=tuple(
            replace(each, proof=_prove_sum(each, expense)) if only in (None, each.name) else each for each in sums
        ),
    )


def add_taxes(expense: Expense) -> Decimal | None:
    """Return the sum of the taxes; None if there are none, or if one of them is not known."""
    return _add(each.tax for each in expense.taxes)


def _prove_sum(checked: CheckedSum, expense: Expense) -> str | None:
    return next((proof for total, proof in _list_proofs(checked, expense) if total == checked.value), None)


def _list_proofs(checked: CheckedSum, expense: Expense) -> Iterator[tuple[Decimal, str]]:
    """Yield what the lines of an expense add up to in each way that leads to a sum of this name, and that way."""
    currency = expense.currency
    items, tax = _add(item.total for item in expense.items), add_taxes(expense)
    net = _add(each.net for each in expense.taxes)
    if items is not None and checked.name is not SumName.TAX:
        yield items, _add_up(len(expense.items), "item", items, currency)
        if tax is not None and checked.name is SumName.TOTAL:
            yield items + tax, f"items {write_amount(items, currency)} + tax {write_amount(tax, currency)}"
    if tax is not None and checked.name is SumName.TAX:
        yield tax, _add_up(len(expense.taxes), "tax", tax, currency)
    if tax is not None and net is not None and checked.name is SumName.TOTAL:
        yield net + tax, f"net {write_amount(net, currency)} + tax {write_amount(tax, currency)}"
    if net is not None and checked.name is SumName.NET:
        yield net, f"the nets of the taxes add up to {write_amount(net, currency)}"


def _add_up(count: int, what: str, total: Decimal, currency: str | None) -> str:
    words = f"1 {what} adds" if count == 1 else f"{count} {what}{'es' if what.endswith('x') else 's'} add"
    return f"{words} up to {write_amount(total, currency)}"


def _add(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum; None if there are no amounts, or one of them is not known."""
    known: Sequence[Decimal | None] = list(amounts)
    if not known or None in known:
        return None
    return sum((amount for amount in known if amount is not None), Decimal())


def _round(amount: Decimal, currency: str | None) -> Decimal:
    if not is_writable(amount):
        return amount
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), ROUND_HALF_UP)


def _write(number: Decimal) -> str:
    return f"{number:f}" if is_writable(number) else "unknown"
