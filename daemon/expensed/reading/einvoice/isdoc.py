"""ISDOC, the Czech e-invoice, in its versions 5 and 6.

In a foreign currency every sum is stated twice; the one in it has `Curr` at the end of its name.
"""

from __future__ import annotations

from functools import partial

from expensed.model.reading import Change, EInvoice, InvoiceLine, InvoiceTax
from expensed.reading.einvoice.amounts import add, is_zero, negate, unless_missing
from expensed.reading.einvoice.codelists import payment_method
from expensed.reading.einvoice.lines import attribute, is_true, read_lines
from expensed.reading.einvoice.tree import Node

_NAMESPACE = "http://isdoc.cz/namespace/"
_CREDIT_NOTES = frozenset(("2", "6"))
_ADVANCE = "4"
_NAME = "DPH"
_REVERSED = "AE"
"""UNTDID 5305: the buyer owes the tax."""
_PAYMENT = "PaymentMeans/Payment"


def is_isdoc(root: Node) -> bool:
    """Whether this element is an ISDOC invoice."""
    return root.name == "Invoice" and root.namespace.startswith(_NAMESPACE)


def read_isdoc(root: Node) -> tuple[EInvoice, ...]:
    """Return the one invoice in it, without its text."""
    foreign = root.text("ForeignCurrencyCode")
    tail = "Curr" if foreign else ""
    sums = root.first("LegalMonetaryTotal") or Node("")
    kind = root.text("DocumentType")
    total = sums.text(f"TaxInclusiveAmount{tail}")
    taxes = tuple(_tax(part, tail) for part in root.all("TaxTotal/TaxSubTotal"))
    lines, left_out = read_lines(root.all("InvoiceLines/InvoiceLine"), partial(_line, tail=tail))
    advance = ("It may not be an invoice: its XML calls itself a request for an advance (type 4).",)
    return (
        EInvoice(
            syntax="ISDOC",
            is_credit_note=kind in _CREDIT_NOTES,
            seller=_seller(root.first("AccountingSupplierParty/Party") or Node("")),
            number=root.text("ID"),
            issue_date=root.text("IssueDate"),
            due_date=root.text(f"{_PAYMENT}/Details/PaymentDueDate"),
            currency=foreign or root.text("LocalCurrencyCode"),
            total=total,
            net=sums.text(f"TaxExclusiveAmount{tail}"),
            # The tax in TaxTotal is what is left after advances, so the rates are added up instead.
            tax=None if taxes else root.text(f"TaxTotal/TaxAmount{tail}"),
            prepaid=add(_advances(sums, tail, total)),
            rounding=sums.text(f"PayableRoundingAmount{tail}"),
            dues=unless_missing(sums.text(f"PayableAmount{tail}")),
            taxes=taxes,
            lines=lines,
            lines_left_out=left_out,
            payment_method=payment_method(root.text(f"{_PAYMENT}/PaymentMeansCode")),
            payment_reference=root.text(f"{_PAYMENT}/Details/VariableSymbol"),
            remarks=advance if kind == _ADVANCE else (),
        ),
    )


def _line(line: Node, tail: str) -> InvoiceLine:
    """Return one line; the price, and what was taken off, are always in crowns, so they are left out beside others."""
    total = line.text(f"LineExtensionAmount{tail}")
    before = None if tail else line.text("LineExtensionAmountBeforeDiscount")
    discount = add((before, negate(total))) if before and total and not is_zero(before) else None
    category = line.first("ClassifiedTaxCategory") or Node("")
    return InvoiceLine(
        description=line.text("Item/Description"),
        quantity=line.text("InvoicedQuantity"),
        unit=attribute(line.first("InvoicedQuantity"), "unitCode"),
        price=None if tail else line.text("UnitPrice"),
        changes=(Change(is_charge=False, amount=discount),) if discount and not is_zero(discount) else (),
        total=total,
        rate=category.text("Percent"),
        category=_category(category),
    )


def _tax(part: Node, tail: str) -> InvoiceTax:
    category = part.first("TaxCategory") or Node("")
    return InvoiceTax(
        base=part.text(f"TaxableAmount{tail}"),
        tax=part.text(f"TaxAmount{tail}"),
        rate=category.text("Percent"),
        category=_category(category),
        name=_NAME,
        gross=part.text(f"TaxInclusiveAmount{tail}"),
    )


def _category(node: Node) -> str | None:
    return _REVERSED if is_true(node.text("LocalReverseChargeFlag")) else None


def _advances(sums: Node, tail: str, total: str | None) -> tuple[str | None, ...]:
    """Return what was paid before, taxed and untaxed; the latter is stated with either sign."""
    untaxed = sums.text(f"PaidDepositsAmount{tail}")
    if untaxed is not None and untaxed.startswith("-") and not (total or "").startswith("-"):
        untaxed = negate(untaxed)
    return sums.text(f"AlreadyClaimedTaxInclusiveAmount{tail}"), untaxed


def _seller(party: Node) -> str | None:
    return party.text("PartyName/Name") or party.text("Contact/Name")
