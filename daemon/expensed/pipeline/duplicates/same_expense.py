"""The same expense in other bytes: a PDF saved anew, a paper scanned twice. Only noticed here; a person decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from expensed.learning.vendor_key import reduce_heading
from expensed.ledger.documents import list_of_amount
from expensed.ledger.rows import Document
from expensed.ledger.store import Transaction
from expensed.model.states import DocumentState

_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?!\d)")
_NEEDED = ("vendor", "date", "amount", "currency")
Result = Mapping[str, Any]


async def note_likeness(tx: Transaction, number: int, result: dict[str, Any], text: str) -> dict[str, Any]:
    """The result of a document, sent to review with a reason if another one seems to be the same expense."""
    if any(result.get(name) is None for name in _NEEDED):
        return result
    for other in await list_of_amount(tx, result["date"], result["amount"], number):
        if other.result is not None and is_alike(result, text, other.result, other.text or ""):
            reasons = [*result["reasons"], describe_likeness(other)]
            return result | {"needs_review": True, "reasons": reasons}
    return result


def is_alike(one: Result, text: str, other: Result, other_text: str) -> bool:
    """Same vendor, date, amount and currency, and nothing that tells the two apart.

    The numbers of two invoices do, and so do two tills' times of day, of which each paper prints one that the other
    lacks.
    """
    if _key(one) != _key(other):
        return False
    numbers = _letters(one.get("invoice_number")), _letters(other.get("invoice_number"))
    if all(numbers):
        return numbers[0] == numbers[1]
    times, other_times = set(_CLOCK.findall(text)), set(_CLOCK.findall(other_text))
    return not (times - other_times and other_times - times)


def describe_likeness(other: Document) -> str:
    """Why a person should look."""
    where = {
        DocumentState.FILED: f"filed as {other.place.path}",
        DocumentState.REVIEW: f"which is in review as {other.place.path}",
    }.get(other.state, "which is just being filed")
    return f"It looks like the same expense as {other.id}, {where}."


def _key(result: Result) -> tuple[object, ...]:
    vendor = str(result.get("vendor"))
    amount = result.get("amount")
    return (
        reduce_heading(vendor) or vendor.casefold(),
        result.get("date"),
        None if amount is None else Decimal(str(amount)),
        result.get("currency"),
    )


def _letters(number: object) -> str:
    return re.sub(r"[\W_]", "", str(number or "")).casefold()
