"""An e-invoice's values to an expense: what they mean together, and whether they contradict each other.

The XML is what the seller's books hold, so it wins over what a page shows; but a total that stands nowhere on the
pages beside it, or that its own net and tax do not make, is a person's to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

from expensed.extraction import confidence
from expensed.extraction.candidates import as_field
from expensed.extraction.category import CATEGORIES, find_categories
from expensed.extraction.lexical import parse_currency, parse_day, parse_decimal
from expensed.extraction.lines import Cell, Row, clean_text
from expensed.extraction.money import find_money
from expensed.extraction.names import LONGEST_NAME
from expensed.extraction.options import ExtractionOptions
from expensed.model import EInvoice, Field

PROOF = "e-invoice XML"
_SURE, _DOUBTED = 0.999, 0.6
"""What the XML says in so many words, and what something in it speaks against."""
_CONTRADICTION = "The totals in the e-invoice contradict each other"
_MOST_ITEMS = 200
_MOST_EXTRAS = 6
_LONGEST_NUMBER = 60
_NOWHERE = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Found:
    """What an e-invoice says: fields with their evidence, the sums, and what speaks against them."""

    fields: dict[str, Field]
    doubts: tuple[str, ...]
    kind: str
    amount: Decimal | None
    date: date | None
    tax: Decimal | None
    amount_due: Decimal | None
    number: str | None

    @property
    def is_complete(self) -> bool:
        """True where nothing needs to be looked for on the pages."""
        return {"vendor", "amount", "date", "currency"} <= self.fields.keys()


@dataclass(frozen=True, slots=True)
class _Sums:
    """An invoice's sums as numbers, with the signs that its XML gives them."""

    total: Decimal | None
    net: Decimal | None
    tax: Decimal | None
    due: Decimal | None


def understand_invoices(invoices: Sequence[EInvoice], rows: Sequence[Row], options: ExtractionOptions) -> Found:
    """What the first of these e-invoices says; `rows` are those of the pages it came with, if any."""
    invoice = invoices[0]
    sums = _add_up(invoice)
    day = parse_day(invoice.issue_date, options.today + timedelta(days=1))
    vendor = _name(invoice.seller)
    currency = parse_currency(invoice.currency or invoice.total_currency)
    turn = -1 if invoice.is_credit_note and sums.total is not None and sums.total > 0 else 1
    amount = None if sums.total is None else turn * sums.total
    contradictions = (*_contradictions(invoice, sums), *_unprinted(sums.total, rows))
    doubts = (
        *contradictions,
        *invoice.remarks,
        *_unclear(invoice, day, sums.total, currency, options),
        *_others(invoices),
    )
    fields = {
        "vendor": _field(vendor),
        "amount": _amount_field(amount, sums, turn, is_doubted=bool(contradictions)),
        "date": _field(day.isoformat() if day else None),
        "currency": _field(currency),
        "category": _category_field(invoice, vendor, rows, options),
        "due_date": _field(_iso(invoice.due_date)),
        "payment_method": _field(invoice.payment_method),
    }
    is_credit = amount is not None and (invoice.is_credit_note or amount < 0)
    return Found(
        fields={name: field for name, field in fields.items() if field is not None},
        doubts=doubts,
        kind="other" if amount is None else "credit-note" if is_credit else "invoice",
        amount=amount,
        date=day,
        tax=None if sums.tax is None else turn * sums.tax,
        amount_due=None if sums.due is None else turn * sums.due,
        number=clean_text(invoice.number or "", _LONGEST_NUMBER) or None,
    )


def _add_up(invoice: EInvoice) -> _Sums:
    """The sums as numbers, those left out made of those that are there."""
    bases = [parse_decimal(basis) for basis, _ in invoice.taxes]
    taxes = [parse_decimal(tax) for _, tax in invoice.taxes]
    net = parse_decimal(invoice.net)
    if net is None and invoice.net is None:
        net = _sum(bases)
    tax = parse_decimal(invoice.tax)
    if tax is None and invoice.tax is None:
        tax = _sum(taxes)
    due = _sum([parse_decimal(each) for each in invoice.dues])
    total = parse_decimal(invoice.total)
    if invoice.total is None:
        total = _missing_total(invoice, net, tax, due)
    return _Sums(total, net, tax, due)


def _missing_total(invoice: EInvoice, net: Decimal | None, tax: Decimal | None, due: Decimal | None) -> Decimal | None:
    """Net and tax; or net alone where no tax is spoken of and it is due; or what is due, if nothing was paid."""
    if net is not None and tax is not None:
        return net + tax
    if net is not None and all(part is None for _, part in invoice.taxes) and due in (None, net):
        return net
    return due if net is None and invoice.prepaid is None and invoice.rounding is None else None


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """Their sum; None where there are none, or one is not known."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(values) else None


def _contradictions(invoice: EInvoice, sums: _Sums) -> list[str]:
    """Where the sums of one invoice do not make each other, as sentences (EN 16931, BR-CO-13 to BR-CO-16)."""
    found = []
    if sums.total is not None and sums.net is not None and sums.tax is not None:
        apart = sums.total - sums.net - sums.tax
        if apart and not _is_made_of(apart, invoice.extras):
            found.append(f"{_CONTRADICTION}: net {sums.net} + tax {sums.tax} is not {sums.total}.")
    line_total = parse_decimal(invoice.line_total)
    if line_total is not None and parse_decimal(invoice.net) is not None:
        expected = line_total - _or_zero(invoice.allowances) + _or_zero(invoice.charges)
        if expected != sums.net:
            found.append(f"{_CONTRADICTION}: its lines make {expected}, not {sums.net}.")
    parts = _sum([parse_decimal(tax) for _, tax in invoice.taxes])
    if parts is not None and sums.tax is not None and parts != sums.tax:
        found.append(f"{_CONTRADICTION}: its taxes make {parts}, not {sums.tax}.")
    return [*found, *_wrong_due(invoice, sums)]


def _wrong_due(invoice: EInvoice, sums: _Sums) -> list[str]:
    """That what is due is not total − prepaid + rounding.

    The small profiles have no room for what was paid before, so without it less than the total may be due. FatturaPA
    writes down which payments are to come, which need not be all.
    """
    if invoice.syntax == "FatturaPA" or sums.total is None or sums.due is None:
        return []
    prepaid, rounding = _or_zero(invoice.prepaid), _or_zero(invoice.rounding)
    is_part = 0 <= sums.due <= sums.total or sums.total <= sums.due <= 0
    if sums.due == sums.total - prepaid + rounding or (not prepaid and is_part):
        return []
    expected = sums.total - prepaid + rounding
    return [f"{_CONTRADICTION}: {sums.due} is to be paid, not {expected}."]


def _or_zero(text: str | None) -> Decimal:
    return parse_decimal(text) or Decimal(0)


def _is_made_of(apart: Decimal, extras: Sequence[str]) -> bool:
    """True where some of these sums explain a difference."""
    known = [value for text in extras[:_MOST_EXTRAS] if (value := parse_decimal(text))]
    return any(sum(some) == apart for count in range(1, len(known) + 1) for some in combinations(known, count))


def _unprinted(total: Decimal | None, rows: Sequence[Row]) -> list[str]:
    """That the pages beside the XML have sums, and not its total among them."""
    printed = [money for row in rows for money in find_money(row.text)]
    if (
        total is None
        or not any(money.exact for money in printed)
        or abs(total) in {abs(each.value) for each in printed}
    ):
        return []
    return [f"The e-invoice's total {total} is not printed on its pages."]


def _unclear(
    invoice: EInvoice, day: date | None, total: Decimal | None, currency: str | None, options: ExtractionOptions
) -> list[str]:
    """What is written in the XML and is no value of its kind, as sentences."""
    found = []
    if invoice.total is not None and total is None:
        found.append(f"The e-invoice's total is no number: {clean_text(invoice.total, 40)!r}.")
    if total == 0:
        found.append("The e-invoice's total is zero.")
    if invoice.issue_date is not None and day is None:
        is_later = parse_day(invoice.issue_date, date.max) is not None
        why = f"is later than {options.today.isoformat()}" if is_later else "is no date"
        found.append(f"The e-invoice's date {why}: {clean_text(invoice.issue_date, 40)!r}.")
    if invoice.currency is not None and currency is None:
        found.append(f"The e-invoice's currency is not known: {clean_text(invoice.currency, 40)!r}.")
    named = parse_currency(invoice.total_currency)
    if named and currency and named != currency:
        found.append(f"The e-invoice is in {currency}, its total in {named}.")
    return found


def _others(invoices: Sequence[EInvoice]) -> list[str]:
    """That the file holds further invoices which are not the same again."""
    keys = {(each.number, each.issue_date, parse_decimal(each.total)) for each in invoices}
    if len(keys) < 2:
        return []
    return [f"It holds {len(keys)} e-invoices: file each by itself. This is what the first says."]


def _name(text: str | None) -> str | None:
    name = clean_text(text or "", LONGEST_NAME)
    return name if any(sign.isalnum() for sign in name) else None


def _iso(text: str | None) -> str | None:
    found = parse_day(text, date.max)
    return found.isoformat() if found else None


def _field(value: str | None) -> Field | None:
    return None if value is None else Field(value, _SURE, text=value[:200], proof=PROOF)


def _amount_field(amount: Decimal | None, sums: _Sums, turn: int, *, is_doubted: bool) -> Field | None:
    if amount is None:
        return None
    if is_doubted:
        return Field(f"{amount:f}", _DOUBTED, text=f"{amount:f}")
    proof = PROOF
    if sums.net is not None and sums.tax is not None:
        proof = f"{PROOF}: net {turn * sums.net:f} + tax {turn * sums.tax:f}"
    return Field(f"{amount:f}", _SURE, text=f"{amount:f}", proof=proof)


def _category_field(
    invoice: EInvoice, vendor: str | None, rows: Sequence[Row], options: ExtractionOptions
) -> Field | None:
    """By what was sold, as the XML or else the pages describe it, and by the seller's name."""
    texts = [clean_text(text) for text in invoice.items[:_MOST_ITEMS]]
    described = _as_rows([text for text in texts if text]) or rows
    found = find_categories(
        (*_as_rows([vendor] if vendor else []), *described), vendor, options.categories or CATEGORIES
    )
    if not found:
        return None
    features = confidence.category_features(found)
    sure = confidence.probability("category", features, options.weights)
    return as_field(found[0], found[0].value, sure, features)


def _as_rows(texts: Sequence[str]) -> tuple[Row, ...]:
    return tuple(Row(index, 1, (Cell(text, 1, _NOWHERE, 1.0),), 0.0) for index, text in enumerate(texts))
