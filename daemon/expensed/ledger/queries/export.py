"""Read documents for an export: first which ones and in which order, then page by page, with nothing held open."""

from __future__ import annotations

import asyncio
from array import array
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from expensed.ledger.duplicates.purchases import NOT_COUNTED
from expensed.ledger.queries.search import Search, list_documents, match_expression, select_numbers
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger, Purpose
from expensed.model.states import DocumentState

WAITING = (
    DocumentState.ADMITTED,
    DocumentState.UPLOADED,
    DocumentState.READ,
    DocumentState.REVIEW,
    DocumentState.FAILED,
)
"""States of documents that are not filed, but may yet be."""


async def list_numbers(ledger: Ledger, search: Search) -> Sequence[int]:
    """Return the numbers of all matching documents by day, then by number; those without a day come last.

    Of several papers of a purchase that are filed, only the one that counts. The search's `limit` is ignored.
    """
    numbers, values = select_numbers(search)
    counted = f" AND x.number NOT IN ({NOT_COUNTED})" if search.state is DocumentState.FILED else ""
    row = await ledger.one(
        "SELECT group_concat(number) AS numbers FROM (SELECT x.number FROM documents_listed x"  # noqa: S608
        f" WHERE x.number IN ({numbers}){counted} ORDER BY x.day IS NULL, x.day, x.number)",
        *values,
        by=Purpose.EXPORT,
    )
    found = str(row["numbers"] or "") if row is not None else ""
    return await asyncio.to_thread(_parse, found)


def _parse(numbers: str) -> array[int]:
    """Return the numbers of a text; 200,000 take some hundredths of a second."""
    return array("q", map(int, numbers.split(","))) if numbers else array("q")


async def read_page(ledger: Ledger, numbers: Sequence[int]) -> list[Document]:
    """Return these documents in this order, as they are now."""
    wanted = _as_list(numbers)
    read = await list_documents(ledger, "SELECT value FROM json_each(?)", wanted, by=Purpose.EXPORT)
    found = {document.number: document for document in read}
    return [found[number] for number in numbers if number in found]


def _as_list(numbers: Sequence[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"


async def count_tax_rates(ledger: Ledger, numbers: Sequence[int]) -> Counter[Decimal]:
    """Count the taxes of these documents by their rate; those without a rate are not counted."""
    rows = await ledger.all(
        "SELECT json_extract(t.value, '$.rate') AS rate, count(*) AS n"
        " FROM documents d, json_each(d.result, '$.taxes') t"
        " WHERE d.number IN (SELECT value FROM json_each(?)) AND json_type(t.value, '$.rate') IN ('integer', 'real')"
        " GROUP BY rate",
        _as_list(numbers),
        by=Purpose.EXPORT,
    )
    return Counter({Decimal(str(row["rate"])): row["n"] for row in rows})


async def count_left_out(ledger: Ledger, search: Search) -> dict[DocumentState, int]:
    """Count by state what is not filed and matches, whatever the search's state; an unknown day or category matches."""
    given = {
        "number IN (SELECT rowid FROM documents_words WHERE documents_words MATCH ?)": match_expression(
            search.words, search.vendor
        ),
        "(category IS NULL OR category = ?)": search.category,
        "(day IS NULL OR day >= ?)": search.since,
        "(day IS NULL OR day <= ?)": search.until,
    }
    wanted = {clause: value for clause, value in given.items() if value is not None}
    rows = await ledger.all(
        f"SELECT state, count(*) AS n FROM documents_listed WHERE state IN ({', '.join('?' * len(WAITING))})"  # noqa: S608
        f"{''.join(f' AND {clause}' for clause in wanted)} GROUP BY state",
        *WAITING,
        *wanted.values(),
        by=Purpose.EXPORT,
    )
    found = {row["state"]: row["n"] for row in rows}
    return {state: found[state] for state in WAITING if state in found}
