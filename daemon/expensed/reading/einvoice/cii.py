"""UN/CEFACT Cross Industry Invoice: ZUGFeRD 1 and 2, Factur-X, XRechnung."""

from __future__ import annotations

import re

from expensed.model.reading import Change, EInvoice, InvoiceLine, InvoiceTax
from expensed.reading.einvoice.codelists import FREIGHT, is_credit_code, payment_method, remark_on, remark_on_totals
from expensed.reading.einvoice.lines import attribute, changes_of_line, is_true, join, read_changes, read_lines
from expensed.reading.einvoice.tree import Node

_HEADER = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMMATION = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_LINE = f"{_TRADE}/IncludedSupplyChainTradeLineItem"
_PRICE = "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement/NetPriceProductTradePrice"
_QUANTITY = "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery/BilledQuantity"
_LINE_SETTLEMENT = "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement"
_LINE_SUM = "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation/LineTotalAmount"
_RATE = "RateApplicablePercent|ApplicablePercent"
_NO_ITEMS = frozenset(("GROUP", "INFORMATION"))
"""Lines that give the sum of others, or only say something."""
_CENTURY = 2000
_ROOTS = frozenset(("CrossIndustryInvoice", "CrossIndustryDocument", "Invoice"))


def is_cii(root: Node) -> bool:
    """Whether this element is a CII invoice; ZUGFeRD's first drafts called it `Invoice`."""
    return root.name in _ROOTS and root.first(_HEADER) is not None


def read_cii(root: Node) -> tuple[EInvoice, ...]:
    """Return the one invoice in it, without its text."""
    nothing = Node("")
    header = root.first(_HEADER) or nothing
    seller = root.first(f"{_AGREEMENT}/SellerTradeParty") or nothing
    settlement = root.first(_SETTLEMENT) or nothing
    sums = settlement.first(_SUMMATION) or nothing
    code = header.text("TypeCode")
    currency = settlement.text("InvoiceCurrencyCode")
    grand = sums.first("GrandTotalAmount")
    due = sums.text("DuePayableAmount")
    lines, left_out = read_lines([each for each in root.all(_LINE) if not _is_text(each)], _line)
    return (
        EInvoice(
            syntax="CII",
            is_credit_note=is_credit_code(code),
            seller=seller.text("Name") or seller.text("SpecifiedLegalOrganization/TradingBusinessName"),
            number=header.text("ID"),
            issue_date=_date(header.first("IssueDateTime")),
            due_date=_date(settlement.first("SpecifiedTradePaymentTerms/DueDateDateTime")),
            currency=currency,
            total_currency=grand.attributes.get("currencyID") if grand is not None else None,
            total=_in_currency(sums, "GrandTotalAmount", currency),
            net=_in_currency(sums, "TaxBasisTotalAmount", currency),
            tax=_in_currency(sums, "TaxTotalAmount", currency),
            line_total=sums.text("LineTotalAmount"),
            allowances=sums.text("AllowanceTotalAmount"),
            charges=sums.text("ChargeTotalAmount"),
            prepaid=sums.text("TotalPrepaidAmount"),
            rounding=sums.text("RoundingAmount"),
            dues=(due,) if due else (),
            taxes=tuple(map(_tax, settlement.all("ApplicableTradeTax"))),
            lines=lines,
            lines_left_out=left_out,
            changes=(
                *read_changes(settlement.all("SpecifiedTradeAllowanceCharge"), _change),
                *read_changes(settlement.all("SpecifiedLogisticsServiceCharge"), _freight),
            ),
            payment_method=payment_method(settlement.text("SpecifiedTradeSettlementPaymentMeans/TypeCode")),
            payment_reference=settlement.text("PaymentReference"),
            remarks=(*remark_on(code), *remark_on_totals(_all_in_currency(sums, "GrandTotalAmount", currency))),
        ),
    )


def _is_text(line: Node) -> bool:
    return line.text("AssociatedDocumentLineDocument/LineStatusReasonCode") in _NO_ITEMS


def _line(line: Node) -> InvoiceLine:
    product = line.first("SpecifiedTradeProduct") or Node("")
    price = line.first(_PRICE) or Node("")
    settlement = line.first(_LINE_SETTLEMENT) or Node("")
    tax = settlement.first("ApplicableTradeTax") or Node("")
    return InvoiceLine(
        description=product.text("Name") or product.text("Description"),
        quantity=line.text(_QUANTITY),
        unit=attribute(line.first(_QUANTITY), "unitCode"),
        price=price.text("ChargeAmount"),
        price_quantity=price.text("BasisQuantity"),
        changes=changes_of_line(settlement.all("SpecifiedTradeAllowanceCharge"), _change),
        total=settlement.text(_LINE_SUM),
        rate=tax.text(_RATE),
        category=tax.text("CategoryCode"),
    )


def _change(change: Node) -> Change:
    return Change(
        is_true(change.text("ChargeIndicator/Indicator")),
        change.text("ActualAmount"),
        change.text("CalculationPercent"),
        change.text("Reason"),
        change.text("ReasonCode"),
        change.text(f"CategoryTradeTax/{_RATE}"),
        change.text("CategoryTradeTax/CategoryCode"),
    )


def _freight(charge: Node) -> Change:
    return Change(
        is_charge=True,
        amount=charge.text("AppliedAmount"),
        reason=charge.text("Description"),
        code=FREIGHT,
        rate=charge.text(f"AppliedTradeTax/{_RATE}"),
        category=charge.text("AppliedTradeTax/CategoryCode"),
    )


def _tax(tax: Node) -> InvoiceTax:
    return InvoiceTax(
        base=tax.text("BasisAmount"),
        tax=tax.text("CalculatedAmount"),
        rate=tax.text(_RATE),
        category=tax.text("CategoryCode"),
        exemption=join((*tax.texts("ExemptionReason"), *tax.texts("ExemptionReasonCode"))),
        name=tax.text("TypeCode"),
    )


def _in_currency(sums: Node, name: str, currency: str | None) -> str | None:
    """Return the sum in the invoice's currency; another may be in the tax office's."""
    return next(iter(_all_in_currency(sums, name, currency) or sums.texts(name)), None)


def _all_in_currency(sums: Node, name: str, currency: str | None) -> list[str]:
    return [
        node.value
        for node in sums.all(name)
        if node.value and node.attributes.get("currencyID") in (None, "", currency)
    ]


def _date(node: Node | None) -> str | None:
    """Return the date as ISO if its format (UNTDID 2379) or length makes it clear, else as it is written."""
    if node is None:
        return None
    inner = node.first("DateTimeString|DateTime|DateString|Date") or node
    text, form = inner.value, inner.attributes.get("format", "")
    if form in ("101", "201") and re.fullmatch(r"[0-9]{6}(?:[0-9]{4})?", text):
        return f"{_CENTURY + int(text[:2])}-{text[2:4]}-{text[4:6]}"
    if re.fullmatch(r"[0-9]{8}(?:[0-9]{4}|[0-9]{6})?", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    return text or None
