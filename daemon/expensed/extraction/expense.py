"""The entrance of the extraction room: a reading in, the expense out. Pure: no clock, no disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from expensed.extraction import confidence
from expensed.extraction.amounts import AmountFound, as_credit, find_amounts, find_tax
from expensed.extraction.candidates import Candidate, as_field
from expensed.extraction.category import CATEGORIES, OTHER, find_categories
from expensed.extraction.currency import find_currencies
from expensed.extraction.dates import find_due_date, find_purchase_dates
from expensed.extraction.explain import explain_choices
from expensed.extraction.identity import find_invoice_number, find_kind, kind_doubts
from expensed.extraction.lines import Row, build_rows, is_cut_off
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.ordering import Order, order_certainty, year_certainty
from expensed.extraction.payment import find_payment_method
from expensed.extraction.vendor import find_vendors
from expensed.model import Expense, Field, Reading

_NO_FIELD = Field(None, 0.0)
_NOTHING_THERE = 0.5
"""Of papers on which neither an amount nor a date is found, about every second has none."""
_MOST_GUESSED = 0.97
"""However often a guess was right among the documents that were learnt from: those came from few countries."""
_KNOWN_COUNTRY = 2.0
_LIKELY = 0.5
"""A currency less probable than this is not named at all."""


def extract_expense(
    reading: Reading, options: ExtractionOptions, *, on_stage: Callable[[str], None] | None = None
) -> Expense:
    """Vendor, amount, date, currency and category of the document, each with its evidence.

    `on_stage("currency")` is called before the currency is decided.
    """
    rows = build_rows(reading)
    kind = find_kind(rows)
    found = find_amounts(rows)
    if kind == "credit-note":
        found = as_credit(found)
    if on_stage is not None:
        on_stage("currency")
    currencies = find_currencies(rows, found.sums, options.default_currency.upper())
    dates, order = find_purchase_dates(rows, options, _home(currencies))
    vendors = find_vendors(rows) if found.candidates or dates else []
    vendor = vendors[0].value if vendors else None
    categories = find_categories(rows, vendor, options.categories or CATEGORIES) if vendor else []
    fields = {
        "vendor": _vendor_field(vendors, rows, options),
        "amount": _amount_field(found, rows, options),
        "date": _date_field(dates, order, rows, options),
        "currency": _currency_field(currencies, options),
        "category": _category_field(categories, options),
    }
    expense = _expense(reading, rows, fields, found, (dates, order), options, kind)
    if not options.explain:
        return expense
    others: dict[str, Sequence[Candidate[Any]]] = {"vendor": vendors, "date": dates}
    others |= {"currency": currencies, "category": categories}
    return replace(expense, choices=explain_choices(found, others))


def _expense(
    reading: Reading,
    rows: tuple[Row, ...],
    fields: dict[str, Field],
    found: AmountFound,
    dated: tuple[Sequence[Candidate[date]], Order],
    options: ExtractionOptions,
    kind: str,
) -> Expense:
    dates, order = dated
    amount = found.candidates[0].value if fields["amount"].value is not None else None
    doubts = [*kind_doubts(rows, kind, amount), *confidence.amount_doubts(found)]
    if is_cut_off(reading, rows):
        doubts.append("It is longer than what is looked at.")
    reasons = confidence.review_reasons(fields, (*reading.warnings, *doubts), options.review_below)
    return Expense(
        vendor=fields["vendor"].value,
        amount=amount,
        date=dates[0].value if dates else None,
        category=fields["category"].value,
        currency=fields["currency"].value,
        confidence=_both(fields["amount"], fields["date"]),
        needs_review=bool(reasons),
        reasons=reasons,
        kind="other" if amount is None else kind,
        tax=find_tax(found) if amount is not None else None,
        invoice_number=find_invoice_number(rows),
        payment_method=find_payment_method(rows, found.paper) if amount is not None else None,
        due_date=find_due_date(rows, order, dates[0].value) if dates else None,
        fields={name: field for name, field in fields.items() if field.value is not None},
    )


def _both(amount: Field, day: Field) -> float:
    """The probability that amount and date are both right; where neither is found, that there is neither."""
    if amount.value is None and day.value is None:
        return _NOTHING_THERE
    return amount.confidence * day.confidence


def _home(currencies: Sequence[Candidate[str]]) -> str:
    """The currency of the seller's country, where the country itself is told."""
    return currencies[0].value if currencies and currencies[0].features["country"] >= _KNOWN_COUNTRY else ""


def _amount_field(found: AmountFound, rows: Sequence[Row], options: ExtractionOptions) -> Field:
    if not found.candidates:
        return _NO_FIELD
    best = found.candidates[0]
    features = confidence.amount_features(found, confidence.amount_doubts(found), _ocr(best, rows))
    if not confidence.is_amount_proven(found):
        best = replace(best, proof=None)
    sure = confidence.probability("amount", features, options.weights)
    return as_field(best, _shown(best.value), sure, features)


def _shown(amount: Decimal) -> str:
    return f"{amount:f}"


def _date_field(
    dates: Sequence[Candidate[date]], order: Order, rows: Sequence[Row], options: ExtractionOptions
) -> Field:
    if not dates:
        return _NO_FIELD
    best, features = dates[0], confidence.date_features(dates)
    certainty = min(order_certainty(best, order), year_certainty(best, rows, order, options.today))
    if not confidence.is_date_proven(dates, certainty):
        best = replace(best, proof=None)
    sure = confidence.probability("date", features, options.weights) * certainty
    return as_field(best, best.value.isoformat(), sure, features)


def _vendor_field(vendors: Sequence[Candidate[str]], rows: Sequence[Row], options: ExtractionOptions) -> Field:
    if not vendors:
        return _NO_FIELD
    features = confidence.vendor_features(vendors, rows, _ocr(vendors[0], rows))
    sure = confidence.probability("vendor", features, options.weights)
    return as_field(vendors[0], vendors[0].value, sure, features)


def _currency_field(currencies: Sequence[Candidate[str]], options: ExtractionOptions) -> Field:
    if currencies:
        features = confidence.currency_features(currencies)
        sure = confidence.probability("currency", features, options.weights)
        if confidence.is_currency_guessed(currencies[0]):
            sure = min(sure, _MOST_GUESSED)
        if sure >= _LIKELY:
            return as_field(currencies[0], currencies[0].value, sure, features)
    if options.default_currency and not currencies:
        return Field(options.default_currency.upper(), 0.99, proof="the default currency: the document names none")
    return _NO_FIELD


def _category_field(categories: Sequence[Candidate[str]], options: ExtractionOptions) -> Field:
    if categories:
        features = confidence.category_features(categories)
        sure = confidence.probability("category", features, options.weights)
        return as_field(categories[0], categories[0].value, sure, features)
    allowed = options.categories or CATEGORIES
    return Field(OTHER, 0.3) if OTHER in allowed else _NO_FIELD


def _ocr(candidate: Candidate[Decimal] | Candidate[str], rows: Sequence[Row]) -> float:
    """The engine's confidence in the worst words that overlap the candidate's place."""
    box = candidate.box
    if box is None:
        return 1.0
    touched = [
        cell.confidence
        for row in rows
        if row.page == candidate.page and row.box[1] < box[3] and row.box[3] > box[1]
        for cell in row.cells
        if min(cell.box[2], box[2]) - max(cell.box[0], box[0]) > 0
        and min(cell.box[3], box[3]) - max(cell.box[1], box[1]) > 0.5 * (cell.box[3] - cell.box[1])
    ]
    return min(touched, default=1.0)
