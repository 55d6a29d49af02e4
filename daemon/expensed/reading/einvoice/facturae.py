"""Facturae 3.2, 3.2.1 and 3.2.2, Spain's e-invoice; a file may hold several, and its signature is not verified.

The total is stated after tax withheld (IRPF) has been taken off. A corrective invoice may go in either direction.
"""

from __future__ import annotations

from expensed.model.reading import Change, EInvoice, InvoiceLine, InvoiceTax
from expensed.reading.einvoice.amounts import add, is_zero, negate, unless_missing
from expensed.reading.einvoice.lines import changes_of_line, join, read_changes, read_lines
from expensed.reading.einvoice.tree import Node

_MEANS = {
    "01": "cash",
    "02": "direct debit",
    "04": "bank transfer",
    "11": "cheque",
    "14": "offset",
    "16": "cheque",
    "17": "cheque",
    "18": "cash",
    "19": "card",
}
_TAXES = {"01": "IVA", "02": "IPSI", "03": "IGIC"}
_SURCHARGE = "recargo de equivalencia"
_LAID_OUT = (
    "ReimbursableExpenses/ReimbursableExpenses|ReimbursableExpense/ReimbursableExpensesAmount|ReimbursableExpenseAmount"
)
_ENTIRE = "01"
"""The method of correction that states everything again; 02 states differences."""


def is_facturae(root: Node) -> bool:
    """Whether this element is a Facturae file."""
    return root.name == "Facturae" and root.first("Invoices|Parties|FileHeader") is not None


def read_facturae(root: Node) -> tuple[EInvoice, ...]:
    """Return every invoice in it, without its text."""
    seller = _name(root.first("Parties/SellerParty") or Node(""))
    return tuple(_read_invoice(each, seller) for each in root.all("Invoices/Invoice"))


def _read_invoice(invoice: Node, seller: str | None) -> EInvoice:
    sums = invoice.first("InvoiceTotals") or Node("")
    payment = invoice.first("PaymentDetails/Installment") or Node("")
    lines, left_out = read_lines(invoice.all("Items/InvoiceLine"), _line)
    total, withheld = sums.text("InvoiceTotal"), sums.text("TotalTaxesWithheld")
    return EInvoice(
        syntax="Facturae",
        is_credit_note=False,
        seller=seller,
        number=invoice.text("InvoiceHeader/InvoiceNumber"),
        issue_date=invoice.text("InvoiceIssueData/IssueDate"),
        due_date=payment.text("InstallmentDueDate"),
        currency=invoice.text("InvoiceIssueData/InvoiceCurrencyCode"),
        total=total,
        net=sums.text("TotalGrossAmountBeforeTaxes"),
        tax=sums.text("TotalTaxOutputs"),
        line_total=sums.text("TotalGrossAmount"),
        allowances=sums.text("TotalGeneralDiscounts"),
        charges=sums.text("TotalGeneralSurcharges"),
        prepaid=add(_taken_off(sums)),
        rounding=add((_laid_out(sums), sums.text("TotalFinancialExpenses"))),
        dues=unless_missing(sums.text("TotalExecutableAmount") or sums.text("TotalOutstandingAmount")),
        taxes=tuple(each for tax in invoice.all("TaxesOutputs/Tax") for each in _taxes(tax)),
        extras=() if withheld is None or is_zero(withheld) else unless_missing(negate(withheld)),
        lines=lines,
        lines_left_out=left_out,
        changes=(
            *read_changes(sums.all("GeneralDiscounts/Discount"), _discount),
            *read_changes(sums.all("GeneralSurcharges/Charge"), _charge),
        ),
        payment_method=_MEANS.get(payment.text("PaymentMeans") or ""),
        payment_reference=payment.text("PaymentReconciliationReference"),
        remarks=_remarks(invoice, total),
    )


def _taken_off(sums: Node) -> tuple[str | None, ...]:
    """Return what is taken off the total before it is paid: paid on account or in kind, subsidies, sums kept back."""
    return (
        sums.text("TotalPaymentsOnAccount")
        or add(sums.texts("PaymentsOnAccount/PaymentOnAccount/PaymentOnAccountAmount")),
        *sums.texts("Subsidies/Subsidy/SubsidyAmount"),
        *sums.texts("AmountsWithheld/WithholdingAmount"),
        *sums.texts("PaymentInKind/PaymentInKindAmount"),
    )


def _laid_out(sums: Node) -> str | None:
    """Return what the seller paid on the buyer's behalf; its sum may be left out."""
    return sums.text("TotalReimbursableExpenses") or add(sums.texts(_LAID_OUT))


def _line(line: Node) -> InvoiceLine:
    """Return one line; its total is that after its own discounts and charges."""
    changes = line.all("DiscountsAndRebates/Discount"), line.all("Charges/Charge")
    tax = line.first("TaxesOutputs/Tax") or Node("")
    return InvoiceLine(
        description=line.text("ItemDescription"),
        quantity=line.text("Quantity"),
        unit=line.text("UnitOfMeasure"),
        price=line.text("UnitPriceWithoutTax"),
        changes=(*changes_of_line(changes[0], _discount), *changes_of_line(changes[1], _charge)),
        total=line.text("GrossAmount") or line.text("TotalCost"),
        rate=tax.text("TaxRate"),
        category=tax.text("TaxTypeCode"),
    )


def _discount(node: Node) -> Change:
    return Change(
        is_charge=False,
        amount=node.text("DiscountAmount"),
        percent=node.text("DiscountRate"),
        reason=node.text("DiscountReason"),
    )


def _charge(node: Node) -> Change:
    return Change(
        is_charge=True,
        amount=node.text("ChargeAmount"),
        percent=node.text("ChargeRate"),
        reason=node.text("ChargeReason"),
    )


def _taxes(tax: Node) -> tuple[InvoiceTax, ...]:
    """Return a rate, and beside it the surcharge that retailers pay on top of it."""
    base, kind = tax.text("TaxableBase/TotalAmount"), tax.text("TaxTypeCode")
    exemption = join(tax.texts("SpecialTaxableEvent/SpecialTaxableEventReason"))
    own = InvoiceTax(
        base, tax.text("TaxAmount/TotalAmount"), tax.text("TaxRate"), kind, exemption, _TAXES.get(kind or "")
    )
    surcharge = tax.text("EquivalenceSurchargeAmount/TotalAmount")
    if surcharge is None:
        return (own,)
    return own, InvoiceTax(base, surcharge, tax.text("EquivalenceSurcharge"), kind, name=_SURCHARGE)


def _remarks(invoice: Node, total: str | None) -> tuple[str, ...]:
    """Return a sentence for the reviewer if it states an earlier invoice again, which would then count twice."""
    correction = invoice.first("InvoiceHeader/Corrective")
    if correction is None or correction.text("CorrectionMethod") != _ENTIRE or (total or "").startswith("-"):
        return ()
    number = (correction.text("InvoiceNumber") or "?")[:60]
    return (f"It replaces the invoice {number}, which no longer counts if this one does.",)


def _name(party: Node) -> str | None:
    """Return a company's name, or a person's first name and surnames."""
    person = party.first("Individual") or Node("")
    names = (person.text("Name"), person.text("FirstSurname"), person.text("SecondSurname"))
    return (
        party.text("LegalEntity/CorporateName")
        or party.text("LegalEntity/TradeName")
        or " ".join(name for name in names if name)
        or None
    )
