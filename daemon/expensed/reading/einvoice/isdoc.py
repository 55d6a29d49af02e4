"""ISDOC, the Czech e-invoice, in its versions 5 and 6.

In a foreign currency every sum is stated twice; the one in it has `Curr` at the end of its name.
"""

from __future__ import annotations

from expensed.model.reading import EInvoice
from expensed.reading.einvoice.amounts import add, negate, unless_missing
from expensed.reading.einvoice.codelists import payment_method
from expensed.reading.einvoice.tree import Node

_NAMESPACE = "http://isdoc.cz/namespace/"
_CREDIT_NOTES = frozenset(("2", "6"))
_ADVANCE = "4"
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
    taxes = tuple(
        (part.text(f"TaxableAmount{tail}"), part.text(f"TaxAmount{tail}")) for part in root.all("TaxTotal/TaxSubTotal")
    )
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
            items=root.texts("InvoiceLines/InvoiceLine/Item/Description"),
            payment_method=payment_method(root.text(f"{_PAYMENT}/PaymentMeansCode")),
            payment_reference=root.text(f"{_PAYMENT}/Details/VariableSymbol"),
            remarks=advance if kind == _ADVANCE else (),
        ),
    )


def _advances(sums: Node, tail: str, total: str | None) -> tuple[str | None, ...]:
    """Return what was paid before, taxed and untaxed; the latter is stated with either sign."""
    untaxed = sums.text(f"PaidDepositsAmount{tail}")
    if untaxed is not None and untaxed.startswith("-") and not (total or "").startswith("-"):
        untaxed = negate(untaxed)
    return sums.text(f"AlreadyClaimedTaxInclusiveAmount{tail}"), untaxed


def _seller(party: Node) -> str | None:
    return party.text("PartyName/Name") or party.text("Contact/Name")
