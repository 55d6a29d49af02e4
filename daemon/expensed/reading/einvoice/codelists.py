"""Code lists shared by CII and UBL: UNTDID 1001 for kinds of document, UNTDID 4461 for means of payment."""

from __future__ import annotations

from collections.abc import Sequence

_CREDIT_NOTES = frozenset("81 83 261 262 296 308 381 396 420 458 532".split())
_NO_INVOICES = {
    "325": "a pro-forma invoice",
    "71": "a request for payment",
    "310": "an offer",
    "220": "an order",
    "231": "an order's confirmation",
    "351": "a despatch advice",
}
_MEANS = {
    "10": "cash",
    "20": "cheque",
    "30": "bank transfer",
    "31": "bank transfer",
    "42": "bank transfer",
    "58": "bank transfer",
    "48": "card",
    "54": "card",
    "55": "card",
    "49": "direct debit",
    "59": "direct debit",
    "57": "standing order",
    "68": "online payment",
    "97": "offset",
}


FREIGHT = "FC"
"""UNTDID 7161."""


def is_credit_code(code: str | None) -> bool:
    """Whether this is the code of a credit note; 384 is not, as it corrects in either direction."""
    return code in _CREDIT_NOTES


def remark_on(code: str | None) -> tuple[str, ...]:
    """Return a sentence for the reviewer if the code says that it is not an invoice."""
    name = _NO_INVOICES.get(code or "")
    return (f"It may not be an invoice: its XML calls itself {name} (code {code}).",) if name else ()


def remark_on_totals(totals: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for the reviewer if one invoice names several totals in its own currency."""
    different = list(dict.fromkeys(totals))
    return (f"The e-invoice names {len(different)} different totals.",) if len(different) > 1 else ()


def payment_method(code: str | None) -> str | None:
    """Return the means of payment in a word or two; None if its code says nothing clear."""
    return _MEANS.get(code or "")
