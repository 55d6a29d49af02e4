"""Count the documents that an export of what is filed leaves out, though they may be expenses."""

from __future__ import annotations

from expensed.ledger.queries.search import Search, match_expression
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
