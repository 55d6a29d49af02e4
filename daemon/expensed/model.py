"""The words of expensed as frozen dataclasses and enums, shared by all rooms. No behaviour beyond views of the data."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any


class DocumentState(StrEnum):
    """Where a document stands (DocumentState.GONE: a person took it away)."""

    ADMITTED = "admitted"
    UPLOADED = "uploaded"
    READ = "read"
    FILED = "filed"
    REVIEW = "review"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    GONE = "gone"


class TaskState(StrEnum):
    """The four states of a task, as clients know them."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"


class Step(StrEnum):
    """The two jobs a task may need, by the names of their arq functions."""

    EXTRACT = "extract_document"
    PROCESS = "process_document"


class Status(StrEnum):
    """The sentences a client sees, word for word."""

    PENDING = "Task is waiting in queue"
    READING = "Running OCR..."
    ENHANCING = "Applying ML enhancements..."
    CURRENCY = "Detecting currency..."
    DUPLICATES = "Checking for duplicates..."
    FINALIZING = "Finalizing..."
    FILING = "Filing document..."
    COMPLETED = "Completed"
    FAILED = "Failed"


Box = tuple[float, float, float, float]
"""left, top, right, bottom as fractions (0..1) of the upright page's width and height."""


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text that stood in one place: a word, or a whole line where the engine gives lines.

    `confidence` is the engine's, 0..1; 1.0 for a PDF's own text.
    """

    text: str
    page: int
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Page:
    """One upright page: `number` from 1, size in pixels (points for a text layer), words in reading order."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: str
    """`text-layer`, `embedded-image`, `rendered` or `image`."""
    turns: int = 0
    """Quarter turns, counter-clockwise, that set the page upright; `width`, `height` and boxes are those after it."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code on a page, with the text it holds."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class EInvoice:
    """One invoice or credit note of an e-invoice XML, its values as they are written there; None: not given.

    Amounts keep the sign that the XML gives them. What the values mean together is the extraction's to say.
    """

    syntax: str
    """`CII` (ZUGFeRD, Factur-X, XRechnung), `UBL` (XRechnung, Peppol) or `FatturaPA`."""
    is_credit_note: bool
    seller: str | None = None
    """The seller's registered name, else the name it trades under."""
    number: str | None = None
    issue_date: str | None = None
    due_date: str | None = None
    currency: str | None = None
    total_currency: str | None = None
    """The currency that the grand total itself names."""
    total: str | None = None
    """The grand total with tax."""
    net: str | None = None
    tax: str | None = None
    line_total: str | None = None
    allowances: str | None = None
    charges: str | None = None
    prepaid: str | None = None
    rounding: str | None = None
    dues: tuple[str, ...] = ()
    """What is to be paid, in one or more instalments."""
    taxes: tuple[tuple[str | None, str | None], ...] = ()
    """The tax breakdown: basis and tax of each rate."""
    extras: tuple[str, ...] = ()
    """Stamp duties and roundings that the grand total may or may not contain."""
    items: tuple[str, ...] = ()
    """What was sold, a description each."""
    payment_method: str | None = None
    """`bank transfer`, `card`, `cash`, ...; None where its code says nothing clear."""
    remarks: tuple[str, ...] = ()
    """Sentences that send it to a person, e.g. that it is a pro-forma invoice."""
    text: str = ""
    """All that is written in it, a value with its element's name on each line."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands on a document: the outcome of `reading.document.read_document`."""

    kind: str
    """The media type found by content, e.g. `image/jpeg`, `application/pdf`."""
    engine: str
    """The engine that read the pixels: `paddle`, `tesseract`, or `none` where a text layer sufficed."""
    pages: tuple[Page, ...]
    warnings: tuple[str, ...] = ()
    """Sentences that send the document to a person: pages left out, a soft time limit hit, a picture cut off."""
    invoices: tuple[EInvoice, ...] = ()
    """What the e-invoice XML holds that the document is, or that is attached to it; best first."""
    codes: tuple[Code, ...] = ()
    """The QR codes on its pages."""

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for page in self.pages for word in page.words)

    @property
    def text(self) -> str:
        """The plain text, one word or line a line, pages separated by a form feed; without any, the XML's."""
        text = "\f".join("\n".join(word.text for word in page.words) for page in self.pages)
        return text if text.strip() else "\f".join(invoice.text for invoice in self.invoices)


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
class Mark:
    """A box to be drawn on a page, with a word beside it."""

    page: int
    box: Box
    label: str


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


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file looked like at one moment; equal stamps mean that nobody wrote to it in between.

    `ctime_ns` too: it moves when `cp -p` puts the old mtime back.
    """

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """The stamp of a stat result."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@dataclass(frozen=True, slots=True)
class Judged:
    """A file as it was when it was judged complete; compared again after the claim."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    cut_off: str | None = None
    """A sentence, if it still looked cut off when its patience ended; it is then read as it is and goes to review."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What became of a complete file handed to `pipeline`.

    `admitted`: it is in the ledger (`document_id`). `unsettled`: it changed, or still has a writer; it now lies at
    `path` and must settle there again. `waits`: it stays where it is, for `reason`.
    """

    outcome: str
    document_id: str | None = None
    path: Path | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file in the watched folder that is not (yet) taken, and why, as a sentence."""

    file: str
    """Display path, relative to the inbox."""
    reason: str
    size: int
    since: dt.datetime
    refused: bool = False
    """True: it will not be taken as it is (hidden, a link, sync litter); false: it is waited for."""
