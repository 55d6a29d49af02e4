"""What a document says of an expense, with the evidence for each field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from expensed.model.reading import Box


@dataclass(frozen=True, slots=True)
class Field:
    """One chosen value with its evidence: where it stood, the words there, and why it won."""

    value: str | None
    """As shown: an amount with its decimals, a date in ISO form, a name."""
    confidence: float
    """The probability, 0..1, that the value is right."""
    page: int | None = None
    box: Box | None = None
    text: str | None = None
    proof: str | None = None
    """A sentence naming the arithmetic or source that proves it, e.g. `net 44.13 + tax 8.86`; None: unproven."""
    features: Mapping[str, float] = field(default_factory=dict)
    """What the confidence was computed from, by name."""
    read_as: str | None = None
    """What stood there in the reader's eyes, where something that was learnt has taken its place."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one document taught of a heading, that is, of a vendor's name as it is read; None: nothing of that."""

    heading: str
    vendor: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a field might have taken: how good it looked, where it stood, and what speaks for it."""

    value: str
    score: float
    """Compares choices of one field on one document; it has no unit."""
    page: int | None
    box: Box | None
    text: str
    why: str
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expense:
    """What a document says of an expense: the outcome of `extraction.expense.extract_expense`."""

    vendor: str | None
    amount: Decimal | None
    date: dt.date | None
    category: str | None
    currency: str | None
    confidence: float
    """The probability, 0..1, that amount and date are both right."""
    needs_review: bool
    reasons: tuple[str, ...] = ()
    """Why a person should look, as sentences; empty where `needs_review` is false."""
    kind: str = "receipt"
    """`receipt`, `invoice`, `credit-note` or `other`."""
    tax: Decimal | None = None
    invoice_number: str | None = None
    legal_form: str | None = None
    """The seller's, as it is usually written, e.g. `Sdn Bhd`, `GmbH & Co. KG`; it also stays in the name if printed."""
    amount_due: Decimal | None = None
    payment_method: str | None = None
    """`Cash`, `Visa 1234`, `Direct debit`, ...: as far as the paper tells."""
    due_date: dt.date | None = None
    """The last day to pay, where one is printed."""
    fields: Mapping[str, Field] = field(default_factory=dict)
    """Evidence by field name: vendor, amount, date, currency, category, ..."""
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    """What each field was chosen from, best first; only where an explanation was asked for."""

    def to_json(self, *, duplicate_of: str | None = None) -> dict[str, Any]:
        """The result as clients see it; the first five keys are a contract."""
        return {
            "vendor": self.vendor,
            "amount": number(self.amount),
            "date": self.date.isoformat() if self.date else None,
            "category": self.category,
            "confidence": round(self.confidence * 100),
            "currency": self.currency,
            "kind": self.kind,
            "tax": number(self.tax),
            "invoice_number": self.invoice_number,
            "legal_form": self.legal_form,
            "amount_due": number(self.amount_due),
            "payment_method": self.payment_method,
            "due_date": self.due_date.isoformat() if self.due_date else None,
            "fields": {
                name: {
                    "value": found.value,
                    "confidence": round(found.confidence, 4),
                    "page": found.page,
                    "box": list(found.box) if found.box else None,
                    "text": found.text,
                    "proof": found.proof,
                    **({"read_as": found.read_as} if found.read_as is not None else {}),
                }
                for name, found in self.fields.items()
            },
            "duplicate_of": duplicate_of,
            "needs_review": self.needs_review,
            "reasons": list(self.reasons),
        }


def number(amount: Decimal | None) -> float | int | None:
    """A Decimal as a JSON number; clients expect `52.99`, and a double holds every amount below 10^13 cents."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


@dataclass(frozen=True, slots=True)
class Examination:
    """What a child process brings back: what it says of an expense, and of the reading no more than is kept."""

    kind: str
    engine: str
    text: str
    warnings: tuple[str, ...]
    expense: Expense
    turns: tuple[int, ...] = ()
    """Of each page; see `Page.turns`."""
    sha256: str = ""
    """Of the bytes that were read."""
