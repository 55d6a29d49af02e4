"""The taxes of a document by rate, as exports tell them: as read, or the total alone if no rate is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from expensed.model.breakdown import TaxLine
from expensed.report.answers import ExportedDocument


def list_taxes(document: ExportedDocument) -> Sequence[TaxLine]:
    """Return the taxes of a document; one without a rate if only their total was read."""
    if document.taxes or not document.tax:
        return document.taxes
    return (TaxLine(tax=document.tax),)


def add_known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum of amounts; None if there are none, or if one of them is not known."""
    known = list(amounts)
    if not known or None in known:
        return None
    return sum((amount for amount in known if amount is not None), Decimal())


def write_rate(rate: Decimal) -> str:
    """Write a rate without needless zeros, e.g. `19` or `5.5`."""
    return f"{rate.normalize():f}"
