"""Choose where a document belongs in the archive: by what was read, beside its purchase's first paper, or back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from expensed.archive.plan import Plan, plan_beside, plan_filing, plan_return
from expensed.ledger.duplicates.purchases import find_purchase, list_papers
from expensed.ledger.rows import Document, Undoing
from expensed.model.expense import Expense
from expensed.model.states import DocumentState, Outcome
from expensed.pipeline.context import Context


async def plan_place(context: Context, document: Document, kind: Outcome, undoing: Undoing | None = None) -> Plan:
    """Return where a document belongs that is filed as `kind`, perhaps because something is being undone."""
    if undoing is not None and undoing.path is not None and kind is undoing.outcome:
        return plan_return(undoing.path)
    if (discarded := document.discarded) is not None and discarded.path is not None and kind is discarded.outcome:
        return plan_return(discarded.path)  # a person has it put back
    if kind is Outcome.FILED and (beside := await _plan_beside(context, document)) is not None:
        return beside
    return _plan_alone(context, document, kind)


async def _plan_beside(context: Context, document: Document) -> Plan | None:
    """Return the place beside the first paper of its purchase that is filed or about to be; None if this is it."""
    if document.result is None or not document.result.same_purchase:
        return None
    purchase = await find_purchase(context.ledger, document.number)
    others = [each for each in await list_papers(context.ledger, document.number) if _is_filed(each)]
    first = min(
        (document, *others),
        key=lambda each: (each.state is not DocumentState.FILED, each.number != purchase, each.number),
    )
    if first.number == document.number:
        return None
    plan = _plan_alone(context, first, Outcome.FILED)
    if first.state is DocumentState.FILED and not plan.holds(first.place.path):
        plan = plan_return(first.place.path)  # a person gave it another name, or it was another one's second paper
    return plan_beside(plan, document.name, document.kind, len(others) + 1)


def _is_filed(paper: Document) -> bool:
    return paper.outcome is Outcome.FILED and paper.state in (DocumentState.ADMITTED, DocumentState.FILED)


def show_place(context: Context, document: Document) -> str:
    """Return the path that the document would have if it were filed as it was read; what is missing has an example."""
    read = document.result or Expense(confidence=0)
    example = replace(
        read,
        vendor=read.vendor or "Seller",
        amount=read.amount or Decimal("12.34"),
        date=read.date or dt.date(2024, 1, 31),
        currency=read.currency or "EUR",
    )
    return next(_plan_alone(context, replace(document, result=example), Outcome.FILED).paths())


def _plan_alone(context: Context, document: Document, kind: Outcome) -> Plan:
    archive = context.settings.archive
    return plan_filing(kind, document.name, document.kind, document.result, archive.template, archive.names)
