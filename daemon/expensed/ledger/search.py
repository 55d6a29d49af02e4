"""Finding documents: by words (full text, accents folded), state, vendor, category and day."""

from __future__ import annotations

from dataclasses import dataclass

from expensed.ledger.rows import Document, document_from
from expensed.ledger.store import Ledger
from expensed.model.states import DocumentState

MOST_WORDS = 32
_LISTED = (
    "d.number, d.id, d.origin, d.name, d.file, d.state, d.sha256, d.size, d.mtime_ns, d.place, d.path, d.first,"
    " d.cut_off, d.kind, d.engine, d.outcome, d.failure, d.result, NULL AS text, d.turns, d.corrections,"
    " d.unclean_ends, d.unclean_alone, d.created_at, d.updated_at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; None: anything. Days are ISO and inclusive; `before` is a document's number."""

    words: str | None = None
    """Each must be, or begin, a word of the vendor, the file's name or the text."""
    state: DocumentState | None = None
    vendor: str | None = None
    """Words of the vendor's name, or their beginnings."""
    category: str | None = None
    since: str | None = None
    until: str | None = None
    before: int | None = None
    limit: int = 50


async def search_documents(ledger: Ledger, search: Search) -> list[Document]:
    """The documents that fit, newest first; without their `text`, which no list shows and may be long."""
    match = match_expression(search.words, search.vendor)
    wanted = {
        "d.number IN (SELECT rowid FROM documents_words WHERE documents_words MATCH ?)": match,
        "d.state = ?": search.state,
        "d.category = ?": search.category,
        "d.day >= ?": search.since,
        "d.day <= ?": search.until,
        "d.number < ?": search.before,
    }
    given = {clause: value for clause, value in wanted.items() if value is not None}
    rows = await ledger.all(
        f"SELECT {_LISTED} FROM documents d WHERE {' AND '.join(given) or 'TRUE'} ORDER BY d.number DESC LIMIT ?",  # noqa: S608
        *given.values(),
        search.limit,
    )
    return [document_from(row) for row in rows]


def match_expression(words: str | None, vendor: str | None) -> str | None:
    """An FTS5 query that can be no syntax error, whatever was typed; None where nothing was."""
    parts = [f"({_phrases(words)})"] if words and words.strip() else []
    if vendor and vendor.strip():
        parts.append(f"({{vendor}} : ({_phrases(vendor)}))")
    return " AND ".join(parts) or None


def _phrases(words: str) -> str:
    """Each word as a quoted beginning: what FTS5 has for operators, quotes and NUL mean nothing inside."""
    clean = words.replace("\0", " ").encode(errors="replace").decode()
    return " ".join('"{}"*'.format(word.replace('"', '""')) for word in clean.split()[:MOST_WORDS]) or '""'
