"""Read, complete and cross-check the sums of one e-invoice (EN 16931, BR-CO-13 to BR-CO-16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from expensed.codes.machine_values import parse_decimal
from expensed.extraction.page.lines import clean_text
from expensed.model.reading import EInvoice

_CONTRADICTION = "The totals in the e-invoice contradict each other"
_MOST_EXTRAS = 6


@dataclass(frozen=True, slots=True)
class Sums:
    """An invoice's sums as numbers, with their signs in the XML."""

    total: Decimal | None
    net: Decimal | None
    tax: Decimal | None
    due: Decimal | None


def add_up(invoice: EInvoice) -> Sums:
    """Return the sums as numbers, with missing ones computed from the others."""
    bases = [parse_decimal(each.base) for each in invoice.taxes]
    taxes = [parse_decimal(each.tax) for each in invoice.taxes]
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
    return Sums(total, net, tax, due)


def _missing_total(invoice: EInvoice, net: Decimal | None, tax: Decimal | None, due: Decimal | None) -> Decimal | None:
    """Return net and tax, or net alone if there is no tax and net is due, or the amount due if nothing was paid.

    Where the rates are stated with their tax in them, these add up to it.
    """
    gross = _sum([parse_decimal(each.gross) for each in invoice.taxes if each.base is None])
    if net is None and gross is not None and due in (None, gross):
        return gross
    if net is not None and tax is not None:
        return net + tax
    if net is not None and all(each.tax is None for each in invoice.taxes) and due in (None, net):
        return net
    return due if net is None and invoice.prepaid is None and invoice.rounding is None else None


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """Return their sum; None if there are none, or one is unknown."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(values) else None


def find_contradictions(invoice: EInvoice, sums: Sums) -> list[str]:
    """Return sentences about sums of one invoice that do not add up or are not numbers."""
    found = [f"A sum in the e-invoice is no number: {clean_text(text, 40)!r}." for text in _unreadable(invoice)]
    if sums.total is not None and sums.net is not None and sums.tax is not None:
        apart = sums.total - sums.net - sums.tax
        if apart and not is_made_of(apart, invoice.extras):
            found.append(f"{_CONTRADICTION}: net {sums.net} + tax {sums.tax} is not {sums.total}.")
    line_total = parse_decimal(invoice.line_total)
    if line_total is not None and parse_decimal(invoice.net) is not None:
        expected = line_total - _or_zero(invoice.allowances) + _or_zero(invoice.charges)
        if expected != sums.net:
            found.append(f"{_CONTRADICTION}: its lines make {expected}, not {sums.net}.")
    parts = _sum([parse_decimal(each.tax) for each in invoice.taxes])
    if parts is not None and sums.tax is not None and parts != sums.tax:
        found.append(f"{_CONTRADICTION}: its taxes make {parts}, not {sums.tax}.")
    return [*found, *_wrong_due(invoice, sums)]


def _unreadable(invoice: EInvoice) -> list[str]:
    """Return sentences about sums other than the total that are not numbers, so that it cannot be checked."""
    written = (
        *(invoice.net, invoice.tax, invoice.line_total, invoice.allowances, invoice.charges),
        *(invoice.prepaid, invoice.rounding, *invoice.dues),
        *(text for each in invoice.taxes for text in (each.base, each.tax, each.gross)),
    )
    return list(dict.fromkeys(text for text in written if text and parse_decimal(text) is None))[:_MOST_EXTRAS]


def _wrong_due(invoice: EInvoice, sums: Sums) -> list[str]:
    """Return a sentence if the amount due is not total − prepaid + rounding.

    The small profiles have no field for what was prepaid, so less than the total may be due without it. FatturaPA
    lists the payments to come, which need not be all.
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


def is_made_of(apart: Decimal, extras: Sequence[str]) -> bool:
    """Whether some of these sums explain a difference."""
    known = [value for text in extras[:_MOST_EXTRAS] if (value := parse_decimal(text))]
    return any(sum(some) == apart for count in range(1, len(known) + 1) for some in combinations(known, count))
