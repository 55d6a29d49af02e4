"""Divides the amount of a document among the accounts of an entry: its category, those of its items, its taxes.

Nothing is made up: what does not add up is not divided, and a remark says why. Whatever is left, as the tax on tax-free
items or a discount on everything, belongs to the document's category, so that every entry balances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import UNSET

from expensed.exports.known_taxes import add_known, list_taxes, write_rate
from expensed.model.breakdown import Item, TaxLine
from expensed.model.money import minor_units, write_amount
from expensed.report.answers import ExportedDocument

_NO_TAX = Decimal()


@dataclass(frozen=True, slots=True)
class Share:
    """The part of an amount that goes to a category; None is the document's own."""

    category: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TaxShare:
    """The part of an amount that is tax at a rate, in percent; None if no rate is known."""

    rate: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Split:
    """An amount in parts that add up to it, with a sentence about each way in which it could not be divided."""

    shares: Sequence[Share]
    taxes: Sequence[TaxShare] = ()
    remarks: Sequence[str] = field(default=())


class _Unclear(Exception):
    """It is not known how to divide the amount; the message says why."""


def split_amount(document: ExportedDocument, amount: Decimal, *, by_tax: bool, by_item: bool) -> Split:
    """Divide the amount of a document by the rates of its taxes and by the categories of its items, as requested."""
    remarks = []
    taxes: Sequence[TaxLine] = ()
    shares: Sequence[Share] = ()
    if by_tax:
        try:
            taxes = _check_taxes(document, amount)
        except _Unclear as reason:
            remarks.append(f"not split by tax: {reason}")
    if by_item and any(_category_of(item, document) for item in document.items):
        try:
            shares = _share_by_item(document, amount, taxes)
        except _Unclear as reason:
            remarks.append(f"not split by item: {reason}")
    tax_shares = [TaxShare(tax.rate, tax.tax) for tax in taxes if tax.tax]
    rest = amount - _add_taxes(taxes) - sum((share.amount for share in shares), Decimal())
    own = [Share(None, rest)] if rest or not (shares or tax_shares) else []
    return Split([*own, *shares], tax_shares, remarks)


def _category_of(item: Item, document: ExportedDocument) -> str | None:
    """Return the category of an item if it is another than its document's."""
    return None if item.category in (UNSET, document.category) else str(item.category)


def _check_taxes(document: ExportedDocument, amount: Decimal) -> Sequence[TaxLine]:
    """Return the taxes of a document if they can be a part of its amount."""
    taxes = [tax for tax in list_taxes(document) if tax.tax is not None or tax.rate != 0]
    for tax in taxes:
        if tax.tax is None:
            raise _Unclear(f"the tax at {write_rate(tax.rate)} % is not known" if tax.rate else "a tax is not known")
    total = _add_taxes(taxes)
    written = write_amount(total, document.currency)
    if document.tax is not None and total != document.tax and taxes:
        raise _Unclear(f"its taxes add up to {written}, not to {write_amount(document.tax, document.currency)}")
    if total * amount < 0 or abs(total) > abs(amount):
        raise _Unclear(f"its taxes add up to {written}")
    return taxes


def _add_taxes(taxes: Iterable[TaxLine]) -> Decimal:
    return sum((tax.tax or _NO_TAX for tax in taxes), Decimal())


def _share_by_item(document: ExportedDocument, amount: Decimal, taxes: Sequence[TaxLine]) -> Sequence[Share]:
    """Return what belongs to other categories than the document's, without the taxes that have accounts of their own.

    `taxes` are those that are split off.
    """
    included = _find_included(document, amount, taxes)
    taken_off: dict[str, Decimal] = {}
    for tax in included:
        for category, part in _divide_tax(document, tax, included).items():
            taken_off[category] = taken_off.get(category, _NO_TAX) + part
    shares = _add_by_category(document, document.items)
    return [Share(category, total - taken_off.get(category, _NO_TAX)) for category, total in shares.items()]


def _find_included(document: ExportedDocument, amount: Decimal, taxes: Sequence[TaxLine]) -> Sequence[TaxLine]:
    """Return those of the taxes split off that the prices contain, by what the items add up to."""
    items = add_known(item.total for item in document.items)
    if items is None:
        raise _Unclear("an item has no total")
    known = list_taxes(document)
    for added in ([], known, [tax for tax in known if tax.is_included is False]):
        if items + _add_taxes(added) == amount:
            return [tax for tax in taxes if tax.tax and tax not in added]
    written = write_amount(items, document.currency)
    raise _Unclear(f"its items add up to {written}, not to {write_amount(amount, document.currency)}")


def _add_by_category(document: ExportedDocument, items: Iterable[Item]) -> dict[str, Decimal]:
    """Return the totals of the items of other categories than the document's."""
    found: dict[str, Decimal] = {}
    for item in items:
        category = _category_of(item, document)
        if category is not None:
            found[category] = found.get(category, Decimal()) + (item.total or Decimal())
    return found


def _divide_tax(document: ExportedDocument, tax: TaxLine, included: Sequence[TaxLine]) -> dict[str, Decimal]:
    """Return how much of a tax lies in the items of each other category, in proportion to their totals."""
    items = _find_taxed(document, tax, included)
    gross = sum((item.total or Decimal() for item in items), Decimal())
    smallest = Decimal(1).scaleb(-minor_units(document.currency))
    if not _is_gross_of(tax, gross, smallest * len(items)):
        raise _Unclear("it is not known which tax is on which item")
    shares = _add_by_category(document, items)
    return {category: ((tax.tax or _NO_TAX) * total / gross).quantize(smallest) for category, total in shares.items()}


def _find_taxed(document: ExportedDocument, tax: TaxLine, included: Sequence[TaxLine]) -> Sequence[Item]:
    """Return the items in whose prices a tax is; all of them if there is no other tax and none is marked."""
    if len(included) == 1 and not any(_is_marked(item) for item in document.items):
        return document.items
    return [item for item in document.items if _is_taxed_by(item, tax)]


def _is_marked(item: Item) -> bool:
    return item.tax_rate is not None or item.tax_mark is not None


def _is_taxed_by(item: Item, tax: TaxLine) -> bool:
    if item.tax_rate is not None and tax.rate is not None:
        return item.tax_rate == tax.rate
    return item.tax_mark is not None and item.tax_mark == tax.mark


def _is_gross_of(tax: TaxLine, gross: Decimal, tolerance: Decimal) -> bool:
    """Whether prices that add up to `gross` are those in which this tax is, by its own sums or by its rate."""
    if not gross or tax.tax is None:
        return False
    if tax.gross is not None or tax.net is not None:
        return gross == (tax.gross if tax.gross is not None else (tax.net or _NO_TAX) + tax.tax)
    return tax.rate is not None and abs(gross * tax.rate / (100 + tax.rate) - tax.tax) <= tolerance
