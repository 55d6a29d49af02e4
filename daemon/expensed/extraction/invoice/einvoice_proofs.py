"""Check the sums that an e-invoice states against its items and taxes; what adds up to nothing has no proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expensed.codes.machine_values import parse_decimal
from expensed.extraction.invoice.einvoice_items import Whole
from expensed.extraction.invoice.einvoice_sums import Sums, is_made_of
from expensed.extraction.invoice.figures import is_rounded, show_sum
from expensed.model.breakdown import CheckedSum, Item, SumName, TaxLine
from expensed.model.reading import EInvoice


@dataclass(frozen=True, slots=True)
class Parts:
    """What the sums of one invoice are made of, with their signs."""

    items: tuple[Item, ...]
    """Of the lines."""
    changes: tuple[Item, ...]
    """On the whole."""
    taxes: tuple[TaxLine, ...]
    is_gross: bool
    """Whether the lines contain the tax."""
    is_whole: bool
    """Whether no line was left out."""


def check_sums(invoice: EInvoice, sums: Sums, whole: Whole, parts: Parts) -> tuple[CheckedSum, ...]:
    """Return the sums that the invoice states: of its lines, without tax, of the taxes, and with tax."""
    checks = (
        (SumName.SUBTOTAL, invoice.line_total, parse_decimal(invoice.line_total), _prove_lines),
        (SumName.NET, invoice.net, sums.net, _prove_net),
        (SumName.TAX, invoice.tax, sums.tax, _prove_tax),
    )
    found = []
    for name, stated, amount, prove in checks:
        if stated is not None and amount is not None:
            value = whole.money(amount)
            found.append(CheckedSum(name=name, value=value, proof=prove(value, parts, whole.currency)))
    if invoice.total is not None and sums.total is not None:
        proof = _prove_total(invoice, sums, whole, parts)
        found.append(CheckedSum(name=SumName.TOTAL, value=whole.money(sums.total), proof=proof))
    return tuple(found)


def _prove_lines(value: Decimal, parts: Parts, currency: str | None) -> str | None:
    return _add_up(_totals(parts.items), value, currency, "lines") if parts.is_whole else None


def _prove_net(value: Decimal, parts: Parts, currency: str | None) -> str | None:
    """Return the lines, with what is changed on the whole, that make the net; or else the bases of several taxes."""
    by_items = None
    if parts.is_whole and not parts.is_gross:
        by_items = _add_up(_totals((*parts.items, *parts.changes)), value, currency, "lines")
    return by_items or _add_up_several([each.net for each in parts.taxes], value, currency)


def _prove_tax(value: Decimal, parts: Parts, currency: str | None) -> str | None:
    """Return the taxes that make up their sum; if there is one, what proves it."""
    if len(parts.taxes) == 1:
        return parts.taxes[0].proof if parts.taxes[0].tax == value else None
    return _add_up_several([each.tax for each in parts.taxes], value, currency)


def _prove_total(invoice: EInvoice, sums: Sums, whole: Whole, parts: Parts) -> str | None:
    """Return net and tax, with what else the invoice names in the total; or the lines, if they contain the tax."""
    value = whole.money(sums.total or Decimal(0))
    if sums.total is not None and sums.net is not None and sums.tax is not None:
        rest = sums.total - sums.net - sums.tax
        if rest and not is_made_of(rest, invoice.extras):
            return None
        other = f" {'−' if whole.turn * rest < 0 else '+'} other {abs(rest):f}" if rest else ""
        return f"net {whole.money(sums.net):f} + tax {whole.money(sums.tax):f}{other}"
    if parts.is_gross and parts.is_whole:
        return _add_up(_totals((*parts.items, *parts.changes)), value, whole.currency, "lines")
    return None


def _totals(items: Iterable[Item]) -> list[Decimal | None]:
    """Return the totals of those items that are more than words."""
    return [
        each.total
        for each in items
        if each.total is not None or each.quantity is not None or each.unit_price is not None
    ]


def _add_up_several(amounts: Sequence[Decimal | None], value: Decimal, currency: str | None) -> str | None:
    """Return the sum as a proof; one amount alone proves nothing."""
    return _add_up(amounts, value, currency, "taxes") if len(amounts) > 1 else None


def _add_up(amounts: Sequence[Decimal | None], value: Decimal, currency: str | None, what: str) -> str | None:
    """Return the sum as a proof if it is the value; None if an amount is not known, or there are none."""
    known = [amount for amount in amounts if amount is not None]
    if not known or len(known) < len(amounts) or not is_rounded(sum(known, Decimal(0)), value, currency):
        return None
    return show_sum(known, what)
