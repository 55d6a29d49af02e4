"""What the lines of an expense prove by plain arithmetic: which sums items add up to, and what lines of a person prove.

Items and taxes that were read have their own proofs from extraction, which knows more: how each country rounds, and
what a paper says besides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from expensed.model.breakdown import CheckedSum, Item, ItemKind, SumName, TaxLine
from expensed.model.expense import CONFIRMED, SAID, Expense
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


def add_up_items(items: Sequence[Item]) -> Iterator[tuple[int, Decimal]]:
    """Yield how many items, from the first one on, add up to what: all of them, then fewer without extras at the end.

    Extras are all that is not goods, e.g. a tip: at the end of the list they may stand below the subtotal. Items of
    which one has no total add up to nothing.
    """
    sums: list[Decimal | None] = [Decimal(0)]
    for item in items:
        sums.append(None if sums[-1] is None or item.total is None else sums[-1] + item.total)
    for count in range(len(items), 0, -1):
        if (total := sums[count]) is not None:
            yield count, total
        if items[count - 1].kind is ItemKind.GOODS:
            break


def prove_by_items(
    checked: CheckedSum, items: Sequence[Item], taxes: Sequence[TaxLine], currency: str | None
) -> str | None:
    """Return how items add up to a sum, e.g. `2 items add up to 7.00`, or with the taxes to a total.

    None if they do not, or if it is the sum of the taxes.
    """
    if checked.name is SumName.TAX:
        return None
    for count, total in add_up_items(items):
        if total == checked.value:
            return write_sum(count, "item", total, currency)
    whole, tax = _add(item.total for item in items), _add(each.tax for each in taxes)
    if whole is None or tax is None or checked.name is not SumName.TOTAL or whole + tax != checked.value:
        return None
    return f"items {write_amount(whole, currency)} + tax {write_amount(tax, currency)}"


def prove_sums(expense: Expense, names: Collection[SumName] = tuple(SumName)) -> Expense:
    """Return the expense with the proofs that its sums of these names have by its items and taxes.

    If there are any, its amount is one of the sums.
    """
    sums = expense.sums
    has_total = any(each.name is SumName.TOTAL for each in sums)
    if expense.amount is not None and (expense.items or expense.taxes) and not has_total:
        sums = (*sums, CheckedSum(name=SumName.TOTAL, value=expense.amount))
    return replace(
        expense,
        sums=tuple(replace(each, proof=_prove_sum(each, expense)) if each.name in names else each for each in sums),
    )


def prove_total_by_amount(expense: Expense) -> Expense:
    """Return the expense with the proof of its amount for the total that equals it, if its lines prove that by nothing.

    That a person gave the amount proves no sum.
    """
    evidence = expense.fields.get("amount")
    if evidence is None or evidence.proof in (None, SAID, CONFIRMED):
        return expense
    sums = (
        replace(each, proof=each.proof or evidence.proof)
        if each.name is SumName.TOTAL and each.value == expense.amount
        else each
        for each in expense.sums
    )
    return replace(expense, sums=tuple(sums))


def add_taxes(expense: Expense) -> Decimal | None:
    """Return the sum of the taxes; None if there are none, or if one of them is not known."""
    return _add(each.tax for each in expense.taxes)


def _prove_sum(checked: CheckedSum, expense: Expense) -> str | None:
    by_items = prove_by_items(checked, expense.items, expense.taxes, expense.currency)
    return by_items or next((proof for total, proof in _list_proofs(checked, expense) if total == checked.value), None)


def _list_proofs(checked: CheckedSum, expense: Expense) -> Iterator[tuple[Decimal, str]]:
    """Yield what taxes add up to in each way that leads to a sum of this name, and that way."""
    currency = expense.currency
    tax, net = add_taxes(expense), _add(each.net for each in expense.taxes)
    if tax is not None and checked.name is SumName.TAX:
        yield tax, write_sum(len(expense.taxes), "tax", tax, currency)
    if tax is not None and net is not None and checked.name is SumName.TOTAL:
        yield net + tax, f"net {write_amount(net, currency)} + tax {write_amount(tax, currency)}"
    if net is not None and checked.name is SumName.NET:
        yield net, f"the nets of the taxes add up to {write_amount(net, currency)}"


def write_sum(count: int, what: str, total: Decimal, currency: str | None) -> str:
    """Return what so many items or taxes add up to as words, e.g. `2 items add up to 7.00`."""
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
