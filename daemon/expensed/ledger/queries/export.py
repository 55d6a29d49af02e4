"""Read documents for an export: first which ones and in which order, then page by page, with nothing held open."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence

from expensed.ledger.queries.search import Search, list_documents, select_numbers
from expensed.ledger.rows import Document
from expensed.ledger.store import Ledger, Purpose


async def list_numbers(ledger: Ledger, search: Search) -> Sequence[int]:
    """Return the numbers of all matching documents by day, then by number; those without a day come last.

    The search's `limit` is ignored.
    """
    numbers, values = select_numbers(search)
    row = await ledger.one(
        "SELECT group_concat(number) AS numbers FROM (SELECT x.number FROM documents_listed x"  # noqa: S608
        f" WHERE x.number IN ({numbers}) ORDER BY x.day IS NULL, x.day, x.number)",
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
    wanted = f"[{','.join(map(str, numbers))}]"
    read = await list_documents(ledger, "SELECT value FROM json_each(?)", wanted, by=Purpose.EXPORT)
    found = {document.number: document for document in read}
    return [found[number] for number in numbers if number in found]
