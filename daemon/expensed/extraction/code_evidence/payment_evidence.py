"""Use a payment code on the page as proof and as source of amount, currency, seller and invoice date.

The code asks for the amount to pay. It proves a printed total and contradicts any other; several different codes are
instalments, which prove the total that they add up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from expensed.codes.payment_code import PaymentCode, parse_payment_code
from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role
from expensed.extraction.amount.sums import has_role
from expensed.extraction.candidates import Candidate
from expensed.extraction.code_evidence import witness as codes
from expensed.extraction.code_evidence.witness import PAYMENT, Witness, has_code_proof, is_only_in_code
from expensed.extraction.country.currency import find_codes_beside
from expensed.extraction.findings import Field
from expensed.extraction.page.lines import clean_text
from expensed.extraction.vendor.names import LONGEST_NAME
from expensed.model.reading import Box, Code

_LONGEST_REFERENCE = 140
_LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Payable:
    """A payment code with its place."""

    code: PaymentCode
    page: int
    box: Box

    @property
    def sentence(self) -> str:
        """The code's request in words."""
        whom = clean_text(self.code.creditor, LONGEST_NAME)
        return f"{self.code.kind}: {self.code.currency} {self.code.amount or 'any amount'} to {whom}"

    @property
    def witness(self) -> Witness:
        """The code as evidence."""
        return Witness(PAYMENT, self.sentence, self.page, self.box)


def find_payables(seen: Sequence[Code]) -> list[Payable]:
    """Return the payment codes among the QR codes, each once."""
    found: dict[PaymentCode, Payable] = {}
    for each in seen:
        code = parse_payment_code(each.text)
        if code is not None:
            found.setdefault(code, Payable(code, each.page, each.box))
    return list(found.values())


def amount_asked(payables: Sequence[Payable]) -> Decimal | None:
    """Return the total that the codes ask for; None if they leave it to the payer."""
    asked = _with_amount(payables)
    return sum((payable.code.amount or Decimal(0) for payable in asked), Decimal(0)) if asked else None


def prove_amounts(found: AmountFound, payables: Sequence[Payable]) -> AmountFound:
    """Add the codes' proof to the amounts; an amount that is nowhere else is added.

    A partly paid total is proven by what is left, and one that its own arithmetic proves stays.
    """
    asked, total = _with_amount(payables), amount_asked(payables)
    if total is None:
        return found
    best, first = next(iter(found.candidates), None), asked[0].witness
    sentence = first.sentence if len(asked) == 1 else f"{len(asked)} payment codes make {total}"
    if best is not None and best.is_total and best.value > total:
        paid = best.value - total
        if paid in {abs(each.value) for each in has_role(found.sums, Role.BALANCE)}:
            return codes.prove_amount(found, best.value, first, f"{sentence}, with {paid} paid before")
        if any(proof.kind in codes.ARITHMETIC for proof in found.proofs.get(best.value, ())):
            return found
    if len(asked) == 1:
        found = codes.supply_amount(found, total, first)
    return codes.prove_amount(found, total, first, sentence)


def _with_amount(payables: Sequence[Payable]) -> list[Payable]:
    return [payable for payable in payables if payable.code.amount is not None]


def payment_doubts(found: AmountFound, payables: Sequence[Payable]) -> list[str]:
    """Return sentences if the codes ask for another amount or currency, or for what could not be read on the page."""
    best = next(iter(found.candidates), None)
    if best is None:
        return []
    if is_only_in_code(best) and has_code_proof(found, PAYMENT):
        return ["The amount was found in the payment code only."]
    doubts = []
    currencies, beside = {payable.code.currency for payable in payables}, find_codes_beside(found.sums, best.value)
    if currencies and beside and not beside & currencies:
        doubts.append(f"The payment code on it is in {min(currencies)}, but the total reads {min(beside)}.")
    asked = sorted({payable.code.amount or Decimal(0) for payable in _with_amount(payables)})
    if not asked or has_code_proof(found, PAYMENT) or abs(best.value) in asked:
        return doubts
    return [*doubts, f"The payment code on it asks for {', '.join(map(str, asked))}, not {best.value}."]


def prove_currencies(found: list[Candidate[str]], payables: Sequence[Payable]) -> list[Candidate[str]]:
    """Return the currencies with the code's own first; codes that differ prove nothing."""
    currencies = {payable.code.currency: payable for payable in payables}
    if len(currencies) != 1:
        return found
    ((currency, payable),) = currencies.items()
    return codes.prove_currency(found, currency, payable.witness)


def prove_vendors(found: list[Candidate[str]], payables: Sequence[Payable]) -> list[Candidate[str]]:
    """Return the names including the creditor's, which is likelier the seller if also printed on the page."""
    for payable in payables[:1]:
        found = codes.prove_vendor(found, payable.code.creditor, payable.witness)
    return found


def prove_dates(found: list[Candidate[date]], payables: Sequence[Payable], today: date) -> list[Candidate[date]]:
    """Return the dates including the invoice date in a Swiss QR-bill."""
    for payable in payables[:1]:
        day = payable.code.invoice_date
        if day is not None and day <= today + timedelta(days=1):
            found = codes.prove_date(found, (day,), payable.witness)
    return found


def invoice_number(payables: Sequence[Payable]) -> str | None:
    """Return the invoice number in a Swiss QR-bill."""
    numbers = (clean_text(payable.code.invoice_number or "", _LONGEST_NUMBER) for payable in payables)
    return next((number for number in numbers if number), None)


def reference_field(payables: Iterable[Payable]) -> Field | None:
    """Return the reference to quote when paying."""
    for payable in payables:
        text = clean_text(payable.code.reference or "", _LONGEST_REFERENCE)
        if text:
            return Field(text, 0.99, payable.page, payable.box, text, payable.sentence)
    return None
