"""UN/CEFACT Cross Industry Invoice: ZUGFeRD 1 and 2, Factur-X, XRechnung."""

from __future__ import annotations

import re

from expensed.model.reading import EInvoice
from expensed.reading.einvoice.codelists import is_credit_code, payment_method, remark_on, remark_on_totals
from expensed.reading.einvoice.tree import Node

_HEADER = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMMATION = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_ITEM = f"{_TRADE}/IncludedSupplyChainTradeLineItem/SpecifiedTradeProduct"
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
            taxes=tuple(
                (tax.text("BasisAmount"), tax.text("CalculatedAmount")) for tax in settlement.all("ApplicableTradeTax")
            ),
            items=tuple(text for item in root.all(_ITEM) if (text := item.text("Name") or item.text("Description"))),
            payment_method=payment_method(settlement.text("SpecifiedTradeSettlementPaymentMeans/TypeCode")),
            payment_reference=settlement.text("PaymentReference"),
            remarks=(*remark_on(code), *remark_on_totals(_all_in_currency(sums, "GrandTotalAmount", currency))),
        ),
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
