"""What a person says of items and taxes: checked against the document, compared with what was read, and proven anew."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from msgspec import UNSET

from expensed.errors import RequestError
from expensed.model.adding_up import add_taxes, prove_item, prove_sums, prove_tax, prove_total_by_amount
from expensed.model.breakdown import Item, SumName, TaxLine
from expensed.model.expense import Evidence, Expense, Said
from expensed.model.money import most_decimals, with_decimals, write_amount
from expensed.model.text import make_plain

Line = TypeVar("Line", Item, TaxLine)
_SUMS_OF_ITEM = ("discount", "total")
_SUMS_OF_TAX = ("net", "tax", "gross")
_BY_ITEMS = (SumName.SUBTOTAL, SumName.NET, SumName.TOTAL)
_NAMING_ITEMS, _NAMING_TAXES = ("item",), ("tax", "net", "%")
"""Words in proofs of the amount that rest on the items, or on the taxes, as they were read."""
ADDED_UP = "the taxes that a person gave add up to it"


def settle_breakdown(read: Expense | None, said: Said) -> Said:
    """Return a person's data with the decimals of its currency in items and taxes.

    RequestError if a sum has more decimals than that; what was read may have them, because clients send it back.
    """
    known = read or Expense(confidence=0)
    currency = said.currency or known.currency
    if said.items:
        _check("items", said.items, known.items, _SUMS_OF_ITEM, currency)
        said = replace(said, items=tuple(_settle_item(item, currency) for item in said.items))
    if said.taxes:
        _check("taxes", said.taxes, known.taxes, _SUMS_OF_TAX, currency)
        said = replace(said, taxes=tuple(_settle_tax(tax, currency) for tax in said.taxes))
    return said


def _check(name: str, lines: Sequence[Line], read: Sequence[Line], sums: Sequence[str], currency: str | None) -> None:
    decimals, known = most_decimals(currency), {bare(line) for line in read}
    for number, line in enumerate(lines):
        for each in sums:
            amount: Decimal | None = getattr(line, each)
            if amount is not None and amount != round(amount, decimals) and bare(line) not in known:
                money = f"the {decimals} decimals of {currency}" if currency else f"{decimals} decimals"
                raise RequestError(f"{name}.{number}.{each} has more than {money}.", code="invalid")


def _settle_item(item: Item, currency: str | None) -> Item:
    return replace(
        item,
        unit_price=_settle(item.unit_price, currency),
        discount=_settle(item.discount, currency),
        total=_settle(item.total, currency),
    )


def _settle_tax(tax: TaxLine, currency: str | None) -> TaxLine:
    return replace(
        tax, net=_settle(tax.net, currency), tax=_settle(tax.tax, currency), gross=_settle(tax.gross, currency)
    )


def _settle(amount: Decimal | None, currency: str | None) -> Decimal | None:
    return None if amount is None else with_decimals(amount, currency)


def bare(line: Line) -> Line:
    """Return what a line says, without where it stands and what proves it."""
    plain = replace(line, page=None, box=None, proof=None, read_as=UNSET)
    if isinstance(plain, Item):
        return replace(
            plain, description=_clean(plain.description), unit=_clean(plain.unit), tax_mark=_clean(plain.tax_mark)
        )
    return replace(plain, name=_clean(plain.name), mark=_clean(plain.mark))


def _clean(text: str | None) -> str | None:
    return make_plain(text or "") or None


def without_known(read: Expense | None, said: Said) -> Said:
    """Return a person's data without the lists that say what is known already: a client sends back what it got."""
    known = read or Expense(confidence=0)
    if isinstance(said.items, tuple) and say_the_same(said.items, known.items):
        said = replace(said, items=UNSET)
    if isinstance(said.taxes, tuple) and say_the_same(said.taxes, known.taxes):
        said = replace(said, taxes=UNSET)
    return said


def say_the_same(lines: Sequence[Line], others: Sequence[Line]) -> bool:
    """Whether two lists of lines say the same, wherever these stand and whatever proves them."""
    return len(lines) == len(others) and all(
        bare(line) == bare(other) for line, other in zip(lines, others, strict=True)
    )


def prove_again(read: Expense, said: Expense, names: Collection[str]) -> Expense:
    """Return an expense of which a person gave the fields with these names, its lines with their places and proofs.

    `read` is the same before that. Proofs stay as they are if nothing differs that they depend on.
    """
    if "items" in names:
        said = replace(said, items=_keep_places(read.items, said.items))
    if "taxes" in names:
        said = _follow_taxes(replace(said, taxes=_keep_places(read.taxes, said.taxes)), read)
    if "amount" in names:
        said = _follow_amount(said, read.amount)
    if (said.items, said.taxes) == (read.items, read.taxes):
        return said
    items = (item if item.proof else replace(item, proof=prove_item(item, said.currency)) for item in said.items)
    taxes = (tax if tax.proof else replace(tax, proof=prove_tax(tax, said.currency)) for tax in said.taxes)
    said = replace(said, items=tuple(items), taxes=tuple(taxes))
    has_items = [item.total for item in said.items] == [item.total for item in read.items]
    has_taxes = list(map(_figures_of, said.taxes)) == list(map(_figures_of, read.taxes))
    if has_items and has_taxes:
        return said
    said = prove_sums(said, _BY_ITEMS if has_taxes else tuple(SumName))
    evidence = said.fields.get("amount")
    proof = evidence.proof or "" if evidence is not None else ""
    stale = (*(_NAMING_ITEMS if not has_items else ()), *(_NAMING_TAXES if not has_taxes else ()))
    return said if "amount" in names or any(word in proof for word in stale) else prove_total_by_amount(said)


def _figures_of(tax: TaxLine) -> tuple[Decimal | None, ...]:
    return tax.rate, tax.net, tax.tax, tax.gross


def _keep_places(read: Sequence[Line], said: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines as they were read where they say the same; others take the place of the line they replace.

    Which line that is, is known if there are as many as before.
    """
    known: defaultdict[Line, deque[Line]] = defaultdict(deque)
    for line in read:
        known[bare(line)].append(line)
    found = [known[bare(line)].popleft() if known[bare(line)] else line for line in said]
    replaced = {id(line) for lines in known.values() for line in lines}
    if len(read) == len(said):
        for place, (line, old) in enumerate(zip(said, read, strict=True)):
            if found[place] is line and id(old) in replaced and line.box is None:
                found[place] = replace(line, page=old.page, box=old.box)
    return tuple(found)


def _follow_taxes(expense: Expense, read: Expense) -> Expense:
    """Return the expense with the total of its taxes, as far as it is known."""
    total = add_taxes(expense)
    if expense.taxes and (total is None or total == expense.tax):
        return expense
    fields = {name: evidence for name, evidence in expense.fields.items() if name != "tax"}
    if total is not None:
        read_as = UNSET if read.tax is None else write_amount(read.tax, read.currency)
        value = write_amount(total, expense.currency)
        fields["tax"] = Evidence(value=value, confidence=1.0, proof=ADDED_UP, read_as=read_as)
    return replace(expense, tax=total, fields=fields)


def _follow_amount(expense: Expense, read: Decimal | None) -> Expense:
    """Return the expense with its amount as the total among its sums if that was the amount before."""
    if expense.amount is None or expense.amount == read:
        return expense
    sums = (
        replace(each, value=expense.amount) if each.name is SumName.TOTAL and each.value == read else each
        for each in expense.sums
    )
    return prove_sums(replace(expense, sums=tuple(sums)), (SumName.TOTAL,))
