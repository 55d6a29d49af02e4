"""Finvoice, Finland's e-invoice: dates as 20240314, sums with a decimal comma."""

from __future__ import annotations

import re

from expensed.model.reading import EInvoice
from expensed.reading.einvoice.amounts import unless_missing
from expensed.reading.einvoice.codelists import is_credit_code, payment_method
from expensed.reading.einvoice.tree import Node

_CREDIT_NOTE = "INV02"
_NO_INVOICES = {"INV06": "a pro-forma invoice", "INV08": "a reminder"}
_CANCELLED = "Cancel"
_SUM = re.compile(r"([+-]?[0-9]+),([0-9]+)")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_INSTRUCTION = "EpiDetails/EpiPaymentInstructionDetails"
_REFERENCE = "EpiDetails/EpiIdentificationDetails/EpiReference"


def is_finvoice(root: Node) -> bool:
    """Whether this element is a Finvoice."""
    return root.name == "Finvoice" and root.first("InvoiceDetails") is not None


def read_finvoice(root: Node) -> tuple[EInvoice, ...]:
    """Return the one invoice in it, without its text."""
    details = root.first("InvoiceDetails") or Node("")
    order = root.first(_INSTRUCTION) or Node("")
    code = details.text("InvoiceTypeCode")
    total = details.first("InvoiceTotalVatIncludedAmount") or Node("")
    rounding = _sum(details, "InvoiceTotalRoundoffAmount")
    return (
        EInvoice(
            syntax="Finvoice",
            is_credit_note=code == _CREDIT_NOTE or is_credit_code(details.text("InvoiceTypeCodeUN")),
            seller=root.text("SellerPartyDetails/SellerOrganisationName"),
            number=details.text("InvoiceNumber"),
            issue_date=_day(details, "InvoiceDate"),
            due_date=_day(details, "PaymentTermsDetails/InvoiceDueDate") or _day(order, "EpiDateOptionDate"),
            currency=total.attributes.get("AmountCurrencyIdentifier"),
            total=_sum(details, "InvoiceTotalVatIncludedAmount"),
            net=_sum(details, "InvoiceTotalVatExcludedAmount"),
            tax=_sum(details, "InvoiceTotalVatAmount"),
            line_total=_sum(details, "RowsTotalVatExcludedAmount"),
            allowances=_sum(details, "DiscountsTotalVatExcludedAmount"),
            charges=_sum(details, "ChargesTotalVatExcludedAmount"),
            prepaid=_sum(details, "InvoicePaidAmount"),
            rounding=rounding,
            dues=unless_missing(_sum(order, "EpiInstructedAmount")),
            taxes=tuple(
                (_sum(part, "VatBaseAmount"), _sum(part, "VatRateAmount"))
                for part in details.all("VatSpecificationDetails")
            ),
            extras=unless_missing(rounding),
            items=root.texts("InvoiceRow/ArticleName"),
            payment_method=payment_method(order.text("EpiPaymentMeansCode")),
            payment_reference=order.text("EpiRemittanceInfoIdentifier") or root.text(_REFERENCE),
            remarks=_remarks(code, details.text("OriginCode")),
        ),
    )


def _sum(node: Node, path: str) -> str | None:
    """Return the sum with a decimal point; its comma never separates thousands here."""
    text = node.text(path)
    return _SUM.sub(r"\1.\2", text) if text and _SUM.fullmatch(text) else text


def _day(node: Node, path: str) -> str | None:
    """Return the date as ISO if it is written as CCYYMMDD, else as it is."""
    text = node.text(path)
    return _DAY.sub(r"\1-\2-\3", text) if text and _DAY.fullmatch(text) else text


def _remarks(code: str | None, origin: str | None) -> tuple[str, ...]:
    """Return sentences for the reviewer if it says that it is not an invoice, or takes one back."""
    name = _NO_INVOICES.get(code or "")
    found = [f"It may not be an invoice: its XML calls itself {name} (code {code})."] if name else []
    if origin == _CANCELLED:
        found.append("Its XML says that it cancels an invoice that was sent before.")
    return tuple(found)
