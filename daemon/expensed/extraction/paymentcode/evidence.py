"""Use a payment code on the page as proof and as source of amount, currency, seller and invoice date.

The code asks for the amount to pay. It proves a printed total and contradicts any other; several different codes are
instalments, which prove the total that they add up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from expensed.extraction.amount.choose_amount import AmountFound
from expensed.extraction.amount.labels import Role, compact
from expensed.extraction.amount.proofs import Proof
from expensed.extraction.amount.sums import has_role
from expensed.extraction.candidates import UNLABELLED, Candidate, Value, best_first
from expensed.extraction.findings import Field
from expensed.extraction.page.lines import clean_text
from expensed.extraction.paymentcode.payload import PaymentCode, parse_payment_code
from expensed.extraction.vendor.legal_forms import LEGAL_FORM
from expensed.extraction.vendor.names import LONGEST_NAME
from expensed.model.reading import Code

PROOF_KIND = "code"
BY_CODE = "payment code"
"""The reason given for a candidate that is nowhere else on the document."""
_ARITHMETIC = frozenset(("change", "tax", "parts", "items", "table"))
"""Proofs that leave no room for another total."""
_AMOUNT_SCORE = 6.0
_PROOF_SCORE = 4.0
_CURRENCY_SCORE = 8.0
_VENDOR_SCORE, _VENDOR_BONUS = 3.5, 2.5
_DATE_SCORE, _DATE_BONUS = 6.0, 3.0
_LONGEST_REFERENCE = 140
_LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Payable:
    """A payment code with its place."""

    code: PaymentCode
    page: int
    box: tuple[float, float, float, float]

    @property
    def sentence(self) -> str:
        """The code's request in words."""
        whom = clean_text(self.code.creditor, LONGEST_NAME)
        return f"{self.code.kind}: {self.code.currency} {self.code.amount or 'any amount'} to {whom}"


def find_payables(codes: Sequence[Code]) -> list[Payable]:
    """Return the payment codes among the QR codes, each once."""
    found: dict[PaymentCode, Payable] = {}
    for each in codes:
        code = parse_payment_code(each.text)
        if code is not None:
            found.setdefault(code, Payable(code, each.page, each.box))
    return list(found.values())


def amount_asked(payables: Sequence[Payable]) -> Decimal | None:
    """Return the total that the codes ask for; None if they leave it to the payer."""
    amounts = [payable.code.amount for payable in payables if payable.code.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def prove_amounts(found: AmountFound, payables: Sequence[Payable]) -> AmountFound:
    """Add the codes' proof to the amounts; an amount that is nowhere else is added.

    A partly paid total is proven by what is left, and one that its own arithmetic proves stays.
    """
    asked, total = _with_amount(payables), amount_asked(payables)
    if total is None:
        return found
    best = next(iter(found.candidates), None)
    sentence = asked[0].sentence if len(asked) == 1 else f"{len(asked)} payment codes make {total}"
    if best is not None and best.is_total and best.value > total:
        paid = best.value - total
        if paid in {abs(each.value) for each in has_role(found.sums, Role.BALANCE)}:
            return _prove(found, best.value, Proof(PROOF_KIND, f"{sentence}, with {paid} paid before"))
        if any(proof.kind in _ARITHMETIC for proof in found.proofs.get(best.value, ())):
            return found
    if len(asked) == 1 and all(abs(each.value) != total for each in found.candidates):
        candidates = [*found.candidates, _supplied("amount", total, asked[0], _AMOUNT_SCORE, is_total=True)]
        found = AmountFound(candidates, found.proofs, found.paper)
    return _prove(found, total, Proof(PROOF_KIND, sentence))


def _prove(found: AmountFound, amount: Decimal, proof: Proof) -> AmountFound:
    """Add this proof to the amount."""
    candidates = [_proven(each, proof) if abs(each.value) == abs(amount) else each for each in found.candidates]
    values = {each.value for each in candidates if abs(each.value) == abs(amount)}
    proofs = {**found.proofs, **{value: [*found.proofs.get(value, []), proof] for value in values}}
    return AmountFound(best_first(candidates), proofs, found.paper)


def _with_amount(payables: Sequence[Payable]) -> list[Payable]:
    return [payable for payable in payables if payable.code.amount is not None]


def has_code_proof(found: AmountFound) -> bool:
    """Whether a payment code asks for the best amount."""
    best = next(iter(found.candidates), None)
    return best is not None and any(proof.kind == PROOF_KIND for proof in found.proofs.get(best.value, ()))


def amount_doubt(found: AmountFound, payables: Sequence[Payable]) -> list[str]:
    """Return a sentence if the codes ask for another amount, or for one that could not be read on the page."""
    best = next(iter(found.candidates), None)
    if best is None:
        return []
    if best.why == BY_CODE:
        return ["The amount was found in the payment code only."]
    asked = sorted({payable.code.amount or Decimal(0) for payable in _with_amount(payables)})
    if not asked or has_code_proof(found) or abs(best.value) in asked:
        return []
    return [f"The payment code on it asks for {', '.join(map(str, asked))}, not {best.value}."]


def prove_currencies(found: list[Candidate[str]], payables: Sequence[Payable]) -> list[Candidate[str]]:
    """Return the currencies with the code's own first; codes that differ prove nothing."""
    codes = {payable.code.currency: payable for payable in payables}
    if len(codes) != 1:
        return found
    ((currency, payable),) = codes.items()
    others = [each for each in found if each.value != currency]
    return best_first([_supplied("currency", currency, payable, _CURRENCY_SCORE), *others])


def prove_vendors(found: list[Candidate[str]], payables: Sequence[Payable]) -> list[Candidate[str]]:
    """Return the names including the creditor's, which is likelier the seller if also printed on the page."""
    vendors = list(found)
    for payable in payables[:1]:
        name = clean_text(payable.code.creditor, LONGEST_NAME)
        same = [index for index, each in enumerate(vendors) if _is_same_name(each.value, name)]
        for index in same:
            vendors[index] = replace(vendors[index], score=vendors[index].score + _VENDOR_BONUS)
        if not same and any(sign.isalpha() for sign in name):
            vendors.append(_supplied("vendor", name, payable, _VENDOR_SCORE))
    return best_first(vendors)


def prove_dates(found: list[Candidate[date]], payables: Sequence[Payable], today: date) -> list[Candidate[date]]:
    """Return the dates including the invoice date in a Swiss QR-bill."""
    dates = list(found)
    for payable in payables[:1]:
        day = payable.code.invoice_date
        if day is None or day > today + timedelta(days=1):
            continue
        same = [index for index, each in enumerate(dates) if each.value == day]
        for index in same:
            dates[index] = replace(dates[index], score=dates[index].score + _DATE_BONUS, proof=payable.sentence)
        if not same:
            dates.append(_supplied("date", day, payable, _DATE_SCORE))
    return best_first(dates)


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


def _proven(candidate: Candidate[Decimal], proof: Proof) -> Candidate[Decimal]:
    """Return the candidate with its proof, which also replaces a label."""
    if candidate.why == BY_CODE:
        return candidate
    why = "printed, and asked for by the payment code" if candidate.why == UNLABELLED else candidate.why
    return replace(candidate, score=candidate.score + _PROOF_SCORE, proof=proof.sentence, why=why, is_total=True)


def _supplied(field: str, value: Value, payable: Payable, score: float, *, is_total: bool = False) -> Candidate[Value]:
    return Candidate(
        field, value, score, payable.page, payable.box, payable.sentence, BY_CODE, is_total, payable.sentence
    )


def _is_same_name(one: str, other: str) -> bool:
    """Whether one name contains the other, apart from legal forms."""
    left, right = compact(LEGAL_FORM.sub("", one)), compact(LEGAL_FORM.sub("", other))
    return min(len(left), len(right)) >= 3 and (left in right or right in left)
