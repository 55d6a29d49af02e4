"""Find documents by words (full text, accents folded), state, vendor, category and day."""

from __future__ import annotations

from dataclasses import dataclass

from expensed.ledger.rows import Document, document_from
from expensed.ledger.store import Ledger, SqlValue
from expensed.model.states import DocumentState

MOST_WORDS = 32
_LISTED = (
    "d.number, d.id, d.origin, d.name, d.file, d.state, d.sha256, d.size, d.mtime_ns, d.place, d.path, d.first,"
    " d.cut_off, d.kind, d.engine, d.outcome, d.failure, d.result, NULL AS text, d.turns, d.corrections,"
    " d.unclean_ends, d.unclean_alone, d.created_at, d.updated_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Search criteria; None matches anything. Days are ISO and inclusive; `before` is a document's number."""

    words: str | None = None
    """Each must be a word, or the beginning of one, in the vendor, the file's name or the text."""
    state: DocumentState | None = None
    vendor: str | None = None
    """Words of the vendor's name, or their beginnings."""
    category: str | None = None
    since: str | None = None
    until: str | None = None
    before: int | None = None
    limit: int = 50


async def search_documents(ledger: Ledger, search: Search) -> list[Document]:
    """Return the matching documents, newest first, without their `text`, which may be long and no list shows."""
    numbers, values = select_numbers(search)
    return await list_documents(ledger, f"{numbers} ORDER BY number DESC LIMIT ?", *values, search.limit)


def select_numbers(search: Search) -> tuple[str, list[SqlValue]]:
    """Return a query for the numbers of the matching documents, to which an order may be added, and its values.

    The limit of the search is not part of it.
    """
    wanted: dict[str, SqlValue] = {
        "number IN (SELECT rowid FROM documents_words WHERE documents_words MATCH ?)": match_expression(
            search.words, search.vendor
        ),
        "state = ?": search.state,
        "category = ?": search.category,
        "day >= ?": search.since,
        "day <= ?": search.until,
        "number < ?": search.before,
    }
    given = {clause: value for clause, value in wanted.items() if value is not None}
    return f"SELECT number FROM documents WHERE {' AND '.join(given) or 'TRUE'}", list(given.values())  # noqa: S608


async def list_documents(ledger: Ledger, numbers: str, *values: SqlValue) -> list[Document]:
    """Return the documents whose numbers a query yields, newest first, without their `text`."""
    rows = await ledger.all(
        f"SELECT {_LISTED} FROM documents d WHERE d.number IN ({numbers}) ORDER BY d.number DESC",  # noqa: S608
        *values,
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
