"""Turn an e-invoice's values into an expense: what they mean together, and whether they contradict each other.

The XML comes from the seller's books, so it wins over what a page shows; but a person must judge a total that is
nowhere on the pages beside it, or that is not the sum of its own net and tax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from expensed.codes.machine_values import parse_currency, parse_day, parse_decimal
from expensed.extraction import confidence
from expensed.extraction.amount.numerals import find_money
from expensed.extraction.candidates import as_field
from expensed.extraction.category.choose_category import CATEGORIES, find_categories
from expensed.extraction.findings import Field
from expensed.extraction.invoice.break_down import Breakdown, break_down
from expensed.extraction.invoice.einvoice_sums import Sums, add_up, find_contradictions
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import Cell, Row, clean_text
from expensed.extraction.vendor.names import LONGEST_NAME
from expensed.model.reading import EInvoice
from expensed.model.states import ExpenseKind

PROOF = "e-invoice XML"
_SURE, _DOUBTED = 0.999, 0.6
"""The confidence in what the XML states, and in what something else in it contradicts."""
_MOST_ITEMS = 200
_LONGEST_NUMBER = 60
_LONGEST_REFERENCE = 140
_NOWHERE = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Found:
    """The content of an e-invoice: fields with their evidence, the sums, and what speaks against them."""

    fields: dict[str, Field]
    doubts: tuple[str, ...]
    kind: ExpenseKind
    amount: Decimal | None
    date: date | None
    tax: Decimal | None
    amount_due: Decimal | None
    number: str | None
    breakdown: Breakdown

    @property
    def is_complete(self) -> bool:
        """Whether nothing needs to be taken from the pages."""
        return {"vendor", "amount", "date", "currency"} <= self.fields.keys()


def understand_invoices(invoices: Sequence[EInvoice], rows: Sequence[Row], options: ExtractionOptions) -> Found:
    """Return what the first of these e-invoices says; `rows` are those of the pages it came with, if any."""
    invoice = invoices[0]
    sums = add_up(invoice)
    day = parse_day(invoice.issue_date, options.today + timedelta(days=1))
    vendor = _name(invoice.seller)
    currency = parse_currency(invoice.currency or invoice.total_currency)
    turn = -1 if invoice.is_credit_note and sums.total is not None and sums.total > 0 else 1
    amount = None if sums.total is None else turn * sums.total
    contradictions = (*find_contradictions(invoice, sums), *_unprinted(sums.total, rows))
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
        "payment_reference": _field(clean_text(invoice.payment_reference or "", _LONGEST_REFERENCE) or None),
    }
    is_credit = amount is not None and (invoice.is_credit_note or amount < 0)
    return Found(
        fields={name: field for name, field in fields.items() if field is not None},
        doubts=doubts,
        kind=_kind(amount, is_credit=is_credit),
        amount=amount,
        date=day,
        tax=None if sums.tax is None else turn * sums.tax,
        amount_due=None if sums.due is None else turn * sums.due,
        number=clean_text(invoice.number or "", _LONGEST_NUMBER) or None,
        breakdown=break_down(invoice, sums, turn, currency),
    )


def _unprinted(total: Decimal | None, rows: Sequence[Row]) -> list[str]:
    """Return a sentence if the pages beside the XML show sums, but not its total."""
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
    """Return sentences about values in the XML that are not valid."""
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


def _kind(amount: Decimal | None, *, is_credit: bool) -> ExpenseKind:
    if amount is None:
        return ExpenseKind.OTHER
    return ExpenseKind.CREDIT_NOTE if is_credit else ExpenseKind.INVOICE


def _others(invoices: Sequence[EInvoice]) -> list[str]:
    """Return a sentence if the file contains further, different invoices."""
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


def _amount_field(amount: Decimal | None, sums: Sums, turn: int, *, is_doubted: bool) -> Field | None:
    if amount is None:
        return None
    if is_doubted:
        return Field(f"{amount:f}", _DOUBTED, text=f"{amount:f}")
    proof = PROOF
    if sums.net is not None and sums.tax is not None:
        proof = (
            f"{PROOF}: net {turn * sums.net:f} + tax {turn * sums.tax:f}{_show_rest(amount, turn, sums.net + sums.tax)}"
        )
    return Field(f"{amount:f}", _SURE, text=f"{amount:f}", proof=proof)


def _show_rest(amount: Decimal, turn: int, explained: Decimal) -> str:
    """Return what else is in the amount: a stamp duty, charges; or was taken off, as tax withheld."""
    rest = amount - turn * explained
    return "" if not rest else f" {'−' if rest < 0 else '+'} other {abs(rest):f}"


def _category_field(
    invoice: EInvoice, vendor: str | None, rows: Sequence[Row], options: ExtractionOptions
) -> Field | None:
    """Return the category by what was sold, as the XML or else the pages describe it, and by the seller's name."""
    texts = [clean_text(text) for text in invoice.items[:_MOST_ITEMS]]
    described = _as_rows([text for text in texts if text]) or rows
    found = find_categories((*_as_rows([vendor] if vendor else []), *described), vendor, CATEGORIES)
    if not found:
        return None
    features = confidence.category_features(found)
    sure = confidence.probability("category", features, options.weights)
    return as_field(found[0], found[0].value, sure, features)


def _as_rows(texts: Sequence[str]) -> tuple[Row, ...]:
    return tuple(Row(index, 1, (Cell(text, 1, _NOWHERE, 1.0),), 0.0) for index, text in enumerate(texts))
