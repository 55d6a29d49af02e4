"""The content of a document: pages, words with their places, codes, and the values of an e-invoice."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""left, top, right, bottom as fractions (0..1) of the upright page's width and height."""


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text in one place: a word, or a whole line if the engine returns lines.

    `confidence` is the engine's, 0..1; 1.0 for a PDF's own text.
    """

    text: str
    page: int
    box: Box
    confidence: float


_THINNEST = 0.4
"""A line is at least this high, in heights of its box; the rest may be owed to its slope."""


def line_height(box: Box, slope: float) -> float:
    """Return how high the line in an upright box is without what its slope adds, all in units of the box."""
    left, top, right, bottom = box
    return max(bottom - top - abs(slope) * (right - left), _THINNEST * (bottom - top))


@dataclass(frozen=True, slots=True)
class Lean:
    """How lines run on a page that is not quite level: by how much they descend for each pixel to the right.

    On a photo taken at a slant, they run otherwise at its top than at its bottom; on a bent paper, otherwise between.
    """

    top: float = 0.0
    bottom: float = 0.0
    between: tuple[float, ...] = ()
    """At heights that divide the page evenly, from top to bottom."""

    def at(self, box: Box) -> float:
        """Return the slope at a box's height."""
        slopes = (self.top, *self.between, self.bottom)
        place = (box[1] + box[3]) / 2 * (len(slopes) - 1)
        above = max(0, min(int(place), len(slopes) - 2))
        return slopes[above] + (slopes[above + 1] - slopes[above]) * (place - above)

    def fall(self, box: Box, page: Page) -> float:
        """Return by how many page heights lines descend over the page's width, at a box's height."""
        return self.at(box) * page.width / max(page.height, 1e-6)


@dataclass(frozen=True, slots=True)
class Page:
    """One upright page: `number` from 1, size in pixels (points for a text layer), words in reading order."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    source: str
    """`text-layer`, `ocr-layer` (hidden text over a scan), `embedded-image`, `rendered` or `image`."""
    turns: float = 0
    """Counter-clockwise quarter turns that set the page upright, with a fraction if it was tilted.

    `width`, `height` and boxes apply after them.
    """
    lean: Lean | None = None
    """How its lines run then, as measured on its pixels; None if that is unclear, or it was not read from pixels."""


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a page's height, as fractions of it."""

    page: int
    top: float
    bottom: float

    def holds(self, box: Box) -> bool:
        """Whether the middle of a box lies in it."""
        return self.top <= (box[1] + box[3]) / 2 < self.bottom


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code on a page, with the text it holds."""

    text: str
    page: int
    box: Box
    data: bytes = b""
    """The same in bytes; their encoding is the writer's own."""


@dataclass(frozen=True, slots=True)
class Change:
    """An allowance or a charge of an e-invoice, on one line or on the whole, with its values as written there."""

    is_charge: bool
    amount: str | None = None
    """As written: an allowance is positive unless it takes one back."""
    percent: str | None = None
    """How much of what it changes, if that is given."""
    reason: str | None = None
    code: str | None = None
    """Its reason by UNTDID 5189 (allowances) or 7161 (charges)."""
    rate: str | None = None
    """The rate of its tax, in percent."""
    category: str | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an e-invoice, with its values as written there; None if not given."""

    description: str | None = None
    quantity: str | None = None
    unit: str | None = None
    """A code (UN/ECE Recommendation 20, in Facturae its own) or words, as the dialect has it."""
    price: str | None = None
    """The price of a unit, or of as many as `price_quantity` says."""
    price_quantity: str | None = None
    changes: tuple[Change, ...] = ()
    is_per_unit: bool = False
    """Whether the changes are those of the price of a unit and not of the line."""
    total: str | None = None
    rate: str | None = None
    """The rate of its tax, in percent or as the dialect writes what is free of it."""
    category: str | None = None
    """The category of its tax: UNTDID 5305, or the dialect's own."""
    is_gross: bool = False
    """Whether price and total contain the tax."""
    is_before: bool = False
    """Whether it states again what a correction takes back."""
    kind: str | None = None
    """What it charges or takes off, by the dialect's own code."""


@dataclass(frozen=True, slots=True)
class InvoiceTax:
    """One tax of an e-invoice at one rate, with its values as written there; None if not given."""

    base: str | None = None
    tax: str | None = None
    rate: str | None = None
    """In percent."""
    category: str | None = None
    """UNTDID 5305, or the dialect's own."""
    exemption: str | None = None
    """Why it is free of tax, in words or as a code."""
    name: str | None = None
    """Which tax it is, as written: `VAT`, `GST`, ..."""
    gross: str | None = None
    """Base and tax together."""


@dataclass(frozen=True, slots=True)
class EInvoice:
    """One invoice or credit note of an e-invoice XML, with its values as written there; None if not given.

    Amounts keep the sign that the XML gives them. Extraction decides what the values mean together.
    """

    syntax: str
    """`CII` (ZUGFeRD, Factur-X, XRechnung), `UBL` (XRechnung, Peppol), `FatturaPA`, `KSeF`, `Facturae`, `ebInterface`,
    `ISDOC` or `Finvoice`.
    """
    is_credit_note: bool
    seller: str | None = None
    """The seller's registered name, else its trading name."""
    number: str | None = None
    issue_date: str | None = None
    due_date: str | None = None
    currency: str | None = None
    total_currency: str | None = None
    """The currency attached to the grand total itself."""
    total: str | None = None
    """The grand total with tax."""
    net: str | None = None
    tax: str | None = None
    line_total: str | None = None
    allowances: str | None = None
    charges: str | None = None
    prepaid: str | None = None
    """Whatever was paid, or is kept back, before the amount due."""
    rounding: str | None = None
    """Whatever is added to the total for the amount due; seldom more than a few cents."""
    dues: tuple[str, ...] = ()
    """The amounts due, in one or more instalments."""
    taxes: tuple[InvoiceTax, ...] = ()
    """The tax breakdown by rate."""
    extras: tuple[str, ...] = ()
    """Stamp duties, roundings and taxes withheld (negative) that the grand total may or may not include."""
    lines: tuple[InvoiceLine, ...] = ()
    """In their order; of a huge invoice the first ones."""
    lines_left_out: int = 0
    """How many more there are."""
    changes: tuple[Change, ...] = ()
    """Allowances and charges on the whole."""
    payment_method: str | None = None
    """`bank transfer`, `card`, `cash`, ...; None if its code is unclear."""
    payment_reference: str | None = None
    """What the payer is to quote, such as an RF reference or a variable symbol."""
    remarks: tuple[str, ...] = ()
    """Sentences that send it to review, e.g. that it is a pro-forma invoice."""
    text: str = ""
    """Everything written in it, one value with its element's name on each line."""

    @property
    def items(self) -> tuple[str, ...]:
        """What was sold, as far as it is described."""
        return tuple(line.description for line in self.lines if line.description)


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of a document, as `reading.document.read_document` returns it."""

    kind: str
    """The media type found by content, e.g. `image/jpeg`, `application/pdf`."""
    engine: str
    """The engine that read the pixels: `paddle`, `tesseract`, or `none` if a text layer sufficed."""
    pages: tuple[Page, ...]
    warnings: tuple[str, ...] = ()
    """Sentences that send the document to review: pages left out, a soft time limit hit, a picture cut off."""
    invoices: tuple[EInvoice, ...] = ()
    """The invoices in the e-invoice XML that is the document or is attached to it; best first."""
    codes: tuple[Code, ...] = ()
    """The QR codes on its pages."""

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for page in self.pages for word in page.words)

    @property
    def text(self) -> str:
        """The plain text, one word or line per line, pages separated by form feeds; the XML's text if there is none."""
        text = "\f".join("\n".join(word.text for word in page.words) for page in self.pages)
        return text if text.strip() else "\f".join(invoice.text for invoice in self.invoices)


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to draw on a page, with a label beside it."""

    page: int
    box: Box
    label: str
