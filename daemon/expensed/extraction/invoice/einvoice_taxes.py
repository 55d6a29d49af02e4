"""Turn the tax breakdown of an e-invoice into tax lines: exactly what it says, proven where the rate gives the tax."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from expensed.codes.machine_values import parse_decimal
from expensed.extraction.invoice.einvoice_items import Whole
from expensed.extraction.invoice.figures import is_rounded, parse_rate, tax_in, tax_on
from expensed.extraction.page.lines import clean_text
from expensed.model.breakdown import TaxLine
from expensed.model.reading import EInvoice, InvoiceTax

MOST_TAXES = 100
_LONGEST_NAME = 40


def list_taxes(invoice: EInvoice, whole: Whole) -> tuple[TaxLine, ...]:
    """Return a line for each rate."""
    is_included = _is_included(invoice)
    return tuple(_line(each, whole, is_included=is_included) for each in _by_rate(invoice.taxes)[:MOST_TAXES])


def _is_included(invoice: EInvoice) -> bool | None:
    """Whether the totals of the lines contain the tax; None if there are none, or some do and others do not."""
    kinds = {line.is_gross for line in invoice.lines if line.total is not None}
    return kinds.pop() if len(kinds) == 1 else None


def _by_rate(taxes: Sequence[InvoiceTax]) -> list[InvoiceTax]:
    """Return the taxes with those added up that are stated line by line, with the tax in them."""
    single = [each for each in taxes if each.base is not None or each.gross is None]
    lines: dict[tuple[str | None, str | None], list[InvoiceTax]] = {}
    for each in taxes:
        if each.base is None and each.gross is not None:
            lines.setdefault((each.rate, each.category), []).append(each)
    return [*single, *map(_added, lines.values())]


def _added(lines: Sequence[InvoiceTax]) -> InvoiceTax:
    first = lines[0]
    gross, tax = _sum(each.gross for each in lines), _sum(each.tax for each in lines)
    return InvoiceTax(None, tax, first.rate, first.category, first.exemption, first.name, gross)


def _sum(texts: Iterable[str | None]) -> str | None:
    values = [parse_decimal(text) for text in texts]
    known = [value for value in values if value is not None]
    return f"{sum(known, Decimal(0)):f}" if known and len(known) == len(values) else None


def _line(stated: InvoiceTax, whole: Whole, *, is_included: bool | None) -> TaxLine:
    rate = parse_rate(stated.rate, stated.category)
    net, tax, gross = (parse_decimal(text) for text in (stated.base, stated.tax, stated.gross))
    proof = None
    if rate is not None and net is not None and tax is not None and is_rounded(tax_on(net, rate), tax, whole.currency):
        proof = f"{rate:f} % of {whole.money(net):f}"
    elif rate is not None and net is None and gross is not None:
        follows = tax_in(gross, rate, whole.currency)
        if tax is None or is_rounded(tax_on(gross, rate) * 100 / (100 + rate), tax, whole.currency):
            tax = follows if tax is None else tax
            net, proof = gross - tax, f"{rate:f} % in {whole.money(gross):f}"
    return TaxLine(
        name=clean_text(stated.name or "", _LONGEST_NAME) or None,
        rate=rate,
        net=_money(net, whole),
        tax=_money(tax, whole),
        gross=_money(gross, whole),
        is_included=is_included,
        proof=proof,
    )


def _money(amount: Decimal | None, whole: Whole) -> Decimal | None:
    return None if amount is None else whole.money(amount)
