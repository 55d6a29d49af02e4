"""OASIS Universal Business Language: invoices and credit notes of XRechnung and Peppol."""

from __future__ import annotations

from expensed.model.reading import Change, EInvoice, InvoiceLine, InvoiceTax
from expensed.reading.einvoice.codelists import is_credit_code, payment_method, remark_on, remark_on_totals
from expensed.reading.einvoice.lines import attribute, changes_of_line, is_true, join, read_changes, read_lines
from expensed.reading.einvoice.tree import Node

_ROOTS = frozenset(("Invoice", "CreditNote", "DebitNote", "SelfBilledInvoice", "SelfBilledCreditNote"))
_CREDIT_ROOTS = frozenset(("CreditNote", "SelfBilledCreditNote"))
_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"
_SUMS = "LegalMonetaryTotal|RequestedMonetaryTotal"
_LINE = "InvoiceLine|CreditNoteLine|DebitNoteLine"
_QUANTITY = "InvoicedQuantity|CreditedQuantity|DebitedQuantity"


def is_ubl(root: Node) -> bool:
    """Whether this element is a UBL invoice or credit note."""
    return root.name in _ROOTS and (
        root.namespace.startswith(_NAMESPACE) or root.first("AccountingSupplierParty") is not None
    )


def demands_total(root: Node) -> bool:
    """Whether it says that it keeps to EN 16931 or Peppol, which demand a total (BR-14)."""
    customization = (root.text("CustomizationID") or "").lower()
    return "en16931" in customization or "peppol" in customization


def read_ubl(root: Node) -> tuple[EInvoice, ...]:
    """Return the one invoice in it, without its text."""
    nothing = Node("")
    seller = root.first("AccountingSupplierParty/Party") or nothing
    sums = root.first(_SUMS) or nothing
    code = root.text("InvoiceTypeCode|CreditNoteTypeCode")
    currency = root.text("DocumentCurrencyCode")
    total = sums.first("TaxInclusiveAmount") or sums.first("PayableAmount")
    due = sums.text("PayableAmount")
    taxes = _taxes(root, currency)
    lines, left_out = read_lines(root.all(_LINE), _line)
    return (
        EInvoice(
            syntax="UBL",
            is_credit_note=root.name in _CREDIT_ROOTS or is_credit_code(code),
            seller=_seller(seller),
            number=root.text("ID"),
            issue_date=root.text("IssueDate"),
            due_date=root.text("DueDate") or root.text("PaymentMeans/PaymentDueDate"),
            currency=currency,
            total_currency=total.attributes.get("currencyID") if total is not None else None,
            total=sums.text("TaxInclusiveAmount"),
            net=None if _is_danish(root) else sums.text("TaxExclusiveAmount"),
            tax=taxes.text("TaxAmount"),
            line_total=sums.text("LineExtensionAmount"),
            allowances=sums.text("AllowanceTotalAmount"),
            charges=sums.text("ChargeTotalAmount"),
            prepaid=sums.text("PrepaidAmount"),
            rounding=sums.text("PayableRoundingAmount"),
            dues=(due,) if due else (),
            taxes=tuple(map(_tax, taxes.all("TaxSubtotal"))),
            lines=lines,
            lines_left_out=left_out,
            changes=read_changes(root.all("AllowanceCharge"), _change),
            payment_method=payment_method(root.text("PaymentMeans/PaymentMeansCode")),
            payment_reference=root.text("PaymentMeans/PaymentID"),
            remarks=(*remark_on(code), *remark_on_totals(root.texts(f"{_SUMS}/TaxInclusiveAmount"))),
        ),
    )


def _seller(party: Node) -> str | None:
    """Return the registered name, else the trading name, else the person's."""
    person = party.first("Person") or Node("")
    names = (person.text("FirstName"), person.text("FamilyName"))
    return (
        party.text("PartyLegalEntity/RegistrationName")
        or party.text("PartyName/Name")
        or " ".join(name for name in names if name)
        or None
    )


def _is_danish(root: Node) -> bool:
    """Whether this is OIOUBL, in which TaxExclusiveAmount is the tax; the rates give the net."""
    return (root.text("CustomizationID") or "").startswith("OIOUBL")


def _taxes(root: Node, currency: str | None) -> Node:
    """Return the tax total in the invoice's currency; a second one may be in the tax office's."""
    totals = root.all("TaxTotal")
    own = [
        total
        for total in totals
        if (amount := total.first("TaxAmount")) is not None and amount.attributes.get("currencyID") in (None, currency)
    ]
    return next(iter(own or totals), Node(""))


def _line(line: Node) -> InvoiceLine:
    item, price = line.first("Item") or Node(""), line.first("Price") or Node("")
    category = item.first("ClassifiedTaxCategory") or line.first("TaxTotal/TaxSubtotal/TaxCategory") or Node("")
    return InvoiceLine(
        description=join((*item.texts("Name"), *item.texts("Description"))),
        quantity=line.text(_QUANTITY),
        unit=attribute(line.first(_QUANTITY), "unitCode"),
        price=price.text("PriceAmount"),
        price_quantity=price.text("BaseQuantity"),
        changes=changes_of_line(line.all("AllowanceCharge"), _change),
        total=line.text("LineExtensionAmount"),
        rate=category.text("Percent") or line.text("TaxTotal/TaxSubtotal/Percent"),
        category=category.text("ID"),
    )


def _change(change: Node) -> Change:
    return Change(
        is_true(change.text("ChargeIndicator")),
        change.text("Amount"),
        None,  # the factor of some is a fraction; the amount is always there
        change.text("AllowanceChargeReason"),
        change.text("AllowanceChargeReasonCode"),
        change.text("TaxCategory/Percent"),
        change.text("TaxCategory/ID"),
    )


def _tax(part: Node) -> InvoiceTax:
    """Return one rate of the breakdown; in Turkey its percentage stands beside the category, not in it."""
    category = part.first("TaxCategory") or Node("")
    return InvoiceTax(
        base=part.text("TaxableAmount"),
        tax=part.text("TaxAmount"),
        rate=category.text("Percent") or part.text("Percent"),
        category=category.text("ID"),
        exemption=join((*category.texts("TaxExemptionReason"), *category.texts("TaxExemptionReasonCode"))),
        name=category.text("TaxScheme/Name") or category.text("TaxScheme/ID"),
    )
