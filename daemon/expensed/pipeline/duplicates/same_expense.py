"""Detect the same expense in other bytes, such as a receipt scanned twice or a PDF saved again; a person decides.

Also bytes that a person has discarded before.
"""

from __future__ import annotations

import re
from dataclasses import replace

from msgspec import UNSET

from expensed.learning.vendor_key import reduce_heading
from expensed.ledger.documents import find_discarded, list_of_amount
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.model.expense import Expense, Facts
from expensed.model.purchase import number_key
from expensed.model.states import DiscardReason, DocumentState
from expensed.pipeline.duplicates.same_purchase import LONGEST, pay_differently

_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?!\d)")


async def note_likeness(tx: Transaction, document: Document, expense: Expense, text: str) -> Expense:
    """Return the document's expense, marked for review if another document seems to be the same expense.

    Also if the same bytes were discarded before: whether they count this time, a person must say.
    """
    discarded = await find_discarded(tx, document.sha256, document.number)
    if discarded is not None:
        expense = doubt(expense, describe_discarded(discarded))
    if expense.same_purchase is not UNSET or expense.looks_like is not UNSET:
        return expense  # it is known which one it is like
    if expense.vendor is None or expense.date is None or expense.amount is None or expense.currency is None:
        return expense
    for other in await list_of_amount(tx, expense.date, expense.amount, document.number):
        if other.result is None or other.result.looks_like == document.id:  # that one waits already
            continue
        if is_alike(expense, text, other.result, other.text or ""):
            return replace(doubt(expense, describe_likeness(other)), looks_like=other.id)
    return expense


def doubt(expense: Expense, reason: str) -> Expense:
    """Return an expense marked for review for one more reason."""
    return replace(expense, needs_review=True, reasons=(*expense.reasons, reason))


def is_alike(one: Facts, text: str, other: Facts, other_text: str) -> bool:
    """Whether two expenses share vendor, date, amount and currency, and nothing tells them apart.

    Different invoice numbers tell them apart, and so do times of day if each document prints one that the other lacks,
    and other sums given and given back.
    """
    if _key(one) != _key(other):
        return False
    numbers = number_key(one.invoice_number or ""), number_key(other.invoice_number or "")
    if all(numbers):
        return numbers[0] == numbers[1]
    times, other_times = set(_CLOCK.findall(text)), set(_CLOCK.findall(other_text))
    if times - other_times and other_times - times:
        return False
    return not pay_differently(one.amount, text[:LONGEST], other_text[:LONGEST])


def describe_likeness(other: Document) -> str:
    """Return the sentence that tells a person why to look; it is kept, so it does not say what is just being done."""
    return f"It looks like the same expense as {other.id}{name_place(other)}."


def name_place(other: Document) -> str:
    """Return where another document is filed, to follow its name; nothing if it is not."""
    return f", filed as {other.place.path}" if other.state is DocumentState.FILED else ""


def describe_discarded(document: Document) -> str:
    """Return the sentence that tells a person why bytes that were discarded before need a look."""
    discarded = document.discarded
    if discarded is None:
        return f"The same bytes were discarded before (document {document.id})."
    why = {
        DiscardReason.DUPLICATE: f" as a duplicate of {discarded.duplicate_of}",
        DiscardReason.NOT_AN_EXPENSE: " as not an expense",
        None: "",
    }[discarded.reason]
    return f"The same bytes were discarded on {discarded.at[:10]}{why} (document {document.id})."


def _key(facts: Facts) -> tuple[object, ...]:
    vendor = str(facts.vendor)
    return reduce_heading(vendor) or vendor.casefold(), facts.date, facts.amount, facts.currency
