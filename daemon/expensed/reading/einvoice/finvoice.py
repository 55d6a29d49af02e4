"""Finvoice, Finland's e-invoice: dates as 20240314, sums with a decimal comma."""

from __future__ import annotations

import re

from expensed.model.reading import Change, EInvoice, InvoiceLine, InvoiceTax
from expensed.reading.einvoice.amounts import unless_missing
from expensed.reading.einvoice.codelists import is_credit_code, payment_method
from expensed.reading.einvoice.lines import attribute, changes_of_line, read_changes, read_lines
from expensed.reading.einvoice.tree import Node

_CREDIT_NOTE = "INV02"
_NO_INVOICES = {"INV06": "a pro-forma invoice", "INV08": "a reminder"}
_CANCELLED = "Cancel"
_SUM = re.compile(r"([+-]?[0-9]+),([0-9]+)")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_QUANTITIES = ("InvoicedQuantity", "DeliveredQuantity", "OrderedQuantity")
_NAME = "ALV"
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
    lines, left_out = read_lines([each for each in root.all("InvoiceRow") if _is_item(each)], _line)
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
            taxes=tuple(map(_tax, details.all("VatSpecificationDetails"))),
            extras=unless_missing(rounding),
            lines=lines,
            lines_left_out=left_out,
            changes=(
                *read_changes(details.all("DiscountDetails"), _discount),
                *read_changes(details.all("ChargeDetails"), _charge),
            ),
            payment_method=payment_method(order.text("EpiPaymentMeansCode")),
            payment_reference=order.text("EpiRemittanceInfoIdentifier") or root.text(_REFERENCE),
            remarks=_remarks(code, details.text("OriginCode")),
        ),
    )


def _is_item(row: Node) -> bool:
    """Whether a row sells something; others only say something."""
    return row.first("ArticleName|RowVatExcludedAmount|RowAmount") is not None


def _line(row: Node) -> InvoiceLine:
    """Return one row; its price and total are without tax, unless only those with it are given."""
    is_gross = row.first("RowVatExcludedAmount") is None and row.first("RowAmount") is not None
    quantity = next((name for name in _QUANTITIES if row.text(name)), _QUANTITIES[0])
    return InvoiceLine(
        description=row.text("ArticleName"),
        quantity=_sum(row, quantity),
        unit=_unit(row.first(quantity)),
        price=_sum(row, "UnitPriceVatIncludedAmount" if is_gross else "UnitPriceAmount"),
        price_quantity=_sum(row, "UnitPriceBaseQuantity"),
        changes=_changes(row),
        total=_sum(row, "RowAmount" if is_gross else "RowVatExcludedAmount"),
        rate=_sum(row, "RowVatRatePercent"),
        category=row.text("RowVatCode"),
        is_gross=is_gross,
    )


def _unit(quantity: Node | None) -> str | None:
    return attribute(quantity, "QuantityUnitCodeUN") or attribute(quantity, "QuantityUnitCode")


def _changes(row: Node) -> tuple[Change, ...]:
    own = [row] if row.text("RowDiscountAmount|RowDiscountPercent") else []
    return (
        *changes_of_line((*own, *row.all("RowProgressiveDiscountDetails")), _row_discount),
        *changes_of_line(row.all("RowChargeDetails"), _charge),
    )


def _row_discount(node: Node) -> Change:
    return Change(
        is_charge=False,
        amount=_sum(node, "RowDiscountAmount"),
        percent=_sum(node, "RowDiscountPercent"),
        reason=node.text("RowDiscountTypeText"),
        code=node.text("RowDiscountTypeCode"),
    )


def _discount(node: Node) -> Change:
    return _change(node, is_charge=False)


def _charge(node: Node) -> Change:
    return _change(node, is_charge=True)


def _change(node: Node, *, is_charge: bool) -> Change:
    return Change(
        is_charge,
        _sum(node, "Amount"),
        _sum(node, "Percent"),
        node.text("ReasonText|FreeText"),
        node.text("ReasonCode"),
        _sum(node, "VatRatePercent"),
        node.text("VatCategoryCode"),
    )


def _tax(part: Node) -> InvoiceTax:
    return InvoiceTax(
        base=_sum(part, "VatBaseAmount"),
        tax=_sum(part, "VatRateAmount"),
        rate=_sum(part, "VatRatePercent"),
        category=part.text("VatCode"),
        exemption=part.text("VatFreeText") or part.text("VatExemptionReasonCode"),
        name=_NAME,
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
