"""Find documents by words (full text, accents folded), state, vendor, category and day."""

from __future__ import annotations

from dataclasses import dataclass

from expensed.ledger.rows import Document, document_from
from expensed.ledger.store import Ledger, Purpose, SqlValue
from expensed.model.states import DocumentState

MOST_WORDS = 32
_COLUMNS = (
    "d.number, d.id, d.origin, d.name, d.file, d.state, d.sha256, d.size, d.mtime_ns, d.place, d.path, d.first,"
    " d.cut_off, d.kind, d.engine, d.outcome, d.failure, json_remove(d.result, {}) AS result, NULL AS text,"
    " d.turns, NULL AS traits, NULL AS corrections, d.discarded, d.unclean_ends, d.unclean_alone, d.created_at,"
    " d.updated_at, d.folder"
)
_LISTED = _COLUMNS.format("'$.fields', '$.items', '$.taxes', '$.sums', '$.candidates'")
_EXPORTED = _COLUMNS.format("'$.fields', '$.candidates'")
_WAITING = _COLUMNS.format("'$.items', '$.taxes', '$.sums'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Search criteria; None matches anything. Days are ISO and inclusive; `before` is a document's number."""

    words: str | None = None
    """Each must be a word, or the beginning of one, in vendor, file name, text, items, payer or project."""
    state: DocumentState | None = None
    vendor: str | None = None
    """Words of the vendor's name, or their beginnings."""
    category: str | None = None
    since: str | None = None
    until: str | None = None
    before: int | None = None
    limit: int = 50

    @property
    def is_slow(self) -> bool:
        """Whether it may take more than a moment, unlike the newest documents, all or of one state or category."""
        is_plain = self.words is self.vendor is self.since is self.until is None
        return not is_plain or None not in (self.state, self.category)


async def search_documents(ledger: Ledger, search: Search) -> list[Document]:
    """Return the matching documents, newest first, without what no list shows; see `list_documents`."""
    numbers, values = select_numbers(search)
    purpose = Purpose.SEARCH if search.is_slow else Purpose.PROMPT
    return await list_documents(ledger, f"{numbers} ORDER BY number DESC LIMIT ?", *values, search.limit, by=purpose)


async def list_waiting(ledger: Ledger, before: int | None, limit: int) -> list[Document]:
    """Return the documents in review, newest first, each with its evidence and candidates but without its lines."""
    numbers, values = select_numbers(Search(state=DocumentState.REVIEW, before=before))
    rows = await ledger.all(
        f"SELECT {_WAITING} FROM documents d WHERE d.number IN ({numbers} ORDER BY number DESC LIMIT ?)"  # noqa: S608
        " ORDER BY d.number DESC",
        *values,
        limit,
        by=Purpose.PROMPT,
    )
    return [document_from(row) for row in rows]


def select_numbers(search: Search) -> tuple[str, list[SqlValue]]:
    """Return a query for the numbers of the matching documents, to which an order may be added, and its values.

    It goes in the order of numbers and reads nothing of a document but what is asked for: with a limit, it ends as soon
    as enough are found. The limit of the search is not part of it.
    """
    match = match_expression(search.words, search.vendor)
    filters: dict[str, SqlValue] = {
        "l.state = ?": search.state,
        "l.category = ?": search.category,
        "l.day >= ?": search.since,
        "l.day <= ?": search.until,
    }
    given = {clause: value for clause, value in filters.items() if value is not None}
    tables, number = "documents_listed l" if match is not None or search.is_slow else "documents l", "l.number"
    clauses: dict[str, SqlValue] = {}
    if match is not None:
        clauses["documents_words MATCH ?"] = match
        number = "documents_words.rowid"
        tables = f"documents_words CROSS JOIN {tables} ON l.number = {number}" if given else "documents_words"
    clauses |= given
    if search.before is not None:
        clauses[f"{number} < ?"] = search.before
    sql = f"SELECT {number} AS number FROM {tables} WHERE {' AND '.join(clauses) or 'TRUE'}"  # noqa: S608
    return sql, list(clauses.values())


async def list_documents(ledger: Ledger, numbers: str, *values: SqlValue, by: Purpose) -> list[Document]:
    """Return the documents whose numbers a query yields, newest first.

    They lack their `text`, evidence and corrections; items, taxes and sums too, unless it is for an export.
    """
    columns = _EXPORTED if by is Purpose.EXPORT else _LISTED
    rows = await ledger.all(
        f"SELECT {columns} FROM documents d WHERE d.number IN ({numbers}) ORDER BY d.number DESC",  # noqa: S608
        *values,
        by=by,
    )
    return [document_from(row) for row in rows]


def match_expression(words: str | None, vendor: str | None) -> str | None:
    """Return an FTS5 query that is never a syntax error, whatever was typed; None if nothing was."""
    parts = [f"({_phrases(words)})"] if words and words.strip() else []
    if vendor and vendor.strip():
        parts.append(f"({{vendor}} : ({_phrases(vendor)}))")
    return " AND ".join(parts) or None


def _phrases(words: str) -> str:
    """Quote each word as a prefix query, inside which FTS5's operators, quotes and NUL have no meaning."""
    clean = words.replace("\0", " ").encode(errors="replace").decode()
    return " ".join('"{}"*'.format(word.replace('"', '""')) for word in clean.split()[:MOST_WORDS]) or '""'
