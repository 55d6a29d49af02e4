"""ebInterface, Austria's e-invoice: 4.0 to 4.3, whose taxes are Items or VATItems, 5.0 to 6.1, whose are TaxItems."""

from __future__ import annotations

from expensed.model.reading import Change, EInvoice, InvoiceLine, InvoiceTax
from expensed.reading.einvoice.amounts import NOTHING, add, is_sum, is_zero, negate, unless_missing
from expensed.reading.einvoice.lines import attribute, changes_of_line, join, read_changes, read_lines
from expensed.reading.einvoice.tree import Node

_NAMESPACE = "http://www.ebinterface.at/schema/"
_CREDIT_NOTES = frozenset(("CreditMemo", "SubsequentCredit"))
_LINE = "Details/ItemList/ListLineItem"
_CHANGES = "ReductionAndSurchargeDetails/Reduction|Surcharge"
_LINE_CHANGES = "ReductionAndSurchargeListLineItemDetails/ReductionListLineItem|SurchargeListLineItem"
_PERCENT = "TaxPercent|VATRate|TaxRate"
_NAME = "USt"
_MEANS = {
    "UniversalBankTransaction": "bank transfer",
    "SEPADirectDebit": "direct debit",
    "DirectDebit": "direct debit",
    "PaymentCard": "card",
}


def is_ebinterface(root: Node) -> bool:
    """Whether this element is an invoice in ebInterface."""
    return root.name == "Invoice" and root.namespace.startswith(_NAMESPACE)


def read_ebinterface(root: Node) -> tuple[EInvoice, ...]:
    """Return the one invoice in it, without its text."""
    method = root.first("PaymentMethod") or Node("")
    lines, left_out = read_lines(root.all(_LINE), _line)
    total, due = root.text("TotalGrossAmount"), root.text("PayableAmount")
    prepaid, rounding = root.text("PrepaidAmount"), root.text("RoundingAmount")
    below = add(root.texts("Details/BelowTheLineItem/LineItemAmount"))
    if below is not None and is_sum(due, total, negate(below), negate(prepaid), rounding):
        prepaid = add((prepaid, below))
    elif below is not None:
        rounding = add((rounding, below))
    return (
        EInvoice(
            syntax="ebInterface",
            is_credit_note=root.attributes.get("DocumentType") in _CREDIT_NOTES,
            seller=root.text("Biller/Address/Name") or root.text("Biller/Contact/Name"),
            number=root.text("InvoiceNumber"),
            issue_date=root.text("InvoiceDate"),
            due_date=root.text("PaymentConditions/DueDate"),
            currency=root.attributes.get("InvoiceCurrency"),
            total=total,
            prepaid=prepaid,
            rounding=rounding,
            dues=unless_missing(due),
            taxes=tuple(map(_tax, root.all("Tax/VAT/VATItem|Item") + root.all("Tax/TaxItem"))),
            extras=root.texts("Tax/OtherTax/Amount|TaxAmount"),
            lines=lines,
            lines_left_out=left_out,
            changes=read_changes(root.all(_CHANGES), _change),
            payment_method=_means(method),
            payment_reference=method.text("UniversalBankTransaction/PaymentReference")
            or method.text("PaymentReference"),
            remarks=_remarks(root),
        ),
    )


def _line(line: Node) -> InvoiceLine:
    price = line.first("UnitPrice")
    rate, category = _rate(line.first("TaxItem") or line)
    return InvoiceLine(
        description=join(line.texts("Description")),
        quantity=line.text("Quantity"),
        unit=attribute(line.first("Quantity"), "Unit"),
        price=line.text("UnitPrice"),
        price_quantity=attribute(price, "BaseQuantity"),
        changes=changes_of_line(line.all(_LINE_CHANGES), _change),
        total=line.text("LineItemAmount"),
        rate=rate,
        category=category,
    )


def _change(change: Node) -> Change:
    """Return a reduction or a surcharge; its amount may be left to its percentage of its base."""
    rate, category = _rate(change.first("TaxItem") or change)
    return Change(
        is_charge=change.name.startswith("Surcharge"),
        amount=change.text("Amount"),
        percent=change.text("Percentage"),
        reason=change.text("Comment"),
        rate=rate,
        category=category,
    )


def _rate(node: Node) -> tuple[str | None, str | None]:
    """Return the percentage of the tax, and the code of its category; what is exempt has 0."""
    if node.first("TaxExemption") is not None:
        return "0", "E"
    percent = node.first(_PERCENT)
    category = attribute(percent, "TaxCategoryCode") or attribute(percent, "TaxCode")
    return node.text(_PERCENT), category


def _tax(item: Node) -> InvoiceTax:
    """Return one rate; the tax may be left out where there is none."""
    tax = item.text("Amount|TaxAmount")
    rate, category = _rate(item)
    if tax is None and is_zero(rate):
        tax = NOTHING
    reason = item.text("TaxExemption") or item.text("Comment")
    return InvoiceTax(item.text("TaxedAmount|TaxableAmount"), tax, rate, category, reason, _NAME)


def _means(method: Node) -> str | None:
    """Return the means of payment, which 4.0 states as a type, and later versions as an element."""
    kind = method.attributes.get("type", "").rpartition(":")[2].removesuffix("Type")
    return next((_MEANS[name] for name in (kind, *(each.name for each in method.children)) if name in _MEANS), None)


def _remarks(root: Node) -> tuple[str, ...]:
    """Return a sentence for the reviewer if it takes the place of an earlier document, which may have been filed."""
    cancelled = root.first("CancelledOriginalDocument")
    if cancelled is None:
        return ()
    number = (cancelled.text("InvoiceNumber") or "?")[:60]
    return (f"It cancels the document {number}, which no longer counts if this one does.",)
