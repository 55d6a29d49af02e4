"""Extract the expense from a reading; pure, without clock or disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from expensed.extraction import confidence
from expensed.extraction.amount.choose_amount import AmountFound, as_credit, find_amounts
from expensed.extraction.amount.grouping import grouping_doubt
from expensed.extraction.brands.find_brands import BrandFound, find_brands
from expensed.extraction.breakdown import Breakdown, find_breakdown, net_doubt, prove_amount
from expensed.extraction.candidates import Candidate, as_field
from expensed.extraction.category.choose_category import CATEGORIES, OTHER, find_categories
from expensed.extraction.category.own_categories import settle_category
from expensed.extraction.code_evidence import fiscal_evidence as fiscal
from expensed.extraction.code_evidence.fiscal_evidence import Stamped
from expensed.extraction.code_evidence.fiscal_taxes import taxes_of
from expensed.extraction.code_evidence.payment_evidence import (
    Payable,
    amount_asked,
    find_payables,
    invoice_number,
    payment_doubts,
    prove_amounts,
    prove_currencies,
    prove_dates,
    prove_vendors,
    reference_field,
)
from expensed.extraction.code_evidence.witness import has_code_proof, is_only_in_code
from expensed.extraction.country.currency import only_supported, weigh_currencies
from expensed.extraction.date.choose_date import find_due_date, find_purchase_dates
from expensed.extraction.date.day_month_order import YEAR_FIRST, Order, order_certainty, year_certainty
from expensed.extraction.explain import explain_choices, explain_fields
from expensed.extraction.findings import Field, Findings, show_evidence
from expensed.extraction.invoice.document_number import find_invoice_number
from expensed.extraction.invoice.einvoice import Found, understand_invoices
from expensed.extraction.invoice.payment_method import find_payment_method
from expensed.extraction.items.categories import with_categories
from expensed.extraction.kind.choose_kind import Kind, find_kind, refund_doubt, sign_doubt
from expensed.extraction.options import ExtractionOptions
from expensed.extraction.page.lines import Row, build_rows, is_cut_off
from expensed.extraction.rivals import list_rivals
from expensed.extraction.vendor.choose_vendor import find_vendors
from expensed.extraction.vendor.legal_forms import find_legal_form
from expensed.extraction.vendor.other_scripts import is_beyond_doubt
from expensed.extraction.vendor.weigh_names import is_company, stands_alone
from expensed.model.adding_up import prove_total_by_amount
from expensed.model.expense import BY_DEFAULT, Expense
from expensed.model.reading import Reading
from expensed.model.states import ExpenseKind, Stage

_NO_FIELD = Field(None, 0.0)
_SURE_BY_CODE = 0.995
_LEAST_WITHOUT_CENTS = 100
_NOTHING_THERE = 0.5
"""About every second document on which neither an amount nor a date is found has none."""
_MOST_DOUBTED = 0.84
"""Upper limit for a seller that not all agree upon, or in another script than the Latin that nothing confirms."""
_MOST_OTHERS = 2
"""How many other values a sentence names."""
_KNOWN_COUNTRY = 2.0
_LIKELY = 0.5
"""A currency less probable than this is not reported at all."""


def extract_expense(
    reading: Reading, options: ExtractionOptions, *, on_stage: Callable[[Stage], None] | None = None
) -> Findings:
    """Extract vendor, amount, date, currency and category of the document, each with its evidence.

    An e-invoice XML has priority; what it leaves out is taken from the pages. `on_stage(Stage.CURRENCY)` is called
    before the currency is decided.
    """
    rows = build_rows(reading)
    if not reading.invoices:
        return _read_pages(reading, rows, options, on_stage)
    found = understand_invoices(reading.invoices, rows, options)
    if found.is_complete or not rows:
        if on_stage is not None:
            on_stage(Stage.CURRENCY)
        return _from_invoice(reading, rows, found, options, None)
    return _from_invoice(reading, rows, found, options, _read_pages(reading, rows, options, on_stage))


def _from_invoice(
    reading: Reading, rows: Sequence[Row], found: Found, options: ExtractionOptions, printed: Findings | None
) -> Findings:
    """Return what the e-invoice says, completed from the pages."""
    fields = {"category": _category_field([], options)} | {**(printed.fields if printed else {}), **found.fields}
    lines = (*(row.text for row in rows), *(item.description or "" for item in found.breakdown.items))
    sellers = (fields[name].value for name in ("vendor", "legal_name") if name in fields)
    fields["category"] = settle_category(fields["category"], lines, sellers, options.categories)
    says = {name: fields[name].value for name in ("vendor", "category", "currency") if name in fields}
    pages = printed.expense if printed else None
    amount, day = found.amount, found.date
    if pages is not None:
        amount = pages.amount if amount is None else amount
        day = pages.date if day is None else day
    warnings = (*reading.warnings, *found.doubts, *_doubts_of(printed, found, reading))
    reasons = confidence.review_reasons(fields, warnings, options.review_below)
    sure = fields.get("amount", _NO_FIELD).confidence * fields.get("date", _NO_FIELD).confidence
    expense = Expense(
        vendor=says.get("vendor"),
        amount=amount,
        date=day,
        category=says.get("category"),
        currency=says.get("currency"),
        confidence=round(sure * 100),
        needs_review=bool(reasons),
        reasons=reasons,
        kind=found.kind if found.amount is not None or pages is None else pages.kind,
        tax=found.tax if found.amount is not None or pages is None else pages.tax,
        invoice_number=found.number or (pages.invoice_number if pages else None),
        amount_due=found.amount_due,
        items=found.breakdown.items or (pages.items if pages else ()),
        taxes=found.breakdown.taxes or (pages.taxes if pages else ()),
        sums=found.breakdown.sums or (pages.sums if pages else ()),
        fields=show_evidence(fields),
    )
    choices = explain_fields(fields) if options.explain else {}
    return Findings(expense, sure, fields, choices, rivals=printed.rivals if printed else {})


def _doubts_of(printed: Findings | None, found: Found, reading: Reading) -> tuple[str, ...]:
    """Return the doubts about an amount that the pages had to supply; none if the XML states it."""
    if printed is None or found.amount is not None:
        return ()
    own = [reason for reason in printed.expense.reasons if reason not in reading.warnings]
    return ("The e-invoice in it names no total: this is what stands on the pages.", *own)


def _read_pages(
    reading: Reading, rows: tuple[Row, ...], options: ExtractionOptions, on_stage: Callable[[Stage], None] | None
) -> Findings:
    found = find_amounts(rows)
    kind = find_kind(rows, found)
    if kind.value is ExpenseKind.CREDIT_NOTE:
        found = as_credit(found)
    payables = find_payables(reading.codes)
    if payables and kind.value is ExpenseKind.RECEIPT:
        kind = replace(kind, value=ExpenseKind.INVOICE)
    stamped = fiscal.find_fiscal_codes(reading.codes, rows, options.today)
    found = fiscal.prove_amounts(prove_amounts(found, payables), stamped)
    if on_stage is not None:
        on_stage(Stage.CURRENCY)
    likely = weigh_currencies(rows, found.sums, options.default_currency.upper())
    currencies = prove_currencies(only_supported(likely, options.default_currency), payables)
    currencies = fiscal.prove_currencies(currencies, found, stamped)
    currency = _currency_field(currencies, options)
    breakdown = find_breakdown(rows, found, currency.value)
    found = prove_amount(found, breakdown)
    dates, order = find_purchase_dates(rows, options, _home(currencies))
    dates = fiscal.prove_dates(prove_dates(dates, payables, options.today), stamped)
    brands = find_brands(rows)
    vendors = _sellers(rows, brands, payables, stamped) if found.candidates or dates else []
    vendor = vendors[0].value if vendors else None
    categories = find_categories(rows, vendor, CATEGORIES, brands)
    ordinary, legal_name = _category_field(categories, options), _legal_name_field(vendors)
    lines, sellers = (row.text for row in rows), (vendor, legal_name.value)
    fields = {
        "vendor": _vendor_field(vendors, rows, options),
        "legal_name": legal_name,
        "amount": _amount_field(found, rows, options),
        "date": _date_field(dates, order, rows, options, is_dated=fiscal.is_dated(dates, stamped)),
        "currency": currency,
        "category": settle_category(ordinary, lines, sellers, options.categories),
        "payment_reference": reference_field(payables) or _NO_FIELD,
    }
    basis = _Basis(found, breakdown, dates, order, kind, payables, stamped, ordinary)
    findings = _conclude(reading, rows, fields, basis, options)
    if findings.expense.needs_review:
        texts = {"vendor": vendors, "currency": currencies or likely, "category": categories}
        rivals = list_rivals(rows, found, dates, texts, breakdown.tax, options.today)
        findings = replace(findings, rivals=rivals)
    if not options.explain:
        return findings
    others: dict[str, Sequence[Candidate[Any]]] = {"vendor": vendors, "date": dates}
    others |= {"currency": currencies, "category": categories}
    return replace(findings, choices=explain_choices(found, others))


@dataclass(frozen=True, slots=True)
class _Basis:
    """What the fields of the pages were chosen from."""

    found: AmountFound
    breakdown: Breakdown
    dates: Sequence[Candidate[date]]
    order: Order
    kind: Kind
    payables: Sequence[Payable]
    stamped: Sequence[Stamped]
    ordinary: Field
    """The category without the settings."""


def _conclude(
    reading: Reading, rows: tuple[Row, ...], fields: dict[str, Field], basis: _Basis, options: ExtractionOptions
) -> Findings:
    found, breakdown, dates, kind = basis.found, basis.breakdown, basis.dates, basis.kind
    payables, stamped = basis.payables, basis.stamped
    amount = found.candidates[0].value if fields["amount"].value is not None else None
    of_amount = [*filter(None, (refund_doubt(rows, amount), sign_doubt(kind.value, amount)))]
    of_amount += confidence.amount_doubts(found, is_witnessed=has_code_proof(found))
    if not has_code_proof(found):
        of_amount += filter(None, [grouping_doubt(found, rows, fields["currency"].value)])
    of_amount += payment_doubts(found, payables)
    of_amount += filter(None, [net_doubt(breakdown, amount), breakdown.doubt])
    currency, is_credit = fields["currency"].value, kind.value is ExpenseKind.CREDIT_NOTE
    of_date = [each.doubt for each in dates[:1] if each.doubt]
    stated = fiscal.find_doubts(found, dates, currency, stamped, is_credit=is_credit)
    doubts = [*kind.doubts, *of_amount, *stated, *of_date]
    doubted = [name for name, own in (("amount", of_amount), ("date", of_date)) if own]
    if is_cut_off(reading, rows):
        doubts.append("It is longer than what is looked at.")
    reasons = confidence.review_reasons(fields, (*reading.warnings, *doubts), options.review_below)
    sure = _both(fields["amount"], fields["date"])
    expense = Expense(
        vendor=fields["vendor"].value,
        amount=amount,
        date=dates[0].value if dates else None,
        category=fields["category"].value,
        currency=currency,
        confidence=round(sure * 100),
        needs_review=bool(reasons),
        reasons=reasons,
        kind=ExpenseKind.OTHER if amount is None and kind.value.is_expense else kind.value,
        tax=_tax(found, stamped, breakdown) if amount is not None else None,
        invoice_number=invoice_number(payables) or find_invoice_number(rows) or fiscal.document_number(stamped),
        payment_method=find_payment_method(rows, found.paper) if amount is not None else None,
        due_date=find_due_date(rows, basis.order, dates[0].value) if dates else None,
        amount_due=amount_asked(payables),
        legal_name=fields["legal_name"].value,
        taxes=(taxes_of(found, stamped) if amount is not None else ()) or breakdown.taxes,
        legal_form=_legal_form(fields["legal_name"]) or _legal_form(fields["vendor"]),
        fields=show_evidence(fields),
        items=with_categories(breakdown.items, fields["category"], basis.ordinary, options.categories),
        sums=breakdown.sums,
    )
    expense = prove_total_by_amount(expense)
    known = {name: field for name, field in fields.items() if field.value is not None}
    return Findings(expense, sure, known, doubted=frozenset(doubted))


def _tax(found: AmountFound, stamped: Sequence[Stamped], breakdown: Breakdown) -> Decimal | None:
    exact = fiscal.tax_of(found, stamped)
    return breakdown.tax if exact is None else exact


def _sellers(
    rows: Sequence[Row], brands: Sequence[BrandFound], payables: Sequence[Payable], stamped: Sequence[Stamped]
) -> list[Candidate[str]]:
    return fiscal.prove_vendors(prove_vendors(find_vendors(rows, brands), payables), stamped)


def _both(amount: Field, day: Field) -> float:
    """Return the probability that amount and date are both right or, if neither is found, that there is none."""
    if amount.value is None and day.value is None:
        return _NOTHING_THERE
    return amount.confidence * day.confidence


def _home(currencies: Sequence[Candidate[str]]) -> str:
    """Return the currency of the seller's country if the country itself is known.

    A currency of one country that writes dates with the year first tells enough if it is printed.
    """
    best = currencies[0] if currencies else None
    if best is None:
        return ""
    is_printed = best.value in YEAR_FIRST and bool(best.features.get("at_total") or best.features.get("beside"))
    return best.value if best.features.get("country", 0.0) >= _KNOWN_COUNTRY or is_printed else ""


def _amount_field(found: AmountFound, rows: Sequence[Row], options: ExtractionOptions) -> Field:
    if not found.candidates:
        return _NO_FIELD
    best = found.candidates[0]
    features = confidence.amount_features(found, confidence.amount_doubts(found), _ocr(best, rows))
    if not (best.is_agreed and confidence.is_amount_proven(found)):
        best = replace(best, proof=None)
    sure = confidence.probability("amount", features, options.weights)
    is_clear = confidence.has_clear_amount(found) and not _may_be_a_count(best.value)
    if not best.is_agreed or (best.proof is None and not is_clear):
        sure = min(sure, confidence.MOST_GUESSED)
    if best.proof is not None and has_code_proof(found):
        sure = max(sure, _SURE_BY_CODE)
    others = (each.value for each in found.candidates[1:] if each.is_total and each.value != best.value)
    field = as_field(best, _shown(best.value), sure, features)
    return replace(field, others=_name_others(map(_shown, others)), labelled=found.labelled)


def _may_be_a_count(amount: Decimal) -> bool:
    """Whether it is a small whole number without cents, as pieces and pages are; nothing but a proof makes it clear."""
    return amount.as_tuple().exponent == 0 and abs(amount) < _LEAST_WITHOUT_CENTS


def _name_others(values: Iterable[str]) -> tuple[str, ...]:
    """Return the first few of these values, each once."""
    return tuple(dict.fromkeys(values))[:_MOST_OTHERS]


def _shown(amount: Decimal) -> str:
    return f"{amount:f}"


def _date_field(
    dates: Sequence[Candidate[date]],
    order: Order,
    rows: Sequence[Row],
    options: ExtractionOptions,
    *,
    is_dated: bool,
) -> Field:
    if not dates:
        return _NO_FIELD
    features = confidence.date_features(dates)
    of_year = 1.0 if is_dated else year_certainty(dates[0], rows, order, options.today)
    of_order = 1.0 if is_dated else order_certainty(dates[0], order)
    proof, sure = confidence.date_certainty(dates, min(of_order, of_year), features, options.weights)
    _, if_ordered = confidence.date_certainty(dates, of_year, features, options.weights)
    best = replace(dates[0], proof=proof)
    if best.proof is not None and is_dated:
        sure = max(sure, _SURE_BY_CODE)
    others = (each.value.isoformat() for each in dates[1:] if each.value != best.value)
    field = as_field(best, best.value.isoformat(), sure, features)
    return replace(field, others=_name_others(others), if_ordered=if_ordered)


def _vendor_field(vendors: Sequence[Candidate[str]], rows: Sequence[Row], options: ExtractionOptions) -> Field:
    if not vendors:
        return _NO_FIELD
    best = vendors[0]
    legibility = _ocr(best, rows)
    features = confidence.vendor_features(vendors, rows, legibility)
    sure = confidence.probability("vendor", features, options.weights)
    is_clear = best.is_agreed and is_beyond_doubt(best.value, best.text, rows, legibility)
    if best.proof is None and not (is_clear and stands_alone(best)):
        sure = min(sure, _MOST_DOUBTED)
    return as_field(best, best.value, sure, features)


def _legal_name_field(vendors: Sequence[Candidate[str]]) -> Field:
    """Return the registered name: the seller itself if it has a legal form, else the likeliest name that has one."""
    companies = [each for each in vendors if is_company(each)]
    if not vendors or not companies:
        return _NO_FIELD
    best = companies[0] if companies[0] is vendors[0] else max(companies, key=lambda each: each.chance)
    return as_field(best, best.value, best.chance, {})


def _legal_form(vendor: Field) -> str | None:
    """Return the seller's legal form, from its name or from the line in which it stood."""
    return find_legal_form(vendor.value or "") or find_legal_form(vendor.text or "")


def _currency_field(currencies: Sequence[Candidate[str]], options: ExtractionOptions) -> Field:
    if currencies:
        features = confidence.currency_features(currencies)
        sure = confidence.probability("currency", features, options.weights)
        if sure >= _LIKELY:
            return as_field(currencies[0], currencies[0].value, sure, features)
    if options.default_currency and not currencies:
        return Field(options.default_currency.upper(), 0.99, proof=BY_DEFAULT)
    return _NO_FIELD


def _category_field(categories: Sequence[Candidate[str]], options: ExtractionOptions) -> Field:
    if categories:
        features = confidence.category_features(categories)
        sure = confidence.probability("category", features, options.weights)
        return as_field(categories[0], categories[0].value, sure, features)
    return Field(OTHER, 0.3)


def _ocr(candidate: Candidate[Decimal] | Candidate[str], rows: Sequence[Row]) -> float:
    """Return the engine's confidence in the worst words at the candidate's place; 1 for a code."""
    box = candidate.box
    if box is None or is_only_in_code(candidate):
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
