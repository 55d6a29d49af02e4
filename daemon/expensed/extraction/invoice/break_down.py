"""What an e-invoice is made of: its items, its taxes by rate and its sums, with the proofs that hold."""

from __future__ import annotations

from dataclasses import dataclass

from expensed.extraction.invoice.einvoice_items import Whole, list_changes, list_items
from expensed.extraction.invoice.einvoice_proofs import Parts, check_sums
from expensed.extraction.invoice.einvoice_sums import Sums
from expensed.extraction.invoice.einvoice_taxes import list_taxes
from expensed.model.breakdown import CheckedSum, Item, TaxLine
from expensed.model.reading import EInvoice


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The items of an e-invoice, then what is changed on the whole; its taxes; the sums that it states."""

    items: tuple[Item, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    sums: tuple[CheckedSum, ...] = ()


def break_down(invoice: EInvoice, sums: Sums, turn: int, currency: str | None) -> Breakdown:
    """Return what it is made of; `turn` is -1 if its signs are to be turned."""
    direction = -1 if sums.total is not None and turn * sums.total < 0 else 1
    whole = Whole(invoice.syntax, currency, turn, direction)
    items, changes, taxes = list_items(invoice, whole), list_changes(invoice, whole), list_taxes(invoice, whole)
    is_gross = any(line.is_gross for line in invoice.lines)
    parts = Parts(items, changes, taxes, is_gross, is_whole=not invoice.lines_left_out)
    return Breakdown((*items, *changes), taxes, check_sums(invoice, sums, whole, parts))
